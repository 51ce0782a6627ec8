// The hunt sees every answer that says something else than it must.
// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { misunderstanding } from "./meanings.mjs";

const ORDER = "100000";

/** @type {Record<string, [boolean, number, object]>} whether it is a test call, and what is told */
const TRUE = {
  done: [false, 200, { outcome: "revoked", errorCode: 0 }],
  "already-revoked": [false, 200, { outcome: "already-revoked", errorCode: -21 }],
  "already-rejected": [true, 200, { outcome: "already-rejected", errorCode: -20 }],
  refused: [false, 422, { kind: "ca-refused", mayHaveRevoked: false, errorCode: -35 }],
  busy: [false, 503, { kind: "ca-busy", mayHaveRevoked: false, errorCode: -42, retryAfter: 60 }],
  "login-refused": [false, 502, { kind: "ca-login-refused", mayHaveRevoked: false, errorCode: -16 }],
  stopped: [false, 503, { kind: "ca-login-refused", mayHaveRevoked: false }],
  unknown: [false, 502, { kind: "unknown-outcome", mayHaveRevoked: true }],
};

/**
 * @param {string} means
 * @param {object} [otherwise]
 */
function wrong(means, otherwise = {}) {
  const [isTest, status, members] = TRUE[means];
  const { kind, ...json } = /** @type {any} */ ({ orderNumber: ORDER, ...members, ...otherwise });
  const told = /** @type {any} */ ({ status, kind, json, test: isTest });
  const { errorCode: code } = /** @type {any} */ (members);
  return misunderstanding(told, { orderNumber: ORDER, means: [/** @type {any} */ (means)], code });
}

test("each is told from all others", () => {
  for (const means of Object.keys(TRUE)) {
    assert.equal(wrong(means), undefined, means);
    for (const other of Object.keys(TRUE)) {
      if (other === means) continue;
      const [isTest, status, members] = TRUE[other];
      const { kind, ...json } = /** @type {any} */ ({ orderNumber: ORDER, ...members });
      const told = /** @type {any} */ ({ status, kind, json, test: isTest });
      const expected = { orderNumber: ORDER, means: /** @type {any} */ ([means]), code: json.errorCode };
      assert.match(misunderstanding(told, expected) ?? "", /not /, `${other} for ${means}`);
    }
  }
});

/** @type {[string, object][]} */
const FALSE = [
  ["done", { outcome: "tested" }],
  ["done", { orderNumber: "100001" }],
  ["already-revoked", { errorCode: -20 }],
  ["refused", { mayHaveRevoked: true }],
  ["refused", { errorCode: -3 }],
  ["busy", { retryAfter: undefined }],
  ["login-refused", { errorCode: undefined }],
  ["unknown", { mayHaveRevoked: false }],
  ["unknown", { mayHaveRevoked: undefined }],
];

for (const [means, otherwise] of FALSE) {
  test(`found: ${means} with ${JSON.stringify(otherwise)}`, () => assert.ok(wrong(means, otherwise)));
}
