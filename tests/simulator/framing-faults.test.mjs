// Faults of the framing, seen as bytes.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { startSimulator } from "autorevoke-simulator";
import { rawCall } from "./calls.mjs";

let ca;
before(async () => {
  ca = await startSimulator({ hangLimit: 600 });
});
beforeEach(() => ca.reset());
after(() => ca.close());

const spoil = async (setting, fields) => {
  ca.faults.add(setting);
  const seen = await rawCall(ca, fields);
  assert.equal(ca.ledger().at(-1).answered.fault, setting.fault);
  return seen;
};

describe("cut-answer", () => {
  test("under a declared length", async () => {
    const { head, body, ending } = await spoil({ fault: "cut-answer", at: 5 });
    assert.match(head, /\r\nContent-Length: 11(\r\n|$)/);
    assert.equal(body, "error");
    assert.equal(ending, "closed");
    assert.equal(ca.ledger()[0].acted, true);
  });

  test("in chunks without an end", async () => {
    const { head, body } = await spoil({ fault: "cut-answer", at: 9, framing: "chunked" });
    assert.match(head, /\r\nTransfer-Encoding: chunked(\r\n|$)/);
    assert.equal(body, "9\r\nerrorCode\r\n");
  });

  test("up to the close, which hides it", async () => {
    ca.orders.set({ orderNumber: 123456, errorCode: -16, errorMessage: "No" });
    const { head, body } = await spoil({ fault: "cut-answer", at: 12, framing: "close-delimited" });
    assert.doesNotMatch(head, /Content-Length|Transfer-Encoding/);
    assert.equal(body, "errorCode=-1");
  });

  test("at byte 0, and by a reset", async () => {
    const { head, body, ending } = await spoil({ fault: "cut-answer", at: 0, ending: "reset" });
    assert.match(head, /^HTTP\/1\.1 200 OK\r\n/);
    assert.equal(body, "");
    assert.equal(ending, "reset");
  });
});

test("cut-head", async () => {
  const { text, ending } = await spoil({ fault: "cut-head", at: 12 });
  assert.equal(text, "HTTP/1.1 200");
  assert.equal(ending, "closed");
});

describe("wrong-length", () => {
  const expected = {
    "twice-alike": /\r\nContent-Length: 11\r\nContent-Length: 11$/,
    "twice-different": /\r\nContent-Length: 11\r\nContent-Length: 12$/,
    "too-long": /\r\nContent-Length: 21$/,
    "too-short": /\r\nContent-Length: 10$/,
    negative: /\r\nContent-Length: -1$/,
    "not-a-number": /\r\nContent-Length: many$/,
    "with-chunked": /\r\nContent-Length: 11\r\nTransfer-Encoding: chunked$/,
  };
  for (const [variant, pattern] of Object.entries(expected)) {
    test(variant, async () => {
      const { head, body } = await spoil({ fault: "wrong-length", variant });
      assert.match(head, pattern);
      assert.equal(body, variant === "with-chunked" ? "b\r\nerrorCode=0\r\n0\r\n\r\n" : "errorCode=0");
    });
  }
});

test("interim-answer: so many of them, then the right one", async () => {
  const { text } = await spoil({ fault: "interim-answer", status: 103, count: 2 });
  assert.match(text, /^(HTTP\/1\.1 103 Early Hints\r\n\r\n){2}HTTP\/1\.1 200 OK\r\n/);
  assert.match(text, /\r\n\r\nerrorCode=0$/);
});

describe("slow-drip", () => {
  test("the body", async () => {
    const { head, body, times } = await spoil({ fault: "slow-drip", ms: 20 });
    assert.match(head, /^HTTP\/1\.1 200 OK\r\n/);
    assert.equal(body, "errorCode=0");
    assert.ok(times.at(-1) - times[0] >= 10 * 19);
  });

  test("the head as well", async () => {
    const { body, pieces } = await spoil({ fault: "slow-drip", ms: 2, part: "whole" });
    assert.equal(body, "errorCode=0");
    assert.ok(pieces > 50);
  });
});

describe("raw-socket", () => {
  const bytes = Buffer.from("HTTP/1.0 200\n\n\xff\0x", "latin1");

  test("exactly these bytes", async () => {
    const { text, ending } = await spoil({ fault: "raw-socket", bytes: bytes.toString("base64") });
    assert.equal(text, bytes.toString("latin1"));
    assert.equal(ending, "closed");
  });

  test("as text, then a reset", async () => {
    const { text, ending } = await spoil({
      fault: "raw-socket",
      bytes: "nonsense",
      encoding: "latin1",
      ending: "reset",
    });
    assert.equal(text, "nonsense");
    assert.equal(ending, "reset");
  });

  test("and then nothing until the hang limit", async () => {
    const begun = performance.now();
    const { text } = await spoil({
      fault: "raw-socket",
      bytes: "HTTP/1.1 ",
      encoding: "latin1",
      ending: "hold",
    });
    assert.equal(text, "HTTP/1.1 ");
    assert.ok(performance.now() - begun >= 590);
  });
});
