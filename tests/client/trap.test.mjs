// When the WebAssembly module itself fails: no promise stays unsettled, nothing looks like success, the next call works.

import assert from "node:assert/strict";
import { test } from "node:test";
import { revoke } from "autorevoke";
import { EDGE, answering, facts, failure, json, revoked } from "./calls.mjs";

const order = { orderNumber: "123456" };
const LOST = { kind: "unknown-outcome", mayHaveRevoked: true };

/** Makes the module trap: the library that builds requests panics when the constructor throws what is no Error. */
async function whileItTraps(run) {
  const { Request } = globalThis;
  globalThis.Request = /** @type {any} */ (
    function () {
      throw "not an Error";
    }
  );
  try {
    return await run();
  } finally {
    globalThis.Request = Request;
  }
}

test("the call that traps is not known, and the next one works", async () => {
  for (let i = 0; i < 3; i += 1) {
    const { fetch, requests } = answering(json(revoked()));
    await whileItTraps(async () => {
      assert.deepEqual(facts(await failure(revoke(order, { endpoint: EDGE, fetch }))), LOST);
    });
    assert.equal(requests.length, 0);
    assert.deepEqual(await revoke(order, { endpoint: EDGE, fetch }), revoked());
  }
});

test("calls under way when another one traps are not known, even if their answer comes", async () => {
  /** @type {(response: Response) => void} */
  let answer = () => {};
  const fetch = () => new Promise((resolve) => (answer = resolve));
  const pending = revoke(order, { endpoint: EDGE, fetch });
  await new Promise((resolve) => setImmediate(resolve));
  await whileItTraps(async () => {
    assert.equal((await failure(revoke(order, { endpoint: EDGE }))).kind, "unknown-outcome");
  });
  // In the new instance another call gets the ticket that the pending one had.
  const other = answering(() => json(revoked({ orderNumber: "7" })));
  const next = revoke({ orderNumber: "7" }, { endpoint: EDGE, fetch: other.fetch });
  answer(json(revoked()));
  assert.deepEqual(facts(await failure(pending)), LOST);
  assert.equal((await next).orderNumber, "7");
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
