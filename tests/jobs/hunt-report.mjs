// What a hunt over jobs has seen, as a table.
// @ts-check

/** What the ledger says of an attempt that was under way when its process went down. */
const CUT_OFF = "the edge was stopped while the call was under way";

/** @param {import("./hunt.mjs").Result} result */
export function figures({ jobs, orders, ...result }) {
  const posts = orders.flatMap(({ posts }) => posts);
  const attempts = orders.flatMap(({ history }) => history?.attempts ?? []);
  /** @type {[string, string | number][]} */
  const lines = [
    ["kills", result.kills],
    ["longest start in ms", result.longestStartMs],
    ...jobs.map(
      ({ job }, n) =>
        /** @type {[string, string]} */ ([`job ${n + 1}${job.drill ? ", a drill" : ""}`, ofJob(job)]),
    ),
    [
      "calls at the CA",
      `${count(posts, ({ test }) => !test)} real, ${count(posts, ({ test }) => test)} tests`,
    ],
    ["carried out", count(posts, ({ acted }) => acted)],
    ["found out by a probe", count(orders, ({ history }) => history?.settled === true)],
    ["re-sends", count(attempts, ({ purpose }) => purpose === "resend")],
    ["checks in outages", count(attempts, ({ purpose }) => purpose === "check")],
    ["cut off by a kill", count(attempts, ({ detail }) => detail === CUT_OFF)],
    ["audit entries", `${result.auditEntries} verified, with ${result.headsKept} heads that were kept`],
    ["seconds", result.seconds],
    ["disagreements", result.findings.length],
  ];
  const width = Math.max(...lines.map(([name]) => name.length));
  return lines.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`).join("\n");
}

/** @param {any} job */
function ofJob({ total, counts }) {
  const some = Object.entries(counts).filter(([, number]) => number > 0);
  return `${total} orders: ${some.map(([name, number]) => `${number} ${name}`).join(", ")}`;
}

/**
 * @template T
 * @param {T[]} all
 * @param {(one: T) => boolean} wanted
 */
const count = (all, wanted) => all.filter(wanted).length;
