// Faults of the connection: each does what its name says, and the ledger tells whether the CA acted.

import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { after, before, beforeEach, describe, test } from "node:test";
import { startSimulator } from "autorevoke-simulator";
import { code, exchange, form, post, rawCall, requestBytes } from "./calls.mjs";

let ca;
before(async () => {
  ca = await startSimulator({ hangLimit: 1500 });
});
beforeEach(() => ca.reset());
after(() => ca.close());

const last = () => ca.ledger().at(-1);
const state = () => ca.orders.list("123456")[0]?.state;
const passing = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

describe("latency", () => {
  test("after acting: the order is carried out at once, the answer waits", async () => {
    ca.faults.add({ fault: "latency", ms: 1000 });
    const begun = performance.now();
    const answered = code(ca);
    await ca.waitForRequests(1);
    await passing(50);
    assert.equal(state(), "revoked");
    assert.equal(last().answeredAt, null, "still under way");
    assert.equal(await answered, 0);
    assert.ok(performance.now() - begun >= 995);
    assert.deepEqual(last().answered, { code: 0, fault: "latency" });
  });

  test("before acting: the CA works on after the client has left", async () => {
    ca.faults.add({ fault: "latency", ms: 500, when: "before-acting" });
    const socket = connect(ca.port, "127.0.0.1");
    socket.write(requestBytes(form()));
    await ca.waitForRequests(1);
    socket.destroy();
    assert.equal(state(), undefined);
    for (let waited = 0; state() === undefined && waited < 10_000; waited += 20) await passing(20);
    assert.equal(state(), "revoked");
    assert.equal(last().acted, true);
  });

  test("goes together with another fault, and with others of its kind", async () => {
    ca.faults.add({ fault: "latency", ms: 100 }, { fault: "latency", ms: 100 }, { fault: "http-status" });
    const begun = performance.now();
    assert.equal((await post(ca)).status, 500);
    assert.ok(performance.now() - begun >= 195);
    assert.equal(last().answered.fault, "http-status");
  });

  test("with jitter", async () => {
    ca.faults.add({ fault: "latency", ms: 20, jitter: 60 });
    const begun = performance.now();
    assert.equal(await code(ca), 0);
    assert.ok(performance.now() - begun >= 19);
  });
});

test("no-answer: read, carried out, and silence until the client leaves", async () => {
  ca.faults.add({ fault: "no-answer" });
  const { text, ending } = await rawCall(ca, {}, { patience: 1000 });
  assert.equal(text, "");
  assert.equal(ending, "open");
  assert.equal(last().complete, true);
  assert.deepEqual(last().answered, { code: 0, fault: "no-answer" });
  assert.equal(state(), "revoked");
});

test("no-answer ends by itself at the hang limit", async () => {
  ca.faults.add({ fault: "no-answer", acts: false });
  const begun = performance.now();
  const { text, ending } = await rawCall(ca);
  assert.equal(text, "");
  assert.equal(ending, "closed");
  assert.ok(performance.now() - begun >= 1490);
  assert.equal(state(), undefined, "acts: false");
  assert.equal(last().acted, false);
});

test("reset-before-reading: nothing was read, nothing was done", async () => {
  ca.faults.add({ fault: "reset-before-reading" });
  const { text, ending } = await rawCall(ca);
  assert.equal(text, "");
  assert.equal(ending, "reset");
  assert.equal(last().complete, false);
  assert.equal(last().rawBody, "");
  assert.deepEqual(last().answered, { fault: "reset-before-reading" });
  assert.equal(last().acted, false);
  assert.equal(ca.requests, 0);
  assert.equal(state(), undefined);
});

for (const acts of [true, false]) {
  test(`reset-after-reading, acts: ${acts}`, async () => {
    ca.faults.add({ fault: "reset-after-reading", acts });
    const { text, ending } = await rawCall(ca);
    assert.equal(text, "");
    assert.equal(ending, "reset");
    assert.equal(last().complete, true);
    assert.equal(last().acted, acts);
    assert.equal(state(), acts ? "revoked" : undefined);
  });
}

test("early-close: an orderly end without a byte", async () => {
  ca.faults.add({ fault: "early-close" });
  const { text, ending } = await rawCall(ca);
  assert.equal(text, "");
  assert.equal(ending, "closed");
  assert.equal(state(), "revoked");
});

describe("keep-alive-race", () => {
  const twice = (pause) =>
    new Promise((resolve) => {
      const request = requestBytes(form({ test: "Y" }), { headers: [] });
      const socket = connect(ca.port, "127.0.0.1");
      let text = "";
      let ending = "closed";
      socket.on("data", (piece) => {
        text += piece;
        if (pause !== undefined && /errorCode=0$/.test(text)) setTimeout(() => socket.write(request), pause);
      });
      socket.on("error", () => (ending = "reset"));
      socket.on("close", () => resolve({ text, ending }));
      socket.write(request);
    });

  test("the next request on the connection is reset unread", async () => {
    ca.faults.add({ fault: "keep-alive-race", times: 1 });
    const { text, ending } = await twice(10);
    assert.match(text, /\r\nConnection: keep-alive\r\n/);
    assert.match(text, /errorCode=0$/);
    assert.equal(ending, "reset");
    const [first, second] = ca.ledger();
    assert.equal(first.complete, true);
    assert.equal(second.complete, false);
    assert.deepEqual(second.answered, { fault: "keep-alive-race" });
    assert.equal(first.remotePort, second.remotePort);
  });

  test("a reset of the simulator spares the connection", async () => {
    ca.faults.add({ fault: "keep-alive-race", times: 1 });
    const request = requestBytes(form({ test: "Y" }), { headers: [] });
    const socket = connect(ca.port, "127.0.0.1");
    socket.write(request);
    await once(socket, "data");
    ca.reset();
    socket.write(request);
    const [answer] = await once(socket, "data");
    assert.match(String(answer), /errorCode=0$/);
    socket.destroy();
  });

  test("or the connection is closed after the answer", async () => {
    ca.faults.add({ fault: "keep-alive-race", close: "after-answer", ms: 20 });
    const { text, ending } = await twice();
    assert.match(text, /\r\nConnection: keep-alive\r\n/);
    assert.match(text, /errorCode=0$/);
    assert.equal(ending, "closed");
  });
});

test("without a fault the connection is kept", async () => {
  const { text, ending } = await exchange(ca, requestBytes(form({ test: "Y" }), { headers: [] }), {
    patience: 1000,
  });
  assert.match(text, /errorCode=0$/);
  assert.equal(ending, "open");
});
