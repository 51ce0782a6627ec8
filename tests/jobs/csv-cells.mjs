// Reads CSV strictly as RFC 4180 has it: every line ends in CR LF, and a cell that needs quotes has them.
// @ts-check
import assert from "node:assert/strict";

const CELL = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r\n)/y;

/** @param {string} text @returns {string[][]} */
export function cellsOf(text) {
  /** @type {string[][]} */
  const lines = [];
  /** @type {string[]} */
  let line = [];
  CELL.lastIndex = 0;
  while (CELL.lastIndex < text.length) {
    const at = CELL.lastIndex;
    const match = CELL.exec(text);
    assert.ok(match, `not CSV: ${JSON.stringify(text.slice(at, at + 60))}`);
    const [, quoted, plain, end] = match;
    line.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'));
    if (end === ",") continue;
    lines.push(line);
    line = [];
  }
  assert.deepEqual(line, [], "the last line has no end");
  return lines;
}
