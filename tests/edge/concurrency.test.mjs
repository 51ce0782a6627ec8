// Several calls at once: one order is sent once, the CA is not crowded, and a caller who leaves changes nothing.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { until } from "../harness/until.mjs";
import { startWorld, testTraces } from "./world.mjs";

const CONNECTIONS = 3;
const SLOW_MS = 700;
const world = await startWorld({ variables: { CA_MAX_CONNECTIONS: String(CONNECTIONS) } });

/** The CA answers the order late. @param {string} orderNumber @param {number} [ms] */
const slow = (orderNumber, ms = SLOW_MS) => world.ca.faults.add({ fault: "latency", ms, orderNumber });

/** Waits until the CA has read a call for the order. @param {string} orderNumber */
const underWay = (orderNumber) =>
  until(`the CA has read order ${orderNumber}`, () =>
    world.sent(orderNumber).some(({ complete }) => complete),
  );

test("an order twice at once: one is sent, the other is told so; afterwards it is free again", async () => {
  const orderNumber = world.newOrder();
  slow(orderNumber);
  const first = world.revoke({ orderNumber });
  await underWay(orderNumber);
  const second = await world.revoke({ orderNumber, codeReason: 1 }, { as: "second" });
  assert.deepEqual([second.status, second.kind, second.json.mayHaveRevoked], [409, "in-progress", false]);
  assert.equal((await world.history(orderNumber)).state, "sending");
  assert.equal((await first).json.outcome, "revoked");
  assert.equal(world.sent(orderNumber).length, 1);
  assert.equal((await world.revoke({ orderNumber })).json.outcome, "already-revoked");
});

test("an order twenty times at the very same time: sent once", async () => {
  const orderNumber = world.newOrder();
  slow(orderNumber);
  const answers = await Promise.all(Array.from({ length: 20 }, () => world.revoke({ orderNumber })));
  const outcomes = answers.map(({ json, kind }) => json.outcome ?? kind).sort();
  assert.deepEqual(outcomes, [...Array.from({ length: 19 }, () => "in-progress"), "revoked"]);
  assert.equal(world.sent(orderNumber).length, 1);
});

test("other certificates of the order, and test calls, need not wait", async () => {
  const orderNumber = world.newOrder();
  slow(orderNumber);
  const all = [{}, { product: 1 }, { test: true }].map((more) => world.revoke({ orderNumber, ...more }));
  for (const { status, text } of await Promise.all(all)) assert.equal(status, 200, text);
});

test("never more calls at the CA at once than configured, and all of them get there", async () => {
  world.ca.forgetRequests();
  const orders = Array.from({ length: 30 }, () => world.newOrder());
  for (const orderNumber of orders) slow(orderNumber, 100);
  const answers = await Promise.all(orders.map((orderNumber) => world.revoke({ orderNumber })));
  assert.ok(answers.every(({ json }) => json.outcome === "revoked"));
  const crowds = world.ca.ledger().map(({ concurrent }) => concurrent);
  assert.equal(Math.max(...crowds), CONNECTIONS);
});

test("no turn in ten seconds: ca-busy, not sent; the calls before go on", async () => {
  const blocking = Array.from({ length: CONNECTIONS }, () => world.newOrder());
  for (const orderNumber of blocking) slow(orderNumber, 12_000);
  const blocked = blocking.map((orderNumber) => world.revoke({ orderNumber }));
  await Promise.all(blocking.map(underWay));

  const orderNumber = world.newOrder();
  const began = Date.now();
  const answer = await world.revoke({ orderNumber });
  const waited = Date.now() - began;
  assert.deepEqual([answer.status, answer.kind, answer.json.mayHaveRevoked], [503, "ca-busy", false]);
  assert.ok(answer.json.retryAfter >= 1);
  assert.ok(waited > 9_000 && waited < 12_000, `${waited} ms`);
  assert.deepEqual(world.sent(orderNumber), []);
  assert.equal((await world.ask(`/v1/orders/${orderNumber}`, { as: "operator" })).status, 404);

  for (const { json } of await Promise.all(blocked)) assert.equal(json.outcome, "revoked");
  assert.equal((await world.revoke({ orderNumber })).json.outcome, "revoked");
});

test("while all connections are in use, what is known is answered at once", async () => {
  const blocking = Array.from({ length: CONNECTIONS }, () => world.newOrder());
  for (const orderNumber of blocking) slow(orderNumber, 3_000);
  const headers = { "idempotency-key": "known-already" };
  const known = { orderNumber: world.newOrder() };
  await world.revoke(known, { headers });
  const blocked = blocking.map((orderNumber) => world.revoke({ orderNumber }));
  await Promise.all(blocking.map(underWay));
  const answers = await Promise.all([
    world.revoke({ orderNumber: blocking[0] }),
    world.revoke(known, { headers }),
    world.revoke({ orderNumber: world.newOrder() }, { headers }),
  ]);
  assert.deepEqual(
    answers.map(({ json, kind }) => json.outcome ?? kind),
    ["in-progress", "revoked", "idempotency-mismatch"],
  );
  assert.ok(world.sent(blocking[0])[0].answeredAt === null, "the answers came while the CA was still busy");
  await Promise.all(blocked);
});

test("a caller who leaves while the CA is slow: the outcome is written all the same", async () => {
  const orders = Array.from({ length: CONNECTIONS }, () => world.newOrder());
  const leave = new AbortController();
  const calls = orders.map((orderNumber) => {
    slow(orderNumber);
    return world.revoke({ orderNumber }, { signal: leave.signal });
  });
  await Promise.all(orders.map(underWay));
  leave.abort();
  for (const result of await Promise.allSettled(calls)) assert.equal(result.status, "rejected");
  await pause(2 * SLOW_MS);
  for (const orderNumber of orders) {
    const { state, attempts } = await world.history(orderNumber);
    assert.equal(state, "revoked");
    assert.equal(attempts.length, 1);
  }
});

test("a caller who leaves while it waits for its turn: carried out, or never begun, and the ledger knows which", async () => {
  const blocking = Array.from({ length: CONNECTIONS }, () => world.newOrder());
  for (const orderNumber of blocking) slow(orderNumber);
  const blocked = blocking.map((orderNumber) => world.revoke({ orderNumber }));
  await Promise.all(blocking.map(underWay));
  const orderNumber = world.newOrder();
  const signal = AbortSignal.timeout(200);
  await assert.rejects(world.revoke({ orderNumber }, { signal }));
  await Promise.all(blocked);
  await pause(SLOW_MS);
  const { status, json } = await world.ask(`/v1/orders/${orderNumber}`, { as: "operator" });
  const acted = world.sent(orderNumber).some(({ acted }) => acted);
  assert.deepEqual([status, json.state], acted ? [200, "revoked"] : [404, undefined]);
});

test("CA_MAX_PER_SECOND paces the calls", async () => {
  const paced = await startWorld({ variables: { CA_MAX_PER_SECOND: "10" } });
  const orders = Array.from({ length: 15 }, () => paced.newOrder());
  await Promise.all(orders.map((orderNumber) => paced.revoke({ orderNumber })));
  const times = paced.ca.ledger().map(({ receivedAt }) => receivedAt);
  assert.equal(times.length, orders.length);
  const span = Math.max(...times) - Math.min(...times);
  // 14 pauses of 100 ms; the first call may arrive late, and timers fire a little early. Without pacing: 100 ms.
  assert.ok(span >= 1_000, `${span} ms`);
});

testTraces(world);
