// workerd is killed at the moment when the CA has read the orders, again and again: nothing is ever silently gone.
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "../harness/until.mjs";
import { PEOPLE, startWorld, testTraces } from "./world.mjs";

const KILLS = 50;
const CONNECTIONS = 3;
const world = await startWorld({
  people: [...PEOPLE, { id: "auditor", permissions: ["audit"], orders: ["*"] }],
  variables: { CA_MAX_CONNECTIONS: String(CONNECTIONS), RESEND_WINDOW_MS: "0" },
});

/** Waits until the CA has read the order. @param {{ orderNumber: string }} order */
const read = ({ orderNumber }) =>
  until(`the CA has read order ${orderNumber}`, () =>
    world.sent(orderNumber).some(({ complete }) => complete),
  );

/** Every order that was under way when workerd was killed. @type {{ orderNumber: string, test: boolean }[]} */
const killed = [];
/** @param {{ orderNumber: string, test: boolean }} order */
async function assertUnknown({ orderNumber, test }) {
  const history = await world.history(orderNumber);
  assert.equal(history.state, test ? "pending" : "unknown");
  // Besides what the caller asked for there may be probes by now, whose answers prove nothing.
  const [attempt, ...more] = history.attempts.filter((/** @type {any} */ { actor }) => actor !== "edge");
  assert.deepEqual(more, []);
  assert.deepEqual([attempt.outcome, attempt.test, attempt.actor], ["unknown", test, "key:operator"]);
  assert.equal(attempt.auditSeqs.length, 2, "an intent, and that its outcome is not known");
  for (const seq of attempt.auditSeqs) assert.ok(history.auditSeqs.includes(seq));
  return attempt.auditSeqs;
}

test(`${KILLS} kills with orders at the CA: after each, every one of them is known, as unknown`, async () => {
  for (let kill = 1; kill <= KILLS; kill += 1) {
    world.ca.reset();
    // One of them a test call: it is as unknown, but has changed nothing.
    const orders = Array.from({ length: CONNECTIONS }, (_, at) => ({
      orderNumber: world.newOrder(),
      test: at === 0,
    }));
    // Not for others: the edge probes those of the kills before, and a probe without an answer takes a connection.
    for (const { orderNumber } of orders) world.ca.faults.add({ fault: "no-answer", orderNumber });
    const calls = Promise.allSettled(orders.map((order) => world.revoke(order)));
    await Promise.all(orders.map(read));
    await world.kill();
    for (const { status } of await calls) assert.equal(status, "rejected");
    for (const { orderNumber, test } of orders) {
      const [{ acted }] = world.sent(orderNumber);
      assert.equal(acted, !test, "the CA carried it out");
    }

    await world.startAgain();
    for (const order of orders) await assertUnknown(order);
    killed.push(...orders);
  }
});

test("what was found after each kill is still there after all of them", async () => {
  assert.equal(killed.length, KILLS * CONNECTIONS);
  for (const order of killed) await assertUnknown(order);
});

test("the audit log has an intent and an end for each, and no number is missing", async () => {
  const { json } = await world.ask("/v1/audit?limit=10000", { as: "auditor" });
  /** @type {{ seq: number, phase: string, orderNumber?: string }[]} */
  const { entries } = json;
  assert.deepEqual(
    entries.map(({ seq }) => seq),
    entries.map((_, index) => index + 1),
  );
  for (const order of killed) {
    const [intent, end] = (await assertUnknown(order)).map((/** @type {number} */ seq) => entries[seq - 1]);
    assert.deepEqual([intent.phase, intent.orderNumber], ["intent", order.orderNumber]);
    assert.deepEqual([end.phase, end.orderNumber], ["outcome", order.orderNumber]);
  }
});

test("a refusal afterwards changes nothing; the CA's word that it is done does", async () => {
  const orderNumber = String(killed.find((order) => !order.test)?.orderNumber);
  world.ca.reset();
  world.ca.orders.set({ orderNumber, errorCode: -35 });
  assert.equal((await world.revoke({ orderNumber })).kind, "unknown-outcome");
  assert.equal((await world.history(orderNumber)).state, "unknown");
  world.ca.orders.set({ orderNumber, state: "revoked" });
  assert.equal((await world.revoke({ orderNumber })).json.outcome, "already-revoked");
  assert.equal((await world.history(orderNumber)).state, "already-revoked");
});

test("killed at any other moment: what was answered stays, and what the CA received is known", async () => {
  world.ca.reset();
  for (let kill = 0; kill < 10; kill += 1) {
    world.ca.faults.add({ fault: "latency", ms: 2, jitter: 4 });
    const orders = Array.from({ length: 12 }, () => world.newOrder());
    /** @type {Map<string, string>} */
    const answered = new Map();
    const call = async (/** @type {string} */ orderNumber) => {
      const { json } = await world.revoke({ orderNumber });
      answered.set(orderNumber, json.outcome);
    };
    const calls = Promise.allSettled(orders.map(call));
    // After some of them, at a moment that differs from kill to kill.
    await world.ca.waitForRequests(world.ca.requests + 1 + kill);
    await world.kill();
    await calls;
    await world.startAgain();
    for (const orderNumber of orders) {
      const sent = world.sent(orderNumber);
      if (answered.has(orderNumber)) {
        assert.equal(answered.get(orderNumber), "revoked");
        assert.equal((await world.history(orderNumber)).state, "revoked");
      } else if (sent.length > 0) {
        const { state, attempts } = await world.history(orderNumber);
        assert.ok(["revoked", "unknown"].includes(state), state);
        assert.equal(attempts.length, sent.length);
        if (state === "revoked") assert.ok(sent.some(({ acted }) => acted));
      }
    }
  }
});

testTraces(world);
