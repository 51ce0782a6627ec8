// A RevocationError that leaves its process or its thread, and comes back as what it was.
import assert from "node:assert/strict";
import { test } from "node:test";
import { RevocationError, revoke } from "autorevoke";
import { EDGE, answering, failure, problem, problemResponse } from "./calls.mjs";

const refused = () => {
  const document = problem("ca-refused", 422, { errorCode: -3, errorMessage: "no", orderNumber: "7" });
  const { fetch } = answering(() => problemResponse(document));
  return failure(revoke({ orderNumber: 7 }, { endpoint: EDGE, fetch }));
};
const broken = () =>
  failure(
    revoke(
      { orderNumber: 7 },
      { endpoint: EDGE, fetch: () => Promise.reject(new TypeError("connection reset")) },
    ),
  );
const invalid = () => failure(revoke({}, { endpoint: EDGE }));

const own = (/** @type {any} */ error) => ({
  ...error,
  name: error.name,
  message: error.message,
  cause: error.cause && { name: error.cause.name, message: error.cause.message },
});

test("by JSON and by structuredClone it is the same again", async () => {
  for (const make of [refused, broken, invalid]) {
    const error = await make();
    assert.ok(error instanceof RevocationError, make.name);
    for (const passed of [JSON.parse(JSON.stringify(error)), structuredClone(error.toJSON())]) {
      const again = RevocationError.from(passed);
      assert.ok(again instanceof RevocationError && again instanceof Error);
      assert.deepEqual(own(again), own(error));
    }
    assert.equal(RevocationError.from(error), error);
  }
  assert.equal((await broken()).cause.message, "connection reset");
});

test("of anything else nothing is known, and it may have revoked", async () => {
  const error = await refused();
  const others = [
    structuredClone(error),
    new Error("x"),
    { ...error.toJSON(), mayHaveRevoked: undefined },
    "text",
    null,
    7,
  ];
  for (const value of [
    ...others,
    undefined,
    [],
    { kind: "not-sent" },
    { message: "x", mayHaveRevoked: false },
  ]) {
    const { kind, mayHaveRevoked } = RevocationError.from(value);
    assert.deepEqual(
      { kind, mayHaveRevoked },
      { kind: "unknown-outcome", mayHaveRevoked: true },
      String(value),
    );
  }
});

test("what comes from elsewhere changes nothing but members", () => {
  const value = JSON.parse(
    '{"kind":"aborted","message":"x","mayHaveRevoked":false,"name":"Other","__proto__":{"polluted":true}}',
  );
  const error = RevocationError.from(value);
  assert.equal(error.name, "RevocationError");
  assert.equal(Object.getPrototypeOf(error), RevocationError.prototype);
  assert.equal(/** @type {any} */ (error).polluted, undefined);
});
