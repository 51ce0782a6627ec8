// One fuzz target: most of its time on short inputs, of which it tries hundreds of thousands a second, then on long ones.
import { existsSync } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { Failure } from "../command/faults.mjs";
import { inRoot } from "../command/places.mjs";
import { attempt } from "../command/running.mjs";

/** The longest inputs in bytes. What is decided, is decided within so many, but for the limits, which are at 64 KiB. */
const SHORT = { answer: 128, order: 128, csv: 128, pem: 64, serials: 64, audit: 1_024 };
const SHORT_OTHERWISE = 512;
const LONG = 70_000;
/** Of the time. */
const LONG_SHARE = 0.1;

/**
 * So many seconds, or so many executions with short inputs.
 * @typedef {{ seconds: number } | { runs: number }} Amount
 * @typedef {{ found: boolean, runs: number, seconds: number, output: string }} Run
 */

/** The names of all targets. */
export async function targetNames() {
  const names = await readdir(inRoot("fuzz", "fuzz_targets"));
  return names
    .filter((name) => name.endsWith(".rs"))
    .map((name) => name.slice(0, -".rs".length))
    .sort();
}

/**
 * Compiles a target.
 * @param {string} cargoFuzz the program
 * @param {string} target
 */
export const compile = (cargoFuzz, target) =>
  attempt(cargoFuzz, ["fuzz", "build", ...FLAGS, target], { label: `fuzz: compiling ${target}`, env: ENV });

// Without a sanitizer it runs on a stable compiler; the targets look for panics and wrong answers. Without traces of each
// comparison it is several times as fast; the words that matter are in the dictionaries and the seeds instead.
const FLAGS = ["--sanitizer", "none", "--no-trace-compares"];
const ENV = { RUSTC_BOOTSTRAP: "1" };

/**
 * Runs a target until its time is over or it finds something.
 * @param {string} cargoFuzz the program
 * @param {string} target
 * @param {Amount} amount
 * @param {number} seed
 * @returns {Promise<Run>}
 */
export async function fuzz(cargoFuzz, target, amount, seed) {
  const most = /** @type {Record<string, number>} */ (SHORT)[target] ?? SHORT_OTHERWISE;
  const limit =
    "seconds" in amount
      ? `-max_total_time=${Math.max(1, Math.round(amount.seconds * (1 - LONG_SHARE)))}`
      : `-runs=${amount.runs}`;
  const label = `fuzz: ${target}, ${"seconds" in amount ? `${amount.seconds} s` : `${amount.runs} executions`}`;
  // How often a branch was taken is looked at for the long ones only: it takes more than half of the time.
  const short = await once(
    cargoFuzz,
    target,
    [limit, `-max_len=${most}`, "-use_counters=0", `-seed=${seed}`],
    label,
  );
  if (short.found) return short;
  const seconds = "seconds" in amount ? amount.seconds * LONG_SHARE : short.seconds * LONG_SHARE;
  const time = `-max_total_time=${Math.max(1, Math.round(seconds))}`;
  const long = await once(cargoFuzz, target, [time, `-max_len=${LONG}`, `-seed=${seed}`]);
  return { ...long, runs: short.runs + long.runs, seconds: short.seconds + long.seconds };
}

/**
 * @param {string} cargoFuzz
 * @param {string} target
 * @param {string[]} limits
 * @param {string} [label]
 * @returns {Promise<Run>}
 */
async function once(cargoFuzz, target, limits, label) {
  // What it learns is kept apart from the seeds, which are in version control.
  const learnt = inRoot("fuzz", "target", "learnt", target);
  await mkdir(learnt, { recursive: true });
  const seeds = target === "list" ? inRoot("tests", "files") : inRoot("fuzz", "corpus", target);
  const corpora = [learnt, seeds].filter((folder) => existsSync(folder));
  const dictionary = inRoot("fuzz", "dictionaries", `${target}.dict`);
  const words = existsSync(dictionary) ? [`-dict=${dictionary}`] : [];
  const { ok, output } = await attempt(
    cargoFuzz,
    ["fuzz", "run", ...FLAGS, target, ...corpora, "--", ...limits, ...words, "-print_final_stats=1"],
    { label, env: ENV },
  );
  const runs = Number(/stat::number_of_executed_units: (\d+)/.exec(output)?.[1] ?? 0);
  if (!ok && output.includes("libFuzzer: run interrupted"))
    throw new Failure(`fuzz: ${target} was interrupted after ${runs} executions, in which it found nothing`);
  const seconds = Number(/Done \d+ runs in (\d+) second/.exec(output)?.[1] ?? 0);
  return { found: !ok, runs, seconds, output };
}
