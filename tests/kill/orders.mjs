// What the simulated CA does about each order: mostly what it should, else late, refusing, busy, or with its answer lost.
// @ts-check

/** @typedef {import("autorevoke-simulator").Simulator} Simulator */
/** @typedef {import("../harness/randomness.mjs").Random} Random */

const USUAL_LATENCY_MS = 30;
/** Longer than the edge waits: then the CA carries out what the edge has given up. */
const LONGEST_LATENCY_MS = 1_600;

/** @param {Random} random */
const lost = (random) => ({ acts: random.chance(0.5), times: 1 + random.below(3) });

/**
 * How many of a hundred orders, in what state they are, and what becomes of the first calls for one.
 * @type {[share: number, state: ((random: Random) => object) | undefined, fault?: (random: Random) => object][]}
 */
const KINDS = [
  [54, undefined],
  [4, () => ({ state: "unissued" })],
  [3, () => ({ state: "revoked" })],
  [2, () => ({ state: "rejected" })],
  [3, () => ({ state: "expired" })],
  [2, (random) => ({ state: "being-issued", times: 1 + random.below(3) })],
  [4, (random) => ({ errorCode: -42, times: 1 + random.below(2) })],
  [2, (random) => ({ errorCode: -160, errorMessage: "Not now", times: 1 + random.below(2) })],
  [2, (random) => ({ errorCode: -14, times: 1 + random.below(2) })],
  [8, undefined, (random) => ({ fault: "reset-after-reading", ...lost(random) })],
  [3, undefined, (random) => ({ fault: "early-close", ...lost(random) })],
  [3, undefined, (random) => ({ fault: "http-status", ...lost(random) })],
  [3, undefined, (random) => ({ fault: "cut-answer", ...lost(random) })],
  [2, undefined, (random) => ({ fault: "no-answer", ...lost(random) })],
  [
    4,
    undefined,
    (random) => ({
      fault: "latency",
      when: "before-acting",
      ms: 1 + random.below(LONGEST_LATENCY_MS),
      times: 1,
    }),
  ],
  // Whichever request comes next: it is reset before anybody can know what it is about.
  [1, undefined, () => ({ fault: "reset-before-reading", times: 1, anyOrder: true })],
];

/**
 * Tells the CA of an order that is about to be revoked.
 * @param {Simulator} ca
 * @param {string} orderNumber
 * @param {Random} random
 * @param {{ onlyTested?: boolean }} [how] test calls change nothing: what is over after some calls would never be
 * @returns {"revoked" | "rejected" | undefined} what has been done with it before
 */
export function prepareOrder(ca, orderNumber, random, { onlyTested = false } = {}) {
  const [, state, fault] = weighted(KINDS, random);
  const set = state?.(random) ?? {};
  if (onlyTested && "times" in set) return undefined;
  if (state) ca.orders.set({ orderNumber, ...set });
  const ms = random.below(USUAL_LATENCY_MS);
  if (ms > 0) ca.faults.add({ fault: "latency", ms, orderNumber, times: 1 });
  if (fault) {
    const { anyOrder, ...setting } = /** @type {any} */ (fault(random));
    ca.faults.add(anyOrder ? setting : { ...setting, orderNumber });
  }
  const before = /** @type {any} */ (set).state;
  return before === "revoked" || before === "rejected" ? before : undefined;
}

/**
 * @template {[number, ...any[]]} T
 * @param {T[]} choices each begins with its share
 * @param {Random} random
 */
export function weighted(choices, random) {
  let left = random.below(choices.reduce((sum, [share]) => sum + share, 0));
  return /** @type {T} */ (choices.find(([share]) => (left -= share) < 0));
}

/**
 * The CA has just read a call and holds its answer: one of the next ones. Whether it carries it out is drawn, and if
 * so, whether before the edge goes down or after that.
 * @param {Simulator} ca
 * @param {Random} random
 * @param {number} among so many of the next calls, at most
 * @returns {number} the count of requests at that moment
 */
export function holdOneOf(ca, random, among) {
  const skip = random.below(among);
  ca.faults.clear();
  ca.faults.add({ fault: "no-answer", skip, times: 1, acts: random.chance(0.6) });
  if (random.chance(0.3)) {
    const ms = 1 + random.below(LONGEST_LATENCY_MS);
    ca.faults.add({ fault: "latency", when: "before-acting", ms, skip, times: 1 });
  }
  return ca.requests + skip + 1;
}

/** After this the CA has done all that it was ever asked to do, in milliseconds. */
export const ALL_DONE_AFTER_MS = LONGEST_LATENCY_MS + 400;
