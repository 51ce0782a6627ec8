// What every entry point offers; they differ only in how they find the wasm modules. Each is made by itself, so that a
// page that only revokes gets nothing else.
import { jobsOf } from "./jobs.js";
import { run, still } from "./run.js";

export { codeReasons, describeErrorCode } from "./codes.js";
export { instance } from "./instance.js";
export { RevocationError } from "./revocation-error.js";

/** @typedef {import("./instance.js").Instance} Instance */

/** @param {Instance} edge @param {Instance} direct */
export const revoker =
  (edge, direct) =>
  /** @param {unknown} order @param {unknown} [options] */
  (order, options) =>
    run(edge, direct, "revoke", order, undefined, options);

/** @param {Instance} edge */
export const loader =
  (edge) =>
  /** @param {unknown} [source] */
  async (source) =>
    void (await edge.ready(source));

/** @param {Instance} edge @param {Instance} direct @param {Instance} full */
export const clients = (edge, direct, full) => (/** @type {unknown} */ options) => {
  const bound = still(options);
  /** @param {import("./given.js").Operation} operation @param {Instance} [module] */
  const asking =
    (operation, module = edge) =>
    (/** @type {unknown} */ options) =>
      run(module, module, operation, undefined, bound, options);
  /** @param {import("./given.js").Operation} operation */
  const aboutOrder = (operation) => (/** @type {unknown} */ orderNumber, /** @type {unknown} */ options) =>
    run(edge, direct, operation, { orderNumber }, bound, options);

  const list = asking("audit", full);
  const head = asking("audit-head", full);
  return Object.freeze({
    /** @param {unknown} order @param {unknown} [options] */
    revoke: (order, options) => run(edge, direct, "revoke", order, bound, options),
    orders: Object.freeze({ get: aboutOrder("order"), settle: aboutOrder("settle") }),
    jobs: jobsOf(full, bound),
    audit: Object.freeze({
      list,
      head,
      /** @param {unknown} [options] */
      verify: async (options) => (await verification()).verifyEdgesLog(full, { list, head }, options),
    }),
    me: asking("me"),
  });
};

/** @param {Instance} full */
export const verifier =
  (full) =>
  /** @param {any} log @param {unknown} [options] */
  async (log, options) =>
    (await verification()).verifyAuditLog(full, log, options);

const verification = () => import("./audit-log.js");
