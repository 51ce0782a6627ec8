// npm run bench: the benchmarks, as one table of ratios against the baselines named beside them.
import { readdir } from "node:fs/promises";
import { readArguments } from "./command/arguments.mjs";
import { Failure, WrongUse, runCommand } from "./command/faults.mjs";
import { inRoot } from "./command/places.mjs";
import { say } from "./command/running.mjs";
import { ensureNpmPackages } from "./setup/npm-packages.mjs";

const SUFFIX = ".bench.mjs";
/** They take many minutes, and run only when they are named. */
const LONG = ["big-ledger", "plan-memory"];

/**
 * What a file in benches/ exports as `rows()`.
 * @typedef {object} Row
 * @property {string} name what was measured
 * @property {number} value the ratio, or a number in its unit
 * @property {string} unit "x" for a ratio
 * @property {string} baseline what it is compared with
 * @property {number} [limit] above it the benchmark fails
 */

await runCommand(async () => {
  const { rest } = readArguments({
    name: "npm run bench --",
    about: `Runs the benchmarks in benches/: those named, or all but the long ones (${LONG.join(", ")}).`,
    rest: ["[NAME]..."],
  });
  const files = (await readdir(inRoot("benches"))).filter((file) => file.endsWith(SUFFIX)).sort();
  const names = files.map((file) => file.slice(0, -SUFFIX.length));
  const unknown = rest.filter((name) => !names.includes(name));
  if (unknown.length > 0) {
    throw new WrongUse(unknown.map((name) => `no such benchmark: ${name} (there are ${names.join(", ")})`));
  }
  await ensureNpmPackages();
  const { build } = await import("./build/parts.mjs");
  await build(["client", "edge", "dashboard"]);

  /** @type {Row[]} */
  const rows = [];
  for (const name of names.filter((name) =>
    rest.length === 0 ? !LONG.includes(name) : rest.includes(name),
  )) {
    say(`bench: ${name}`);
    const benchmark = await import(inRoot("benches", name + SUFFIX));
    rows.push(...(await benchmark.rows()));
  }
  if (rows.length === 0) throw new Failure("there are no benchmarks");
  console.log(table(rows));
  const over = rows.filter(isOver);
  if (over.length > 0) throw new Failure(`over the limit: ${over.map(({ name }) => name).join(", ")}`);
});

/** @param {Row} row */
function isOver({ value, limit }) {
  return limit !== undefined && !(value <= limit);
}

/** @param {Row[]} rows */
function table(rows) {
  const cells = [
    ["what", "value", "compared with", "limit"],
    ...rows.map((row) => [
      row.name,
      `${round(row.value)} ${row.unit}`,
      row.baseline,
      row.limit === undefined ? "" : `${isOver(row) ? "OVER " : ""}${round(row.limit)} ${row.unit}`,
    ]),
  ];
  const widths = cells[0].map((_, column) => Math.max(...cells.map((line) => line[column].length)));
  return cells
    .map((line) =>
      line
        .map((cell, column) => cell.padEnd(widths[column]))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}

/** @param {number} value */
function round(value) {
  return Math.abs(value) < 100 ? value.toFixed(2) : value.toFixed(0);
}
