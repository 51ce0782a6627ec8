// Random numbers from a seed: the same seed gives the same ones.
// @ts-check
import { randomInt } from "node:crypto";

/** The seed of this run, which `npm test` prints; SEED in the environment has the same choices again. */
export const SEED = Number(process.env.SEED ?? randomInt(1, 999_999_999));

/** A small generator (mulberry32). @param {number} seed */
export function randomness(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
  const below = (/** @type {number} */ limit) => Math.floor(next() * limit);
  return {
    below,
    /** @template T @param {readonly T[]} list */
    pick: (list) => list[below(list.length)],
    chance: (/** @type {number} */ share) => next() < share,
  };
}

/** @typedef {ReturnType<typeof randomness>} Random */
