// The hunt sees whatever is wrong with the audit log after the kills.
// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { chained, ndjsonOf, signer } from "../audit/logs.mjs";
import { auditTrail } from "./audit-trail.mjs";

const ORDER = "100000";
const about = {
  action: "revoke",
  actor: "key:operator",
  orderNumber: ORDER,
  time: "2026-11-23T00:00:00.000Z",
};
const MEMBERS = [
  { action: "open", phase: "outcome", actor: "edge" },
  { ...about, phase: "intent" },
  { ...about, phase: "outcome", outcome: "revoked" },
  { action: "breaker", phase: "outcome", actor: "edge" },
];
const ENTRIES = chained(MEMBERS);
const { jwk, head } = signer();
const KEPT = [1, 2, 3].map((index) => head(ENTRIES[index]));

/** @param {any[]} auditSeqs @param {string} [outcome] @returns {Map<string, any>} */
const histories = (auditSeqs, outcome = "revoked") =>
  new Map([[ORDER, { attempts: [{ auditSeqs, outcome }] }]]);

/**
 * What is found in a log that an edge gives, at most three entries at once.
 * @param {any[]} entries
 * @param {Map<string, any>} [known]
 * @param {object} [key]
 */
async function faults(entries, known = histories([2, 3]), key = jwk) {
  /** @type {any} */
  const world = {
    askNow: async (/** @type {string} */ path) => {
      const after = Number(/after=(\d+)/.exec(path)?.[1]);
      if (path.endsWith("/head")) return { status: 200, json: head(entries.at(-1)) };
      if (path.endsWith("/key")) return { status: 200, json: key };
      return { status: 200, text: ndjsonOf(entries.slice(after, after + 3)) };
    },
  };
  return (await auditTrail(world, KEPT)).faultsAgainst(known);
}

test("a whole log agrees with what was kept, and with the histories", async () => {
  assert.deepEqual(await faults(ENTRIES), []);
  // Read a moment later: an attempt that the log does not have yet.
  const later = histories([2, 3]);
  later.get(ORDER).attempts.push({ auditSeqs: [5, 6], outcome: "unknown" });
  assert.deepEqual(await faults(ENTRIES, later), []);
});

/** @type {[string, () => Promise<string[]>, RegExp][]} */
const WRONG = [
  ["a changed entry", () => faults([...ENTRIES.slice(0, 3), { ...ENTRIES[3], actor: "else" }]), /entry 4: /],
  ["a lost end", () => faults(ENTRIES.slice(0, 3)), /1 heads that were kept are not in it/],
  [
    "another history since a head was kept",
    () => faults(chained([...MEMBERS.slice(0, 3), { ...MEMBERS[3], actor: "else" }])),
    /1 heads that were kept/,
  ],
  [
    "a ledger that was taken for a restored one",
    () => faults(chained([...MEMBERS, { action: "restore", phase: "outcome" }])),
    /opened by open,restore/,
  ],
  ["a signature by nobody", () => faults(ENTRIES, histories([2, 3]), signer().jwk), /signature/],
  ["an attempt with another outcome", () => faults(ENTRIES, histories([2, 3], "refused")), /entries 2,3/],
  ["an attempt with other entries", () => faults(ENTRIES, histories([1, 3])), /entries 1,3/],
  ["an intent that no order has", () => faults(ENTRIES, new Map()), /the intents 2 are in no/],
];

for (const [what, found, words] of WRONG) {
  test(`found: ${what}`, async () => {
    const texts = await found();
    assert.ok(
      texts.some((text) => words.test(text)),
      texts.join("\n") || "nothing was found",
    );
  });
}
