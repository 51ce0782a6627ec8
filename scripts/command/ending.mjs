// Whatever ends this process by a signal first ends what it started.

/** @type {Set<() => unknown>} */
const duties = new Set();
let listening = false;
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
    for (const [signal, status] of Object.entries(STATUS)) process.once(signal, () => void end(status));
  }
  return () => void duties.delete(duty);
}

/**
 * Does all duties, latest first, and ends the process.
 * @param {number} status
 * @returns {Promise<never>}
 */
export async function end(status) {
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
