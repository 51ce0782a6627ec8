// One edge before one CA: calls that meet a misbehaviour each, and then every order against what the CA did.
// @ts-check
import { Caller } from "../kill/callers.mjs";
import { compared } from "../kill/comparison.mjs";
import { World } from "../kill/world.mjs";
import { pairs } from "./attempts.mjs";
import { misunderstanding } from "./meanings.mjs";

/**
 * @typedef {import("./misbehaviours.mjs").Meeting} Meeting
 * @typedef {import("./meanings.mjs").Meaning} Meaning
 * @typedef {import("../kill/comparison.mjs").Finding} Finding
 * @typedef {import("../kill/truth.mjs").Order} Order
 *
 * @typedef {object} Called
 * @property {string} name of the misbehaviour
 * @property {Meaning[]} means what the caller may be told
 * @property {number} [code] and with which code
 * @property {Caller} caller
 * @property {"revoked" | "rejected"} [doneBefore]
 * @property {number} [says]
 *
 * @typedef {object} Met what came of a call
 * @property {string} name of the misbehaviour
 * @property {number} posts
 * @property {string} told
 * @property {string} state at the end
 *
 * @typedef {{ met: Met[], findings: Finding[], auditEntries: number }} Outcome
 */

export const CA_TIMEOUT_MS = 800;
/** The most there may be. */
const CA_MAX_CONNECTIONS = 6;
/** Of all calls, those that time out by themselves on a busy machine. */
const SLOW_SHARE = 0.02;

export class Trial {
  #firstOrder;
  /** By order number. @type {Map<string, Called>} */
  #called = new Map();
  /** Begun, and over. */
  begun = 0;
  over = 0;

  /** @param {World} world @param {number} firstOrder */
  constructor(world, firstOrder) {
    this.world = world;
    this.#firstOrder = firstOrder;
  }

  /**
   * @param {number} firstOrder
   * @param {(trial: Trial) => Promise<unknown>} calls
   * @returns {Promise<Outcome>}
   */
  static async run(firstOrder, calls) {
    const world = await World.begin({
      CA_TIMEOUT_MS: String(CA_TIMEOUT_MS),
      CA_MAX_CONNECTIONS: String(CA_MAX_CONNECTIONS),
    });
    try {
      world.letThrough();
      const trial = new Trial(world, firstOrder);
      await calls(trial);
      world.ca.faults.clear();
      return await trial.#compared();
    } finally {
      await world.end();
    }
  }

  /**
   * A call about a new order.
   * @param {{ name: string, means: Meaning[] }} misbehaviour
   * @param {Meeting & { test?: boolean }} [meeting]
   */
  async call({ name, means }, { fault, state, code, says, test = false } = {}) {
    const { ca } = this.world;
    const orderNumber = String(this.#firstOrder + this.begun++);
    const caller = new Caller(this.world, orderNumber);
    if (state) ca.orders.set({ orderNumber, ...state });
    if (fault) ca.faults.add({ ...fault, orderNumber });
    this.#called.set(orderNumber, { name, means, code, caller, doneBefore: doneBefore(state), says });
    await caller.revoke("operator", { test });
    this.over += 1;
  }

  /** @returns {Promise<Outcome>} */
  async #compared() {
    /** @type {Met[]} */
    const met = [];
    /** Orders of attempts that the CA has not read. @type {string[]} */
    const unseen = [];
    let slow = 0;
    const { findings, auditEntries } = await compared(this.world, this.#called, [], (order, called) => {
      const { name, caller, means } = called;
      const { orderNumber, told } = caller;
      const late = !means.includes("unknown") && timedOut(order);
      if (late) slow += 1;
      const wrong = misunderstanding(told[0], {
        ...{ ...called, orderNumber },
        means: late ? ["unknown"] : means,
      });
      const { faults, unseen: these } = pairs(order);
      unseen.push(...these.map(() => orderNumber));
      met.push({ name, posts: order.posts.length, told: said(told[0]), state: stateOf(order) });
      return wrong ? [wrong, ...faults] : faults;
    });
    if (slow > SLOW_SHARE * met.length) findings.push({ what: `${slow} calls timed out without a fault` });
    const others = [...this.#strays(unseen)].map((what) => ({ what }));
    return { met, auditEntries, findings: [...findings, ...others].map((finding) => this.#named(finding)) };
  }

  /**
   * What the CA received beside the calls of these orders.
   * @param {string[]} unseen orders of attempts that it has not read
   */
  *#strays(unseen) {
    const received = this.world.ca.ledger();
    const unread = received.filter(({ complete }) => !complete).length;
    if (unread !== unseen.length) {
      yield `${unread} requests were not read, for ${unseen.length} attempts, at ${unseen.slice(0, 10)}`;
    }
    for (const { complete, method, path, orderNumber } of received) {
      if (complete && !(method === "POST" && this.#called.has(orderNumber ?? ""))) {
        yield `the CA received ${method} ${path} about order ${orderNumber}`;
      }
    }
  }

  /** @param {Finding} finding */
  #named({ orderNumber, ...finding }) {
    const name = orderNumber === undefined ? undefined : this.#called.get(orderNumber)?.name;
    return { ...finding, orderNumber, what: name ? `${name}: ${finding.what}` : finding.what };
  }
}

/** Whether the edge has waited for as long as it may, without a fault that would explain it. @param {Order} order */
function timedOut({ told: [{ kind }], history }) {
  const [{ startedAt, endedAt = "" } = { startedAt: "" }] = history?.attempts ?? [];
  return kind === "unknown-outcome" && Date.parse(endedAt) - Date.parse(startedAt) >= CA_TIMEOUT_MS;
}

/** What was done with an order before, if the CA says so. @param {Meeting["state"]} state */
function doneBefore({ state, errorCode } = {}) {
  if (state === "revoked" || errorCode === -21) return "revoked";
  return state === "rejected" || errorCode === -20 ? "rejected" : undefined;
}

/** @param {import("../kill/callers.mjs").Told} told */
const said = ({ lost, kind, json }) => (lost ? "nothing" : (kind ?? json.outcome));

/** @param {Order} order */
const stateOf = ({ history }) => history?.state ?? "never sent";
