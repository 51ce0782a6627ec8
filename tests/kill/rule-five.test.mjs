// The hunt sees whatever the edge does by itself and may not.
// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { breachesOfRuleFive } from "./rule-five.mjs";

const START = Date.parse("2026-11-23T00:00:00.000Z");
const SETTINGS = { timeoutMs: 1_000, windowMs: 10_000 };
const TOOK_MS = 10;

/** @typedef {[at: number, purpose: "call" | "settle" | "resend", outcome: string, more?: object]} Step */

/** @param {Step[]} steps one after the other @returns {any[]} */
const attempts = (steps) =>
  steps.map(([at, purpose, outcome, more], index) => ({
    ...(purpose !== "call" && { purpose }),
    outcome,
    actor: purpose === "call" ? "key:operator" : "edge",
    test: purpose === "settle",
    startedAt: new Date(START + at).toISOString(),
    endedAt: new Date(START + at + TOOK_MS).toISOString(),
    auditSeqs: [2 * index + 1, 2 * index + 2],
    ...more,
  }));

/** @type {[string, Step[]][]} */
const ALLOWED = [
  [
    "a probe after a second",
    [
      [0, "call", "unknown"],
      [1_010, "settle", "already-revoked"],
    ],
  ],
  [
    "pauses that double",
    [
      [0, "call", "unknown"],
      [1_010, "settle", "refused"],
      [3_020, "settle", "unknown"],
      [7_030, "settle", "refused"],
    ],
  ],
  [
    "a re-send after each loss and each 0",
    [
      [0, "call", "unknown"],
      [1_010, "settle", "tested"],
      [1_020, "resend", "unknown"],
      [2_030, "settle", "tested"],
      [2_040, "resend", "revoked"],
    ],
  ],
  [
    "what a person does",
    [
      [0, "call", "unknown"],
      [20, "settle", "refused", { actor: "key:operator" }],
      [40, "call", "revoked"],
    ],
  ],
];

/** @type {[string, Step[], RegExp][]} */
const BREACHES = [
  [
    "a probe of what is known",
    [
      [0, "call", "revoked"],
      [5_000, "settle", "already-revoked"],
    ],
    /nothing is unknown/,
  ],
  [
    "a probe too early",
    [
      [0, "call", "unknown"],
      [1_009, "settle", "refused"],
    ],
    /1 ms too early, after 0 probes/,
  ],
  [
    "pauses that do not grow",
    [
      [0, "call", "unknown"],
      [1_010, "settle", "unknown"],
      [2_500, "settle", "unknown"],
    ],
    /too early, after 1 probes/,
  ],
  [
    "a probe that is no test",
    [
      [0, "call", "unknown"],
      [1_010, "settle", "revoked", { test: false }],
    ],
    /does nothing else/,
  ],
  [
    "a re-send without a probe",
    [
      [0, "call", "unknown"],
      [1_010, "resend", "revoked"],
    ],
    /no probe was answered 0/,
  ],
  [
    "a re-send after a probe that was refused",
    [
      [0, "call", "unknown"],
      [1_010, "settle", "refused"],
      [5_000, "resend", "revoked"],
    ],
    /no probe was answered 0/,
  ],
  [
    "a second one for the same loss",
    [
      [0, "call", "unknown"],
      [1_010, "settle", "tested"],
      [1_020, "resend", "refused"],
      [9_000, "resend", "revoked"],
    ],
    /no probe was answered 0/,
  ],
  [
    "a re-send after the window",
    [
      [0, "call", "unknown"],
      [1_010, "settle", "tested"],
      [10_001, "resend", "revoked"],
    ],
    /the window is closed/,
  ],
  [
    "a re-send of what was refused",
    [
      [0, "call", "refused"],
      [5_000, "resend", "revoked"],
    ],
    /nothing is unknown/,
  ],
  [
    "two at once",
    [
      [0, "call", "unknown", { auditSeqs: [1, 9] }],
      [5, "call", "revoked", { auditSeqs: [2, 3] }],
    ],
    /another one is under way/,
  ],
];

for (const [what, steps] of ALLOWED) {
  test(`allowed: ${what}`, () => assert.deepEqual(breachesOfRuleFive(attempts(steps), SETTINGS), []));
}

test("found: a re-send while the lost call may still be running", () => {
  const steps = attempts([
    [0, "call", "unknown"],
    [1_010, "settle", "tested"],
    [1_020, "resend", "revoked"],
  ]);
  assert.match(breachesOfRuleFive(steps, { ...SETTINGS, timeoutMs: 1_500 })[0], /still be running/);
});

for (const [what, steps, words] of BREACHES) {
  test(`found: ${what}`, () => {
    const found = breachesOfRuleFive(attempts(steps), SETTINGS);
    assert.ok(
      found.some((text) => words.test(text)),
      found.join("\n") || "nothing was found",
    );
  });
}
