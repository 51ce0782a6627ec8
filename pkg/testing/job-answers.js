// What is told of a job besides the job itself: its rows, its progress as events, its report.
import { describeErrorCode } from "../codes.js";
import { written } from "./http.js";
import { withoutUndefined } from "./jobs.js";
import { nameText } from "./orders.js";

/** @typedef {import("./jobs.js").Job} Job */

const LISTED = 100;
const KEPT_ALIVE_EVERY_MS = 15_000;

const COLUMNS = [
  ...[
    "orderNumber",
    "codeReason",
    "revocationReason",
    "productCode",
    "product",
    "test",
    "outcome",
    "errorCode",
  ],
  ...[
    "errorMessage",
    "attempts",
    "settled",
    "updatedAt",
    "auditSeq",
    "waitsForPerson",
    "unknownSinceRestore",
    "serialNumber",
    "certificateID",
    "label",
  ],
];

/** @param {Job} job @param {string[] | null} outcomes only those */
export function rowsOf({ rows }, outcomes) {
  return rows
    .filter((row) => outcomes === null || outcomes.includes(row.outcome))
    .map(({ order, waits: _, ...row }) => withoutUndefined({ ...order, ...row }));
}

/** @param {Record<string, any>[]} rows */
export function csvOf(rows) {
  const lines = rows.map((row) => COLUMNS.map((name) => cell(String(row[name] ?? ""))).join(","));
  return [COLUMNS.join(","), ...lines].map((line) => `${line}\r\n`).join("");
}

/** A spreadsheet takes no cell for a formula, nor what another separator makes a cell of. @param {string} text */
function cell(text) {
  const guarded = /^-\d+$/.test(text)
    ? text
    : text.replace(/(?<=^|[;\r\n])(?=[' ]*[=+@＝＋－＠\t\r-])/g, "'");
  return /[",;\t\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}

/**
 * The job as it is, then each time that it has changed, until it is over.
 * @param {Job} job
 * @param {{ seen: string | null, signal: AbortSignal, document: () => object }} how `seen`: the last event that the caller had
 */
export function eventsOf(job, { seen, signal, document }) {
  if (job.isOver && seen === String(job.revision)) return written(null, "", { status: 204 });
  const utf8 = new TextEncoder();
  let sent = seen;
  /** @type {() => void} */
  let end = () => {};
  const body = new ReadableStream({
    start(controller) {
      const write = (/** @type {string} */ text) => controller.enqueue(utf8.encode(text));
      const tell = () => {
        const id = String(job.revision);
        if (id !== sent) write(`event: progress\nid: ${id}\ndata: ${JSON.stringify(document())}\n\n`);
        sent = id;
        if (!job.isOver) return;
        end();
        controller.close();
      };
      const alive = setInterval(() => write(": still here\n\n"), KEPT_ALIVE_EVERY_MS);
      const broken = () => {
        end();
        controller.error(signal.reason);
      };
      signal.addEventListener("abort", broken);
      end = () => {
        clearInterval(alive);
        job.watchers.delete(tell);
        signal.removeEventListener("abort", broken);
      };
      job.watchers.add(tell);
      write("retry: 2000\n\n");
      tell();
    },
    cancel: () => end(),
  });
  return written(body, "text/event-stream; charset=utf-8", { headers: { "X-Accel-Buffering": "no" } });
}

/** @param {Job} job @param {object} checkpoint the signed head of the audit log */
export function reportOf(job, checkpoint) {
  const {
    id,
    name,
    drill,
    state,
    total,
    duplicates,
    createdAt,
    createdBy,
    deadline,
    planHash,
    counts,
    ...rest
  } = /** @type {any} */ (job.document);
  const { startedAt, startedBy, finishedAt, approvals, declined, rate, neededRate, eta, atRisk, lastError } =
    rest;
  const [firstSentAt, lastAnswerAt] = job.sent;
  const ended = finishedAt ?? lastAnswerAt;
  const isOver = counts.pending + counts.sending + counts.unknown === 0;
  const metIt =
    isOver && lastAnswerAt ? lastAnswerAt <= deadline : Date.now() > Date.parse(deadline) ? false : null;
  /** @type {Record<string, string>} */
  const labels = {};
  const numbersOf = (/** @type {(row: any) => boolean} */ fits) =>
    job.rows
      .filter(fits)
      .slice(0, LISTED)
      .map(({ order, label }) => {
        const name = nameText(order);
        if (label !== undefined) labels[name] = label;
        return name;
      });
  const codes = new Set(
    job.rows.filter(({ outcome }) => outcome === "refused").map(({ errorCode }) => errorCode),
  );
  const failures = [...codes].map((code) => {
    const { title, meaning, advice } = describeErrorCode(code);
    const isOne = (/** @type {any} */ row) => row.outcome === "refused" && row.errorCode === code;
    return {
      errorCode: code,
      title,
      meaning,
      advice,
      count: job.rows.filter(isOne).length,
      orderNumbers: numbersOf(isOne),
    };
  });
  const weaker = job.rows.filter(
    ({ outcome, order }) => outcome === "already-revoked" && order.codeReason === 1,
  );
  return withoutUndefined({
    ...{ jobId: id, name, drill, state, generatedAt: new Date().toISOString() },
    statement: drill
      ? "This was a drill: every call was a test call, and nothing was changed at the CA."
      : '"Revoked" here means accepted by the CA (revoked, or cancelled if not issued).',
    ...{ total, duplicates, accepted: counts.revoked + counts.alreadyRevoked + counts.alreadyRejected },
    ...{
      revoked: counts.revoked,
      alreadyRevoked: counts.alreadyRevoked,
      alreadyRejected: counts.alreadyRejected,
    },
    ...{ tested: counts.tested, remaining: counts.pending + counts.sending, failed: counts.refused },
    ...{ unknown: counts.unknown, cancelled: counts.cancelled },
    failures: failures.sort((one, other) => other.count - one.count),
    unknownOrders: numbersOf(({ outcome }) => outcome === "unknown"),
    labels: Object.keys(labels).length > 0 ? labels : undefined,
    ...{ waitsForPerson: 0, unknownSinceRestore: 0, weakerReason: weaker.length },
    planned: withoutUndefined({ createdAt, createdBy, deadline, planHash }),
    actual: withoutUndefined({
      ...{ startedAt, startedBy, firstSentAt, lastAnswerAt, finishedAt },
      durationSeconds: startedAt && ended ? (Date.parse(ended) - Date.parse(startedAt)) / 1000 : undefined,
    }),
    ...{ approvals, declined, rate, neededRate, eta, atRisk, lastError },
    deadlineMet: deadline === undefined ? null : metIt,
    checkpoint,
  });
}

/** @param {Record<string, any>} report */
export const markdownOf = ({ name, jobId, statement, total, accepted, remaining, failed, unknown }) =>
  `# ${(name ?? jobId).replace(/[\\`*_[\]<>|#!~&$]/g, "\\$&")}\n\n${statement}\n\n- orders: ${total}\n- accepted by the CA: ${accepted}\n- remaining: ${remaining}\n` +
  `- refused: ${failed}\n- unknown: ${unknown}\n`;
