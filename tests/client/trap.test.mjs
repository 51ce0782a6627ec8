// When the WebAssembly module itself fails: no promise stays unsettled, nothing looks like success, others under way are
// told the truth, the next call works, and the old instance keeps no secret.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { until } from "../harness/until.mjs";
import { memories, trapWhen } from "./trapping.mjs";
import { trapAtEachStep } from "./trap-steps.mjs";
import { CA, EDGE, answering, facts, failure, json, revoked } from "./calls.mjs";

const { createClient, revoke } = await import("autorevoke");

const order = { orderNumber: "123456" };
const TOKEN = "ark_canary_T0ken-of-the-edge-71b3";
const UNSENT = { kind: "not-sent", mayHaveRevoked: false };
const LOST = { kind: "unknown-outcome", mayHaveRevoked: true, orderNumber: "123456" };

for (const way of ["edge", "ca"]) {
  test(`${way}: at every step, before it and after it, the truth is told and the next call works`, async () => {
    const { steps, untroubled, trapped } = await trapAtEachStep(/** @type {any} */ (revoke), way);
    assert.deepEqual(untroubled, { sent: 1, ended: "revoked" });
    assert.ok(steps >= 5, `${steps} steps`);
    assert.equal(trapped.length, 2 * steps);
    for (const { where, sent, ended, next } of trapped) {
      assert.ok(sent <= 1, where);
      assert.deepEqual(ended, sent > 0 ? LOST : { ...UNSENT, orderNumber: undefined }, where);
      assert.equal(next, "revoked", where);
    }
  });
}

test("a call that cannot revoke says so when it is lost", async () => {
  for (const { ask, expected } of [
    { ask: (/** @type {any} */ client) => client.orders.get("7"), expected: { orderNumber: "7" } },
    { ask: (/** @type {any} */ client) => client.me(), expected: {} },
  ]) {
    const { fetch, requests } = answering(() => json({}));
    trapWhen(() => (requests.length > 0 ? "before" : undefined));
    const error = await failure(ask(createClient({ endpoint: EDGE, fetch: /** @type {any} */ (fetch) })));
    assert.deepEqual(facts(error), { kind: "unknown-outcome", mayHaveRevoked: false, ...expected });
    trapWhen();
  }
});

test("others under way are told at once: unknown if their request had left, and not sent otherwise", async () => {
  trapWhen();
  const never = new Promise(() => {});
  /** @type {any[]} */
  const requests = [];
  const fetch = (/** @type {Request} */ request) => (requests.push(request), never);
  const left = revoke(order, { endpoint: EDGE, fetch: /** @type {any} */ (fetch) });
  const tested = revoke({ ...order, test: true }, { endpoint: EDGE, fetch: /** @type {any} */ (fetch) });
  const waiting = revoke(order, { endpoint: EDGE, token: () => never, fetch: /** @type {any} */ (fetch) });
  const ends = [left, tested, waiting].map(failure);
  await until("two calls have left", () => requests.length === 2);
  trapWhen(() => "before");
  assert.equal((await failure(revoke(order, { endpoint: EDGE }))).kind, "not-sent");
  trapWhen();
  const timers = process.getActiveResourcesInfo().filter((name) => name === "Timeout");
  assert.deepEqual(timers, [], "none is left, which would keep the process waiting");
  const told = (await Promise.all(ends)).map(facts);
  assert.deepEqual(told, [LOST, { ...LOST, mayHaveRevoked: false }, UNSENT]);
  assert.equal(requests.length, 2);
});

test("a call within whose token function another one traps sends nothing", async () => {
  const { fetch, requests } = answering(() => json(revoked()));
  /** @type {Promise<any> | undefined} */
  let inner;
  const options = { endpoint: EDGE, fetch: /** @type {any} */ (fetch) };
  const token = () => {
    trapWhen(() => "after");
    inner = failure(revoke({ orderNumber: "7" }, options));
    return TOKEN;
  };
  const outer = await failure(revoke(order, { ...options, token }));
  trapWhen();
  assert.equal(outer.kind, "not-sent");
  assert.ok(["not-sent", "unknown-outcome"].includes((await inner).kind));
  const sent = await Promise.all(requests.map(async (request) => (await request.json()).orderNumber));
  assert.ok(!sent.includes("123456"), String(sent));
  assert.equal((await revoke(order, options)).outcome, "revoked");
});

test("the memory of an instance that has trapped is wiped", async () => {
  trapWhen();
  const never = () => new Promise(() => {});
  const credentials = { loginName: "canary-Login-9f2a", loginPassword: "Canary-pAssword-5c1d" };
  const ends = [
    revoke(order, { endpoint: CA, credentials, fetch: /** @type {any} */ (never) }),
    revoke(order, { endpoint: EDGE, token: TOKEN, fetch: /** @type {any} */ (never) }),
  ].map(failure);
  await new Promise((resolve) => setImmediate(resolve));
  const old = Buffer.from(memories[memories.length - 1].buffer);
  const secrets = [credentials.loginName, credentials.loginPassword, TOKEN];
  assert.deepEqual(
    secrets.map((secret) => old.includes(secret)),
    [true, true, true],
    "they are in it while it works",
  );
  trapWhen(() => "before");
  await failure(revoke(order, { endpoint: EDGE }));
  trapWhen();
  assert.ok(old.every((byte) => byte === 0));
  await Promise.all(ends);
});

test("a call made from within another one's fetch", async () => {
  const inner = answering(() => json(revoked({ orderNumber: "7" })));
  /** @type {Promise<any>[]} */
  const seen = [];
  const fetch = () => {
    seen.push(revoke({ orderNumber: "7" }, { endpoint: EDGE, fetch: /** @type {any} */ (inner.fetch) }));
    return json(revoked());
  };
  assert.equal(
    (await revoke(order, { endpoint: EDGE, fetch: /** @type {any} */ (fetch) })).orderNumber,
    "123456",
  );
  assert.equal((await seen[0]).orderNumber, "7");
});

test("a thousand calls at once, each with its own answer", async () => {
  const fetch = async (/** @type {Request} */ request) => {
    const { orderNumber } = await request.json();
    await new Promise((resolve) => setTimeout(resolve, Number(orderNumber) % 7));
    return json(revoked({ orderNumber }));
  };
  const numbers = Array.from({ length: 1000 }, (_, i) => String(i + 1));
  const done = await Promise.all(
    numbers.map((orderNumber) =>
      revoke({ orderNumber }, { endpoint: EDGE, fetch: /** @type {any} */ (fetch) }),
    ),
  );
  assert.deepEqual(
    done.map(({ orderNumber }) => orderNumber),
    numbers,
  );
});

test("two entries that share a module share its calls: loaded once, and all told when it fails", async () => {
  trapWhen();
  const [web, inline] = await Promise.all([import("autorevoke/web"), import("autorevoke/inline")]);
  const before = memories.length;
  // In Node no file is fetched.
  await web.load(await readFile(new URL("../../pkg/dist/autorevoke_small.wasm", import.meta.url)));
  /** @type {any} */
  let answer;
  const slow = () => new Promise((resolve) => (answer = resolve));
  const quick = /** @type {any} */ (() => json(revoked()));
  const first = web.revoke(order, { endpoint: EDGE, fetch: /** @type {any} */ (slow) });
  await until("the call has left", () => answer);
  // The other entry comes later, while a call of the first is in flight.
  assert.equal((await inline.revoke(order, { endpoint: EDGE, fetch: quick })).outcome, "revoked");
  assert.equal(memories.length, before + 1);
  answer(json(revoked()));
  assert.equal((await first).outcome, "revoked");

  let left = 0;
  const never = /** @type {any} */ (() => ((left += 1), new Promise(() => {})));
  const ends = [web, inline].map(({ revoke }) => failure(revoke(order, { endpoint: EDGE, fetch: never })));
  await until("both calls have left", () => left === 2);
  trapWhen(() => "before");
  await failure(inline.revoke(order, { endpoint: EDGE }));
  trapWhen();
  assert.deepEqual((await Promise.all(ends)).map(facts), [LOST, LOST]);
  for (const { revoke } of [web, inline])
    assert.equal((await revoke(order, { endpoint: EDGE, fetch: quick })).outcome, "revoked");
});
