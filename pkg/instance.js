// A wasm module and the calls that run in it: loaded at the first one, carried on while they wait, renewed after a trap.
import { RevocationError } from "./revocation-error.js";

/**
 * @typedef {typeof import("./dist/autorevoke_full.js") & {
 *   imports: () => WebAssembly.Imports,
 *   begin: (instance: WebAssembly.Instance, module: WebAssembly.Module) => void,
 * }} Glue
 */
/** @typedef {ReturnType<typeof instance>} Instance */
/** @typedef {Awaited<ReturnType<Instance["start"]>>} Started */

/**
 * @param {() => unknown} find gives its glue
 * @param {(source?: any) => unknown} open gives the module, from where the caller says that it is or else from where it lies:
 *   its URL, a Response, its bytes, or compiled
 */
export function instance(find, open) {
  /** @type {Promise<Running> | undefined} */
  let loading;
  /** Where the caller says that it is. @type {unknown} */
  let source;

  const load = async () => {
    const glue = /** @type {Glue} */ (await find());
    const key = glue.resume;
    if (!running.has(key)) {
      const module = await compiled(await open(source));
      const made = await WebAssembly.instantiate(module, glue.imports());
      // Another entry may have been faster.
      if (!running.has(key)) {
        glue.begin(made, module);
        running.set(key, { glue, calls: new Set(), failed: false, depth: 0 });
      }
    }
    return /** @type {Running} */ (running.get(key));
  };

  /** Loads it unless it is loaded already. */
  const ready = () =>
    (loading ??= load().catch((error) => {
      loading = undefined;
      // A URL may answer the next time; anything else has been used up, or is wrong.
      if (!isUrl(source)) source = undefined;
      throw notLoaded(error);
    }));

  /** Says where it is, for when it is loaded. @param {unknown} from */
  const place = (from) => void (source = from);

  /**
   * Begins what the export of this name begins.
   * @param {string} name
   * @param {...unknown} given
   */
  const start = async (name, ...given) => {
    const it = await ready();
    const { glue, calls } = it;
    if (it.failed) renew(it);
    const call = new Call();
    calls.add(call);
    const begin = /** @type {(...given: unknown[]) => number} */ (/** @type {any} */ (glue)[name]);
    const ticket = enter(it, () => begin(call, ...given));
    let over = false;

    return {
      /** Carries it on to what it gives next, or to its end. @returns {Promise<any>} */
      async next() {
        for (let settled = [false, undefined]; ;) {
          /** @type {any} */
          const step = {};
          if (!call.lost)
            enter(it, () => glue.resume(ticket, .../** @type {[boolean, any]} */ (settled), step));
          if (call.lost) throw call.lost;
          if ("wait" in step) {
            settled = await call.settled(step.wait);
            continue;
          }
          over = "done" in step || "failed" in step;
          if (over) calls.delete(call);
          if (step.failed) throw errorOf(step.failed);
          return step;
        }
      },
      /** Whether this is how it ended because the module failed. @param {unknown} error */
      isLost: (error) => error !== undefined && error === call.lost,
      /** Gives it up: what it holds is let go of. */
      end() {
        if (over || call.lost) return;
        calls.delete(call);
        enter(it, () => glue.give_up(ticket));
      },
    };
  };

  /**
   * One call, to its end.
   * @param {string} name
   * @param {...unknown} given
   */
  const run = async (name, ...given) => {
    const call = await start(name, ...given);
    return (await call.next()).done;
  };

  return { place, ready, start, run };
}

/**
 * Those that are loaded, by a function of their glue: two entries may share one, `autorevoke` and `autorevoke/inline`, and in a
 * bundle each may have an object of its own for it.
 * @type {WeakMap<Function, Running>}
 */
const running = new WeakMap();

/**
 * @typedef {object} Running
 * @property {Glue} glue
 * @property {Set<Call>} calls those that the present instance knows
 * @property {boolean} failed whether it has trapped: its memory is unproven then
 * @property {number} depth how many entries into it are on the stack
 */

/** Enters it. A trap ends all calls that it knows. @param {Running} it @param {() => any} into */
function enter(it, into) {
  it.depth += 1;
  try {
    return into();
  } catch {
    it.failed = true;
    for (const call of it.calls) call.lose();
    it.calls.clear();
  } finally {
    it.depth -= 1;
    // What was in it, a login or a token, stays nowhere.
    if (it.failed && it.depth === 0)
      new Uint8Array(/** @type {any} */ (it.glue).__wasm.memory.buffer).fill(0);
  }
}

/** @param {Running} it */
function renew(it) {
  // What is still on the stack must not meet a new one.
  if (it.depth > 0) throw unable("the WebAssembly module failed. Try again.");
  try {
    it.glue.__wbg_reset_state();
  } catch (error) {
    throw notLoaded(error);
  }
  it.failed = false;
}

/** @param {unknown} source */
const isUrl = (source) => typeof source === "string" || source instanceof URL;

/**
 * Compiled whole, and not while it comes: that asks for the one media type, which not every server knows.
 * @param {any} source
 * @returns {Promise<WebAssembly.Module>}
 */
async function compiled(source) {
  let url = "";
  try {
    if (isUrl(source)) source = await fetch((url = String(source)));
    // A Response, by shape: it may be of another realm.
    if (source?.arrayBuffer) {
      // After redirects: a login page has another address.
      url = source.url || url;
      if (source.ok === false) throw new Error(`HTTP ${source.status}`);
      source = await source.arrayBuffer();
    }
    return source instanceof WebAssembly.Module ? source : await WebAssembly.compile(source);
  } catch (error) {
    // Without login and query, which may be secrets, and which the runtime may repeat; and a `data:` URL is long.
    const at = url.replace(/[?#].*|[^/]*@/gs, "").slice(0, 200);
    throw at
      ? new Error(`${at}: ${String(/** @type {any} */ (error)?.message ?? error).replaceAll(url, at)}`)
      : error;
  }
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

/** What is known of a call should its instance fail. */
class Call {
  /** How it ends then. @type {RevocationError | undefined} */
  lost;
  /** @type {{ mayHaveRevoked: boolean, [parameter: string]: unknown } | undefined} */
  #left;
  #reject = (/** @type {unknown} */ _error) => {};

  /**
   * By wasm, directly before its request leaves.
   * @param {boolean} mayHaveRevoked
   * @param {string} parameter what names the certificate; empty where none is named
   * @param {string} name
   */
  leaves(mayHaveRevoked, parameter, name) {
    if (this.lost) throw this.lost;
    this.#left = { mayHaveRevoked, ...(parameter && { [parameter]: name }) };
  }

  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** By wasm: the timer that runs for it, which would keep a process waiting. @param {ReturnType<typeof setTimeout>} timer */
  holds(timer) {
    this.#timer = timer;
  }

  lose() {
    clearTimeout(this.#timer);
    this.lost = this.#left
      ? new RevocationError({ kind: "unknown-outcome", message: LOST, ...this.#left })
      : unable("the WebAssembly module failed before the request was made.");
    this.#reject(this.lost);
  }

  /** What a promise brings. @param {Promise<unknown>} promise @returns {Promise<any[]>} */
  settled(promise) {
    return new Promise((resolve, reject) => {
      this.#reject = reject;
      promise.then(
        (value) => resolve([false, value]),
        (reason) => resolve([true, reason]),
      );
    });
  }
}

const LOST =
  "The outcome is unknown: the WebAssembly module failed during the call. Look it up before you try again.";

/** As wasm tells of it. @param {any} failure */
export function errorOf({ causeMessage, causeName, fields, ...members }) {
  // An invalid order always has them, as the types say.
  if (fields || members.kind === "invalid-order") members.fields = Object.fromEntries(fields ?? []);
  if (causeMessage !== undefined) {
    members.cause = Object.assign(new Error(causeMessage), causeName && { name: causeName });
    // It would tell of this file alone, and repeat the message.
    delete members.cause.stack;
  }
  return new RevocationError(members);
}

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
  // Servers have no such policy.
  const hint =
    "document" in globalThis || "importScripts" in globalThis
      ? " Is it served there, and does the Content-Security-Policy allow 'wasm-unsafe-eval'?"
      : "";
  return unable(
    `the WebAssembly module could not be loaded (${message}).${hint}`,
    Object.assign(new Error(message), { name }),
  );
}
