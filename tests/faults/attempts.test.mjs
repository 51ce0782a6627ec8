// The hunt sees attempts and calls that do not belong together: one thing wrong in each.
// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { pairs } from "./attempts.mjs";

const START = Date.parse("2026-11-23T00:00:00.000Z");
const iso = (/** @type {number} */ ms) => new Date(START + ms).toISOString();

/** @param {number} from ms since the start @param {object} [more] @returns {any} */
const attempt = (from, more) => ({
  ...{ outcome: "unknown", actor: "key:operator", test: false },
  ...{ startedAt: iso(from), endedAt: iso(from + 50) },
  ...more,
});
const probe = (/** @type {number} */ from, /** @type {object} */ more = {}) =>
  attempt(from, { purpose: "settle", actor: "edge", test: true, outcome: "tested", ...more });
const resend = (/** @type {number} */ from, /** @type {object} */ more = {}) =>
  attempt(from, { purpose: "resend", actor: "edge", outcome: "revoked", ...more });
/** @param {number} at @param {boolean} [isTest] */
const post = (at, isTest = false) => ({ at: START + at, test: isTest, acted: false });
const TOLD = [{ asked: "revoke", json: { auditSeq: 2 } }];

/** @param {any[]} attempts @param {any[]} posts @param {object} [more] */
const paired = (attempts, posts, more) =>
  pairs(/** @type {any} */ ({ history: { attempts }, posts, told: TOLD, ...more }));

test("one call for each attempt", () => {
  const attempts = [attempt(0), probe(1_050), resend(1_100)];
  const posts = [post(5), post(1_055, true), post(1_105)];
  assert.deepEqual(paired(attempts, posts), { faults: [], unseen: [] });
  // After the history was read, the edge probes on.
  const later = [...posts, post(3_000, true)];
  assert.deepEqual(paired(attempts, later, { readAt: START + 2_000 }).faults, []);
  // Nothing was sent, and nobody was told otherwise.
  assert.deepEqual(paired([], [], { told: [{ asked: "revoke", json: {} }] }).faults, []);
});

test("an attempt whose request was not read is handed on, if its outcome is unknown", () => {
  const lost = attempt(0);
  assert.deepEqual(paired([lost, probe(1_050), resend(1_100)], [post(1_055, true), post(1_105)]), {
    faults: [],
    unseen: [lost],
  });
});

/** @type {[string, any[], any[], RegExp][]} */
const WRONG = [
  ["a call twice", [attempt(0)], [post(5), post(8)], /a real call at .*008Z is no attempt/],
  ["a call before its attempt", [attempt(10, { outcome: "revoked" })], [post(5)], /is no attempt/],
  ["a call after its attempt", [attempt(0, { outcome: "revoked" })], [post(60)], /is no attempt/],
  ["a probe that was a real call", [attempt(0), probe(1_050)], [post(5), post(1_055)], /a real call/],
  ["a re-send that was a test", [attempt(0), resend(1_050)], [post(5), post(1_055, true)], /a test call/],
  ["a call that was not made", [attempt(0, { outcome: "revoked" })], [], /received no real call/],
  ["a real probe", [attempt(0), probe(1_050, { test: false })], [post(5), post(1_055)], /for settle/],
  ["a call by the edge", [attempt(0, { actor: "edge" })], [post(5)], /for undefined, by edge/],
  ["a call that the ledger does not have", [], [], /1 calls were made, and the ledger has 0/],
];

for (const [what, attempts, posts, words] of WRONG) {
  test(`found: ${what}`, () => {
    const { faults } = paired(attempts, posts);
    assert.ok(
      faults.some((text) => words.test(text)),
      faults.join("\n") || "nothing was found",
    );
  });
}
