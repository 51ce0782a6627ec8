// Answers, mutated from valid ones: revoke() says "done" only where an independent reading says so too.

import assert from "node:assert/strict";
import { test } from "node:test";
import { Worker } from "node:worker_threads";

const TOTAL = Number(process.env.AUTOREVOKE_ANSWERS ?? 50_000);
const WORKERS = 2;
const SEED = Number(process.env.AUTOREVOKE_SEED ?? (Date.now() % 2 ** 32) >>> 0);

/** @param {number} seed @param {number} count */
const share = (seed, count) =>
  new Promise((resolve, reject) => {
    const worker = new Worker(new URL("./false-success-hunt.mjs", import.meta.url), {
      workerData: { seed, count },
    });
    worker.once("message", resolve).once("error", reject);
  });

test(`no false success in ${TOTAL} answers (AUTOREVOKE_SEED=${SEED})`, async (t) => {
  const began = Date.now();
  const shares = Array.from({ length: WORKERS }, (_, i) =>
    share((SEED + i * 0x9e3779b9) >>> 0, Math.ceil(TOTAL / WORKERS)),
  );
  const results = await Promise.all(shares);
  const sum = (name) => results.reduce((total, result) => total + result[name], 0);
  const seconds = (Date.now() - began) / 1000;
  t.diagnostic(
    `${sum("calls")} calls, ${sum("done")} done, ${sum("doubted")} refused beyond the oracle, ${seconds} s`,
  );
  assert.deepEqual(
    results.flatMap((result) => result.lies),
    [],
  );
  assert.ok(sum("calls") >= TOTAL);
  // The hunt is not for nothing: both doors, all four outcomes.
  for (const outcome of ["revoked", "tested", "already-revoked", "already-rejected"]) {
    for (const door of ["ca", "edge"]) {
      assert.ok(
        results.some((result) => result.seen.includes(`${door} ${outcome}`)),
        `${door} ${outcome}`,
      );
    }
  }
  // What is a success beyond doubt is nearly always taken for one.
  assert.ok(sum("doubted") < sum("done") / 10);
});
