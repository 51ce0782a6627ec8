// When the WebAssembly module itself fails: no promise stays unsettled, nothing looks like success, the next call works.

import assert from "node:assert/strict";
import { test } from "node:test";
import { load, revoke } from "autorevoke";
import { EDGE, answering, facts, failure, json, revoked } from "./calls.mjs";

const order = { orderNumber: "123456" };
const LOST = { kind: "unknown-outcome", mayHaveRevoked: true };

// Each instance gets exports that can be made to trap: called with addresses that no memory has.
/** @type {string | undefined} */
let trapping;
const { instantiate, Instance } = WebAssembly;
const breakable = (/** @type {any} */ { exports }) => {
  const wrapped = Object.entries(exports).map(([name, value]) => [
    name,
    name === "plan" || name === "judge"
      ? (/** @type {number[]} */ ...given) => value(...(trapping === name ? given.map(() => -1) : given))
      : value,
  ]);
  return { exports: Object.fromEntries(wrapped) };
};
/** @type {any} */ (WebAssembly).instantiate = async (/** @type {[any]} */ ...given) => {
  const made = /** @type {any} */ (await instantiate(...given));
  return made.instance ? { ...made, instance: breakable(made.instance) } : breakable(made);
};
/** @type {any} */ (WebAssembly).Instance = function (/** @type {any} */ module, /** @type {any} */ imports) {
  return breakable(new Instance(module, imports));
};
await load();
Object.assign(WebAssembly, { instantiate });

/** @param {"plan" | "judge"} name @param {() => Promise<void>} run */
async function whileItTraps(name, run) {
  trapping = name;
  try {
    return await run();
  } finally {
    trapping = undefined;
  }
}

test("the call that traps is not known if it had left, and the next one works", async () => {
  for (let i = 0; i < 3; i += 1) {
    const { fetch, requests } = answering(() => json(revoked()));
    await whileItTraps("judge", async () => {
      assert.deepEqual(facts(await failure(revoke(order, { endpoint: EDGE, fetch }))), LOST);
    });
    assert.equal(requests.length, 1);
    assert.deepEqual(await revoke(order, { endpoint: EDGE, fetch }), revoked());
  }
});

test("the call that traps before it could leave was not sent", async () => {
  const { fetch, requests } = answering(() => json(revoked()));
  const unsent = { kind: "not-sent", mayHaveRevoked: false };
  await whileItTraps("plan", async () => {
    assert.deepEqual(facts(await failure(revoke(order, { endpoint: EDGE, fetch }))), unsent);
  });
  await whileItTraps("judge", async () => {
    const token = async () => "token";
    assert.deepEqual(facts(await failure(revoke(order, { endpoint: EDGE, token, fetch }))), unsent);
  });
  assert.equal(requests.length, 0);
  assert.deepEqual(await revoke(order, { endpoint: EDGE, fetch }), revoked());
});

test("calls under way when another one traps go on in a new instance", async () => {
  /** @type {(response: Response) => void} */
  let answer = () => {};
  const fetch = () => new Promise((resolve) => (answer = resolve));
  const pending = revoke(order, { endpoint: EDGE, fetch });
  await new Promise((resolve) => setImmediate(resolve));
  await whileItTraps("plan", async () => {
    assert.equal((await failure(revoke(order, { endpoint: EDGE }))).kind, "not-sent");
  });
  answer(json(revoked()));
  assert.deepEqual(await pending, revoked());
});

test("a call made from within another one's fetch", async () => {
  const inner = answering(() => json(revoked({ orderNumber: "7" })));
  const seen = [];
  const fetch = () => {
    seen.push(revoke({ orderNumber: "7" }, { endpoint: EDGE, fetch: inner.fetch }));
    return json(revoked());
  };
  assert.equal((await revoke(order, { endpoint: EDGE, fetch })).orderNumber, "123456");
  assert.equal((await seen[0]).orderNumber, "7");
});

test("a thousand calls at once, each with its own answer", async () => {
  const fetch = async (request) => {
    const { orderNumber } = await request.json();
    await new Promise((resolve) => setTimeout(resolve, Number(orderNumber) % 7));
    return json(revoked({ orderNumber }));
  };
  const numbers = Array.from({ length: 1000 }, (_, i) => String(i + 1));
  const done = await Promise.all(
    numbers.map((orderNumber) => revoke({ orderNumber }, { endpoint: EDGE, fetch })),
  );
  assert.deepEqual(
    done.map(({ orderNumber }) => orderNumber),
    numbers,
  );
});
