// orders.settle(): what is sent, what is believed, and whether the CA may have acted.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient } from "autorevoke";
import { EDGE, answering, failure, json, problem, problemResponse } from "./calls.mjs";

const TOKEN = "ark_demo_sesame-open-sesame";
const record = (members = {}) => ({
  orderNumber: "123456",
  state: "unknown",
  attempts: [{ state: "unknown" }],
  auditSeqs: [1, 2],
  ...members,
});

/** @param {unknown} answer @param {any} [options] */
function settle(answer, options) {
  const { fetch, requests } = answering(answer);
  const client = createClient({ endpoint: `${EDGE}/edge/`, token: TOKEN, fetch: /** @type {any} */ (fetch) });
  return { requests, call: client.orders.settle("123456", options) };
}

test("a probe says nothing; to resend must be said", async () => {
  for (const [options, body] of /** @type {const} */ ([
    [undefined, "{}"],
    [{ resend: false }, "{}"],
    [{ resend: undefined }, "{}"],
    [{ resend: true }, '{"resend":true}'],
  ])) {
    const { requests, call } = settle(() => json(record()), options);
    assert.deepEqual(await call, record());
    const [request] = requests;
    assert.deepEqual([request.method, request.url], ["POST", `${EDGE}/edge/v1/orders/123456/settle`]);
    assert.equal(await request.text(), body);
    assert.deepEqual(
      ["content-type", "authorization", "idempotency-key"].map((name) => request.headers.get(name)),
      ["application/json", `Bearer ${TOKEN}`, null],
    );
    assert.equal(request.redirect, "manual");
  }
});

test("every state that an order can have, and no other", async () => {
  for (const state of [
    ...["pending", "sending", "revoked", "already-revoked", "already-rejected", "refused", "unknown"],
  ]) {
    assert.equal((await settle(() => json(record({ state }))).call).state, state);
  }
  for (const wrong of [
    ...[{ state: "tested" }, { state: "Revoked" }, { state: "" }, { state: undefined }, { state: 1 }],
    ...[{ orderNumber: "123457" }, { orderNumber: 123456 }, { attempts: {} }, { auditSeqs: undefined }],
  ]) {
    const probe = await failure(settle(() => json(record(wrong))).call);
    assert.deepEqual([probe.kind, probe.mayHaveRevoked], ["unknown-outcome", false], JSON.stringify(wrong));
    const resent = await failure(settle(() => json(record(wrong)), { resend: true }).call);
    assert.deepEqual([resent.kind, resent.mayHaveRevoked], ["unknown-outcome", true], JSON.stringify(wrong));
  }
});

test("what may have left and is not answered: with resend it may have revoked, a probe changes nothing", async () => {
  for (const answer of [
    () => Promise.reject(new TypeError("fetch failed")),
    () => new Response("<html>", { headers: { "content-type": "text/html" } }),
    () => json(record(), { status: 202 }),
    () => json(record(), { status: 502 }),
    () => problemResponse({ ...problem("forbidden", 403), status: 401 }),
    () => new Promise(() => {}),
  ]) {
    for (const resend of [false, true]) {
      const error = await failure(settle(answer, { resend, timeout: 50 }).call);
      assert.deepEqual([error.kind, error.mayHaveRevoked], ["unknown-outcome", resend], String(answer));
      assert.match(error.message, resend ? /what became of the revocation/ : /Nothing was changed/);
      assert.equal(error.orderNumber, "123456");
    }
  }
});

test("what the edge says of the order is believed of a probe too", async () => {
  for (const resend of [false, true]) {
    const may = (kind, status, members) =>
      failure(settle(() => problemResponse(problem(kind, status, members)), { resend }).call);
    assert.equal((await may("unknown-outcome", 502)).mayHaveRevoked, true);
    assert.equal((await may("in-progress", 409, { mayHaveRevoked: true })).mayHaveRevoked, true);
    assert.equal((await may("in-progress", 409, { mayHaveRevoked: false })).mayHaveRevoked, false);
    for (const [kind, status] of /** @type {const} */ ([
      ["not-found", 404],
      ["forbidden", 403],
      ["ca-busy", 503],
      ["rate-limited", 429],
      ["not-sent", 503],
    ])) {
      const error = await may(kind, status);
      assert.deepEqual([error.kind, error.mayHaveRevoked], [kind, false]);
    }
  }
});

test("wrong options send nothing", async () => {
  for (const [options, words] of /** @type {const} */ ([
    [{ resend: "yes" }, /resend must be true or false/],
    [{ resend: 1 }, /resend must be true or false/],
    [{ idempotencyKey: "k" }, /idempotencyKey belongs to one call of revoke\(\)/],
    [{ credentials: { loginName: "a", loginPassword: "b" } }, /credentials are for revoke\(\) alone/],
    [{ again: true }, /again is not an option/],
  ])) {
    const { requests, call } = settle(() => json(record()), options);
    const error = await failure(call);
    assert.deepEqual([error.kind, error.mayHaveRevoked], ["not-sent", false]);
    assert.match(error.message, words);
    assert.equal(requests.length, 0);
  }
  const { fetch, requests } = answering(() => json(record()));
  const client = createClient(/** @type {any} */ ({ endpoint: EDGE, fetch, resend: true }));
  assert.match((await failure(client.orders.settle("7"))).message, /resend is not an option/);
  assert.match(
    (await failure(client.orders.get("7", /** @type {any} */ ({ resend: true })))).message,
    /resend/,
  );
  assert.equal((await failure(client.orders.settle("007"))).kind, "invalid-order");
  assert.equal(requests.length, 0);
});
