// All cells, and the table of what came of them.
// @ts-check
import { examples } from "./examples.mjs";
import { page } from "./sources.mjs";
import { pages } from "./pages.mjs";
import { servers } from "./servers.mjs";
import { stopwatch } from "./stopwatch.mjs";
import { types } from "./types.mjs";

/** @typedef {{ name: string, kind: string, line?: string, ok: boolean, skipped?: boolean, seconds: number, limitSeconds?: number }} Result */

export const cells = async () => [
  ...servers(page()),
  ...pages,
  ...examples,
  ...(await types()),
  ...stopwatch,
];

const HEADINGS = { server: "Servers", page: "Pages", example: "Examples", types: "Compilers" };

/** @param {Result[]} results */
export function markdown(results) {
  const parts = Object.entries(HEADINGS).flatMap(([kind, heading]) => {
    const rows = results.filter((result) => result.kind === kind);
    if (rows.length === 0) return [];
    const lines = rows.map(
      ({ name, line, ...came }) => `| ${name} | ${inWords(came, line)} | ${line ?? ""} |`,
    );
    return [
      `## ${heading}\n\n| where | result | what it needs |\n| --- | --- | --- |\n${lines.join("\n")}\n`,
    ];
  });
  const projects = results.filter(({ kind, skipped }) => kind !== "stopwatch" && !skipped);
  const working = projects.filter(({ ok }) => ok);
  const unconfigured = working.filter(({ line }) => !line);
  return `# Where the package works

Each row is a small project: the packed package is installed into it, it is built as its users build it, run where they run it, and
an order is revoked by it at the [simulator](../simulator/README.md), pages through an edge. Written by \`npm run test:package\`; do
not edit.

${working.length} of ${projects.length} work, ${unconfigured.length} of them without a line of configuration.

${parts.join("\n")}
${timed(results.filter(({ kind }) => kind === "stopwatch"))}`;
}

/** @param {{ ok: boolean, skipped?: boolean }} came @param {string} [line] */
function inWords({ ok, skipped }, line) {
  if (skipped) return "not tried here";
  if (!ok) return "**fails**";
  return line ? "with one line" : "works";
}

/** @param {Result[]} results */
function timed(results) {
  if (results.length === 0) return "";
  const lines = results.map(
    ({ name, ok, seconds, limitSeconds }) =>
      `| ${name} | ${ok ? `${seconds} s` : "**fails**"} | ${limitSeconds} s |`,
  );
  return `## Stopwatch

From an empty folder and with an empty cache of npm, by the commands of [the first call](start/first-call.md) and [the edge in five
minutes](start/edge-in-five-minutes.md), downloads included, on a machine with two busy cores.

| what | took | at most |
| --- | --- | --- |
${lines.join("\n")}
`;
}
