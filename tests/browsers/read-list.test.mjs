// Lists on the dashboard: a number that it sends stands in one piece in the list, whatever else is wrong with that.
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { SEED } from "../harness/randomness.mjs";
import { readList } from "../../www/src/jobs/read-list.js";

/** @param {string} text */
const numbers = (text) => readList(text).rows.map(({ order }) => String(order.orderNumber));
const isSent = (/** @type {string} */ number) => /^[1-9]\d{0,18}$/.test(number);

test("numbers, a line each, with or without a header", () => {
  for (const text of ["810100\n#810101\r\n", "Order Number;codeReason\n810100;4\n#810101;4\n\n"])
    assert.deepEqual(numbers(text), ["810100", "810101"]);
});

test("two numbers in a cell, or behind a quote that is left open, never become one", () => {
  for (const text of [
    "810100 810101\n",
    "orderNumber\n810100 810101\n",
    "orderNumber\n810 100\n",
    '810099\n"810100\n810101\n',
  ])
    for (const number of numbers(text).filter(isSent)) assert.ok(text.split(/\D/).includes(number), number);
});

test("of any text, no number is sent that does not stand in it", () => {
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
  fc.assert(
    fc.property(
      fc.constantFrom("", "orderNumber\n"),
      fc.array(pieces, { maxLength: 12 }),
      (header, parts) => {
        const text = `${header}${parts.join("")}`;
        for (const number of numbers(text).filter(isSent))
          assert.ok(text.split(/\D/).includes(number), number);
      },
    ),
    { seed: SEED, numRuns: 20_000 },
  );
});
