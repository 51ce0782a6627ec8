// Unknown outcomes are settled by themselves, and after a kill as well: nobody asks, and nothing is guessed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { startWorld, testTraces } from "./world.mjs";

const WITHIN_MS = 20_000;
const TIMEOUT_MS = 3_000;
const variables = { CA_TIMEOUT_MS: String(TIMEOUT_MS) };

const world = await startWorld({ variables: { ...variables, RESEND_WINDOW_MS: "60000" } });
const careful = await startWorld({ variables: { ...variables, RESEND_WINDOW_MS: "0" } });

/**
 * The order's history as soon as it is in this state.
 * @param {import("./world.mjs").World} edge
 * @param {string} orderNumber
 * @param {string} state
 */
async function settled(edge, orderNumber, state) {
  for (const deadline = Date.now() + WITHIN_MS; Date.now() < deadline; await pause(100)) {
    const history = await edge.history(orderNumber);
    if (history.state === state) return history;
  }
  throw new Error(`${orderNumber} is not ${state} after ${WITHIN_MS} ms`);
}

/** What the CA received about an order, real calls apart from test calls. @param {string} orderNumber */
const real = (orderNumber, edge = world) => edge.sent(orderNumber).filter(({ acted }) => acted);

test("the CA acted, and its answer was lost: a probe finds that out", async () => {
  for (const fault of ["no-answer", "reset-after-reading"]) {
    const orderNumber = world.newOrder();
    world.ca.faults.add({ fault, orderNumber, times: 1 });
    assert.equal((await world.revoke({ orderNumber })).kind, "unknown-outcome");
    const { attempts, settled: found } = await settled(world, orderNumber, "already-revoked");
    assert.equal(found, true);
    assert.deepEqual(
      attempts.slice(1).map((/** @type {any} */ { purpose, actor, test }) => [purpose, actor, test])[0],
      ["settle", "edge", true],
    );
    assert.equal(real(orderNumber).length, 1, "it was carried out once");
  }
});

test("the CA never got it: probed, and sent again when the lost call must have ended", async () => {
  const orderNumber = world.newOrder();
  world.ca.faults.add({ fault: "reset-before-reading", times: 1 });
  assert.equal((await world.revoke({ orderNumber })).kind, "unknown-outcome");
  const { attempts } = await settled(world, orderNumber, "revoked");
  const [lost, ...rest] = attempts;
  const again = rest.pop();
  assert.equal(again.purpose, "resend");
  assert.ok(rest.length > 0 && rest.every((/** @type {any} */ { purpose }) => purpose === "settle"));
  assert.ok(Date.parse(again.startedAt) - Date.parse(lost.startedAt) >= TIMEOUT_MS);
  assert.equal(real(orderNumber).length, 1);
});

test("of two products one is sent again and the other meets a limit: it is not said that nothing was sent", async () => {
  const limited = await startWorld({
    variables: { ...variables, RESEND_WINDOW_MS: "0", RATE_LIMIT_PER_MINUTE: "3" },
  });
  const orderNumber = limited.newOrder();
  limited.ca.faults.add({ fault: "reset-before-reading", times: 2 });
  for (const product of [1, 2]) {
    assert.equal((await limited.revoke({ orderNumber, product })).kind, "unknown-outcome");
  }
  const settle = { body: { resend: true }, as: "operator" };
  const answer = await limited.ask(`/v1/orders/${orderNumber}/settle`, settle);
  assert.equal(real(orderNumber, limited).length, 1);
  assert.deepEqual([answer.status, answer.kind, answer.json.mayHaveRevoked], [502, "unknown-outcome", true]);
});

test("without a window it is never sent again: it stays unknown until the CA tells", async () => {
  const orderNumber = careful.newOrder();
  careful.ca.faults.add({ fault: "reset-before-reading", times: 1 });
  assert.equal((await careful.revoke({ orderNumber })).kind, "unknown-outcome");
  await pause(4_500);
  const { state, attempts } = await careful.history(orderNumber);
  assert.equal(state, "unknown");
  assert.ok(attempts.length > 1);
  assert.equal(real(orderNumber, careful).length, 0);
  careful.ca.orders.set({ orderNumber, state: "rejected" });
  await settled(careful, orderNumber, "already-rejected");
});

test("killed while the CA works: settled after the restart, though nobody calls", async () => {
  const orderNumber = world.newOrder();
  world.ca.reset();
  world.ca.faults.add({ fault: "no-answer", orderNumber, times: 1 });
  const call = world.revoke({ orderNumber }).catch(() => undefined);
  await world.ca.waitForRequests(1);
  await world.kill();
  await call;
  await world.startAgain();
  // The probe comes although no request has reached the ledger since.
  await world.ca.waitForRequests(2);
  assert.equal((await settled(world, orderNumber, "already-revoked")).settled, true);
  assert.equal(real(orderNumber).length, 1);
});

test("a person may ask at once, or have it sent again", async () => {
  const orderNumber = careful.newOrder();
  careful.ca.faults.add({ fault: "reset-before-reading", times: 1 });
  assert.equal((await careful.revoke({ orderNumber })).kind, "unknown-outcome");
  const path = `/v1/orders/${orderNumber}/settle`;
  const probed = await careful.ask(path, { as: "operator", body: {} });
  assert.deepEqual([probed.status, probed.json.state], [200, "unknown"]);
  assert.equal(probed.json.attempts.at(-1).actor, "key:operator");
  const resent = await careful.ask(path, { as: "second", body: { resend: true } });
  assert.deepEqual([resent.status, resent.json.state], [200, "revoked"]);
  assert.equal(real(orderNumber, careful).length, 1);
  const unknown = await careful.ask("/v1/orders/999999/settle", { as: "operator", body: {} });
  assert.deepEqual([unknown.status, unknown.kind], [404, "not-found"]);
});

testTraces(world, careful);
