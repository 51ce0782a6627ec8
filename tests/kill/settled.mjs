// Waits until the ledger has settled by itself what it can, and gives every order's history.
// @ts-check
import { setTimeout as pause } from "node:timers/promises";

/** The longest pause between two probes is five minutes. */
const WITHIN_MS = 330_000;
const LOOK_EVERY_MS = 300;
const AT_ONCE = 8;

/** @typedef {import("./truth.mjs").History} History */

/**
 * Nobody helps it: it is only looked at. After the time limit, whatever there is.
 * @param {import("./world.mjs").World} world
 * @param {string[]} orderNumbers
 * @param {(orderNumber: string) => boolean} acted whether the CA has carried it out
 * @returns {Promise<Map<string, History>>} without those of which it has never heard
 */
export function settled(world, orderNumbers, acted) {
  return looked(world, orderNumbers, (history, orderNumber) =>
    isOpen(history, acted(orderNumber), world.windowMs),
  );
}

/**
 * Those that stay unknown are probed for ever: their histories once more, at a moment when no probe is under way.
 * @param {import("./world.mjs").World} world
 * @param {Map<string, History>} histories brought up to date
 */
export async function lookAgain(world, histories) {
  const unknown = [...histories].filter(([, { state }]) => state === "unknown").map(([number]) => number);
  for (const [number, history] of await looked(world, unknown, isUnderWay)) histories.set(number, history);
}

/**
 * @param {import("./world.mjs").World} world
 * @param {string[]} orderNumbers
 * @param {(history: History, orderNumber: string) => boolean} again whether to come back to it
 */
async function looked(world, orderNumbers, again) {
  /** @type {Map<string, History>} */
  const histories = new Map();
  let open = orderNumbers;
  for (const deadline = Date.now() + WITHIN_MS; ; await pause(LOOK_EVERY_MS)) {
    /** @type {string[]} */
    const next = [];
    const left = open.values();
    const look = async () => {
      for (const orderNumber of left) {
        const { status, json } = await world.askNow(`/v1/orders/${orderNumber}`, {});
        if (status === 200) histories.set(orderNumber, json);
        if (status === 200 && again(json, orderNumber)) next.push(orderNumber);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, look));
    open = next;
    if (open.length === 0 || Date.now() > deadline) return histories;
  }
}

/** @param {History} history */
const isUnderWay = ({ attempts }) => attempts.some(({ endedAt }) => endedAt === undefined);

/**
 * Whether something is still to come: under way, to be found out by a probe, or to be sent again.
 * @param {History} history
 * @param {boolean} acted
 * @param {number} windowMs
 */
function isOpen(history, acted, windowMs) {
  const { state, attempts } = history;
  if (isUnderWay(history)) return true;
  if (state !== "unknown") return false;
  const lastBegun = Math.max(
    ...attempts.filter(({ test }) => !test).map(({ startedAt }) => Date.parse(startedAt)),
  );
  return acted || Date.now() < lastBegun + windowMs;
}
