// Not knowing is not forgotten: only the CA's word that it is done ends it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startWorld, testTraces } from "./world.mjs";

const world = await startWorld();

/** An order whose first attempt was lost; `acts` tells whether the CA carried it out. @param {boolean} acts */
async function lostOrder(acts) {
  const orderNumber = world.newOrder();
  world.ca.faults.add({ fault: "reset-after-reading", orderNumber, times: 1, acts });
  const { kind } = await world.revoke({ orderNumber });
  assert.equal(kind, "unknown-outcome");
  return orderNumber;
}

for (const errorCode of [-1, -2, -3, -4, -17, -23, -26, -35, -42, -43, -160, -999]) {
  test(`lost, then ${errorCode}: still unknown, to the caller as well`, async () => {
    const orderNumber = await lostOrder(true);
    world.ca.orders.set({ orderNumber, errorCode, errorMessage: "No." });
    for (const as of ["operator", "second"]) {
      const { status, kind, json } = await world.revoke({ orderNumber }, { as });
      assert.deepEqual([status, kind, json.mayHaveRevoked], [502, "unknown-outcome", true]);
      assert.deepEqual([json.errorCode, json.errorMessage], [errorCode, "No."]);
      assert.match(json.detail, /earlier attempt/);
      assert.equal((await world.history(orderNumber)).state, "unknown");
    }
  });
}

for (const [errorCode, outcome] of /** @type {const} */ ([
  [-20, "already-rejected"],
  [-21, "already-revoked"],
])) {
  test(`lost, then ${errorCode}: ${outcome}`, async () => {
    const orderNumber = await lostOrder(true);
    world.ca.orders.set({ orderNumber, errorCode });
    assert.equal((await world.revoke({ orderNumber })).json.outcome, outcome);
    assert.equal((await world.history(orderNumber)).state, outcome);
  });
}

test("lost before the CA acted, then sent again: revoked", async () => {
  const orderNumber = await lostOrder(false);
  assert.equal((await world.revoke({ orderNumber })).json.outcome, "revoked");
  const { state, attempts } = await world.history(orderNumber);
  assert.equal(state, "revoked");
  assert.deepEqual(
    attempts.map((/** @type {any} */ attempt) => attempt.outcome),
    ["unknown", "revoked"],
  );
});

test("lost, then test calls of any result: still unknown", async () => {
  const orderNumber = await lostOrder(false);
  for (const errorCode of [undefined, -35, -42, -999]) {
    if (errorCode) world.ca.orders.set({ orderNumber, errorCode });
    await world.revoke({ orderNumber, test: true }, { as: "tester" });
    assert.equal((await world.history(orderNumber)).state, "unknown");
  }
  world.ca.faults.add({ fault: "reset-after-reading", orderNumber, times: 1 });
  const { json } = await world.revoke({ orderNumber, test: true });
  assert.equal(json.mayHaveRevoked, false, "the test call has changed nothing");
  assert.equal((await world.history(orderNumber)).state, "unknown");
});

test("lost, a restart, then -35: still unknown", async () => {
  const orderNumber = await lostOrder(true);
  await world.kill();
  await world.startAgain();
  world.ca.orders.set({ orderNumber, errorCode: -35 });
  assert.equal((await world.revoke({ orderNumber })).kind, "unknown-outcome");
  assert.equal((await world.history(orderNumber)).state, "unknown");
});

test("revoked, then lost: unknown, since an order may have been replaced meanwhile", async () => {
  const orderNumber = world.newOrder();
  await world.revoke({ orderNumber });
  world.ca.faults.add({ fault: "reset-after-reading", orderNumber, times: 1 });
  assert.equal((await world.revoke({ orderNumber })).kind, "unknown-outcome");
  assert.equal((await world.history(orderNumber)).state, "unknown");
});

test("revoked, then a refusal: it was revoked all the same", async () => {
  const orderNumber = world.newOrder();
  await world.revoke({ orderNumber });
  world.ca.orders.set({ orderNumber, errorCode: -35 });
  assert.equal((await world.revoke({ orderNumber })).kind, "ca-refused");
  assert.equal((await world.history(orderNumber)).state, "revoked");
});

test("refused, then a test call that goes well: still refused", async () => {
  const orderNumber = world.newOrder();
  world.ca.orders.set({ orderNumber, errorCode: -4, times: 1 });
  await world.revoke({ orderNumber });
  assert.equal((await world.revoke({ orderNumber, test: true })).json.outcome, "tested");
  assert.equal((await world.history(orderNumber)).state, "refused");
});

testTraces(world);
