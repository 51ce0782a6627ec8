// A short run of `npm run test:jobs`: killed again and again, four jobs end as the CA's ledger has it, order by order.
// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { SEED } from "../harness/randomness.mjs";
import { said } from "../kill/report.mjs";
import { figures } from "./hunt-report.mjs";
import { hunt } from "./hunt.mjs";

test("killed 6 times during a job of 300 orders, with three others: every row is what the CA did", async (context) => {
  const result = await hunt({ kills: 6, orders: 300, seed: SEED });
  for (const line of figures(result).split("\n")) context.diagnostic(line);
  assert.equal(result.findings.length, 0, said(result.findings));
  assert.equal(result.kills, 6);
  assert.equal(result.orders.length, 345);
  // It was not for nothing.
  const attempts = result.orders.flatMap(({ history }) => history?.attempts ?? []);
  assert.ok(attempts.some(({ detail }) => detail?.includes("the edge was stopped")));
  assert.ok(result.orders.some(({ history }) => history?.settled));
});
