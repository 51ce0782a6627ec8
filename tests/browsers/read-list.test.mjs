// Lists as the dashboard reads them: a number that it plans stands in one piece in the list, whatever else is wrong with that.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { readList } from "../../pkg/bin/jobs/read-list.js";
import { SEED } from "../harness/randomness.mjs";

/** @param {string} text */
async function numbers(text) {
  const read = await readList(Buffer.from(text), { codeReason: "superseded", test: false });
  return read.ok ? read.orders.flatMap(({ orderNumber }) => orderNumber ?? []) : [];
}

test("numbers, a line each", async () => {
  for (const text of ["orderNumber\n810100\n810101\r\n", "Order Number;codeReason\n810100;4\n810101;4\n\n"])
    assert.deepEqual(await numbers(text), ["810100", "810101"]);
});

test("two numbers in a cell, or behind a quote that is left open, never become one", async () => {
  for (const text of [
    "810100 810101\n",
    "orderNumber\n810100 810101\n",
    "orderNumber\n810 100\n",
    'orderNumber\n"810\n100"\n',
    'orderNumber\n810099\n"810100\n810101\n',
  ])
    for (const number of await numbers(text)) assert.ok(text.split(/\D/).includes(number), number);
});

test("of any text, no number is planned that does not stand in it", async () => {
  const pieces = fc.constantFrom(
    "orderNumber",
    "8",
    "81",
    "0",
    " ",
    "#",
    '"',
    ",",
    ";",
    "\t",
    "\n",
    "\r\n",
    "\u00a0",
  );
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom("", "orderNumber\n"),
      fc.array(pieces, { maxLength: 12 }),
      async (header, parts) => {
        const text = `${header}${parts.join("")}`;
        for (const number of await numbers(text)) assert.ok(text.split(/\D/).includes(number), number);
      },
    ),
    { seed: SEED, numRuns: 20_000 },
  );
});
