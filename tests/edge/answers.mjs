// What every answer of the edge must be, whatever was asked of it.
import assert from "node:assert/strict";
import { revealed } from "./canary.mjs";
import { assertDocumented, isJson, requestOf } from "./documented.mjs";

/** Kinds of problems, and the HTTP statuses that go with each: the contract's table. */
const STATUSES = {
  "invalid-order": [422],
  "malformed-request": [400],
  unauthenticated: [401],
  forbidden: [403],
  "in-progress": [409],
  "idempotency-mismatch": [422],
  "not-found": [404],
  "unsupported-request": [405, 406, 413, 415],
  "plan-mismatch": [409],
  "illegal-state": [409],
  internal: [500],
  "rate-limited": [429],
  "ca-refused": [422],
  "ca-login-refused": [502, 503],
  "ca-busy": [503],
  "unknown-outcome": [502],
  "not-sent": [503],
  "not-configured": [503],
};

const MAY_HAVE_REVOKED = ["unknown-outcome", "in-progress"];
const TYPE_PREFIX = "urn:autorevoke:problem:";

/**
 * @typedef {object} Answer
 * @property {number} status
 * @property {Headers} headers
 * @property {string} text
 * @property {any} json
 * @property {string | undefined} kind of the problem, if it is one
 */

/**
 * Reads a response and checks all that holds for every one.
 * @param {Response} response
 * @param {import("./documented.mjs").Request} [request] what it answers, unless `answering` has noted that
 * @returns {Promise<Answer>}
 */
export async function examined(response, request = requestOf(response)) {
  const { status, headers } = response;
  const text = await response.text();
  assertDocumented(request, { status, headers, text });
  assert.equal(headers.get("cache-control"), "no-store");
  assert.equal(headers.get("x-content-type-options"), "nosniff");
  assert.equal(revealed(text), undefined, "the body reveals the login");
  assert.equal(revealed(JSON.stringify([...headers])), undefined, "the headers reveal the login");
  if (status === 204 || request.method === "HEAD") {
    assert.equal(text, "");
    return { status, headers, text, json: undefined, kind: undefined };
  }
  const json = isJson(headers.get("content-type") ?? "") ? JSON.parse(text) : undefined;
  if (status < 400) return { status, headers, text, json, kind: undefined };
  return { status, headers, text, json, kind: kindOf(json, status, headers) };
}

/**
 * @param {any} problem
 * @param {number} status
 * @param {Headers} headers
 */
function kindOf(problem, status, headers) {
  assert.equal(headers.get("content-type"), "application/problem+json");
  assert.ok(problem.type.startsWith(TYPE_PREFIX), problem.type);
  const kind = /** @type {keyof typeof STATUSES} */ (problem.type.slice(TYPE_PREFIX.length));
  assert.ok(STATUSES[kind]?.includes(status), `${kind} came with HTTP ${status}`);
  assert.equal(problem.status, status);
  for (const name of ["title", "detail"]) assert.ok(problem[name].length > 0, `${name} is empty`);
  assert.match(problem.instance, /^urn:uuid:[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
  assert.equal(typeof problem.mayHaveRevoked, "boolean");
  if (problem.mayHaveRevoked) assert.ok(MAY_HAVE_REVOKED.includes(kind), kind);
  if (problem.orderNumber !== undefined) assert.match(problem.orderNumber, /^[1-9][0-9]*$/);
  assert.equal(headers.get("retry-after") ?? undefined, problem.retryAfter?.toString());
  assert.equal(headers.has("www-authenticate"), status === 401);
  assert.equal(headers.has("allow"), status === 405);
  return kind;
}
