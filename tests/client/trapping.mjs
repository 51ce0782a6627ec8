// WebAssembly that can be made to fail: each instance's `resume` traps when it is told to, before or after it has done
// what it was called for. Imported before the package loads its module.

/** @typedef {"before" | "after"} Moment */

/** Asked at each entry, counted from 1; nothing, and it does not trap. @type {((entry: number) => Moment | undefined) | undefined} */
let when;
let entries = 0;

/** The memory of each instance, the newest last. @type {WebAssembly.Memory[]} */
export const memories = [];

/** Lets entries trap from now on, which are counted anew. @param {typeof when} [asked] */
export function trapWhen(asked) {
  when = asked;
  entries = 0;
}

/** How many entries there were since. */
export const entered = () => entries;

const { instantiate, Instance } = WebAssembly;

/** @param {any} instance */
function breakable({ exports }) {
  memories.push(exports.memory);
  const resume = (/** @type {any[]} */ ...given) => {
    entries += 1;
    const moment = when?.(entries);
    if (moment !== "before") exports.resume(...given);
    // An address that no memory has: a trap of its own, as a bug's is.
    if (moment) exports.__wbindgen_free(-8, 64, 1);
  };
  return { exports: { ...exports, resume } };
}

/** @type {any} */ (WebAssembly).instantiate = async (/** @type {[any]} */ ...given) => {
  const made = /** @type {any} */ (await instantiate(...given));
  return made.instance ? { ...made, instance: breakable(made.instance) } : breakable(made);
};
/** @type {any} */ (WebAssembly).Instance = function (/** @type {any} */ module, /** @type {any} */ imports) {
  return breakable(new Instance(module, imports));
};
