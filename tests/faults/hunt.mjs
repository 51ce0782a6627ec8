// The hunt: the CA misbehaves in every way it knows, and the edge is held to the table of what that means.
// @ts-check
import { randomness } from "../harness/randomness.mjs";
import { cutAnswers } from "./cut-answers.mjs";
import { refuseLogins } from "./login.mjs";
import { misbehaviours } from "./misbehaviours.mjs";
import { CA_TIMEOUT_MS, Trial } from "./trial.mjs";
import { leaveUnread } from "./unread.mjs";

/**
 * @typedef {import("./misbehaviours.mjs").Misbehaviour} Misbehaviour
 * @typedef {import("../harness/randomness.mjs").Random} Random
 *
 * @typedef {object} Settings
 * @property {number} times calls for each misbehaviour
 * @property {number} [cutEvery] answers are cut at each nth byte only
 * @property {number} seed
 * @property {number} windowMs how long after its first attempt an order is sent again by itself: longer where many are
 *   lost at once, since their probes wait for each other
 * @property {(text: string) => void} [say]
 */

/** Callers at once: more than the edge has connections. */
const CALLERS = 8;
const TEST_SHARE = 0.15;
const SEED_STEP = 0x9e3779b9;
const TELL_EVERY_MS = 5_000;

/**
 * @param {Settings} settings
 * @returns {Promise<import("./trial.mjs").Outcome & { seconds: number }>}
 */
export async function hunt({ times, cutEvery = 1, seed, windowMs, say = () => {} }) {
  const began = Date.now();
  /** @type {Trial[]} */
  const trials = [];
  const tell = () => {
    const calls = trials.reduce((sum, { over }) => sum + over, 0);
    say(`  ${calls} calls, ${Math.round((Date.now() - began) / 1000)} s`);
  };
  const ticking = setInterval(tell, TELL_EVERY_MS);
  const run = (/** @type {number} */ firstOrder, /** @type {(trial: Trial) => Promise<unknown>} */ calls) =>
    Trial.run({ firstOrder, windowMs }, (trial) => {
      trials.push(trial);
      return calls(trial);
    });
  try {
    const outcomes = await Promise.all([
      run(1_000_000, (trial) => meetAll(trial, { times, cutEvery, seed })),
      // What concerns more than the call that meets it has a CA of its own.
      run(2_000_000, (trial) => leaveUnread(trial, times)),
      run(3_000_000, (trial) => refuseLogins(trial, times)),
    ]);
    return {
      met: outcomes.flatMap(({ met }) => met),
      findings: outcomes.flatMap(({ findings }) => findings),
      auditEntries: outcomes.reduce((sum, { auditEntries }) => sum + auditEntries, 0),
      seconds: Math.round((Date.now() - began) / 1000),
    };
  } finally {
    clearInterval(ticking);
  }
}

/**
 * All that concerns one call each, mixed.
 * @param {Trial} trial
 * @param {{ times: number, cutEvery: number, seed: number }} settings
 */
async function meetAll(trial, { times, cutEvery, seed }) {
  const edge = { timeoutMs: CA_TIMEOUT_MS, endpoint: trial.world.ca.endpoint };
  const all = [
    ...Array.from({ length: times }, () => misbehaviours(edge)).flat(),
    ...cutAnswers(cutEvery),
  ].map((misbehaviour, index) => ({
    misbehaviour,
    // Of its own, so that it does not depend on who was faster.
    random: randomness((seed + (index + 1) * SEED_STEP) >>> 0),
  }));
  const left = shuffled(all, randomness(seed)).values();
  const call = async () => {
    for (const { misbehaviour, random } of left) {
      const test = random.chance(TEST_SHARE);
      await trial.call(misbehaviour, { ...misbehaviour.draw(random), test });
    }
  };
  await Promise.all(Array.from({ length: CALLERS }, call));
}

/**
 * @template T
 * @param {T[]} list
 * @param {Random} random
 */
function shuffled(list, random) {
  const mixed = [...list];
  for (let last = mixed.length - 1; last > 0; last -= 1) {
    const other = random.below(last + 1);
    [mixed[last], mixed[other]] = [mixed[other], mixed[last]];
  }
  return mixed;
}
