// One operation: its arguments as they are at this moment, the module that it needs, and the call.
import { perform } from "./call.js";
import { given } from "./given.js";

/** @typedef {import("./instance.js").Instance} Instance */

/**
 * @param {Instance} edge the module for calls through the edge
 * @param {Instance} direct the one that can go straight to the CA as well; it may be the same
 * @param {import("./given.js").Operation} operation
 * @param {unknown} order
 * @param {unknown} bound the options of the client that it is called on
 * @param {unknown} [options] its own
 * @param {import("./given.js").More} [more]
 */
export async function run(edge, direct, operation, order, bound, options, more) {
  const [what, client, own] = [order, bound, options].map(still);
  const wanted = [own, client].some((it) => it?.credentials !== undefined);
  const wasm = await (wanted ? direct : edge).exports();
  return perform(wasm, given(operation, what, client, own, more));
}

/**
 * A value as it is at this moment: the module may have to be loaded first, and meanwhile the caller may change the
 * object, or use it for the next order.
 * @param {any} value
 */
export function still(value) {
  try {
    if (value === null || typeof value !== "object" || Array.isArray(value)) return value;
    const copy = { ...value };
    if (copy.credentials) copy.credentials = still(copy.credentials);
    return copy;
  } catch {
    return null;
  }
}
