// What the tests of the client share: logins, answers in the place of the network, and a close look at errors.

import assert from "node:assert/strict";
import { inspect } from "node:util";
import { RevocationError } from "autorevoke";
import { keeper } from "../../scripts/test/evidence.mjs";

export const login = { loginName: "demo-reseller", loginPassword: "demo-password" };
export const EDGE = "https://edge.example";
export const CA = "https://ca.example/revoke";

/** The edge's answer to an order that it had revoked. */
export const revoked = (members = {}) => ({
  orderNumber: "123456",
  outcome: "revoked",
  errorCode: 0,
  test: false,
  auditSeq: 7,
  ...members,
});

/** A problem document of the edge. */
export const problem = (kind, status, members = {}) => ({
  type: `urn:autorevoke:problem:${kind}`,
  title: "A heading of it",
  status,
  detail: "Told in detail.",
  instance: "urn:uuid:0",
  ...members,
});

/** @param {unknown} body @param {ResponseInit} [init] */
export const json = (body, init = {}) =>
  new Response(typeof body === "string" ? body : JSON.stringify(body), {
    headers: { "content-type": "application/json" },
    ...init,
  });

/** @param {{ status: number }} document @param {ResponseInit} [init] */
export const problemResponse = (document, init = {}) =>
  json(document, {
    status: document.status,
    headers: { "content-type": "application/problem+json" },
    ...init,
  });

/** The CA's answer to a form. */
export const caAnswer = (body, { status = 200, headers = {} } = {}) =>
  new Response(body, {
    status,
    headers: { "content-type": "application/x-www-form-urlencoded", ...headers },
  });

/** A `fetch` that gives these answers, one after the other, and keeps what it was asked. */
export function answering(...answers) {
  const requests = [];
  const fetch = async (request) => {
    requests.push(request);
    const answer = answers[Math.min(requests.length, answers.length) - 1];
    return typeof answer === "function" ? answer(request) : answer;
  };
  return { fetch, requests };
}

/** The RevocationError that a call rejects with. */
export async function failure(promise) {
  assert.ok(promise instanceof Promise, "never throws before it returns");
  const error = await promise.then(
    (done) => assert.fail(`resolved: ${inspect(done)}`),
    (reason) => reason,
  );
  assert.ok(error instanceof RevocationError && error instanceof Error, inspect(error));
  assert.equal(error.name, "RevocationError");
  assert.equal(typeof error.mayHaveRevoked, "boolean");
  assert.ok(error.message.length > 10);
  assertNoSecret(error, [login.loginPassword]);
  return error;
}

const keepError = keeper("client-errors");

/** Every way in which an error ends up in a log. */
export function assertNoSecret(error, secrets) {
  const texts = {
    String: String(error),
    JSON: JSON.stringify(error),
    inspect: inspect(error, { depth: 9, showHidden: true }),
    stack: error.stack,
    cause: inspect(error.cause, { depth: 9, showHidden: true }) + String(error.cause?.stack),
  };
  keepError(Object.values(texts).join("\n"));
  for (const secret of secrets) {
    for (const [place, text] of Object.entries(texts)) {
      const spellings = [
        secret,
        encodeURIComponent(secret),
        new URLSearchParams({ a: secret }).toString().slice(2),
      ];
      for (const spelling of spellings) assert.ok(!text.includes(spelling), `${place} holds a secret`);
    }
  }
}

/** The members of an error that matter to a program. */
export function facts(error) {
  const { kind, mayHaveRevoked, orderNumber, errorCode, errorMessage, status, retryAfter } = error;
  const all = { kind, mayHaveRevoked, orderNumber, errorCode, errorMessage, status, retryAfter };
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
}
