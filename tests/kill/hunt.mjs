// The hunt: callers revoke, the edge is killed again and again, and at the end every order is compared with the CA's ledger.
// @ts-check
import { randomness } from "../harness/randomness.mjs";
import { auditTrail, head } from "./audit-trail.mjs";
import { Caller } from "./callers.mjs";
import { ALL_DONE_AFTER_MS, holdOneOf, prepareOrder } from "./orders.mjs";
import { breachesOfRuleFive } from "./rule-five.mjs";
import { lookAgain, settled } from "./settled.mjs";
import { disagreements, lost } from "./truth.mjs";
import { CA_TIMEOUT_MS, RESEND_WINDOW_MS, World } from "./world.mjs";

/**
 * @typedef {import("./truth.mjs").Order} Order
 * @typedef {import("./truth.mjs").History} History
 *
 * @typedef {object} Hunted an order that callers have spoken of
 * @property {Caller} caller
 * @property {"revoked" | "rejected"} [doneBefore]
 *
 * @typedef {object} Finding
 * @property {string} what
 * @property {string} [orderNumber]
 * @property {object} [evidence] the order's whole history
 *
 * @typedef {object} Result
 * @property {number} seed
 * @property {Finding[]} findings
 * @property {Order[]} orders
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
/** The longest pause after the threshold of a kill, so that it falls anywhere. */
const KILL_DELAY_MS = 40;
const STALLED_AFTER_MS = 60_000;
const FIRST_ORDER = 100_000;
const SEED_STEP = 0x9e3779b9;

/**
 * @param {object} how
 * @param {number} how.kills
 * @param {number} how.orders
 * @param {number} how.seed
 * @param {boolean} [how.atReceipt] kill when the CA has just read a call, instead of at random moments
 * @param {(text: string) => void} [how.say]
 * @returns {Promise<Result>}
 */
export async function hunt(how) {
  const world = await World.begin();
  try {
    return await new Hunt(world, how).run();
  } finally {
    await world.end();
  }
}

class Hunt {
  #world;
  #how;
  #random;
  #began = Date.now();
  /** By order number. @type {Map<string, Hunted>} */
  #hunted = new Map();
  #over = false;
  /** @type {() => void} */
  #orderBegun = () => {};
  /** @type {import("./audit-trail.mjs").Head[]} */
  #heads = [];
  /** @type {Finding[]} */
  #findings = [];
  #atReceipt = { received: 0, found: 0 };
  #lastSeq = 0;

  /** @param {World} world @param {Parameters<typeof hunt>[0]} how */
  constructor(world, how) {
    this.#world = world;
    this.#how = how;
    this.#random = randomness(how.seed);
  }

  async run() {
    const { kills } = this.#how;
    const callers = Promise.all(Array.from({ length: CALLERS }, () => this.#call()));
    for (let kill = 1; kill <= kills; kill += 1) {
      await this.#live(kill);
      await this.#world.startEdge();
      if (this.#how.atReceipt) await this.#checkIntents();
      const kept = await head(this.#world);
      if (kept) this.#heads.push(kept);
      if (kill % Math.ceil(kills / 20) === 0) this.#tell(`${kill} of ${kills} kills`);
    }
    this.#over = true;
    this.#world.letThrough();
    await callers;
    this.#world.ca.faults.clear();
    return this.#judge();
  }

  /** One of the callers: an order, and then the next. */
  async #call() {
    while (!this.#over || this.#hunted.size < this.#how.orders) {
      const index = this.#hunted.size;
      const orderNumber = String(FIRST_ORDER + index);
      // Of its own, so that it does not depend on who was faster.
      const random = randomness((this.#how.seed + (index + 1) * SEED_STEP) >>> 0);
      const caller = new Caller(this.#world, orderNumber);
      this.#hunted.set(orderNumber, {
        caller,
        doneBefore: prepareOrder(this.#world.ca, orderNumber, random),
      });
      this.#orderBegun();
      await caller.play(random);
    }
  }

  /** From a start to the next kill. @param {number} kill the number of that kill */
  async #live(kill) {
    const { kills, orders, atReceipt } = this.#how;
    const { ca } = this.#world;
    if (!atReceipt) {
      this.#world.letThrough();
      await this.#ordersBegun(Math.floor(((kill - 1 + this.#chance()) * orders) / kills));
      await new Promise((resolve) => setTimeout(resolve, this.#random.below(KILL_DELAY_MS)));
      return this.#world.kill();
    }
    this.#lastSeq = ca.ledger({ after: this.#lastSeq }).at(-1)?.seq ?? this.#lastSeq;
    const moment = ca.waitForRequests(holdOneOf(ca, this.#random, Math.ceil((2 * orders) / kills)));
    this.#world.letThrough();
    await moment;
    return this.#world.kill();
  }

  #chance() {
    return this.#random.below(1_000_000) / 1_000_000;
  }

  /** @param {number} count */
  async #ordersBegun(count) {
    const enough = () => this.#hunted.size >= count;
    await new Promise((resolve, reject) => {
      const stalled = setTimeout(
        () => reject(new Error(`nothing moves any more, after ${this.#world.kills} kills`)),
        STALLED_AFTER_MS,
      );
      this.#orderBegun = () => {
        if (!enough()) return void stalled.refresh();
        clearTimeout(stalled);
        resolve(undefined);
      };
      this.#orderBegun();
    });
    this.#orderBegun = () => {};
  }

  /** What the CA had read and not answered when the edge went down must be in the ledger, whatever it was. */
  async #checkIntents() {
    const { ca } = this.#world;
    const held = ca.ledger({ after: this.#lastSeq }).filter(isHeld(this.#world.killedAt));
    if (held.length === 0) this.#findings.push({ what: `kill ${this.#world.kills} was not at receipt` });
    for (const { orderNumber = "", receivedAt } of held) {
      const { json } = await this.#world.askNow(`/v1/orders/${orderNumber}`, {});
      const posts = postsOf(ca.ledger({ orderNumber })).filter(({ at }) => at <= receivedAt);
      const [missing] = lost({ history: json?.attempts && json, posts });
      this.#atReceipt.received += 1;
      if (missing) this.#findings.push({ what: missing, orderNumber });
      else this.#atReceipt.found += 1;
    }
  }

  /** @returns {Promise<Result>} */
  async #judge() {
    const world = this.#world;
    this.#tell("all calls made; the ledger settles what it can");
    await new Promise((resolve) => setTimeout(resolve, ALL_DONE_AFTER_MS));
    const acted = new Set(
      world.ca
        .ledger()
        .filter(({ acted }) => acted)
        .map(({ orderNumber }) => orderNumber),
    );
    const histories = await settled(world, [...this.#hunted.keys()], (orderNumber) => acted.has(orderNumber));
    this.#tell("comparing");
    const trail = await auditTrail(world, this.#heads);
    const readAt = Date.now();
    await lookAgain(world, histories);

    const received = byOrder(world.ca.ledger());
    /** @type {Order[]} */
    const orders = [];
    for (const [orderNumber, { caller, doneBefore }] of this.#hunted) {
      const history = histories.get(orderNumber);
      const calls = received.get(orderNumber) ?? [];
      const [{ state } = { state: undefined }] = world.ca.orders.list(orderNumber).filter(({ seq }) => seq);
      const doneAs = state === "revoked" || state === "rejected" ? state : undefined;
      const order = { told: caller.told, history, posts: postsOf(calls), readAt, doneBefore, doneAs };
      orders.push(order);
      const settings = { timeoutMs: CA_TIMEOUT_MS, windowMs: RESEND_WINDOW_MS };
      const found = [...disagreements(order), ...breachesOfRuleFive(history?.attempts ?? [], settings)];
      const evidence = { told: caller.told, received: calls.map(briefly), history };
      this.#findings.push(...found.map((what) => ({ what, orderNumber, evidence })));
    }
    const others = [...trail.faultsAgainst(histories), ...world.troubles, ...world.failures];
    return {
      seed: this.#how.seed,
      findings: [...this.#findings, ...others.map((what) => ({ what }))],
      orders,
      atReceipt: this.#atReceipt,
      kills: world.kills,
      auditEntries: trail.length,
      headsKept: this.#heads.length,
      longestStartMs: world.longestStartMs,
      seconds: Math.round((Date.now() - this.#began) / 1000),
    };
  }

  /** @param {string} what */
  #tell(what) {
    const seconds = Math.round((Date.now() - this.#began) / 1000);
    this.#how.say?.(`  ${what}, ${this.#hunted.size} orders, ${seconds} s`);
  }
}

/** @typedef {import("../../simulator/ledger.js").LedgerEntry} LedgerEntry */

/** @param {LedgerEntry[]} entries */
function byOrder(entries) {
  /** @type {Map<string | undefined, LedgerEntry[]>} */
  const calls = new Map();
  for (const entry of entries) {
    const those = calls.get(entry.orderNumber);
    if (those) those.push(entry);
    else calls.set(entry.orderNumber, [entry]);
  }
  return calls;
}

/** Read before the kill, and not answered then. @param {number} killedAt */
const isHeld =
  (killedAt) =>
  (/** @type {LedgerEntry} */ { complete, receivedAt, answeredAt }) =>
    complete && receivedAt <= killedAt && (answeredAt === null || answeredAt >= killedAt);

/** @param {LedgerEntry[]} entries @returns {import("./truth.mjs").Post[]} */
const postsOf = (entries) =>
  entries
    .filter(({ complete }) => complete)
    .map(({ receivedAt, test, answered, acted }) => ({ at: receivedAt, test, code: answered?.code, acted }));

/** Of an entry, what tells how the order was dealt with. @param {LedgerEntry} entry */
const briefly = ({ seq, time, test, acted, answered, complete, answeredAt }) => ({
  ...{ seq, time, test, acted, answered, complete },
  overAfterMs: answeredAt === null ? null : answeredAt - Date.parse(time),
});
