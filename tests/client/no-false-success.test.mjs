// A short run of `npm run test:answers`: answers mutated from valid ones, and no false success.
import assert from "node:assert/strict";
import { test } from "node:test";
import { SEED } from "../harness/randomness.mjs";
import { huntFalseSuccess } from "./false-success.mjs";

const ANSWERS = 20_000;

test(`no false success in ${ANSWERS} answers`, async () => {
  const { calls, done, doubted, lies, seen } = await huntFalseSuccess({ answers: ANSWERS, seed: SEED });
  assert.deepEqual(lies, [], `SEED=${SEED}`);
  assert.ok(calls >= ANSWERS);
  // The hunt is not for nothing: both doors, all four outcomes.
  for (const outcome of ["revoked", "tested", "already-revoked", "already-rejected"])
    for (const door of ["ca", "edge"]) assert.ok(seen.includes(`${door} ${outcome}`), `${door} ${outcome}`);
  // What is a success beyond doubt is nearly always taken for one.
  assert.ok(doubted < done / 10);
});
