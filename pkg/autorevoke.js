// What every entry point offers; they differ only in how they find the wasm modules.
import { perform } from "./call.js";
import { given } from "./given.js";

export { codeReasons, describeErrorCode } from "./codes.js";
export { instance } from "./instance.js";
export { RevocationError } from "./revocation-error.js";

/** @typedef {import("./instance.js").Instance} Instance */

/**
 * @param {Instance} client the module for calls through the edge
 * @param {Instance} direct the one that can go straight to the CA as well; it may be the same
 */
export function autorevoke(client, direct) {
  /** @param {unknown} bound */
  const operations = (bound) => {
    /** @param {"revoke" | "order" | "me"} operation @param {unknown} order @param {unknown} options */
    const run = async (operation, order, options) => {
      const wanted = [options, bound].some((it) => /** @type {any} */ (it)?.credentials !== undefined);
      const wasm = await (wanted ? direct : client).exports();
      return perform(wasm, given(operation, order, bound, options));
    };
    return {
      /** @param {unknown} order @param {unknown} [options] */
      revoke: (order, options) => run("revoke", still(order), still(options)),
      orders: Object.freeze({
        /** @param {unknown} orderNumber @param {unknown} [options] */
        get: (orderNumber, options) => run("order", { orderNumber }, still(options)),
      }),
      /** @param {unknown} [options] */
      me: (options) => run("me", undefined, still(options)),
    };
  };

  return {
    /** @param {unknown} options */
    createClient: (options) => Object.freeze(operations(still(options))),
    /** @param {unknown} [source] */
    load: async (source) => void (await client.ready(source)),
    revoke: operations(undefined).revoke,
  };
}

/**
 * A value as it is at this moment: the module may have to be loaded first, and meanwhile the caller may change the
 * object, or use it for the next order.
 * @param {any} value
 */
function still(value) {
  try {
    if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
    const copy = { ...value };
    if (copy.credentials) copy.credentials = still(copy.credentials);
    return copy;
  } catch {
    return null;
  }
}
