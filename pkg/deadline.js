// What ends a call early: the caller's signal and the timer. Both are let go of when it ends, since the signal may live for long.
import { property } from "./transcript.js";

/** @typedef {ReturnType<typeof begin>} Deadline */

/** Thrown inside of a call: what happened, for wasm to say what it means. */
export class Event {
  /** @param {string} name @param {unknown} [thrown] */
  constructor(name, thrown) {
    this.name = name;
    this.thrown = thrown;
  }
}

/**
 * Begins to count.
 * @param {any} signal the caller's, by shape: it may come from another realm, or from a polyfill
 * @param {number} timeout
 */
export function begin(signal, timeout) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @type {() => void} */
  let abort = () => {};
  const end = () => {
    clearTimeout(timer);
    try {
      signal?.removeEventListener("abort", abort);
    } catch {
      // It is the caller's own.
    }
  };
  try {
    const controller = new AbortController();
    abort = () => controller.abort();
    const fired = new Promise((resolve) =>
      controller.signal.addEventListener("abort", () => resolve(controller)),
    );
    timer = setTimeout(abort, timeout);
    signal?.addEventListener("abort", abort);

    /** Throws if the call has to end now. */
    const check = () => {
      if (property(signal, "aborted")) throw new Event("aborted", property(signal, "reason"));
      if (controller.signal.aborted) throw new Event("timed out");
    };
    /**
     * What a promise brings, which may be any value; throws an Event if it rejects or the call has to end first.
     * @param {unknown} promise
     * @param {string} broken the event's name when it rejects
     */
    const wait = async (promise, broken) => {
      let value;
      try {
        value = await Promise.race([promise, fired]);
      } catch (thrown) {
        check(); // What was interrupted rejects because of it.
        throw new Event(broken, thrown);
      }
      if (value === controller) {
        check();
        throw new Event("timed out");
      }
      return value;
    };
    return { signal: controller.signal, check, wait, end };
  } catch {
    end();
    throw new Event("no deadline");
  }
}
