// The hunt for a false success, in so many threads: revoke() says "done" only where an independent reading says so too.
// @ts-check
import { availableParallelism } from "node:os";
import { Worker } from "node:worker_threads";

/**
 * @typedef {object} Result
 * @property {number} calls
 * @property {number} done that revoke() called done
 * @property {number} doubted that it did not, and the oracle did
 * @property {string[]} lies
 * @property {string[]} seen door and outcome
 */

/** @param {{ answers: number, seed: number }} how @returns {Promise<Result>} */
export async function huntFalseSuccess({ answers, seed }) {
  const threads = availableParallelism();
  const shares = Array.from({ length: threads }, (_, index) =>
    share((seed + index * 0x9e3779b9) >>> 0, Math.ceil(answers / threads)),
  );
  const results = await Promise.all(shares);
  const sum = (/** @type {"calls" | "done" | "doubted"} */ name) =>
    results.reduce((total, result) => total + result[name], 0);
  return {
    calls: sum("calls"),
    done: sum("done"),
    doubted: sum("doubted"),
    lies: results.flatMap(({ lies }) => lies),
    seen: results.flatMap(({ seen }) => seen),
  };
}

/** @param {number} seed @param {number} count @returns {Promise<Result>} */
const share = (seed, count) =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./false-success-hunt.mjs", import.meta.url), {
      workerData: { seed, count },
    });
    worker.once("message", resolve).once("error", reject);
  });
