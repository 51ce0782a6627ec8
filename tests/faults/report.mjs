// What the hunt has seen: a row for each misbehaviour, and the sums.
// @ts-check

/**
 * @typedef {import("./trial.mjs").Met} Met
 * @typedef {Awaited<ReturnType<typeof import("./hunt.mjs").hunt>>} Result
 */

const HEAD = ["fault", "calls", "POSTs", "callers were told", "at the end"];

/** @param {Met[]} met */
export function table(met) {
  const rows = [...byName(met)].map(([name, those]) => [
    name,
    String(those.length),
    String(posts(those)),
    byFrequency(those.map(({ told }) => told)),
    byFrequency(those.map(({ state }) => state)),
  ]);
  return aligned([HEAD, ...rows.sort(([a], [b]) => (a < b ? -1 : 1))]);
}

/** @param {Result} result */
export const figures = ({ met, findings, auditEntries, seconds }) =>
  aligned([
    ["misbehaviours", String(byName(met).size)],
    ["calls", String(met.length)],
    ["POSTs at the CA", String(posts(met))],
    ["callers were told", byFrequency(met.map(({ told }) => told))],
    ["at the end", byFrequency(met.map(({ state }) => state))],
    ["audit entries", `${auditEntries} verified`],
    ["seconds", String(seconds)],
    ["disagreements", String(findings.length)],
  ]);

/** @param {Met[]} met */
export function byName(met) {
  /** @type {Map<string, Met[]>} */
  const groups = new Map();
  for (const one of met) {
    const those = groups.get(one.name);
    if (those) those.push(one);
    else groups.set(one.name, [one]);
  }
  return groups;
}

/** @param {Met[]} met */
const posts = (met) => met.reduce((sum, { posts }) => sum + posts, 0);

/** @param {string[][]} rows */
function aligned(rows) {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  const line = (/** @type {string[]} */ row) => row.map((text, column) => text.padEnd(widths[column]));
  return rows.map((row) => `  ${line(row).join("  ").trimEnd()}`).join("\n");
}

/** @param {string[]} names */
function byFrequency(names) {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  const sorted = Object.entries(counts).sort(([, a], [, b]) => b - a);
  return sorted.map(([name, number]) => `${name} ${number}`).join(", ");
}
