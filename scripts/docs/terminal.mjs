// Draws what was typed and what was printed as a terminal, in SVG: text, so it is small and sharp at any size.

const COLUMNS = 84;
const LINE = 20;
const CHARACTER = 8.4;
const MARGIN = 16;
const INK = { typed: "#7ee787", printed: "#e6edf3", ground: "#161b22" };

/** @param {{ command: string, output: string }[]} steps */
export function drawing(steps) {
  const lines = steps.flatMap(({ command, output }, at) => [
    ...(at > 0 ? [{ text: "", ink: INK.printed }] : []),
    ...wrapped(`$ ${command}`).map((text) => ({ text, ink: INK.typed })),
    ...output
      .trimEnd()
      .split("\n")
      .flatMap((line) => wrapped(line).map((text) => ({ text, ink: INK.printed }))),
  ]);
  const width = Math.ceil(COLUMNS * CHARACTER + 2 * MARGIN);
  const height = lines.length * LINE + 2 * MARGIN;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<rect width="100%" height="100%" rx="8" fill="${INK.ground}"/>`,
    `<g font-family="ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace" font-size="14" style="white-space: pre">`,
    ...lines.map(({ text, ink }, at) => {
      const y = MARGIN + (at + 0.75) * LINE;
      return text === "" ? "" : `<text x="${MARGIN}" y="${y}" fill="${ink}">${escaped(text)}</text>`;
    }),
    "</g>",
    "</svg>",
    "",
  ]
    .filter((line, at, all) => line !== "" || at === all.length - 1)
    .join("\n");
}

/** At blanks where there are any. @param {string} line @returns {string[]} */
function wrapped(line) {
  if (line.length <= COLUMNS) return [line];
  const blank = line.lastIndexOf(" ", COLUMNS);
  const end = blank > COLUMNS / 2 ? blank : COLUMNS;
  return [line.slice(0, end), ...wrapped(`  ${line.slice(end).trimStart()}`)];
}

/** @param {string} text */
const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
