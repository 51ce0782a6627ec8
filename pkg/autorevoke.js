// What every entry point offers; they differ only in how they find the wasm module.
import { call, ready } from "./instance.js";

export { codeReasons, describeErrorCode } from "./codes.js";
export { RevocationError } from "./revocation-error.js";

/** @param {(source?: unknown) => unknown} open gives the module, from where it is said to be or from where it lies */
export function autorevoke(open) {
  /**
   * @param {(exports: typeof import("./dist/autorevoke_client.js")) => number} begin
   * @returns {Promise<any>}
   */
  const run = async (begin) => {
    await ready(open);
    return call(begin);
  };

  /** @param {unknown} bound */
  const operations = (bound) => ({
    /** @param {unknown} order @param {unknown} [options] */
    revoke(order, options) {
      const [given, chosen] = [still(order), still(options)];
      return run((wasm) => wasm.revoke(given, chosen, bound));
    },
    orders: Object.freeze({
      /** @param {unknown} orderNumber @param {unknown} [options] */
      get(orderNumber, options) {
        const chosen = still(options);
        return run((wasm) => wasm.order(orderNumber, chosen, bound));
      },
    }),
    /** @param {unknown} [options] */
    me(options) {
      const chosen = still(options);
      return run((wasm) => wasm.me(chosen, bound));
    },
  });

  return {
    /** @param {unknown} options */
    createClient: (options) => Object.freeze(operations(still(options))),
    /** @param {unknown} [source] */
    load: async (source) => void (await ready(() => open(source))),
    revoke: operations(undefined).revoke,
  };
}

/**
 * A value as it is at this moment: the module may have to be loaded first, and meanwhile the caller may change the
 * object, or use it for the next order.
 * @param {any} value
 */
function still(value) {
  if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
  try {
    const copy = { ...value };
    if (copy.credentials) copy.credentials = still(copy.credentials);
    return copy;
  } catch {
    return null;
  }
}
