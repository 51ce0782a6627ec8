// The kill switch is thrown at random moments while jobs run, and the edge is killed with it: what had not left is never sent.
// @ts-check
import { setTimeout as pause } from "node:timers/promises";
import { randomness } from "../harness/randomness.mjs";
import { until } from "../harness/until.mjs";
import { withReason } from "../jobs/jobs.mjs";
import { auditTrail } from "./audit-trail.mjs";
import { World } from "./world.mjs";

/**
 * @typedef {import("./comparison.mjs").Finding} Finding
 *
 * @typedef {object} Settings
 * @property {number} throws so often
 * @property {number} seed
 * @property {(text: string) => void} [say]
 *
 * @typedef {object} Result
 * @property {Finding[]} findings
 * @property {number} throws
 * @property {number} kills
 * @property {number} unanswered throws that a kill cut off before their answer
 * @property {number} neverLeft rows that the switch kept from being sent, over all throws
 * @property {number} lost rows whose call a kill cut off, over all throws
 * @property {number} calls real ones at the CA
 * @property {number} seconds
 */

const TIMEOUT_MS = 400;
/** While the jobs are stopped, nothing else keeps the edge from sending again what was lost. */
const RESEND_WINDOW_MS = 600_000;
const JOB_ORDERS = 100;
const FIRST_ORDER = 100_000;
/** After this many calls at most the switch is thrown. */
const MOST_CALLS = 25;
/** And then the edge is killed within this time, before the answer or after it. */
const KILL_WITHIN_MS = 25;

const PLANNER = { id: "planner", person: "planner", permissions: ["plan", "revoke", "test"], orders: ["*"] };

/**
 * @param {Settings} settings
 * @returns {Promise<Result>}
 */
export async function throwSwitch(settings) {
  const variables = {
    APPROVAL_ABOVE: "1000000",
    CA_TIMEOUT_MS: String(TIMEOUT_MS),
    RESEND_WINDOW_MS: String(RESEND_WINDOW_MS),
  };
  const world = await World.begin(variables, [PLANNER]);
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
  /** The last entry of the audit log that was read. */
  #readTo = 0;
  /** How many real calls the audit log announces, by order. @type {Map<string, number>} */
  #intents = new Map();
  /** @type {Finding[]} */
  #findings = [];
  #unanswered = 0;
  #neverLeft = 0;
  #lost = 0;

  /** @param {World} world @param {Settings} settings */
  constructor(world, settings) {
    this.#world = world;
    this.#settings = settings;
    this.#random = randomness(settings.seed);
  }

  async run() {
    const { throws, say } = this.#settings;
    const world = this.#world;
    world.letThrough();
    for (let round = 1; round <= throws; round += 1) {
      await this.#keepRunning();
      await this.#calls(1 + this.#random.below(MOST_CALLS));
      await this.#read();
      await this.#throw();
      const stopped = await this.#read();
      const at = stopped.findIndex(({ action }) => action === "pause-all-jobs");
      if (at < 0) this.#findings.push({ what: `throw ${round} is not in the audit log` });
      await this.#probedTwice();
      this.#check(round, [...stopped.slice(at + 1), ...(await this.#read())]);
      await this.#resume();
      if (round % Math.ceil(throws / 20) === 0) say?.(`  ${round} of ${throws} throws, ${this.#seconds()} s`);
    }
    const { faults } = await auditTrail(world, []);
    const others = [...faults, ...world.troubles, ...world.failures].map((what) => ({ what }));
    return {
      ...{ findings: [...this.#findings, ...others], throws, kills: world.kills },
      ...{ unanswered: this.#unanswered, neverLeft: this.#neverLeft, lost: this.#lost },
      ...{ calls: this.#realCalls().length, seconds: this.#seconds() },
    };
  }

  /** Two jobs at least. */
  async #keepRunning() {
    const { ca } = this.#world;
    for (let running = (await this.#jobs("running")).length; running < 2; running += 1) {
      const orders = Array.from({ length: JOB_ORDERS }, () => {
        const orderNumber = String(++this.#lastOrder);
        ca.faults.add({ fault: "latency", ms: 5 + this.#random.below(60), orderNumber, times: 1 });
        return { orderNumber, codeReason: "keyCompromise" };
      });
      const { id, planHash, total } = await this.#ask("/v1/jobs", withReason({ orders }), 201);
      await this.#ask(`/v1/jobs/${id}/start`, { planHash, total }, 202);
    }
  }

  /** Throws the switch; most times the edge is killed before it has answered, or soon after. */
  async #throw() {
    const world = this.#world;
    const thrown = world.askNow("/v1/jobs/pause-all", { as: "steward", body: {} });
    if (this.#random.chance(0.8)) {
      await pause(this.#random.below(KILL_WITHIN_MS));
      await this.#crash();
    }
    if ((await thrown).status === 202) return;
    // Nobody knows whether it was: a person throws it again.
    this.#unanswered += 1;
    const { status, text } = await world.askNow("/v1/jobs/pause-all", { as: "steward", body: {} });
    if (status !== 202) throw new Error(`the switch cannot be thrown: ${text}`);
    if (this.#random.chance(0.5)) await this.#crash();
  }

  async #crash() {
    await this.#world.kill();
    await this.#world.startEdge();
    this.#world.letThrough();
  }

  /** What has happened since the switch was thrown, and what the CA has received: only what had left by then. */
  #check(/** @type {number} */ round, /** @type {any[]} */ since) {
    const stopped = `after throw ${round}`;
    for (const { phase, test, orderNumber, action, seq } of since) {
      if (phase === "intent" && !test)
        this.#findings.push({ what: `${stopped} a call leaves: ${action}, entry ${seq}`, orderNumber });
    }
    /** @type {Map<string, number>} */
    const received = new Map();
    for (const orderNumber of this.#realCalls())
      received.set(orderNumber, (received.get(orderNumber) ?? 0) + 1);
    for (const [orderNumber, count] of received) {
      const left = this.#intents.get(orderNumber) ?? 0;
      if (count > left)
        this.#findings.push({
          what: `${stopped} the CA has received it ${count} times of ${left}`,
          orderNumber,
        });
    }
  }

  /** The orders of all real calls that the CA has read. */
  #realCalls() {
    const calls = this.#world.ca.ledger().filter(({ complete, test }) => complete && !test);
    return calls.map(({ orderNumber }) => String(orderNumber));
  }

  /** Until what was lost would have been sent again, if it could be: two probes have been accepted by then. */
  async #probedTwice() {
    for (const { id, counts } of await this.#jobs("paused")) {
      this.#neverLeft += counts.pending;
      const { orders } = await this.#get(`/v1/jobs/${id}/orders?outcome=unknown`);
      this.#lost += orders.length;
      for (const { orderNumber } of orders) {
        await until(`order ${orderNumber} is probed`, async () => {
          const { state, attempts } = await this.#get(`/v1/orders/${orderNumber}`);
          const lostAt = Date.parse(attempts.findLast((/** @type {any} */ it) => !it.test).startedAt);
          const after = lostAt + TIMEOUT_MS;
          const accepted = attempts.filter(
            (/** @type {any} */ it) => it.outcome === "tested" && Date.parse(it.startedAt) > after,
          );
          return state !== "unknown" || accepted.length >= 2;
        });
      }
    }
    const running = [...(await this.#jobs("running")), ...(await this.#jobs("halted"))];
    for (const { id } of running) this.#findings.push({ what: `${id} is not stopped` });
  }

  async #resume() {
    for (const { id } of await this.#jobs("paused")) await this.#ask(`/v1/jobs/${id}/resume`, {}, 202);
  }

  /** Until the CA has received so many more. @param {number} count */
  async #calls(count) {
    const { ca } = this.#world;
    const wanted = ca.requests + count;
    await until("calls go out", async () => {
      if ((await this.#jobs("running")).length === 0) await this.#keepRunning();
      return ca.requests >= wanted;
    });
  }

  /** The entries of the audit log that have not been read yet. */
  async #read() {
    /** @type {any[]} */
    const read = [];
    for (;;) {
      const { entries } = await this.#get(`/v1/audit?after=${this.#readTo}&limit=10000`, "auditor");
      if (entries.length === 0) break;
      read.push(...entries);
      this.#readTo = entries.at(-1).seq;
    }
    for (const { phase, test, orderNumber } of read) {
      if (phase === "intent" && !test)
        this.#intents.set(orderNumber, (this.#intents.get(orderNumber) ?? 0) + 1);
    }
    return read;
  }

  /** @param {string} state @returns {Promise<any[]>} */
  async #jobs(state) {
    return (await this.#get(`/v1/jobs?state=${state}&limit=1000`)).jobs;
  }

  /** @param {string} path */
  async #get(path, as = "planner") {
    const { status, json, text } = await this.#world.askNow(path, { as });
    if (status !== 200) throw new Error(`${path}: ${text}`);
    return json;
  }

  /** @param {string} path @param {object} body @param {number} wanted */
  async #ask(path, body, wanted) {
    const { status, json, text } = await this.#world.askNow(path, { as: "planner", body });
    if (status !== wanted) throw new Error(`${path}: ${text}`);
    return json;
  }

  #seconds() {
    return Math.round((Date.now() - this.#began) / 1000);
  }
}
