// Tables for a terminal: two blanks stand between columns, and in no cell.
import { printable } from "../output.js";

/**
 * As wide as what is in them. The last column is not padded.
 * @param {string[]} heads
 * @param {string[][]} rows
 */
export function tableOf(heads, rows) {
  const all = [heads, ...rows].map((cells) => cells.map(cellOf));
  const widths = heads.slice(0, -1).map((_, column) => Math.max(...all.map((row) => row[column].length)));
  return all.map(columnsOf(widths));
}

/**
 * Of known widths, for what is too long to be held: a line of cells.
 * @param {number[]} widths of all columns but the last
 */
export const columnsOf = (widths) => (/** @type {string[]} */ cells) =>
  cells
    .map((cell, column) => cellOf(cell).padEnd(widths[column] ?? 0))
    .join("  ")
    .trimEnd();

/** A text as it stands in a cell. @param {string} text */
export const cellOf = (text) => printable(text).replace(/ {2,}/g, " ");
