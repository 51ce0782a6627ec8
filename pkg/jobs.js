// Jobs, as they are called: what is given is kept as it is at that moment. The module that knows them is loaded with the
// first call.
import { run, still } from "./run.js";
import { letter, members } from "./transcript.js";

/** @typedef {import("./instance.js").Instance} Instance */
/** @typedef {import("./transcript.js").Entry} Entry */

const MAX_DRILLS = 10_000;

/** @param {Instance} full @param {unknown} bound the options of the client */
export function jobsOf(full, bound) {
  // A drill stays one: nothing that is done with it can revoke. Forgotten, a call counts as one that can.
  /** @type {Set<string>} */
  const drills = new Set();
  /** @param {any} answer what the edge said, and was believed */
  const noted = (answer) => {
    if (drills.size > MAX_DRILLS) drills.clear();
    for (const job of answer?.jobs ?? [answer]) if (job?.drill === true) drills.add(job.id);
    return answer;
  };

  /** @param {string} operation @param {unknown} options @param {Entry[]} entries @param {Uint8Array} [body] */
  const call = async (operation, options, entries, body) =>
    noted(await run(full, full, `job-${operation}`, undefined, bound, options, { entries, body }));
  /** @param {any} id @returns {Entry[]} */
  const about = (id) => [
    ["job", "id", letter(id)],
    ["job", "drill", letter(drills.has(id))],
  ];
  /** @param {string} operation */
  const aboutAll = (operation) => (/** @type {unknown} */ options) => call(operation, options, []);
  /** @param {string} operation */
  const aboutOne = (operation) => (/** @type {unknown} */ id, /** @type {unknown} */ options) =>
    call(operation, options, about(id));
  /** @param {string} operation */
  const confirming =
    (operation) =>
    (/** @type {unknown} */ id, /** @type {unknown} */ confirmed, /** @type {unknown} */ options) =>
      call(operation, options, [...about(id), ...members("plan", still(confirmed))]);
  /** @param {"watch" | "rows"} what */
  const streaming = (what) => (/** @type {unknown} */ id, /** @type {unknown} */ options) => {
    const held = { full, entries: about(id), bound, options: still(options), noted };
    return (async function* () {
      yield* (await import("./stream.js"))[what](held);
    })();
  };

  return Object.freeze({
    /** @param {unknown} plan @param {unknown} [options] */
    create: (plan, options) => {
      const { entries, body } = planOf(still(plan));
      return call("create", options, entries, body);
    },
    list: aboutAll("list"),
    get: aboutOne("get"),
    start: confirming("start"),
    approve: confirming("approve"),
    pause: aboutOne("pause"),
    resume: aboutOne("resume"),
    cancel: aboutOne("cancel"),
    pauseAll: aboutAll("pause-all"),
    orders: aboutOne("orders"),
    ordersCsv: streaming("rows"),
    report: aboutOne("report"),
    watch: streaming("watch"),
  });
}

/**
 * What is told of a plan, and the bytes that say it.
 * @param {any} plan
 * @returns {{ entries: Entry[], body?: Uint8Array }}
 */
function planOf(plan) {
  /** @type {Entry[]} */
  const entries = [["job", "plan", letter(plan)]];
  if (letter(plan) !== "o") return { entries };
  const { csv, orders, ...others } = plan;
  /** @type {Uint8Array | undefined} */
  let body;
  try {
    // A Date is as good as its text.
    if (letter(others.deadline) === "o") others.deadline = JSON.parse(JSON.stringify(others.deadline));
    if (isBytes(csv)) body = new Uint8Array(csv);
    else body = new TextEncoder().encode(csv === undefined ? JSON.stringify({ ...others, orders }) : csv);
  } catch {
    // Then there are no bytes to be told of.
  }
  entries.push(...members("plan", others));
  // What they are, and not what is in them: it can be large.
  if (csv !== undefined) entries.push(["plan", "csv", isBytes(csv) ? "a" : letter(csv)[0]]);
  if (orders !== undefined) entries.push(["plan", "orders", letter(orders)[0]]);
  if (Array.isArray(orders)) entries.push(["job", "rows", letter(orders.length)]);
  if (body) entries.push(["job", "bytes", letter(body.length)]);
  return { entries, body };
}

/** By shape: it may come from another realm. @param {any} value @returns {value is Uint8Array} */
const isBytes = (value) =>
  ArrayBuffer.isView(value) && "BYTES_PER_ELEMENT" in value && value.BYTES_PER_ELEMENT === 1;
