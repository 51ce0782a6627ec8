// A short run of `npm run test:faults`: the CA misbehaves in every way, and is not misunderstood in any.
// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { SEED } from "../harness/randomness.mjs";
import { said } from "../kill/report.mjs";
import { hunt } from "./hunt.mjs";
import { byName, figures } from "./report.mjs";

const TIMES = 2;
const WINDOW_MS = 10_000;

test("every misbehaviour twice, answers cut at every fifth byte: nothing is misunderstood", async (context) => {
  const result = await hunt({ times: TIMES, cutEvery: 5, seed: SEED, windowMs: WINDOW_MS });
  for (const line of figures(result).split("\n")) context.diagnostic(line);
  assert.equal(result.findings.length, 0, said(result.findings));
  // It was not for nothing: each was met, and what was lost was found out by a probe, or sent again.
  const groups = byName(result.met);
  assert.ok(groups.size > 60);
  for (const [name, { length }] of groups) assert.ok(length >= TIMES, name);
  const ends = new Set(result.met.filter(({ told }) => told === "unknown-outcome").map(({ state }) => state));
  for (const state of ["revoked", "already-revoked", "unknown"]) assert.ok(ends.has(state), state);
});
