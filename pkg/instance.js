// The wasm instance: loaded at the first call, remembered, forgotten when loading fails, dropped after a trap.
import init, * as wasm from "./dist/autorevoke_client.js";
import { RevocationError } from "./revocation-error.js";

/** @type {Promise<unknown> | undefined} */
let loading;
/** How many instances have trapped. Calls of another one than the present are lost. */
let trapped = 0;
let mustRenew = false;

/**
 * Loads the module unless it is loaded already.
 * @param {() => unknown} open gives the module: its URL, a Response, its bytes, or compiled
 * @returns {Promise<unknown>}
 */
export function ready(open) {
  return (loading ??= start(open).catch((error) => {
    loading = undefined;
    throw notLoaded(error);
  }));
}

/** @param {() => unknown} open */
async function start(open) {
  await init({ module_or_path: /** @type {any} */ (await open()) });
}

/**
 * Makes one call: wasm says which promise it waits for, and goes on with what that brought. All that is decided, is
 * decided there.
 * @param {(exports: typeof wasm) => number} begin
 * @returns {Promise<any>}
 */
export async function call(begin) {
  const instance = trapped;
  try {
    renew();
    const ticket = begin(wasm);
    let rejected = false;
    let value;
    while (instance === trapped) {
      /** @type {any} */
      const step = {};
      wasm.resume(ticket, rejected, value, step);
      if ("done" in step) return step.done;
      if ("failed" in step) throw new RevocationError(step.failed);
      [rejected, value] = await step.wait.then(
        (/** @type {unknown} */ value) => [false, value],
        (/** @type {unknown} */ reason) => [true, reason],
      );
    }
  } catch (error) {
    if (error instanceof RevocationError) throw error;
    trapped += 1;
    mustRenew = true;
  }
  // The instance is unproven now: what the call would have brought cannot be told from a fault of its memory.
  throw lost();
}

function renew() {
  if (!mustRenew) return;
  try {
    wasm.__wbg_reset_state();
  } catch (error) {
    throw notLoaded(error);
  }
  mustRenew = false;
}

const lost = () =>
  new RevocationError({
    kind: "unknown-outcome",
    mayHaveRevoked: true,
    message:
      "It is not known what became of the call: the WebAssembly module failed while it was under way. It may or may not have been revoked: do not assume either.",
  });

/** @param {unknown} error */
function notLoaded(error) {
  const { name, message } = error instanceof Error ? error : new Error(String(error));
  return new RevocationError({
    kind: "not-sent",
    mayHaveRevoked: false,
    message: `Nothing was sent: the WebAssembly module could not be loaded (${message}). Is the .wasm file served, and does the page's Content-Security-Policy allow 'wasm-unsafe-eval'?`,
    cause: Object.assign(new Error(message), { name }),
  });
}
