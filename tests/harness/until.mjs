// Waits for what a test has brought about, but not for ever: a test that waits in vain fails, and its file ends.
import { setTimeout as pause } from "node:timers/promises";

const WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 20;

/**
 * @param {string} what is waited for, in words
 * @param {() => unknown} holds may be asynchronous
 */
export async function until(what, holds) {
  for (const deadline = Date.now() + WITHIN_MS; !(await holds()); await pause(LOOK_EVERY_MS))
    if (Date.now() > deadline) throw new Error(`it did not happen within ${WITHIN_MS / 1000} s: ${what}`);
}
