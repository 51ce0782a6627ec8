// Every code of the CA: which answer of the edge it becomes.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startWorld, testTraces } from "./world.mjs";

const world = await startWorld();

/** @type {[number, string, number][]} code, kind or outcome, HTTP status */
const TABLE = [
  [-1, "ca-refused", 422],
  [-2, "ca-refused", 422],
  [-3, "ca-refused", 422],
  [-4, "ca-refused", 422],
  [-14, "unknown-outcome", 502],
  [-17, "ca-refused", 422],
  [-20, "already-rejected", 200],
  [-21, "already-revoked", 200],
  [-23, "ca-refused", 422],
  [-26, "ca-refused", 422],
  [-35, "ca-refused", 422],
  [-42, "ca-busy", 503],
  [-43, "ca-refused", 422],
  [-160, "ca-refused", 422],
  [-999, "ca-refused", 422],
  [-999_999_999, "ca-refused", 422],
];

const WORDS = "The CA's own words: 100 % äöü + <b>";

/** @type {Record<string, string>} */
const STATES = {
  "unknown-outcome": "unknown",
  "already-rejected": "already-rejected",
  "already-revoked": "already-revoked",
};

for (const [errorCode, kind, status] of TABLE) {
  for (const errorMessage of [WORDS, undefined]) testCode({ errorCode, kind, status, errorMessage });
}

for (const errorCode of [1, 21, 999]) {
  test(`${errorCode} is no code of this endpoint: unknown-outcome`, async () => {
    const orderNumber = world.newOrder();
    world.ca.orders.set({ orderNumber, errorCode, errorMessage: WORDS });
    const answer = await world.revoke({ orderNumber });
    assert.deepEqual(
      [answer.status, answer.kind, answer.json.mayHaveRevoked],
      [502, "unknown-outcome", true],
    );
    assert.equal(answer.json.errorCode, undefined);
    assert.equal((await world.history(orderNumber)).state, "unknown");
  });
}

testCode({
  errorCode: -16,
  kind: "ca-login-refused",
  status: 502,
  errorMessage: WORDS,
  after: sayAllFourCauses,
});

/** @param {string} detail */
function sayAllFourCauses(detail) {
  for (const cause of [/login/i, /locked/i, /expired/i, /source address|IP/]) assert.match(detail, cause);
}

/** @param {{ errorCode: number, kind: string, status: number, errorMessage?: string, after?: (detail: string) => void }} expected */
function testCode({ errorCode, kind, status, errorMessage, after }) {
  test(`${errorCode} ${errorMessage ? "with" : "without"} words: ${kind}, HTTP ${status}`, async () => {
    for (const isTest of errorCode === -16 ? [false] : [true, false]) {
      const orderNumber = world.newOrder();
      world.ca.orders.set({ orderNumber, errorCode, ...(errorMessage && { errorMessage }) });
      const answer = await world.revoke({ orderNumber, test: isTest });
      const { json } = answer;
      assert.deepEqual([answer.status, answer.kind ?? json.outcome], [status, kind], answer.text);
      assert.deepEqual(
        [json.errorCode, json.errorMessage, json.orderNumber],
        [errorCode, errorMessage, orderNumber],
      );
      if (status === 200) assert.equal(json.test, isTest);
      else assert.equal(json.mayHaveRevoked, kind === "unknown-outcome" && !isTest);
      assert.equal(json.retryAfter !== undefined, errorCode === -42);
      if (errorCode === -42) assert.ok(json.retryAfter >= 1);
      after?.(json.detail);

      const { state, attempts } = await world.history(orderNumber);
      assert.equal(state, isTest ? "pending" : (STATES[kind] ?? "refused"));
      assert.equal(attempts.length, 1);
      const { outcome, errorCode: kept, errorMessage: words } = attempts[0];
      assert.deepEqual([outcome, kept, words], [STATES[kind] ?? "refused", errorCode, errorMessage]);
      assert.equal(world.sent(orderNumber).length, 1);
    }
  });
}

testTraces(world);
