// Jobs in words, for a terminal.
import { codeReasons } from "../../node.js";

/** @typedef {import("../../index.d.ts").Job} Job */
/** @typedef {import("../../index.d.ts").JobDetails} JobDetails */

const DRILL = "yes: all orders are tests, and nothing can be revoked by it";

/** How the counts are called for people, in the order in which they are shown. @type {[keyof Job["counts"], string][]} */
const counted = [
  ["revoked", "revoked"],
  ["alreadyRevoked", "already revoked"],
  ["alreadyRejected", "already rejected"],
  ["tested", "tested"],
  ["refused", "refused"],
  ["unknown", "unknown"],
  ["cancelled", "not sent"],
  ["sending", "under way"],
  ["pending", "waiting"],
];

/** @type {Record<Job["state"], string>} */
export const stateInWords = {
  planned: "planned, nothing has been sent",
  "awaiting-approval": "waiting for another person's approval, nothing has been sent",
  running: "running",
  paused: "paused",
  halted: "halted: the CA refused the edge's login",
  done: "done",
  cancelled: "cancelled",
};

/** @param {number} count */
export const number = (count) => count.toLocaleString("en-US");

/** @param {number} count @param {string} one @param {string} [many] */
export const plural = (count, one, many = `${one}s`) => `${number(count)} ${count === 1 ? one : many}`;

/** A time as people write it. @param {string} time RFC 3339 */
export function moment(time) {
  const date = new Date(time);
  if (Number.isNaN(date.getTime())) return time;
  return `${date.toISOString().slice(0, 16).replace("T", " ")} UTC`;
}

/** A time, and how far away it is. @param {string} time RFC 3339 */
export function momentFromNow(time) {
  const seconds = (Date.parse(time) - Date.now()) / 1000;
  if (Number.isNaN(seconds)) return time;
  return `${moment(time)} (${seconds < 0 ? `${duration(-seconds)} ago` : `in ${duration(seconds)}`})`;
}

/** The two largest units of a time span. @param {number} seconds */
export function duration(seconds) {
  const units = /** @type {const} */ ([
    ["d", 86_400],
    ["h", 3600],
    ["min", 60],
    ["s", 1],
  ]);
  let rest = Math.round(seconds);
  const parts = [];
  for (const [unit, length] of units) {
    const count = Math.floor(rest / length);
    rest -= count * length;
    if (count > 0) parts.push(`${count} ${unit}`);
    // After two units, or when the next one is not the neighbour's.
    if (parts.length === 2 || (parts.length === 1 && count === 0)) break;
  }
  return parts.join(" ") || "0 s";
}

/** @param {number} perSecond */
export function rate(perSecond) {
  if (perSecond > 0 && perSecond < 0.05) return "under 0.1/s";
  return `${perSecond < 10 ? perSecond.toFixed(1) : number(Math.round(perSecond))}/s`;
}

/** How many orders stand at an end. @param {Job} job */
export const settledOf = ({ total, counts }) => total - counts.pending - counts.sending;

/** The job's name and id. @param {Job} job */
export const titleOf = ({ id, name }) => (name === undefined ? `job ${id}` : `job ${id}, "${name}"`);

/** The counts that are not zero. @param {Job} job @returns {[string, number][]} */
export const countsOf = ({ counts }) =>
  counted.filter(([name]) => counts[name] > 0).map(([name, words]) => [words, counts[name]]);

/**
 * All that matters of a job, as lines.
 * @param {Job & Partial<JobDetails>} job
 */
export function linesOf(job) {
  const { known, merged, deadline, duplicates, expiresAt, lastError, drill, approvals } = job;
  /** @type {[string, string][]} */
  const facts = [["orders", number(job.total)]];
  for (const [words, count] of settledOf(job) + job.counts.sending > 0 ? countsOf(job) : [])
    facts.push([`  ${words}`, number(count)]);
  facts.push(["duplicates", duplicatesOf(duplicates, job.conflicts)]);
  const reasons = reasonsOf(job.reasons ?? {});
  if (reasons !== "") facts.push(["reasons", reasons]);
  if (known) facts.push(["known", knownOf(known)]);
  if (drill) facts.push(["drill", DRILL]);
  if (deadline !== undefined) facts.push(["deadline", momentFromNow(deadline)]);
  if (job.rate !== undefined) facts.push(["rate", rateOf(job)]);
  if (job.eta !== undefined) facts.push(["done at", momentFromNow(job.eta)]);
  if (job.atRisk) facts.push(["AT RISK", "at this rate it will miss the deadline"]);
  facts.push(["created", `${moment(job.createdAt)} by ${job.createdBy}`]);
  for (const { person, time } of approvals) facts.push(["approved", `${moment(time)} by ${person}`]);
  if (job.startedAt !== undefined) {
    const by = job.startedBy === undefined ? "" : ` by ${job.startedBy}`;
    facts.push(["started", `${moment(job.startedAt)}${by}`]);
  }
  if (job.finishedAt !== undefined) facts.push(["ended", moment(job.finishedAt)]);
  if (expiresAt !== undefined) facts.push(["expires", momentFromNow(expiresAt)]);
  if (lastError !== undefined) facts.push(["trouble", lastError]);
  facts.push(["plan hash", job.planHash]);
  const width = Math.max(...facts.map(([name]) => name.length));
  return [
    `${titleOf(job)}: ${stateInWords[job.state]}`,
    "",
    ...facts.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`),
    ...(known?.orders ?? []).map((order) => `  known: ${nameOf(order)} is ${order.state}`),
    ...(merged ?? []).map(mergedLine),
  ];
}

/**
 * What a list would be as a plan, as lines; and what only a server can say of it.
 * @param {import("./read-list.js").ReadableList} reading
 * @param {string} [deadline]
 */
export function linesOfReading(
  { total, drill, reasons, duplicates, conflicts, merged, orders, note },
  deadline,
) {
  /** @type {[string, string][]} */
  const facts = [["orders", number(total)]];
  facts.push(["reasons", reasonsOf(reasons)]);
  facts.push(["duplicates", duplicatesOf(duplicates, conflicts)]);
  if (drill) facts.push(["drill", DRILL]);
  if (deadline !== undefined) {
    const seconds = (Date.parse(deadline) - Date.now()) / 1000;
    facts.push(["deadline", momentFromNow(deadline)]);
    if (seconds > 0) facts.push(["needs", `${rate(total / seconds)} if it is started now`]);
  }
  const width = Math.max(...facts.map(([name]) => name.length));
  return [
    "A dry run: nothing was planned, and no server was asked.",
    "",
    ...facts.map(([name, value]) => `  ${name.padEnd(width)}  ${value}`),
    ...merged.map(mergedLine),
    ...orders.map((order) => `  ${nameOf(order)}: ${reasonOf(order.codeReason)}`),
    ...(total > orders.length ? [`  and ${number(total - orders.length)} more`] : []),
    "",
    ...(note === undefined ? [] : [note]),
    "Which of them the edge knows already, whether you may plan them, and whether a second person must approve,",
    "is known to the edge alone: it says so when the job is planned.",
  ];
}

/** @param {object} reasons */
const reasonsOf = (reasons) =>
  Object.entries(reasons)
    .map(([name, count]) => `${number(count)} ${name}`)
    .join(", ");

/** @param {number} duplicates @param {number} [conflicts] */
function duplicatesOf(duplicates, conflicts = 0) {
  if (duplicates === 0) return "none";
  const differing = conflicts === 0 ? "" : `; ${plural(conflicts, "order")} with different reasons`;
  return `${plural(duplicates, "row")} merged into others${differing}`;
}

/** @param {JobDetails["merged"][number]} order */
const mergedLine = (order) =>
  `  merged: ${nameOf(order)} in rows ${rowsOf(order)}${order.conflict ? `, for different reasons: ${reasonOf(order.codeReason)} counts` : ""}`;

/** @param {JobDetails["merged"][number]} order */
const rowsOf = ({ rows, count }) =>
  rows.length < count ? `${rows.join(", ")} and others, ${number(count)} in all` : rows.join(", ");

/** @param {JobDetails["known"]} known */
const knownOf = ({ count }) =>
  count === 0 ? "none of the orders" : `${plural(count, "order")} that the edge has seen before`;

/**
 * What names an order, and what it is called.
 * @param {{ orderNumber?: string, serialNumber?: string, certificateID?: string, productCode?: string, product?: string | number, label?: string }} order
 */
export function nameOf({ orderNumber, serialNumber, certificateID, productCode, product, label }) {
  const name = orderNumber ?? (serialNumber ? `serial:${serialNumber}` : `certificate:${certificateID}`);
  const parts = [name, productCode, product].filter((part) => part !== undefined).map(String);
  return label === undefined ? parts.join(" ") : `${parts.join(" ")} (${label})`;
}

/** @param {import("../../index.d.ts").CodeReason} codeReason */
const reasonOf = (codeReason) =>
  codeReasons.find(({ number, name }) => number === codeReason || name === codeReason)?.name ?? codeReason;

/** @param {Job} job */
export function rateOf(job) {
  const needed = job.neededRate === undefined ? "" : ` (needs ${rate(job.neededRate)})`;
  return `${rate(job.rate ?? 0)}${needed}`;
}

/** What can be done with it now, as commands to copy. @param {Job} job @returns {string[]} */
export function nextOf({ id, state, planHash, total, counts }) {
  const failed = counts.refused + counts.unknown > 0 ? [`autorevoke job report ${id}`] : [];
  switch (state) {
    case "planned":
      return [`autorevoke job start ${id} --plan-hash ${planHash} --total ${total}`];
    case "awaiting-approval":
      return [`autorevoke job approve ${id} --plan-hash ${planHash}`];
    case "running":
      return [`autorevoke job watch ${id}`, ...failed];
    case "paused":
    case "halted":
      return [`autorevoke job resume ${id}`, ...failed];
    default:
      return [`autorevoke job report ${id}`];
  }
}
