// A `fetch` that is replaced or patched: whatever it throws, rejects with or gives, nothing is believed but answers.

import assert from "node:assert/strict";
import { test } from "node:test";
import { inspect } from "node:util";
import { revoke } from "autorevoke";
import { CA, EDGE, caAnswer, failure, json, login, revoked } from "./calls.mjs";

const order = { orderNumber: "123456" };
const doors = { edge: { endpoint: EDGE }, ca: { endpoint: CA, credentials: login } };

const thrown = [
  ...[undefined, null, "string", 0, NaN, true, Symbol("s"), 1n, {}, [], () => {}],
  ...[new Error("x"), new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED") })],
  ...[
    new DOMException("x", "AbortError"),
    Object.create(null),
    new Proxy({}, { get: () => assert.fail("read") }),
  ],
  Object.defineProperty(new Error("x"), "message", {
    get() {
      throw new Error("y");
    },
  }),
];

const hostile = new Proxy(
  {},
  {
    get(_, name) {
      // A promise looks for it, and may.
      if (name === "then") return undefined;
      throw new Error("hostile");
    },
  },
);
const responses = [
  ...[undefined, null, "errorCode=0", 0, 200, true, Symbol("s"), {}, [], () => {}, hostile, new Blob(["0"])],
  ...[
    { status: 200 },
    { status: "200", headers: new Headers() },
    { status: 200.5 },
    { status: -1 },
    { status: 65536 },
  ],
  ...[{ status: 200, headers: {} }, { status: 200, headers: null, body: null }, Response.error()],
  { status: 200, headers: new Headers(), arrayBuffer: () => "0" },
  { status: 200, headers: new Headers(), arrayBuffer: () => ({ byteLength: -1 }) },
  { status: 200, headers: new Headers(), arrayBuffer: () => ({ byteLength: 1e9 }) },
  { status: 200, headers: new Headers(), arrayBuffer: () => new Uint8Array([48, 10]) && Promise.reject("x") },
  ...[
    {},
    { done: false },
    { done: false, value: "0" },
    { done: false, value: [48] },
    { done: 1 },
    null,
    0,
  ].map((step) => streaming(() => step)),
  ...[new Uint16Array([48]), new DataView(new ArrayBuffer(1)), { byteLength: 1, length: 1 }].map((value) =>
    streaming(() => ({ done: false, value })),
  ),
  streaming(() => {
    throw "x";
  }),
  streaming(() => Promise.reject(undefined)),
  { status: 200, headers: new Headers(), body: { getReader: () => null } },
  {
    status: 200,
    headers: new Headers(),
    body: {
      getReader() {
        throw undefined;
      },
    },
  },
];

/** A response by shape, whose body is read step by step. */
function streaming(read) {
  const reader = { read, cancel: () => Promise.reject(new Error("no cancel")) };
  return { status: 200, headers: new Headers(), body: { getReader: () => reader } };
}

for (const [door, options] of Object.entries(doors)) {
  test(`${door}: fetch throws or rejects with anything`, async () => {
    for (const reason of thrown) {
      for (const fetch of [
        () => {
          throw reason;
        },
        () => Promise.reject(reason),
      ]) {
        const error = await failure(revoke(order, { ...options, fetch }));
        assert.deepEqual([error.kind, error.mayHaveRevoked], ["unknown-outcome", true], typeof reason);
      }
    }
  });

  test(`${door}: fetch gives anything but a response`, async () => {
    for (const response of responses) {
      for (const fetch of [() => response, async () => response]) {
        const call = revoke(order, { ...options, fetch: /** @type {any} */ (fetch) });
        const error = await failure(call);
        assert.deepEqual([error.kind, error.mayHaveRevoked], ["unknown-outcome", true], inspect(response));
      }
    }
  });

  test(`${door}: a body without end is not read to its end`, async () => {
    let chunks = 0;
    let cancelled = false;
    const body = new ReadableStream(
      {
        pull(controller) {
          chunks += 1;
          controller.enqueue(new Uint8Array(4096).fill(32));
        },
        cancel() {
          cancelled = true;
          throw new Error("not even this");
        },
      },
      { highWaterMark: 0 },
    );
    const headers = { "content-type": "application/json" };
    const error = await failure(
      revoke(order, { ...options, fetch: async () => new Response(body, { headers }) }),
    );
    assert.equal(error.kind, "unknown-outcome");
    assert.ok(cancelled && chunks <= 18, String(chunks));
  });
}

test("responses by shape alone are understood", async () => {
  const body = Buffer.from(JSON.stringify(revoked()));
  const headers = {
    get: (/** @type {string} */ name) => (name === "content-type" ? "application/json" : null),
  };
  const parts = [body.subarray(0, 9), body.subarray(9, 10), body.subarray(10)];
  const steps = [...parts.map((value) => ({ done: false, value })), { done: true }];
  const byShape = [
    { status: 200, headers, arrayBuffer: () => new Uint8Array(body).buffer },
    { status: 200, headers, body: { getReader: () => ({ read: () => steps.shift() }) } },
  ];
  for (const response of byShape) {
    const done = await revoke(order, { endpoint: EDGE, fetch: /** @type {any} */ (() => response) });
    assert.deepEqual(done, revoked());
  }
});

test("fetch is called once, with a Request and nothing else", async () => {
  const calls = [];
  const fetch = function (...args) {
    calls.push([this, args]);
    return json(revoked());
  };
  await revoke(order, { endpoint: EDGE, fetch });
  assert.equal(calls.length, 1);
  const [self, [request, ...others]] = calls[0];
  assert.ok(self === undefined && request instanceof Request && others.length === 0);
});

test("the global fetch is the one of the moment", async () => {
  const original = globalThis.fetch;
  try {
    globalThis.fetch = async () => caAnswer("0\n");
    assert.equal((await revoke(order, doors.ca)).outcome, "revoked");
    globalThis.fetch = /** @type {any} */ (undefined);
    const error = await failure(revoke(order, doors.ca));
    assert.deepEqual([error.kind, error.mayHaveRevoked], ["not-sent", false]);
  } finally {
    globalThis.fetch = original;
  }
});

test("what went wrong underneath is told, without what was sent", async () => {
  const fetch = () =>
    Promise.reject(new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED") }));
  const { cause } = await failure(revoke(order, { ...doors.edge, fetch }));
  assert.deepEqual([cause.name, cause.message], ["TypeError", "fetch failed (connect ECONNREFUSED)"]);
  const leaking = async (request) => {
    throw new Error(`cannot send ${await request.text()}`);
  };
  const error = await failure(revoke(order, { ...doors.ca, fetch: leaking }));
  assert.equal(error.cause.message, "[withheld: it contained credentials]");
});
