// All cells, and the table of what came of them.
// @ts-check
import { page } from "./sources.mjs";
import { pages } from "./pages.mjs";
import { servers } from "./servers.mjs";
import { types } from "./types.mjs";

/** @typedef {{ name: string, kind: string, line?: string, ok: boolean }} Result */

export const cells = async () => [...servers(page()), ...pages, ...(await types())];

const HEADINGS = { server: "Servers", page: "Pages", types: "Compilers" };

/** @param {Result[]} results */
export function markdown(results) {
  const parts = Object.entries(HEADINGS).flatMap(([kind, heading]) => {
    const rows = results.filter((result) => result.kind === kind);
    if (rows.length === 0) return [];
    const lines = rows.map(
      ({ name, ok, line }) =>
        `| ${name} | ${ok ? (line ? "with one line" : "works") : "**fails**"} | ${line ?? ""} |`,
    );
    return [
      `## ${heading}\n\n| where | result | what it needs |\n| --- | --- | --- |\n${lines.join("\n")}\n`,
    ];
  });
  const working = results.filter(({ ok }) => ok);
  const unconfigured = working.filter(({ line }) => !line);
  return `# Where the package works

Each row is a small project: the packed package is installed into it, it is built as its users build it, run where they run it, and
an order is revoked by it at the [simulator](../simulator/README.md), pages through an edge. Written by \`npm run test:package\`; do
not edit.

${working.length} of ${results.length} work, ${unconfigured.length} of them without a line of configuration.

${parts.join("\n")}`;
}
