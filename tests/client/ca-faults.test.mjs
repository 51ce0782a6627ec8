// Every way in which the simulated CA can misbehave, straight to it: never a false success, never a second POST.

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { revoke } from "autorevoke";
import { startSimulator } from "autorevoke-simulator";
import { assertNoSecret, failure, login } from "./calls.mjs";

const ca = await startSimulator({ port: 0 });
after(() => ca.close());

const call = (options = {}, order = {}) =>
  revoke({ orderNumber: "123456", ...order }, { endpoint: ca.endpoint, credentials: login, ...options });

/** What spoils the answer so that nothing is known; `timeout` where it would never come: long enough for the call to leave. */
const UNKNOWN = [
  { fault: "no-answer", timeout: 2000 },
  { fault: "latency", ms: 5000, timeout: 2000 },
  { fault: "slow-drip", ms: 400, timeout: 800 },
  { fault: "slow-drip", ms: 400, part: "whole", timeout: 800 },
  { fault: "reset-after-reading" },
  { fault: "reset-before-reading" },
  { fault: "early-close" },
  ...["content-length", "chunked"].flatMap((framing) =>
    ["close", "reset"].map((ending) => ({ fault: "cut-answer", at: 5, framing, ending })),
  ),
  ...[0, 1, 9, 10].map((at) => ({ fault: "cut-answer", at, framing: "close-delimited" })),
  ...[1, 5, 20].map((at) => ({ fault: "cut-head", at })),
  ...["twice-different", "too-long", "negative", "not-a-number"].map((variant) => ({
    fault: "wrong-length",
    variant,
  })),
  ...[201, 204, 400, 401, 403, 404, 429, 500, 502, 503].map((status) => ({ fault: "http-status", status })),
  { fault: "html-page" },
  { fault: "html-page", status: 503, title: "errorCode=0" },
  ...[301, 302, 303, 307, 308].map((status) => ({ fault: "redirect", status })),
  { fault: "empty-body" },
  ...[
    "zero-with-message",
    "two-codes",
    "two-codes-failure-first",
    "same-code-twice",
    "same-failure-twice",
  ].map((variant) => ({ fault: "contradictory-fields", variant })),
  ...["code-in-other-case-twice", "plain-zero-with-message", "plain-two-codes"].map((variant) => ({
    fault: "contradictory-fields",
    variant,
  })),
  { fault: "oversize-body" },
  { fault: "oversize-body", framing: "chunked", fill: "blank" },
  ...["gzip", "deflate", "br"].flatMap((encoding) =>
    [true, false].map((declared) => ({ fault: "compressed-body", encoding, declared })),
  ),
  ...["utf-16le", "utf-16be", "utf-16le-without-bom"].map((charset) => ({ fault: "wrong-charset", charset })),
  { fault: "fixed-code", errorCode: -14, errorMessage: "Unknown error", acts: true },
  { fault: "fixed-code", errorCode: 1, errorMessage: "x" },
  ...["raw", "percent", "base64", "base64url", "hex", "html", "html-numeric", "json"].flatMap((encoding) =>
    ["form", "decoded-form", "login-password"].map((part) => ({
      fault: "echo",
      place: "body",
      part,
      encoding,
    })),
  ),
];

for (const { timeout = 20_000, ...fault } of /** @type {any[]} */ (UNKNOWN)) {
  test(`not known: ${JSON.stringify(fault)}`, { timeout: 30_000 }, async () => {
    ca.reset();
    ca.faults.add(fault);
    const error = await failure(call({ timeout }));
    assert.deepEqual(
      [error.kind, error.mayHaveRevoked, error.orderNumber],
      ["unknown-outcome", true, "123456"],
    );
    assertNoSecret(error, [login.loginPassword]);
    const requests = ca.ledger();
    assert.ok(requests.length <= 1, "no second POST");
    const whole = requests.filter(({ complete }) => complete).map(({ method }) => method);
    assert.deepEqual(whole, fault.fault === "reset-before-reading" ? [] : ["POST"]);

    const test = await failure(call({ timeout }, { test: true }));
    assert.deepEqual([test.kind, test.mayHaveRevoked], ["unknown-outcome", false], "a test changes nothing");
  });
}

const KNOWN = [
  [{ fault: "latency", ms: 100 }, "revoked"],
  [{ fault: "interim-answer", count: 2 }, "revoked"],
  [{ fault: "other-format" }, "revoked"],
  [{ fault: "other-format", label: "asked" }, "revoked"],
  [{ fault: "wrong-content-type" }, "revoked"],
  [{ fault: "wrong-content-type", contentType: "" }, "revoked"],
  [{ fault: "wrong-charset", charset: "utf-8-with-bom" }, "revoked"],
  [{ fault: "slow-drip", ms: 20 }, "revoked"],
  [{ fault: "fixed-code", errorCode: -35, errorMessage: "Expired" }, "ca-refused"],
  [{ fault: "contradictory-fields", variant: "zero-inside-message" }, "ca-refused"],
];
for (const [fault, told] of /** @type {[any, string][]} */ (KNOWN)) {
  test(`known all the same: ${JSON.stringify(fault)}`, async () => {
    ca.reset();
    ca.faults.add(fault);
    const result = told === "revoked" ? await call() : await failure(call());
    assert.equal("outcome" in result ? result.outcome : result.kind, told);
    assert.equal(ca.ledger().length, 1);
    assert.equal(ca.ledger()[0].acted, told === "revoked");
  });
}

for (const encoding of ["raw", "percent", "base64", "base64url", "hex", "html", "html-numeric", "json"]) {
  test(`the CA's text repeats the login, ${encoding}: it is withheld`, async () => {
    ca.reset();
    for (const part of ["form", "decoded-form", "login-name", "login-password"]) {
      ca.faults.clear();
      ca.faults.add({ fault: "echo", place: "message", part, encoding, errorCode: -3 });
      const error = await failure(call());
      assert.deepEqual([error.kind, error.errorCode], ["ca-refused", -3]);
      assert.equal(error.errorMessage, "[withheld: it contained credentials]");
      assertNoSecret(error, Object.values(login));
    }
  });
}

test("what the CA really did, from its own states", async () => {
  ca.reset();
  const states = { unissued: "revoked", revoked: "already-revoked", rejected: "already-rejected" };
  for (const [state, outcome] of Object.entries(states)) {
    ca.orders.set({ orderNumber: "7", state });
    assert.equal((await call({}, { orderNumber: "7", test: true })).test, true);
    assert.equal((await call({}, { orderNumber: "7" })).outcome, outcome);
  }
  ca.orders.set({ orderNumber: "8", state: "expired" });
  assert.equal((await failure(call({}, { orderNumber: "8" }))).errorCode, -35);
  const wrong = await failure(call({ credentials: { ...login, loginPassword: "another-password" } }));
  assert.equal(wrong.kind, "ca-login-refused");
});
