// The hunt: four jobs run, the edge is killed again and again, and nobody helps; then every row is compared with what the CA did.
// @ts-check
import { setTimeout as pause } from "node:timers/promises";
import { randomness } from "../harness/randomness.mjs";
import { head } from "../kill/audit-trail.mjs";
import { Caller } from "../kill/callers.mjs";
import { compared } from "../kill/comparison.mjs";
import { prepareOrder } from "../kill/orders.mjs";
import { World } from "../kill/world.mjs";
import { comparedRows } from "./rows-compared.mjs";

/**
 * @typedef {import("../kill/comparison.mjs").Finding} Finding
 *
 * @typedef {object} Settings
 * @property {number} kills
 * @property {number} orders of the large job; each of the three others has a twentieth of that
 * @property {number} seed
 * @property {(text: string) => void} [say]
 *
 * @typedef {object} Result
 * @property {Finding[]} findings
 * @property {import("./rows-compared.mjs").Seen[]} jobs
 * @property {import("../kill/truth.mjs").Order[]} orders
 * @property {number} kills
 * @property {number} auditEntries
 * @property {number} headsKept
 * @property {number} longestStartMs
 * @property {number} seconds
 */

/** The share of orders about which the CA does something else than what it should, at once. */
const ODD = 0.3;
/** The longest pause after the call at which a kill is due, so that it falls anywhere. */
const KILL_DELAY_MS = 60;
const STALLED_AFTER_MS = 120_000;
const LOOK_EVERY_MS = 10;
const FIRST_ORDER = 100_000;
const SEED_STEP = 0x9e3779b9;

const PLANNERS = ["planner", "other-planner"].map((id) => ({
  ...{ id, person: id, permissions: ["plan", "revoke", "test"], orders: ["*"] },
}));

/**
 * @param {Settings} settings
 * @returns {Promise<Result>}
 */
export async function hunt(settings) {
  const world = await World.begin({ APPROVAL_ABOVE: "1000000" }, PLANNERS);
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
  #lastOrder = FIRST_ORDER;
  /** By order number. @type {Map<string, import("../kill/comparison.mjs").Hunted>} */
  #hunted = new Map();
  /** @type {import("../kill/audit-trail.mjs").Head[]} */
  #heads = [];

  /** @param {World} world @param {Settings} settings */
  constructor(world, settings) {
    this.#world = world;
    this.#settings = settings;
    this.#random = randomness(settings.seed);
  }

  async run() {
    const { kills, orders } = this.#settings;
    const world = this.#world;
    world.letThrough();
    const few = Math.ceil(orders / 20);
    const started = [
      await this.#start(orders, { as: "planner" }),
      await this.#start(few, { as: "planner" }),
      await this.#start(few, { as: "other-planner" }),
      await this.#start(few, { as: "other-planner", drill: true }),
    ];
    for (let kill = 1; kill <= kills; kill += 1) {
      await this.#untilAnyMoment(kill);
      await world.kill();
      await world.startEdge();
      world.letThrough();
      // Otherwise nobody asks it anything: it goes on because an alarm rings.
      if (this.#random.chance(0.5)) await this.#keepHead();
      if (kill % Math.ceil(kills / 20) === 0) this.#tell(`${kill} of ${kills} kills`);
    }
    await this.#untilDone(started);
    world.ca.faults.clear();
    this.#tell("the ledger settles what it can");
    const result = await compared(world, this.#hunted, this.#heads);
    this.#tell("every row is compared");
    const { jobs, findings } = await comparedRows(world, started, result.orders, [...this.#hunted.keys()]);
    return {
      ...{ findings: [...result.findings, ...findings], jobs, orders: result.orders },
      ...{ auditEntries: result.auditEntries, kills: world.kills, headsKept: this.#heads.length },
      ...{ longestStartMs: world.longestStartMs, seconds: this.#seconds() },
    };
  }

  /**
   * @param {number} count
   * @param {{ as: string, drill?: boolean }} how
   */
  async #start(count, { as, drill = false }) {
    const { ca } = this.#world;
    const orders = Array.from({ length: count }, () => {
      const orderNumber = String(++this.#lastOrder);
      // Of its own, so that it does not depend on who was faster.
      const random = randomness((this.#settings.seed + this.#lastOrder * SEED_STEP) >>> 0);
      const doneBefore = random.chance(ODD)
        ? prepareOrder(ca, orderNumber, random, { onlyTested: drill })
        : undefined;
      this.#hunted.set(orderNumber, { caller: new Caller(this.#world, orderNumber), doneBefore });
      return { orderNumber, codeReason: "keyCompromise", ...(drill && { test: true }) };
    });
    const planned = await this.#world.ask("/v1/jobs", { as, body: { orders } });
    if (planned.status !== 201) throw new Error(`not planned: ${planned.text}`);
    const { id, planHash, total } = planned.json;
    const started = await this.#world.ask(`/v1/jobs/${id}/start`, { as, body: { planHash, total } });
    if (started.status !== 202) throw new Error(`not started: ${started.text}`);
    return { id, as, drill, orders };
  }

  /** @param {number} kill the number of the one that is due then */
  async #untilAnyMoment(kill) {
    const { kills } = this.#settings;
    const share = (kill - 1 + this.#random.below(1_000) / 1_000) / kills;
    // Each order means one call at least.
    await this.#moving(() => this.#world.ca.requests >= Math.floor(share * this.#hunted.size));
    await pause(this.#random.below(KILL_DELAY_MS));
  }

  /** @param {{ id: string, as: string }[]} jobs */
  async #untilDone(jobs) {
    for (const { id, as } of jobs) {
      await this.#moving(async () => {
        const { status, json } = await this.#world.askNow(`/v1/jobs/${id}`, { as });
        return status === 200 && json.state === "done";
      });
    }
  }

  /**
   * Until something holds, as long as the CA receives calls.
   * @param {() => boolean | Promise<boolean>} holds
   */
  async #moving(holds) {
    const { ca } = this.#world;
    for (let [received, since] = [ca.requests, Date.now()]; !(await holds()); await pause(LOOK_EVERY_MS)) {
      if (ca.requests !== received) [received, since] = [ca.requests, Date.now()];
      if (Date.now() - since > STALLED_AFTER_MS) {
        throw new Error(`nothing moves any more, after ${this.#world.kills} kills and ${received} calls`);
      }
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
    this.#settings.say?.(`  ${what}, ${this.#world.ca.requests} calls, ${this.#seconds()} s`);
  }
}
