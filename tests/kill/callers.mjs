// What careful callers do about an order, and when they are cut off: nothing, look, or repeat with the same key.
// @ts-check
import { weighted } from "./orders.mjs";

/**
 * What a caller asked, and what came of it.
 * @typedef {import("./world.mjs").Reply & { asked: "revoke" | "look", as: string, test: boolean, key?: string }} Told
 * @typedef {import("../harness/randomness.mjs").Random} Random
 */

const MOST_REPETITIONS = 3;

/** @type {[share: number, story: (order: Caller, random: Random) => Promise<unknown>][]} */
const STORIES = [
  [40, once],
  [30, withKey],
  [14, two],
  [8, rehearsed],
  [8, rehearsedOnly],
];

/** Those who speak of one order, and all that they were told. */
export class Caller {
  #world;
  /** @type {Told[]} */
  told = [];

  /** @param {import("./world.mjs").World} world @param {string} orderNumber */
  constructor(world, orderNumber) {
    this.#world = world;
    this.orderNumber = orderNumber;
  }

  /** @param {Random} random */
  async play(random) {
    const [, story] = weighted(STORIES, random);
    await story(this, random);
    if (random.chance(0.2)) await this.look("operator");
  }

  /** @param {string} as @param {{ test?: boolean, key?: string }} [how] */
  async revoke(as, { test = false, key } = {}) {
    const { orderNumber } = this;
    const headers = key === undefined ? undefined : { "idempotency-key": key };
    const body = { orderNumber, codeReason: "keyCompromise", ...(test && { test }) };
    const { text, ...reply } = await this.#world.ask("/v1/revocations", { as, body, headers });
    return this.#note({ ...reply, asked: "revoke", as, test, key });
  }

  /** @param {string} as */
  async look(as) {
    const { text, ...reply } = await this.#world.ask(`/v1/orders/${this.orderNumber}`, { as });
    return this.#note({ ...reply, asked: "look", as, test: false });
  }

  /** @param {Told} told */
  #note(told) {
    this.told.push(told);
    return told;
  }
}

/** @param {Caller} order @param {Random} random */
async function once(order, random) {
  const { lost } = await order.revoke("operator");
  if (lost && random.chance(0.5)) await order.look("operator");
}

/** @param {Caller} order @param {Random} random */
async function withKey(order, random) {
  const key = `key-${order.orderNumber}`;
  for (let left = random.below(MOST_REPETITIONS + 1); ; left -= 1) {
    const { lost, status = 0 } = await order.revoke("operator", { key });
    // A known answer is asked for again now and then, too: it must stay what it was.
    if (left <= 0 || (!lost && status < 500 && random.chance(0.7))) return;
  }
}

/** @param {Caller} order @param {Random} random */
async function two(order, random) {
  const keys = random.chance(0.5) ? ["first", "second"].map((name) => `${name}-${order.orderNumber}`) : [];
  const first = order.revoke("operator", { key: keys[0] });
  if (random.chance(0.5)) await first;
  const both = await Promise.all([first, order.revoke("second", { key: keys[1] })]);
  if (both.some(({ lost }) => lost) && random.chance(0.6)) await order.revoke("second", { key: keys[1] });
}

/** @param {Caller} order */
async function rehearsed(order) {
  await order.revoke("tester", { test: true });
  await order.revoke("operator");
}

/** @param {Caller} order @param {Random} random */
async function rehearsedOnly(order, random) {
  const key = random.chance(0.5) ? `test-${order.orderNumber}` : undefined;
  const { lost } = await order.revoke("tester", { test: true, key });
  if (lost) await order.revoke("tester", { test: true, key });
}
