// Calls that are ended early: by the caller's signal or by the time, in each phase, and what is left behind.

import assert from "node:assert/strict";
import { getEventListeners } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { createClient, revoke } from "autorevoke";
import { CA, EDGE, answering, caAnswer, failure, json, login, revoked } from "./calls.mjs";

const order = { orderNumber: "123456" };
const never = () => new Promise(() => {});

/** A stream whose first bytes come, and then nothing. */
const stalled = () =>
  new Response(new ReadableStream({ start: (controller) => controller.enqueue(Buffer.from('{"outcome"')) }), {
    headers: { "content-type": "application/json" },
  });

const doors = {
  edge: { endpoint: EDGE },
  ca: { endpoint: CA, credentials: login },
};
const reasons = [
  undefined,
  "reason",
  null,
  0,
  new Error("enough"),
  { secret: login.loginPassword },
  Symbol("s"),
];

for (const [door, options] of Object.entries(doors)) {
  test(`${door}: aborted before: nothing is sent`, async () => {
    for (const reason of reasons) {
      const { fetch, requests } = answering(json(revoked()));
      const error = await failure(revoke(order, { ...options, fetch, signal: AbortSignal.abort(reason) }));
      assert.deepEqual([error.kind, error.mayHaveRevoked, requests.length], ["aborted", false, 0]);
    }
  });

  test(`${door}: aborted while fetch works: it may have revoked, unless it was a test`, async () => {
    for (const fetch of [never, () => never(), async (request) => honest(request)]) {
      for (const reason of reasons) {
        for (const isTest of [false, true]) {
          const controller = new AbortController();
          const call = revoke({ ...order, test: isTest }, { ...options, fetch, signal: controller.signal });
          setTimeout(() => controller.abort(reason), 5);
          const error = await failure(call);
          assert.deepEqual([error.kind, error.mayHaveRevoked], ["aborted", !isTest]);
        }
      }
    }
  });

  test(`${door}: aborted within fetch itself`, async () => {
    const controller = new AbortController();
    const fetch = async () => {
      controller.abort("now");
      throw controller.signal.reason;
    };
    const error = await failure(revoke(order, { ...options, fetch, signal: controller.signal }));
    assert.deepEqual([error.kind, error.mayHaveRevoked], ["aborted", true]);
  });

  test(`${door}: aborted while the body comes`, async () => {
    const controller = new AbortController();
    const call = revoke(order, { ...options, fetch: async () => stalled(), signal: controller.signal });
    setTimeout(() => controller.abort(), 5);
    const error = await failure(call);
    assert.deepEqual([error.kind, error.mayHaveRevoked], ["aborted", true]);
  });

  test(`${door}: aborted afterwards: what is done is done`, async () => {
    const controller = new AbortController();
    const answer = () => (door === "ca" ? caAnswer("0\n") : json(revoked()));
    const done = await revoke(order, {
      ...options,
      fetch: answering(answer).fetch,
      signal: controller.signal,
    });
    controller.abort();
    assert.equal(done.outcome, "revoked");
  });

  test(`${door}: the time is up while fetch works, and while the body comes`, async () => {
    for (const fetch of [never, async (request) => honest(request), async () => stalled()]) {
      const error = await failure(revoke(order, { ...options, fetch, timeout: 10 }));
      assert.deepEqual([error.kind, error.mayHaveRevoked], ["unknown-outcome", true]);
      const tested = await failure(revoke({ ...order, test: true }, { ...options, fetch, timeout: 10 }));
      assert.deepEqual([tested.kind, tested.mayHaveRevoked], ["unknown-outcome", false]);
    }
  });
}

/** As a real fetch does: it rejects with the signal's reason. */
const honest = (request) =>
  new Promise((_, reject) => request.signal.addEventListener("abort", () => reject(request.signal.reason)));

test("a token function that hangs: nothing was sent, whatever ends the call", async () => {
  const { fetch, requests } = answering(json(revoked()));
  const late = await failure(revoke(order, { endpoint: EDGE, token: never, fetch, timeout: 10 }));
  assert.deepEqual([late.kind, late.mayHaveRevoked], ["not-sent", false]);
  const controller = new AbortController();
  setTimeout(() => controller.abort("enough"), 5);
  const ended = await failure(
    revoke(order, { endpoint: EDGE, token: never, fetch, signal: controller.signal }),
  );
  assert.deepEqual([ended.kind, ended.mayHaveRevoked], ["aborted", false]);
  assert.equal(requests.length, 0);
});

test("a token function that fires the signal itself", async () => {
  const { fetch, requests } = answering(json(revoked()));
  for (const settle of [() => "token", () => Promise.reject(new Error("x")), async () => pause(5, "token")]) {
    const controller = new AbortController();
    const token = () => {
      controller.abort();
      return settle();
    };
    const error = await failure(revoke(order, { endpoint: EDGE, token, fetch, signal: controller.signal }));
    assert.equal(error.mayHaveRevoked, false);
  }
  assert.equal(requests.length, 0);
});

test("the reason of the signal is told by name and message alone", async () => {
  const reason = Object.assign(new TypeError("Closed the dialog"), { request: login });
  const { cause } = await failure(revoke(order, { endpoint: EDGE, signal: AbortSignal.abort(reason) }));
  assert.deepEqual([cause.name, cause.message], ["TypeError", "Closed the dialog"]);
  assert.notEqual(cause, reason);
  const hostile = new Error(`password is ${login.loginPassword}`);
  const error = await failure(revoke(order, { ...doors.ca, signal: AbortSignal.abort(hostile) }));
  assert.equal(error.cause?.message, "[withheld: it contained credentials]");
});

test("nothing is left on a signal that lives long, nor a timer that keeps the process", async () => {
  const { signal } = new AbortController();
  const client = createClient({ endpoint: EDGE, signal, fetch: answering(() => json(revoked())).fetch });
  for (let i = 0; i < 200; i += 1) await client.revoke(order);
  const refused = createClient({ endpoint: EDGE, signal, fetch: () => Promise.reject(new Error("x")) });
  for (let i = 0; i < 200; i += 1) await failure(refused.revoke(order));
  const late = createClient({ endpoint: EDGE, signal, timeout: 1, fetch: never });
  for (let i = 0; i < 20; i += 1) await failure(late.revoke(order));
  assert.equal(getEventListeners(signal, "abort").length, 0);
  assert.ok(!process.getActiveResourcesInfo().includes("Timeout"));
});

const sockets = new Set();
/** Those that carried a request; undici may keep an idle one besides. */
const used = new Set();
const slow = createServer((request, response) => {
  used.add(request.resume().socket);
  if (request.url === "/body") response.writeHead(200, { "content-length": "11" }).write("errorCode");
});
slow.on("connection", (socket) => sockets.add(socket));
before(() => new Promise((resolve) => slow.listen(0, "127.0.0.1", () => resolve(undefined))));
after(() => {
  for (const socket of sockets) socket.destroy();
  slow.close();
});

test("with real sockets: the connection is closed when the call ends", async () => {
  const { port } = /** @type {import("node:net").AddressInfo} */ (slow.address());
  for (const path of ["/head", "/body"]) {
    const endpoint = `http://127.0.0.1:${port}${path}`;
    const controller = new AbortController();
    setTimeout(() => controller.abort("reason"), 200);
    const call = revoke(order, { endpoint, credentials: login, signal: controller.signal });
    assert.deepEqual([(await failure(call)).kind], ["aborted"]);
    const late = await failure(revoke(order, { endpoint, credentials: login, timeout: 200 }));
    assert.deepEqual([late.kind, late.mayHaveRevoked], ["unknown-outcome", true]);
  }
  for (let i = 0; i < 100 && ![...used].every((socket) => socket.destroyed); i += 1) await pause(20);
  assert.equal(used.size, 4);
  assert.ok([...used].every((socket) => socket.destroyed));
});
