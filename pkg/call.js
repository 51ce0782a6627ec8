// One call: what was given, as it is at that moment, to its end.

/** @typedef {import("./instance.js").Instance} Instance */

/**
 * @param {Instance} module
 * @param {string} name of the export that begins it
 * @param {...unknown} given
 */
export async function run(module, name, ...given) {
  const call = await module.start(name, ...given);
  return (await call.next()).done;
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
