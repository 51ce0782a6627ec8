// What a hunt has seen, as a table; and what it has found, with all that there is to know about it.
// @ts-check
import { SEED } from "../harness/randomness.mjs";

/**
 * @typedef {import("./hunt.mjs").Result} Result
 * @typedef {import("./comparison.mjs").Finding} Finding
 */

/** What the ledger says of an attempt that was under way when its process went down. */
const CUT_OFF = "the edge was stopped while the call was under way";

/** @param {Result} result */
export function figures({ orders, atReceipt, ...result }) {
  const posts = orders.flatMap(({ posts }) => posts);
  const attempts = orders.flatMap(({ history }) => history?.attempts ?? []);
  const probes = orders.map(({ history }) => count(history?.attempts ?? [], isProbe));
  const told = orders.flatMap(({ told }) => told);
  /** @type {[string, string | number][]} */
  const rows = [
    ["kills", result.kills],
    ["longest start in ms", result.longestStartMs],
    ...(atReceipt.received > 0
      ? /** @type {[string, string][]} */ ([
          ["at the CA at a kill", `${atReceipt.received}, of which ${atReceipt.found} with their intent`],
        ])
      : []),
    ["orders", orders.length],
    ["at the end", byFrequency(orders.map(({ history }) => history?.state ?? "never heard of"))],
    ["answers to callers", byFrequency(told.filter(({ asked }) => asked === "revoke").map(answer))],
    [
      "calls at the CA",
      `${count(posts, ({ test }) => !test)} real, ${count(posts, ({ test }) => test)} tests`,
    ],
    ["carried out", count(posts, ({ acted }) => acted)],
    ["found out by a probe", count(orders, ({ history }) => history?.settled === true)],
    ["probes", `${sum(probes)}, for one order at most ${Math.max(...probes)}`],
    ["re-sends", count(attempts, ({ purpose }) => purpose === "resend")],
    ["cut off by a kill", count(attempts, ({ detail }) => detail === CUT_OFF)],
    ["audit entries", `${result.auditEntries} verified, with ${result.headsKept} heads that were kept`],
    ["seconds", result.seconds],
    ["disagreements", result.findings.length],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  return rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`).join("\n");
}

/** The first findings of a short run, for its assertion. @param {Finding[]} findings */
export const said = (findings) => `SEED=${SEED}\n${findings.slice(0, 2).map(shown).join("\n\n")}`;

/** A finding with the whole history of its order. @param {Finding} finding */
export const shown = ({ what, orderNumber, evidence }) => {
  const history = evidence ? `\n${JSON.stringify(evidence, null, 2)}` : "";
  return `${orderNumber ? `order ${orderNumber}: ` : ""}${what}${history}`;
};

/** @param {import("./truth.mjs").Attempt} attempt */
const isProbe = ({ purpose }) => purpose === "settle";

/** @param {import("./callers.mjs").Told} told */
const answer = ({ lost, kind, json }) => (lost ? "connection lost" : (kind ?? json.outcome));

/**
 * @template T
 * @param {T[]} all
 * @param {(one: T) => boolean} wanted
 */
const count = (all, wanted) => all.filter(wanted).length;

/** @param {number[]} numbers */
const sum = (numbers) => numbers.reduce((total, number) => total + number, 0);

/** @param {string[]} names */
function byFrequency(names) {
  /** @type {Record<string, number>} */
  const counts = {};
  for (const name of names) counts[name] = (counts[name] ?? 0) + 1;
  const sorted = Object.entries(counts).sort(([, a], [, b]) => b - a);
  return sorted.map(([name, number]) => `${name} ${number}`).join(", ");
}
