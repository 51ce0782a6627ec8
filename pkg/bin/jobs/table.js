// Tables for a terminal.

/**
 * As wide as what is in them. The last column is not padded.
 * @param {string[]} heads
 * @param {string[][]} rows
 */
export function tableOf(heads, rows) {
  const all = [heads, ...rows];
  const widths = heads.slice(0, -1).map((_, column) => Math.max(...all.map((row) => row[column].length)));
  return all.map(columnsOf(widths));
}

/**
 * Of known widths, for what is too long to be held: a line of cells.
 * @param {number[]} widths of all columns but the last
 */
export const columnsOf = (widths) => (/** @type {string[]} */ cells) =>
  cells
    .map((cell, column) => cell.padEnd(widths[column] ?? 0))
    .join("  ")
    .trimEnd();
