// The hunt: callers revoke, and the edge is killed again and again and started at once on the same data.
// @ts-check
import { setTimeout as pause } from "node:timers/promises";
import { randomness } from "../harness/randomness.mjs";
import { head } from "./audit-trail.mjs";
import { Caller } from "./callers.mjs";
import { compared, postsOf } from "./comparison.mjs";
import { holdOneOf, prepareOrder } from "./orders.mjs";
import { lost } from "./truth.mjs";
import { World } from "./world.mjs";

/**
 * @typedef {import("./comparison.mjs").Finding} Finding
 *
 * @typedef {object} Settings
 * @property {number} kills
 * @property {number} orders at least so many
 * @property {number} seed
 * @property {boolean} [atReceipt] kill when the CA has just read a call, instead of at random moments
 * @property {(text: string) => void} [say]
 *
 * @typedef {object} Result
 * @property {Finding[]} findings
 * @property {import("./truth.mjs").Order[]} orders
 * @property {{ received: number, found: number }} atReceipt calls that the CA had read and not answered at a kill at
 *   receipt, and how many of them had their intent in the ledger after the restart
 * @property {number} kills
 * @property {number} auditEntries
 * @property {number} headsKept
 * @property {number} longestStartMs
 * @property {number} seconds
 */

/** Callers at once. */
const CALLERS = 8;
/** The longest pause after the order at which a kill is due, so that it falls anywhere. */
const KILL_DELAY_MS = 40;
const STALLED_AFTER_MS = 60_000;
const FIRST_ORDER = 100_000;
const SEED_STEP = 0x9e3779b9;

/**
 * @param {Settings} settings
 * @returns {Promise<Result>}
 */
export async function hunt(settings) {
  const world = await World.begin();
  try {
    return await new Hunt(world, settings).run();
  } finally {
    await world.end();
  }
}

class Hunt {
  #world;
  #settings;
  #random;
  #began = Date.now();
  /** By order number. @type {Map<string, import("./comparison.mjs").Hunted>} */
  #hunted = new Map();
  #over = false;
  /** @type {() => void} */
  #orderBegun = () => {};
  /** @type {import("./audit-trail.mjs").Head[]} */
  #heads = [];
  /** @type {Finding[]} */
  #findings = [];
  #atReceipt = { received: 0, found: 0 };
  /** The last request that the CA had received before the present life. */
  #lastSeq = 0;

  /** @param {World} world @param {Settings} settings */
  constructor(world, settings) {
    this.#world = world;
    this.#settings = settings;
    this.#random = randomness(settings.seed);
  }

  async run() {
    const { kills, atReceipt } = this.#settings;
    const world = this.#world;
    const callers = Promise.all(Array.from({ length: CALLERS }, () => this.#call()));
    for (let kill = 1; kill <= kills; kill += 1) {
      await (atReceipt ? this.#untilReceipt() : this.#untilAnyMoment(kill));
      await world.kill();
      await world.startEdge();
      if (atReceipt) await this.#checkIntents();
      // Otherwise a caller is the first to speak to it, and may be cut off while the ledger is opened.
      if (this.#random.chance(0.5)) await this.#keepHead();
      if (kill % Math.ceil(kills / 20) === 0) this.#tell(`${kill} of ${kills} kills`);
    }
    this.#over = true;
    world.letThrough();
    await callers;
    world.ca.faults.clear();
    this.#tell("the ledger settles what it can");
    const { orders, findings, auditEntries } = await compared(world, this.#hunted, this.#heads);
    return {
      ...{ orders, findings: [...this.#findings, ...findings], auditEntries },
      ...{ atReceipt: this.#atReceipt, kills: world.kills, headsKept: this.#heads.length },
      ...{ longestStartMs: world.longestStartMs, seconds: this.#seconds() },
    };
  }

  /** One of the callers: an order, and then the next. */
  async #call() {
    const { seed, orders } = this.#settings;
    const { ca } = this.#world;
    while (!this.#over || this.#hunted.size < orders) {
      const index = this.#hunted.size;
      const orderNumber = String(FIRST_ORDER + index);
      // Of its own, so that it does not depend on who was faster.
      const random = randomness((seed + (index + 1) * SEED_STEP) >>> 0);
      const caller = new Caller(this.#world, orderNumber);
      this.#hunted.set(orderNumber, { caller, doneBefore: prepareOrder(ca, orderNumber, random) });
      this.#orderBegun();
      await caller.play(random);
    }
  }

  /** @param {number} kill the number of the one that is due then */
  async #untilAnyMoment(kill) {
    const { kills, orders } = this.#settings;
    this.#world.letThrough();
    const share = (kill - 1 + this.#random.below(1_000) / 1_000) / kills;
    await this.#ordersBegun(Math.floor(share * orders));
    await pause(this.#random.below(KILL_DELAY_MS));
  }

  async #untilReceipt() {
    const { kills, orders } = this.#settings;
    const { ca } = this.#world;
    this.#lastSeq = ca.ledger({ after: this.#lastSeq }).at(-1)?.seq ?? this.#lastSeq;
    const moment = ca.waitForRequests(holdOneOf(ca, this.#random, Math.ceil((2 * orders) / kills)));
    this.#world.letThrough();
    await moment;
  }

  /** @param {number} count */
  async #ordersBegun(count) {
    await new Promise((resolve, reject) => {
      const stalled = setTimeout(
        () => reject(new Error(`nothing moves any more, after ${this.#world.kills} kills`)),
        STALLED_AFTER_MS,
      );
      this.#orderBegun = () => {
        stalled.refresh();
        if (this.#hunted.size < count) return;
        clearTimeout(stalled);
        this.#orderBegun = () => {};
        resolve(undefined);
      };
      this.#orderBegun();
    });
  }

  /** What the CA had read and not answered when the edge went down must be in the ledger, whatever it was. */
  async #checkIntents() {
    const { ca, killedAt, kills } = this.#world;
    const held = ca
      .ledger({ after: this.#lastSeq })
      .filter(({ complete, receivedAt }) => complete && receivedAt <= killedAt)
      .filter(({ answeredAt }) => answeredAt === null || answeredAt >= killedAt);
    if (held.length === 0) this.#findings.push({ what: `kill ${kills} was not at receipt` });
    for (const { orderNumber = "", receivedAt } of held) {
      const { status, json } = await this.#world.askNow(`/v1/orders/${orderNumber}`, {});
      const posts = postsOf(ca.ledger({ orderNumber })).filter(({ at }) => at <= receivedAt);
      const [missing] = lost({ history: status === 200 ? json : undefined, posts });
      this.#atReceipt.received += 1;
      if (missing) this.#findings.push({ what: missing, orderNumber });
      else this.#atReceipt.found += 1;
    }
  }

  /** As somebody does who does not trust the edge. */
  async #keepHead() {
    const kept = await head(this.#world);
    if (kept) this.#heads.push(kept);
  }

  #seconds() {
    return Math.round((Date.now() - this.#began) / 1000);
  }

  /** @param {string} what */
  #tell(what) {
    this.#settings.say?.(`  ${what}, ${this.#hunted.size} orders, ${this.#seconds()} s`);
  }
}
