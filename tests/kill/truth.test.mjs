// The hunt sees whatever is lost or wrong: histories with one thing wrong in each.
// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { disagreements } from "./truth.mjs";

const START = Date.parse("2026-11-23T00:00:00.000Z");
const iso = (/** @type {number} */ ms) => new Date(START + ms).toISOString();

/** @param {number} from ms since the start @param {object} [more] @returns {any} */
const attempt = (from, more) => ({
  ...{ outcome: "revoked", errorCode: 0, actor: "key:operator", instance: `urn:${from}`, test: false },
  ...{ startedAt: iso(from), endedAt: iso(from + 50), auditSeqs: [from, from + 1] },
  ...more,
});
/** @param {number} at @param {object} [more] */
const post = (at, more) => ({ at: START + at, test: false, code: 0, acted: true, ...more });
/** @param {number} endedAt @param {object} json @param {object} [more] @returns {any} */
const told = (endedAt, json, more) => ({
  ...{ asked: "revoke", as: "operator", test: false, status: 200 },
  ...{ sentAt: START + endedAt - 60, endedAt: START + endedAt, json },
  ...more,
});
/** @param {string} state @param {any[]} attempts @returns {any} */
const history = (state, attempts) => ({
  state,
  attempts,
  auditSeqs: attempts.flatMap(({ auditSeqs }) => auditSeqs),
});
/** @param {string} kind @param {object} json */
const problem = (kind, json) =>
  told(260, { instance: "urn:x", mayHaveRevoked: false, ...json }, { status: 503, kind });

const LOST = { outcome: "unknown", errorCode: undefined };
const REFUSED = { outcome: "refused", errorCode: -35 };
const probe = { purpose: "settle", actor: "edge", test: true };
const SAID = { orderNumber: "1", outcome: "revoked", test: false, auditSeq: 101 };

/** Revoked at once, and told so. @returns {import("./truth.mjs").Order} */
const revoked = () => ({
  told: [told(160, SAID), told(300, { state: "revoked" }, { asked: "look" })],
  history: history("revoked", [attempt(100)]),
  posts: [post(120)],
  doneAs: "revoked",
});

/** Carried out, but its answer was lost; a probe found that out. @returns {import("./truth.mjs").Order} */
const settled = () => ({
  told: [
    told(160, { mayHaveRevoked: true, auditSeq: 101 }, { status: 502, kind: "unknown-outcome" }),
    told(300, { state: "unknown" }, { asked: "look" }),
    told(2_000, { outcome: "already-revoked", test: false, auditSeq: 1201 }),
  ],
  history: history("already-revoked", [
    attempt(100, LOST),
    attempt(1_200, { ...probe, outcome: "already-revoked", errorCode: -21 }),
  ]),
  posts: [post(120), post(1_220, { test: true, code: -21, acted: false })],
  doneAs: "revoked",
});

/** Expired, and told so. @returns {import("./truth.mjs").Order} */
const refused = () => ({
  told: [
    told(160, { errorCode: -35, auditSeq: 101, mayHaveRevoked: false }, { status: 422, kind: "ca-refused" }),
  ],
  history: history("refused", [attempt(100, REFUSED)]),
  posts: [post(120, { code: -35, acted: false })],
});

test("what is right is found to be so", () => {
  for (const order of [revoked(), settled(), refused()]) assert.deepEqual(disagreements(order), []);
  assert.deepEqual(disagreements({ told: [told(9, {}, { lost: true, status: undefined })], posts: [] }), []);
});

/** @type {[string, () => import("./truth.mjs").Order, RegExp][]} */
const WRONG = [
  [
    "a call that the ledger has never heard of",
    () => ({ ...revoked(), history: undefined }),
    /^lost: the CA received/,
  ],
  [
    "a second call without an intent",
    () => ({ ...revoked(), posts: [post(120), post(500, { acted: false })] }),
    /^lost: the CA received 2 real calls/,
  ],
  ["an intent after its call", () => ({ ...revoked(), posts: [post(90)] }), /^lost: the CA received 1 real/],
  [
    "a test call without an intent",
    () => ({ ...revoked(), posts: [post(120), post(130, { test: true, acted: false })] }),
    /^lost: the CA received 1 test/,
  ],
  [
    "a report that is not in the ledger",
    () => ({ ...revoked(), posts: [], history: undefined }),
    /^lost: a caller was told/,
  ],
  [
    "another answer than the CA's",
    () => ({ ...revoked(), posts: [post(120, { code: -42, acted: false })] }),
    /the CA did not answer 0/,
  ],
  ["carried out, and called refused", () => ({ ...refused(), posts: [post(120)] }), /reported as refused/],
  [
    "carried out, and still unknown",
    () => ({ ...settled(), history: history("unknown", [attempt(100, LOST)]) }),
    /carried it out, and it is reported as unknown/,
  ],
  [
    "not carried out, and called revoked",
    () => ({ ...revoked(), posts: [post(120, { acted: false })] }),
    /as revoked/,
  ],
  [
    "not known, though nothing was lost",
    () => ({ ...refused(), history: history("unknown", [attempt(100, REFUSED)]) }),
    /reported as unknown/,
  ],
  ["rejected, and called revoked before", () => ({ ...settled(), doneAs: "rejected" }), /as already-revoked/],
  ["for ever under way", () => ({ ...revoked(), history: history("sending", [attempt(100)]) }), /as sending/],
  [
    "an attempt without an end",
    () => ({
      ...revoked(),
      history: history("revoked", [attempt(100), attempt(400, { ...LOST, auditSeqs: [7] })]),
    }),
    /has no end/,
  ],
  [
    "told too early",
    () => ({ ...revoked(), told: [told(110, SAID)] }),
    /^wrong: operator was told 200 revoked/,
  ],
  [
    "told for a test call",
    () => ({ ...revoked(), told: [told(160, { ...SAID, test: true }, { test: true })] }),
    /told 200 revoked/,
  ],
  [
    "told with another entry",
    () => ({ ...revoked(), told: [told(160, { ...SAID, auditSeq: 9 })] }),
    /told 200/,
  ],
  [
    "seen as refused after it was carried out",
    () => ({ ...settled(), told: [told(300, { state: "refused" }, { asked: "look" })] }),
    /told 200 refused/,
  ],
  [
    "not seen at all after it was sent",
    () => ({ ...settled(), told: [told(300, {}, { asked: "look", status: 404, kind: "not-found" })] }),
    /told 404 not-found/,
  ],
  [
    "told what the CA did not say",
    () => ({ ...refused(), told: [problem("ca-refused", { errorCode: -160 })] }),
    /told/,
  ],
  [
    "a refusal that hides an earlier call",
    () => ({
      ...settled(),
      told: [problem("ca-refused", { errorCode: -35, auditSeq: 201 })],
      history: history("already-revoked", [
        attempt(100, LOST),
        attempt(200, REFUSED),
        attempt(1_200, { ...probe, outcome: "already-revoked", errorCode: -21 }),
      ]),
      posts: [
        post(120),
        post(220, { code: -35, acted: false }),
        post(1_220, { test: true, code: -21, acted: false }),
      ],
    }),
    /told 503 ca-refused/,
  ],
  [
    "told that nothing was sent, though it was",
    () => ({ ...revoked(), told: [problem("ca-busy", { instance: "urn:100" })] }),
    /told 503 ca-busy/,
  ],
  [
    "doubt that is not said",
    () => ({
      ...settled(),
      told: [told(160, { mayHaveRevoked: false }, { status: 502, kind: "unknown-outcome" })],
    }),
    /told 502 unknown-outcome/,
  ],
];

for (const [what, order, words] of WRONG) {
  test(`found: ${what}`, () => {
    const found = disagreements(order());
    assert.ok(
      found.some((text) => words.test(text)),
      found.join("\n") || "nothing was found",
    );
  });
}
