// Plans whose letters are escaped wherever they are written: they fit all the same.
// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { startWorld } from "../edge/world.mjs";
import { JOB_PEOPLE } from "./jobs.mjs";

const MB = 1024 * 1024;
const world = await startWorld({ people: JOB_PEOPLE });

for (const [what, letter, kept] of [
  ["backslashes", "\\", "\\"],
  ["doubled quotes", '""', '"'],
]) {
  test(`a plan of nearly 8 MiB of ${what}, which grow wherever they are written, is kept as it is`, async () => {
    // As many as fit.
    const rows = what === "backslashes" ? 7_650 : 3_850;
    const comment = letter.repeat(1_024 / kept.length);
    const lines = Array.from(
      { length: rows },
      (_, n) => `${9_000_000 + n},"${comment}","${letter.repeat(50)}"`,
    );
    const csv = `orderNumber,revocationReason,productCode\n${lines.join("\n")}\n`;
    assert.ok(csv.length > 7.9 * MB && csv.length <= 8 * MB, String(csv.length / MB));
    const headers = { "content-type": "text/csv" };
    const made = await world.ask("/v1/jobs", { as: "olivia", body: csv, headers });
    assert.equal(made.status, 201, made.text.slice(0, 300));
    const page = await world.ask(`/v1/jobs/${made.json.id}/orders?limit=1&after=${rows - 1}`, {
      as: "olivia",
    });
    const [row] = page.json.orders;
    assert.deepEqual([row.revocationReason, row.productCode], [kept.repeat(1_024), kept.repeat(50)]);
  });
}
