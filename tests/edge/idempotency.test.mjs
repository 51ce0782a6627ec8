// Idempotency-Key: a repeated call gets the CA's answer again, and is not sent again.
import assert from "node:assert/strict";
import { test } from "node:test";
import { until } from "../harness/until.mjs";
import { PEOPLE, startWorld, testTraces } from "./world.mjs";

const world = await startWorld({
  people: [...PEOPLE, { id: "steward", permissions: ["operate"], orders: ["*"] }],
});
let keys = 0;
const newKey = () => ({ "idempotency-key": `key-${++keys}` });

/** An answer without what each answer has of its own. @param {import("./answers.mjs").Answer} answer */
const withoutInstance = ({ status, json: { instance, ...rest } }) => ({ status, ...rest });

for (const errorCode of [0, -3, -20, -21, -35, -999]) {
  test(`the CA's answer ${errorCode} is given again, and nothing is sent again`, async () => {
    const orderNumber = world.newOrder();
    if (errorCode) world.ca.orders.set({ orderNumber, errorCode, errorMessage: "As it was." });
    const headers = newKey();
    const first = await world.revoke({ orderNumber }, { headers });
    world.ca.orders.set({ orderNumber, errorCode: -43 });
    // However the order is written: it is the same one.
    for (const order of [
      { orderNumber },
      { test: false, codeReason: "unspecified", orderNumber: Number(orderNumber) },
    ]) {
      assert.deepEqual(withoutInstance(await world.revoke(order, { headers })), withoutInstance(first));
    }
    assert.equal(world.sent(orderNumber).length, 1);
  });
}

test("the CA's refusal of the login is given again, during the stop that it brings and after", async () => {
  const orderNumber = world.newOrder();
  world.ca.orders.set({ orderNumber, errorCode: -16, errorMessage: "As it was." });
  const headers = newKey();
  const first = await world.revoke({ orderNumber }, { headers });
  assert.deepEqual([first.status, first.json.errorCode], [502, -16]);
  assert.deepEqual(withoutInstance(await world.revoke({ orderNumber }, { headers })), withoutInstance(first));
  await world.ask("/v1/breaker/resume", { as: "steward", body: {} });
  assert.equal((await world.revoke({ orderNumber: world.newOrder() })).json.outcome, "revoked");
  assert.deepEqual(withoutInstance(await world.revoke({ orderNumber }, { headers })), withoutInstance(first));
  assert.equal(world.sent(orderNumber).length, 1);
});

test("a test call's answer is given again as well", async () => {
  const orderNumber = world.newOrder();
  const headers = newKey();
  const first = await world.revoke({ orderNumber, test: true }, { headers });
  const again = await world.revoke({ orderNumber, test: "Y" }, { headers });
  assert.deepEqual(again.json, first.json);
  assert.equal(world.sent(orderNumber).length, 1);
});

test("the same key for anything else: 422, not sent", async () => {
  const orderNumber = world.newOrder();
  const headers = newKey();
  await world.revoke({ orderNumber }, { headers });
  const other = world.newOrder();
  for (const order of [
    { orderNumber: other },
    { orderNumber, codeReason: 1 },
    { orderNumber, revocationReason: "x" },
    { orderNumber, product: 1 },
    { orderNumber, productCode: "x" },
    { orderNumber, test: true },
  ]) {
    const answer = await world.revoke(order, { headers });
    assert.deepEqual([answer.status, answer.kind], [422, "idempotency-mismatch"]);
    assert.equal(answer.json.mayHaveRevoked, false);
  }
  assert.equal(world.sent(orderNumber).length, 1);
  assert.equal(world.sent(other).length, 0);
});

test("a key is the caller's own: another's has nothing to do with it", async () => {
  const orderNumber = world.newOrder();
  const headers = newKey();
  await world.revoke({ orderNumber }, { headers });
  const { json } = await world.revoke({ orderNumber }, { headers, as: "second" });
  assert.equal(json.outcome, "already-revoked");
  assert.equal(world.sent(orderNumber).length, 2);
});

test("keys differ by every character, and by case", async () => {
  const orderNumber = world.newOrder();
  for (const key of ["Case", "case", "case.", "'case'", "%63ase"]) {
    const { status } = await world.revoke(
      { orderNumber, revocationReason: key },
      { headers: { "idempotency-key": key } },
    );
    assert.equal(status, 200);
  }
});

test("while the call is under way: 409, which says that it may have revoked", async () => {
  const headers = newKey();
  for (const isTest of [false, true]) {
    const order = { orderNumber: world.newOrder(), test: isTest };
    const key = isTest ? newKey() : headers;
    world.ca.faults.add({ fault: "latency", ms: 3_000, orderNumber: order.orderNumber });
    const first = world.revoke(order, { headers: key });
    await until("the CA has the call", () => world.sent(order.orderNumber).length > 0);
    const second = await world.revoke(order, { headers: key });
    assert.deepEqual([second.status, second.kind, second.json.mayHaveRevoked], [409, "in-progress", !isTest]);
    const other = await world.revoke({ orderNumber: world.newOrder() }, { headers: key });
    assert.equal(other.kind, "idempotency-mismatch");
    assert.equal((await first).status, 200);
    assert.deepEqual((await world.revoke(order, { headers: key })).json, (await first).json);
    assert.equal(world.sent(order.orderNumber).length, 1);
  }
});

test("an unknown outcome and a busy CA are not kept: a repeat tries again, then that is kept", async () => {
  for (const fault of [
    { fault: "reset-after-reading", acts: false },
    { fault: "fixed-code", errorCode: -42 },
    { fault: "fixed-code", errorCode: -14 },
  ]) {
    const orderNumber = world.newOrder();
    const headers = newKey();
    world.ca.faults.add({ ...fault, orderNumber, times: 1 });
    assert.ok((await world.revoke({ orderNumber }, { headers })).status >= 500);
    const answers = [
      await world.revoke({ orderNumber }, { headers }),
      await world.revoke({ orderNumber }, { headers }),
    ];
    assert.deepEqual(
      answers.map(({ json }) => json.outcome),
      ["revoked", "revoked"],
    );
    assert.equal(world.sent(orderNumber).length, 2);
    assert.equal(
      (await world.revoke({ orderNumber: world.newOrder() }, { headers })).kind,
      "idempotency-mismatch",
    );
  }
});

test("lost, then refused: the repeat of the refusal says unknown, as the refusal did", async () => {
  const orderNumber = world.newOrder();
  const headers = newKey();
  world.ca.faults.add({ fault: "reset-after-reading", orderNumber, times: 1 });
  await world.revoke({ orderNumber }, { headers });
  world.ca.orders.set({ orderNumber, errorCode: -35 });
  const refused = await world.revoke({ orderNumber }, { headers });
  const again = await world.revoke({ orderNumber }, { headers });
  assert.deepEqual([refused.kind, refused.json.mayHaveRevoked], ["unknown-outcome", true]);
  assert.equal(again.kind, "unknown-outcome");
  assert.equal(again.json.mayHaveRevoked, true);
});

test("an answer is kept over a restart", async () => {
  const orderNumber = world.newOrder();
  const headers = newKey();
  const first = await world.revoke({ orderNumber }, { headers });
  await world.kill();
  await world.startAgain();
  assert.deepEqual((await world.revoke({ orderNumber }, { headers })).json, first.json);
  assert.equal(world.sent(orderNumber).length, 1);
});

testTraces(world);
