// Tables and texts of the pages that are written by the build.

/** @param {string[]} head @param {(string | number | undefined)[][]} rows */
export function tableOf(head, rows) {
  const line = (/** @type {unknown[]} */ cells) => `| ${cells.map(cell).join(" | ")} |`;
  return [line(head), line(head.map(() => "---")), ...rows.map(line)];
}

/** A text as a cell of a table, on one line. @param {unknown} text */
const cell = (text) =>
  String(text ?? "")
    .replaceAll("|", "\\|")
    .replace(/\s*\n\s*/g, "<br>");
