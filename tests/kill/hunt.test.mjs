// Short runs of `npm run test:kill`: the edge is killed at random moments, and when the CA has just read a call.
// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { hunt } from "./hunt.mjs";
import { SEED } from "../harness/randomness.mjs";
import { figures, said } from "./report.mjs";

/**
 * @param {import("node:test").TestContext} context
 * @param {Omit<Parameters<typeof hunt>[0], "seed">} how
 */
async function hunted(context, how) {
  const result = await hunt({ ...how, seed: SEED });
  for (const line of figures(result).split("\n")) context.diagnostic(line);
  assert.equal(result.findings.length, 0, said(result.findings));
  assert.equal(result.kills, how.kills);
  assert.ok(result.orders.length >= how.orders);
  assert.ok(result.headsKept > 0 && result.auditEntries > how.orders);
  // It was not for nothing: calls were cut off by the kills, and found out by probes.
  const attempts = result.orders.flatMap(({ history }) => history?.attempts ?? []);
  assert.ok(attempts.some(({ detail }) => detail?.includes("the edge was stopped")));
  assert.ok(result.orders.some(({ history }) => history?.settled));
  return result;
}

test("killed 15 times at random moments: nothing is lost, and nothing reported wrong", async (context) => {
  await hunted(context, { kills: 15, orders: 150 });
});

test("killed 10 times when the CA has just read a call: each has its intent in the ledger", async (context) => {
  const { atReceipt } = await hunted(context, { kills: 10, orders: 30, atReceipt: true });
  assert.ok(atReceipt.received >= 10);
  assert.equal(atReceipt.found, atReceipt.received);
});
