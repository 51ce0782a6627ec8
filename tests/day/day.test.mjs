// A day in fast motion, and short: the command itself runs a longer one.
// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { SEED } from "../harness/randomness.mjs";
import { simulateDay } from "./day.mjs";
import { summary } from "./report.mjs";
import { compared } from "./truth.mjs";

test("a job of 1,200 orders comes true through busy answers, lost ones, an outage and a kill", async (t) => {
  const say = (/** @type {string} */ line) => t.diagnostic(line);
  const day = await simulateDay({ orders: 1_200, kills: 1, answerMs: 5, faults: true, seed: SEED, say });
  t.diagnostic(summary(day));
  assert.deepEqual(day.findings, [], `SEED=${SEED}`);
  assert.ok(day.counts.revoked > 1_000, JSON.stringify(day.counts));
});

const call = (/** @type {object} */ more) => ({
  orderNumber: "1",
  test: false,
  acted: true,
  answered: { code: 0 },
  receivedAt: 1_000,
  answeredAt: 1_005,
  ...more,
});
const row = (/** @type {string} */ outcome) => ({ row: 1, orderNumber: "1", outcome, attempts: 1 });

for (const [what, rows, calls, findings] of /** @type {[string, any[], any[], number][]} */ ([
  ["a revocation that there was", [row("revoked")], [call({})], 0],
  ["one that there was not", [row("revoked")], [call({ acted: false })], 1],
  ["one that is called refused", [row("refused")], [call({})], 1],
  ["one that is called cancelled", [row("cancelled")], [call({})], 1],
  ["one that nobody found out", [row("unknown")], [call({})], 1],
  ["an unknown that the CA has not carried out", [row("unknown")], [call({ acted: false })], 0],
  ["a row that was never sent", [row("pending")], [], 1],
  [
    "a call that was repeated too soon",
    [row("revoked")],
    [call({ acted: false }), call({ receivedAt: 1_500 })],
    1,
  ],
  [
    "one that was repeated in time",
    [row("revoked")],
    [call({ acted: false }), call({ receivedAt: 3_500 })],
    0,
  ],
  [
    "one that was sent again although it had been answered",
    [row("revoked")],
    [call({}), call({ receivedAt: 3_500 })],
    1,
  ],
  [
    "the same at a slow CA",
    [row("revoked")],
    [call({ answered: { code: 0, fault: "latency" } }), call({ receivedAt: 3_500 })],
    1,
  ],
  [
    "one that was sent five times",
    [row("revoked")],
    [0, 3_000, 6_000, 9_000, 12_000].map((receivedAt) => call({ receivedAt })),
    4,
  ],
  [
    "one whose answer was lost",
    [row("revoked")],
    [call({ answered: { code: 0, fault: "reset-after-reading" } }), call({ receivedAt: 3_500 })],
    0,
  ],
  [
    "one that was repeated after -42",
    [row("revoked")],
    [call({ acted: false, answered: { code: -42 } }), call({ receivedAt: 1_500 })],
    0,
  ],
])) {
  test(`the comparison judges ${what}`, () => {
    assert.equal(compared(rows, calls, { timeoutMs: 2_000 }).findings.length, findings);
  });
}
