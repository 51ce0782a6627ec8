// What every entry point offers; they differ only in how they find the wasm modules. Each is made by itself, so that a
// page that only revokes gets nothing else.
import { still } from "./instance.js";
import { jobsOf } from "./jobs.js";

export { codeReasons, describeErrorCode } from "./codes.js";
export { instance } from "./instance.js";
export { RevocationError } from "./revocation-error.js";

/** @typedef {import("./instance.js").Instance} Instance */

/** @param {Instance} small @param {Instance} full */
export const revoker =
  (small, full) =>
  /** @param {unknown} order @param {unknown} [options] */
  (order, options) =>
    revoke(small, full, undefined, order, options);

/** @param {Instance} small */
export const loader =
  (small) =>
  /** @param {unknown} [source] */
  async (source) =>
    void (await small.ready(source));

/** @param {Instance} small @param {Instance} full */
export const clients = (small, full) => (/** @type {unknown} */ options) => {
  const bound = still(options);
  /** @param {Instance} module @param {string} name */
  const asking =
    (module, name, /** @type {unknown[]} */ ...given) =>
    (/** @type {unknown} */ options) =>
      module.run(name, bound, still(options), ...given);
  /** @param {string} name */
  const aboutOrder = (name) => (/** @type {unknown} */ orderNumber, /** @type {unknown} */ options) =>
    small.run(name, bound, still(options), orderNumber);

  return Object.freeze({
    /** @param {unknown} order @param {unknown} [options] */
    revoke: (order, options) => revoke(small, full, bound, order, options),
    orders: Object.freeze({ get: aboutOrder("order"), settle: aboutOrder("settle") }),
    jobs: jobsOf(full, bound),
    audit: Object.freeze({
      list: asking(full, "audit", false),
      head: asking(full, "audit", true),
      verify: asking(full, "verify_edges_log"),
    }),
    me: asking(small, "me"),
  });
};

/** @param {Instance} full */
export const verifier =
  (full) =>
  /** @param {any} log @param {unknown} [options] */
  async (log, options) => {
    /** @type {any} */
    let step;
    try {
      const call = await full.start("verify_log", log, still(options));
      step = await call.next();
      call.end();
    } catch (error) {
      // It fails closed: the module is missing, or has failed.
      const reason = /** @type {Error} */ (error).message.replace("Nothing was sent", "Nothing was checked");
      return { ok: false, entries: 0, reason };
    }
    if ("threw" in step) throw step.threw;
    return step.done;
  };

/** @param {Instance} small @param {Instance} full @param {any} bound @param {unknown} order @param {unknown} options */
function revoke(small, full, bound, order, options) {
  const [what, own] = [order, options].map(still);
  const direct = [own, bound].some((it) => it?.credentials !== undefined);
  return (direct ? full : small).run("revoke", bound, own, what);
}
