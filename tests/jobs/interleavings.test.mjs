// A short run of `npm run test:jobs -- --interleavings N`: two callers at once, and only legal moves.
// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { SEED } from "../harness/randomness.mjs";
import { said } from "../kill/report.mjs";
import { interleave } from "./interleavings.mjs";

test("48 interleavings of start, approve, pause, resume and cancel by two callers", async (context) => {
  const { findings, moves } = await interleave({ count: 48, seed: SEED });
  for (const [move, times] of moves) context.diagnostic(`${times}  ${move}`);
  assert.equal(findings.length, 0, said(findings));
  for (const move of [
    "start-job planned -> running",
    "start-job planned -> awaiting-approval",
    "approve-job awaiting-approval -> running",
    "pause-job running -> paused",
    "resume-job paused -> running",
    "finish-job running -> done",
  ]) {
    assert.ok(
      moves.some(([seen]) => seen === move),
      `never seen: ${move}`,
    );
  }
});
