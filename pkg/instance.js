// A wasm module: loaded at the first call, remembered, forgotten when loading fails, renewed after a trap.
import { RevocationError } from "./revocation-error.js";

/** @typedef {typeof import("./dist/autorevoke_client.js")} Glue */
/** @typedef {ReturnType<typeof instance>} Instance */

/**
 * @param {() => Glue | Promise<Glue>} find gives its glue
 * @param {(source?: unknown) => unknown} open gives the module, from where it is said to be or from where it lies: its
 *   URL, a Response, its bytes, or compiled
 */
export function instance(find, open) {
  /** @type {Promise<Glue> | undefined} */
  let loading;
  let mustRenew = false;

  /** @param {unknown} [source] */
  const start = async (source) => {
    const glue = await find();
    await glue.default({ module_or_path: /** @type {any} */ (await open(source)) });
    return glue;
  };

  /** Loads it unless it is loaded already. @param {unknown} [source] @returns {Promise<Glue>} */
  const ready = (source) =>
    (loading ??= start(source).catch((error) => {
      loading = undefined;
      throw notLoaded(error);
    }));

  /** @param {Glue} glue @returns {import("./call.js").Wasm} */
  const guarded =
    (glue) =>
    (name, left, ...given) => {
      if (mustRenew) {
        try {
          glue.__wbg_reset_state();
        } catch (error) {
          // It may be another call's trap: what this one has sent is not unsent by it.
          throw left ? lost() : notLoaded(error);
        }
        mustRenew = false;
      }
      try {
        return /** @type {(...given: Uint8Array[]) => string} */ (glue[name])(...given);
      } catch {
        // The instance's memory is unproven now. No call has anything in it, so those under way go on in a new one.
        mustRenew = true;
        throw left ? lost() : unable("the WebAssembly module failed before the request was made.");
      }
    };

  return {
    ready,
    /** Its exports, ready to be called. */
    exports: async () => guarded(await ready()),
  };
}

const lost = () =>
  new RevocationError({
    kind: "unknown-outcome",
    mayHaveRevoked: true,
    message:
      "It is not known what became of the call: the WebAssembly module failed while it was under way. It may or may not have been revoked: do not assume either.",
  });

/** @param {string} why @param {Error} [cause] */
const unable = (why, cause) =>
  new RevocationError({
    kind: "not-sent",
    mayHaveRevoked: false,
    message: `Nothing was sent: ${why}`,
    ...(cause && { cause }),
  });

/** @param {unknown} error */
function notLoaded(error) {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return unable(
    `the WebAssembly module could not be loaded (${message}). Is the .wasm file served, and does the page's Content-Security-Policy allow 'wasm-unsafe-eval'?`,
    Object.assign(new Error(message), { name }),
  );
}
