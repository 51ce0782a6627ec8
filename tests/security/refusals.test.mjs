// What a known caller was refused is in the audit log: the first time at once, repetitions counted, none of them lost.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startWorld, testTraces } from "../edge/world.mjs";

const world = await startWorld({
  people: [
    { id: "auditor", person: "audrey", permissions: ["audit"], orders: ["*"] },
    { id: "tenant", person: "tess", permissions: ["revoke"], orders: ["1-999"] },
    { id: "operator", person: "olivia", permissions: ["revoke"], orders: ["*"] },
  ],
});
const FOLD_MS = 600_000;

async function refusals() {
  const { json } = await world.ask("/v1/audit?limit=10000", { as: "auditor" });
  return json.entries.filter((/** @type {any} */ { phase }) => phase === "refused");
}

/** Somebody else's order, asked for so often. @param {number} times */
async function pry(times) {
  for (let time = 0; time < times; time += 1) {
    const { status } = await world.ask(`/v1/orders/${5_000 + time}`, { as: "tenant" });
    assert.equal(status, 404);
  }
}

/** Makes the refusals that are being counted look older. @param {number} ms */
async function letTimePass(ms) {
  await world.kill();
  await world.startProbe();
  await world.probe("/sql", `UPDATE refusals SET since = since - ${ms}, last_at = last_at - ${ms}`);
  await world.kill();
  await world.startAgain();
}

test("the first refusal is there at once, with who, what, which order and why", async () => {
  await pry(1);
  const [{ seq, time, hash, prevHash, instance, ...entry }, ...more] = await refusals();
  assert.deepEqual(more, []);
  assert.deepEqual(entry, {
    actor: "key:tenant",
    person: "tess",
    action: "read-order",
    phase: "refused",
    reason: "not-found",
    orderNumber: "5000",
    count: 1,
  });
  assert.match(instance, /^urn:uuid:/);
});

test("repetitions make no entries of their own; others' refusals and other reasons do", async () => {
  await pry(50);
  assert.equal((await refusals()).length, 1);
  await world.revoke({ orderNumber: "5000" }, { as: "tenant" });
  await world.ask("/v1/audit", { as: "operator" });
  await world.ask("/v1/audit/head", { as: "operator" });
  const told = (await refusals()).map(
    (/** @type {any} */ { actor, action, reason }) => `${actor} ${action} ${reason}`,
  );
  assert.deepEqual(told, [
    "key:tenant read-order not-found",
    "key:tenant revoke forbidden",
    "key:operator read-audit forbidden",
  ]);
});

test("after ten minutes the repetitions stand in one entry, though the edge was killed meanwhile", async () => {
  await letTimePass(FOLD_MS);
  // The alarm brings it, or whatever is done next.
  await world.revoke({ orderNumber: "7" }, { as: "operator" });
  await pry(1);
  const entries = await refusals();
  const [folded] = entries.filter((/** @type {any} */ { count }) => count > 1);
  assert.deepEqual([folded.actor, folded.action, folded.count], ["key:tenant", "read-order", 50]);
  assert.ok(Date.parse(folded.from) <= Date.parse(folded.to));
  const last = entries[entries.length - 1];
  assert.deepEqual([last.action, last.count], ["read-order", 1], "counting has begun anew");
});

test("strangers leave no entry, however often they come", async () => {
  const before = await refusals();
  for (let time = 0; time < 50; time += 1) {
    await world.ask("/v1/orders/7", { as: "ark_nobody_x" });
    await world.ask("/v1/orders/7");
  }
  assert.deepEqual(await refusals(), before);
});

testTraces(world);
