// The jobs API: arguments are copied when the call begins, so that later changes to them have no effect. The module that knows them is loaded with the
// first call.
import { errorOf, still } from "./instance.js";

/** @typedef {import("./instance.js").Instance} Instance */

const MAX_DRILLS = 10_000;

/** @param {Instance} full @param {unknown} bound the options of the client */
export function jobsOf(full, bound) {
  // A drill stays one: nothing that is done with it can revoke. Forgotten, a call counts as one that can.
  /** @type {Set<unknown>} */
  const drills = new Set();
  /** @param {any} answer what the edge said, and was believed */
  const noted = (answer) => {
    if (drills.size > MAX_DRILLS) drills.clear();
    for (const job of answer?.jobs ?? [answer]) if (job?.drill === true) drills.add(job.id);
    return answer;
  };

  /** @param {string} operation @param {unknown} id @param {unknown} options @param {unknown} [confirmed] */
  const call = async (operation, id, options, confirmed) => {
    const given = [still(options), operation, id, drills.has(id), still(confirmed)];
    return noted(await full.run("job", bound, ...given));
  };
  /** @param {string} operation */
  const aboutAll = (operation) => (/** @type {unknown} */ options) => call(operation, undefined, options);
  /** @param {string} operation */
  const aboutOne = (operation) => (/** @type {unknown} */ id, /** @type {unknown} */ options) =>
    call(operation, id, options);
  /** @param {string} operation */
  const confirming =
    (operation) =>
    (/** @type {unknown} */ id, /** @type {unknown} */ confirmed, /** @type {unknown} */ options) =>
      call(operation, id, options, confirmed);

  return Object.freeze({
    /** @param {unknown} plan @param {unknown} [options] */
    create: async (plan, options) => {
      const given = still(plan);
      return noted(await full.run("create_job", bound, still(options), given, bytesOf(given)));
    },
    list: aboutAll("list"),
    get: aboutOne("get"),
    start: confirming("start"),
    approve: confirming("approve"),
    decline: confirming("decline"),
    pause: aboutOne("pause"),
    resume: aboutOne("resume"),
    cancel: aboutOne("cancel"),
    pauseAll: aboutAll("pause-all"),
    /** @param {unknown} id @param {unknown} [options] */
    orders: (id, options) => call("orders", id, withOutcomes(options)),
    /** @param {unknown} id @param {unknown} [options] */
    ordersCsv: (id, options) => rows(full, bound, withOutcomes(still(options)), id),
    report: aboutOne("report"),
    /** @param {unknown} id @param {unknown} [options] */
    watch: (id, options) => watch(full, bound, still(options), id, noted),
  });
}

/** Several outcomes as one text, as the module takes them. @param {any} options */
const withOutcomes = (options) =>
  Array.isArray(options?.outcome) ? { ...options, outcome: options.outcome.join() } : options;

/** The bytes that say a plan; none if it cannot be written. @param {any} plan */
function bytesOf(plan) {
  try {
    const { csv } = plan;
    if (ArrayBuffer.isView(csv)) return new Uint8Array(csv.buffer, csv.byteOffset, csv.byteLength).slice();
    return new TextEncoder().encode(csv === undefined ? JSON.stringify(plan) : csv);
  } catch {
    return undefined;
  }
}

/**
 * All rows, as bytes of CSV.
 * @param {Instance} full
 * @param {...unknown} given
 */
async function* rows(full, ...given) {
  const call = await full.start("job_rows", ...given);
  try {
    for (let step; (step = await call.next()).chunk;) yield step.chunk;
  } finally {
    call.end();
  }
}

/**
 * The job, each time that it has changed. When the module itself fails, that is a lost connection as well.
 * @param {Instance} full
 * @param {unknown} bound
 * @param {any} options
 * @param {unknown} id
 * @param {<T>(job: T) => T} noted
 */
async function* watch(full, bound, options, id, noted) {
  /** @type {number | undefined} */
  let revision;
  for (let failures = 0; ; failures += 1) {
    const call = await full.start("watch_job", bound, options, id, revision, failures);
    try {
      for (let step; !("done" in (step = await call.next()));) {
        const { job, interruption } = step;
        if (job) {
          failures = 0;
          revision = job.revision;
          yield noted(job);
        } else {
          const { retryIn, ...failure } = interruption;
          options?.onInterruption?.(errorOf(failure), { retryIn });
        }
      }
      return;
    } catch (error) {
      // The next one tells of it, and when it connects.
      if (!call.isLost(error)) throw error;
    } finally {
      call.end();
    }
  }
}
