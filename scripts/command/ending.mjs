// Whatever ends this process by a signal first ends what it started.

/** @type {Set<() => unknown>} */
const duties = new Set();
let listening = false;
let ending = false;
const STATUS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 };
const PATIENCE_MS = 5_000;

/**
 * @param {() => unknown} duty done when a signal ends this process; may return a promise
 * @returns {() => void} takes the duty back
 */
export function whenEnding(duty) {
  duties.add(duty);
  if (!listening) {
    listening = true;
    for (const [signal, status] of Object.entries(STATUS)) process.on(signal, () => void end(status));
  }
  return () => void duties.delete(duty);
}

/**
 * Does all duties, latest first, and ends the process. Once begun it is not begun again: a Ctrl-C comes twice, from
 * the terminal and from npm, which passes it on.
 * @param {number} status
 */
export async function end(status) {
  if (ending) return;
  ending = true;
  setTimeout(() => process.exit(status), PATIENCE_MS);
  for (const duty of [...duties].reverse()) {
    try {
      await duty();
    } catch (error) {
      console.error(error);
    }
  }
  process.exit(status);
}
