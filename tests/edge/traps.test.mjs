// A trap inside of the core, wherever it happens: a fixed answer, nothing claimed, and the next call works.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PEOPLE, startWorld, testTraces } from "./world.mjs";

const world = await startWorld({
  people: [...PEOPLE, { id: "steward", person: "stella", permissions: ["operate"], orders: ["*"] }],
});
await world.startAgain("tests/edge/trapping.capnp");

/** @param {string} name of an export of the core */
async function trapAt(name) {
  const response = await world.fetch(`/trap/${name}`);
  assert.equal(await response.text(), "armed");
}

/** How many calls the CA had for an order. @param {string} orderNumber */
const calls = (orderNumber) => world.ca.ledger({ orderNumber }).length;

const BEFORE_THE_LEDGER = ["front_visit", "frontvisit_admit", "frontvisit_decide"];
const BEFORE_THE_CALL = ["ledgercore_work", "ledgercall_begin", "ledgercall_form"];
const AFTER_THE_CALL = ["ledgercall_answered"];

for (const name of BEFORE_THE_LEDGER) {
  test(`in ${name}: internal, and nothing was sent`, async () => {
    const orderNumber = world.newOrder();
    await trapAt(name);
    const answer = await world.revoke({ orderNumber });
    assert.deepEqual([answer.status, answer.kind, answer.json.mayHaveRevoked], [500, "internal", false]);
    assert.equal(calls(orderNumber), 0);
    assert.equal((await world.revoke({ orderNumber })).json.outcome, "revoked");
  });
}

for (const name of BEFORE_THE_CALL) {
  test(`in ${name}: nothing was sent, and nothing is claimed`, async () => {
    const orderNumber = world.newOrder();
    await trapAt(name);
    const answer = await world.revoke({ orderNumber });
    assert.ok(answer.kind === "internal" || answer.kind === "unknown-outcome", answer.kind);
    assert.equal(calls(orderNumber), 0);
    assert.equal((await world.revoke({ orderNumber })).json.outcome, "revoked");
    assert.equal((await world.history(orderNumber)).state, "revoked");
  });
}

for (const name of AFTER_THE_CALL) {
  test(`in ${name}: the outcome is unknown, and stays so until it is settled`, async () => {
    const orderNumber = world.newOrder();
    await trapAt(name);
    const answer = await world.revoke({ orderNumber });
    assert.deepEqual(
      [answer.status, answer.kind, answer.json.mayHaveRevoked],
      [502, "unknown-outcome", true],
    );
    assert.equal(calls(orderNumber), 1);
    assert.equal((await world.history(orderNumber)).state, "unknown");
    assert.equal((await world.revoke({ orderNumber })).json.outcome, "already-revoked");
  });
}

test("in a read: internal, and the next read works", async () => {
  const orderNumber = world.newOrder();
  await world.revoke({ orderNumber });
  await trapAt("ledgerwork_answer");
  assert.equal((await world.ask(`/v1/orders/${orderNumber}`, { as: "operator" })).kind, "internal");
  assert.equal((await world.history(orderNumber)).state, "revoked");
});

test("a trap in the front while a call is under way: that call's order is never silently gone", async () => {
  const orderNumber = world.newOrder();
  world.ca.faults.add({ fault: "latency", orderNumber, ms: 500, times: 1 });
  const slow = world.revoke({ orderNumber });
  await world.ca.waitForRequests(world.ca.requests + 1);
  await trapAt("frontvisit_admit");
  assert.equal((await world.ask("/v1/me", { as: "operator" })).kind, "internal");
  const answer = await slow;
  assert.ok(answer.kind === "unknown-outcome" || answer.json.outcome === "revoked", answer.kind);
  const { state } = await world.history(orderNumber);
  assert.ok(["unknown", "revoked"].includes(state), state);
  assert.equal(calls(orderNumber), 1);
});

test("a trap while all connections are in use: no more are used afterwards, and who waited for one is answered", async () => {
  const connections = 4;
  world.ca.forgetRequests();
  const slow = Array.from({ length: connections }, () => world.newOrder());
  for (const orderNumber of slow) world.ca.faults.add({ fault: "latency", orderNumber, ms: 1_000, times: 1 });
  const begun = slow.map((orderNumber) => world.revoke({ orderNumber }));
  await world.ca.waitForRequests(connections);
  const waiting = world.newOrder();
  const waited = world.revoke({ orderNumber: waiting });
  await trapAt("frontvisit_admit");
  assert.equal((await world.ask("/v1/me", { as: "operator" })).kind, "internal");
  const later = Array.from({ length: 2 * connections }, () =>
    world.revoke({ orderNumber: world.newOrder() }),
  );
  for (const { json } of await Promise.all(later)) assert.equal(json.outcome, "revoked");
  const { kind } = await waited;
  assert.equal(kind ?? "revoked", calls(waiting) === 0 ? "internal" : "revoked");
  await Promise.all(begun);
  const most = Math.max(...world.ca.ledger().map(({ concurrent }) => concurrent));
  assert.equal(most, connections);
});

/** @param {string} command @param {() => Promise<any>} ask */
async function brokenOff(command, ask) {
  assert.equal(await (await world.fetch(`/break/${command}`)).text(), "armed");
  const { status, kind, json } = await ask();
  return [status, kind, json.mayHaveRevoked];
}

const NOT_SENT = [500, "internal", false];
const UNKNOWN = [502, "unknown-outcome", true];

test("an answer that is broken off after a call: unknown, and after one that was not sent: not sent", async () => {
  const orderNumber = world.newOrder();
  const revoke = () => world.revoke({ orderNumber });
  assert.deepEqual(await brokenOff("Revoke", revoke), UNKNOWN);
  const tried = () => world.revoke({ orderNumber, test: true });
  assert.deepEqual(await brokenOff("Revoke", tried), NOT_SENT);
  const read = () => world.ask(`/v1/orders/${orderNumber}`, { as: "operator" });
  assert.deepEqual(await brokenOff("Order", read), NOT_SENT);
});

test("an answer that is broken off after the breaker was resumed: calls may be out, and the answer says so", async () => {
  const orderNumber = world.newOrder();
  world.ca.login.lock();
  assert.equal((await world.revoke({ orderNumber })).kind, "ca-login-refused");
  // Refused by the breaker: nothing was sent.
  assert.deepEqual(await brokenOff("Revoke", () => world.revoke({ orderNumber })), NOT_SENT);
  world.ca.login.unlock();
  const resume = () => world.ask("/v1/breaker/resume", { body: {}, as: "steward" });
  assert.deepEqual(await brokenOff("ResumeBreaker", resume), UNKNOWN);
  assert.equal((await world.revoke({ orderNumber })).json.outcome, "revoked");
});

test("the text of the trap is nowhere", async () => {
  await world.end();
  assert.ok(!world.log.includes("canary-of-the-trap"));
});

testTraces(world);
