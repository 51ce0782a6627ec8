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

/** @param {Instance} small @param {Instance} full the same one where a single module does everything */
export const loader =
  (small, full) =>
  /** @param {any} [given] sources by name, or that of the first module */
  async (given) => {
    const named = typeof given === "object" && given && ("small" in given || "full" in given);
    const sources = named ? given : { small: given };
    const onlyFull = sources.small === undefined && sources.full !== undefined;
    // Of one that is not loaded now, this is where it will be.
    if (small !== full || !named) small.place(sources.small);
    if (named) full.place(sources.full);
    await (onlyFull ? full : small).ready();
  };

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
    orders: Object.freeze({
      get: aboutOrder("order"),
      list: asking(full, "orders"),
      settle: aboutOrder("settle"),
    }),
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
  // A certificate is read there as well; bytes of one as they are now.
  const certificate = what?.certificate;
  if (ArrayBuffer.isView(certificate)) what.certificate = Uint8Array.from(/** @type {any} */ (certificate));
  const whole = certificate !== undefined || [own, bound].some((it) => it?.credentials !== undefined);
  return (whole ? full : small).run("revoke", bound, own, what);
}
