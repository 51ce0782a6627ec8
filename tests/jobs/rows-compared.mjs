// Jobs at their end: every row against its order's history and the CA's own ledger, and the job's figures against its rows.
// @ts-check
import { DONE } from "../kill/truth.mjs";
import { cellsOf } from "./csv-cells.mjs";

/**
 * @typedef {import("../kill/world.mjs").World} World
 * @typedef {import("../kill/truth.mjs").Order} Order
 * @typedef {import("../kill/comparison.mjs").Finding} Finding
 * @typedef {{ id: string, as: string, drill: boolean, orders: { orderNumber: string }[] }} Started
 *
 * @typedef {object} Seen
 * @property {any} job
 * @property {any[]} rows
 */

const PAGE = 1_000;
/** What may be answered to a row's call that is followed by another: not now. */
const NOT_NOW = [-16, -23, -26, -42];

/**
 * @param {World} world
 * @param {Started[]} started
 * @param {Order[]} orders as they were compared with the CA's ledger
 * @param {string[]} numbers of these, in their order
 * @returns {Promise<{ jobs: Seen[], findings: Finding[] }>}
 */
export async function comparedRows(world, started, orders, numbers) {
  const byNumber = new Map(numbers.map((number, n) => [number, orders[n]]));
  /** @type {Finding[]} */
  const findings = [];
  /** @type {Seen[]} */
  const jobs = [];
  for (const one of started) {
    const seen = await read(world, one);
    jobs.push(seen);
    findings.push(...seen.faults.map((what) => ({ what: `${one.id}: ${what}` })));
    one.orders.forEach(({ orderNumber }, n) => {
      const row = seen.rows[n];
      const order = byNumber.get(orderNumber);
      if (!row || row.orderNumber !== orderNumber || row.row !== n + 1 || !order) {
        findings.push({ what: `${one.id}: row ${n + 1} is missing`, orderNumber });
        return;
      }
      const found = [...(one.drill ? wrongInDrill(row, order) : wrongInRow(row, order))];
      findings.push(
        ...found.map((what) => ({
          ...{ what: `${one.id}: row ${row.row}, ${row.outcome}: ${what}`, orderNumber },
          evidence: { row, posts: order.posts, history: order.history },
        })),
      );
    });
  }
  return { jobs, findings };
}

/**
 * A job with all its rows, in a moment in which none of them changes.
 * @param {World} world
 * @param {Started} started
 * @returns {Promise<Seen & { faults: string[] }>}
 */
async function read(world, { id, as, orders, drill }) {
  const get = async (/** @type {string} */ path, /** @type {Record<string, string>} */ headers = {}) => {
    const { status, json, text = "" } = await world.askNow(path, { as, headers });
    if (status !== 200) throw new Error(`${path}: ${text}`);
    return { json, text };
  };
  for (;;) {
    const { json: job } = await get(`/v1/jobs/${id}`);
    /** @type {any[]} */
    const rows = [];
    for (let after = 0; after !== undefined;) {
      const { json } = await get(`/v1/jobs/${id}/orders?after=${after}&limit=${PAGE}`);
      rows.push(...json.orders);
      after = json.next;
    }
    const { text } = await get(`/v1/jobs/${id}/orders`, { accept: "text/csv" });
    const { json: report } = await get(`/v1/jobs/${id}/report`);
    const { json: again } = await get(`/v1/jobs/${id}`);
    // An unknown one was just found out.
    if (again.revision !== job.revision) continue;
    return {
      job,
      rows,
      faults: [...wrongFigures({ job, rows, report, drill }, orders.length), ...wrongCsv(rows, text)],
    };
  }
}

/** @param {{ job: any, rows: any[], report: any, drill: boolean }} seen @param {number} total */
export function* wrongFigures({ job, rows, report, drill }, total) {
  if (job.state !== "done") yield `it is ${job.state}`;
  if (job.total !== total || rows.length !== total)
    yield `${rows.length} rows, total ${job.total}, planned ${total}`;
  const tally = {
    pending: 0,
    sending: 0,
    revoked: 0,
    alreadyRevoked: 0,
    alreadyRejected: 0,
    tested: 0,
    refused: 0,
    unknown: 0,
    cancelled: 0,
  };
  for (const { outcome } of rows) {
    const name = outcome.replace(/-(.)/g, (/** @type {string} */ _, /** @type {string} */ letter) =>
      letter.toUpperCase(),
    );
    tally[/** @type {keyof typeof tally} */ (name)] += 1;
  }
  for (const [name, count] of Object.entries(tally)) {
    if (job.counts[name] !== count)
      yield `it counts ${job.counts[name]} ${name}, and there are ${count} rows`;
  }
  const { revoked, alreadyRevoked, alreadyRejected, tested, refused, unknown, cancelled } = tally;
  const wanted = {
    ...{ revoked, alreadyRevoked, alreadyRejected, tested, unknown, cancelled, total, drill },
    ...{ accepted: revoked + alreadyRevoked + alreadyRejected, failed: refused, remaining: 0 },
  };
  for (const [name, figure] of Object.entries(wanted)) {
    if (report[name] !== figure) yield `the report has ${report[name]} ${name}, and there are ${figure}`;
  }
  const failed = report.failures.reduce(
    (/** @type {number} */ sum, /** @type {any} */ { count }) => sum + count,
    0,
  );
  if (failed !== refused) yield `the report lists ${failed} failures of ${refused}`;
}

/** @param {any[]} rows @param {string} text */
function* wrongCsv(rows, text) {
  const [header, ...lines] = cellsOf(text);
  if (lines.length !== rows.length) yield `the CSV has ${lines.length} lines for ${rows.length} rows`;
  for (const [n, row] of rows.entries()) {
    const cells = Object.fromEntries(header.map((name, column) => [name, lines[n]?.[column]]));
    for (const name of ["orderNumber", "outcome", "attempts", "settled", "auditSeq"]) {
      if (cells[name] !== String(row[name]))
        yield `row ${row.row}: ${name} is ${cells[name]} in the CSV, and ${row[name]}`;
    }
  }
}

/** @param {any} row @param {Order} order */
export function* wrongInRow({ outcome, attempts, settled, errorCode }, { history, posts }) {
  const acted = posts.filter((post) => post.acted).length;
  // What was held back was no attempt.
  const real = (history?.attempts ?? []).filter((it) => !it.test && it.outcome !== "not-sent");
  if (acted > 0 && !DONE.includes(outcome)) yield "the CA carried it out";
  if (outcome === "revoked" && acted !== 1) yield `the CA carried it out ${acted} times`;
  if (!["revoked", "already-revoked", "already-rejected", "refused", "unknown"].includes(outcome))
    yield "no end";
  if (outcome !== history?.state) yield `its order is ${history?.state}`;
  if (settled !== (history?.settled ?? false)) yield `settled: ${settled}`;
  if (attempts !== real.length) yield `${attempts} attempts, and its order had ${real.length}`;
  if (outcome === "refused" && errorCode !== real.at(-1)?.errorCode) yield `code ${errorCode}`;
  const own = real.filter(({ actor }) => actor !== "edge");
  for (const { outcome: came, errorCode: code = 0, startedAt } of own.slice(0, -1)) {
    // What is lost is sent again by rule 5 alone, which is not the job's doing.
    if (came !== "refused" || !NOT_NOW.includes(code))
      yield `sent again after ${came} ${code} at ${startedAt}`;
  }
}

/** @param {any} row @param {Order} order */
export function* wrongInDrill({ outcome }, { posts, history }) {
  if (posts.some(({ test }) => !test)) yield "a call without test=Y";
  if (posts.some((post) => post.acted)) yield "the CA carried it out";
  if (history?.attempts.some(({ test }) => !test)) yield "a real attempt";
  if (outcome === "tested" && !posts.some(({ code }) => code === 0)) yield "the CA never said so";
  if (["revoked", "pending", "sending", "cancelled"].includes(outcome)) yield "no end of a drill";
}
