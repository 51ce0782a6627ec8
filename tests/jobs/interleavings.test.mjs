// A short run of `npm run test:jobs -- --interleavings N`: two callers at once, and only legal moves.
// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { shown } from "../kill/report.mjs";
import { interleavings } from "./interleavings.mjs";

test("48 interleavings of start, approve, pause, resume and cancel by two callers", async (context) => {
  const { findings, moves } = await interleavings({ count: 48, seed: 1 });
  for (const [move, times] of moves) context.diagnostic(`${times}  ${move}`);
  assert.equal(findings.length, 0, shown(findings, 3));
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
