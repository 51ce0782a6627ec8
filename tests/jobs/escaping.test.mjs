// Plans whose letters are escaped wherever they are written: they fit all the same.
// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { startWorld } from "../edge/world.mjs";
import { JOB_PEOPLE } from "./jobs.mjs";

const MB = 1024 * 1024;
const world = await startWorld({ people: JOB_PEOPLE });

for (const { what, written, kept, rows } of [
  { what: "backslashes", written: "\\", kept: "\\", rows: 7_650 },
  { what: "doubled quotes", written: '""', kept: '"', rows: 3_850 },
]) {
  test(`a plan of nearly 8 MiB of ${what}, which grow wherever they are written, is kept as it is`, async () => {
    const line = `"${written.repeat(1_024)}","${written.repeat(50)}"`;
    const lines = Array.from({ length: rows }, (_, n) => `${9_000_000 + n},${line}`);
    const csv = `orderNumber,revocationReason,productCode\n${lines.join("\n")}\n`;
    // As many as fit.
    assert.ok(csv.length > 7.9 * MB && csv.length <= 8 * MB, String(csv.length / MB));
    const headers = { "content-type": "text/csv" };
    const made = await world.ask("/v1/jobs?codeReason=keyCompromise", { as: "olivia", body: csv, headers });
    assert.equal(made.status, 201, made.text.slice(0, 300));
    const page = await world.ask(`/v1/jobs/${made.json.id}/orders?limit=1&after=${rows - 1}`, {
      as: "olivia",
    });
    const [row] = page.json.orders;
    assert.deepEqual([row.revocationReason, row.productCode], [kept.repeat(1_024), kept.repeat(50)]);
  });
}
