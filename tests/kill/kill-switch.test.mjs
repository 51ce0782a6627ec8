// A short run of `npm run test:kill -- --at switch`.
// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { SEED } from "../harness/randomness.mjs";
import { throwSwitch } from "./kill-switch.mjs";
import { said } from "./report.mjs";

test("the kill switch, thrown 3 times around a kill: nothing that had not left is sent", async (context) => {
  const { findings, ...figures } = await throwSwitch({ throws: 3, seed: SEED });
  context.diagnostic(JSON.stringify(figures));
  assert.equal(findings.length, 0, said(findings));
  // It was not for nothing.
  assert.ok(figures.kills > 0 && figures.neverLeft > 0 && figures.calls > 0);
});
