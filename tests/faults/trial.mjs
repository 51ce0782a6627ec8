// One edge before one CA: calls that meet a misbehaviour each, and then every order against what the CA did.
// @ts-check
import { Caller } from "../kill/callers.mjs";
import { compared } from "../kill/comparison.mjs";
import { World } from "../kill/world.mjs";
import { pairs } from "./attempts.mjs";
import { misunderstanding } from "./meanings.mjs";
import { onSpoiltConnections } from "./spoilt-connections.mjs";

/**
 * @typedef {import("./misbehaviours.mjs").Meeting} Meeting
 * @typedef {import("./meanings.mjs").Meaning} Meaning
 * @typedef {import("../kill/comparison.mjs").Finding} Finding
 * @typedef {import("../kill/truth.mjs").Order} Order
 *
 * @typedef {object} Called
 * @property {string} name of the misbehaviour
 * @property {Meaning[]} means what the caller may be told
 * @property {Meeting} meeting
 * @property {Caller} caller
 * @property {"revoked" | "rejected"} [doneBefore]
 * @property {number} [says] the code that the fault puts in the place of the CA's own
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
/** Of all calls, those that time out by themselves on a busy machine, or meet a connection that another fault has spoilt. */
const UNLUCKY_SHARE = 0.02;

export class Trial {
  #firstOrder;
  /** By order number. @type {Map<string, Called>} */
  #called = new Map();
  /** What is wrong whatever the order. @type {Finding[]} */
  #findings = [];
  /** Calls that are over. */
  over = 0;

  /** @param {World} world @param {number} firstOrder */
  constructor(world, firstOrder) {
    this.world = world;
    this.#firstOrder = firstOrder;
  }

  /**
   * @param {{ firstOrder: number, windowMs: number }} settings `windowMs`: RESEND_WINDOW_MS
   * @param {(trial: Trial) => Promise<unknown>} calls
   * @returns {Promise<Outcome>}
   */
  static async run({ firstOrder, windowMs }, calls) {
    const world = await World.begin({
      CA_TIMEOUT_MS: String(CA_TIMEOUT_MS),
      CA_MAX_CONNECTIONS: String(CA_MAX_CONNECTIONS),
      RESEND_WINDOW_MS: String(windowMs),
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
  async call({ name, means }, { test = false, ...meeting } = {}) {
    const { ca } = this.world;
    const { fault, state, says } = meeting;
    const orderNumber = String(this.#firstOrder + this.#called.size);
    const caller = new Caller(this.world, orderNumber);
    if (state) ca.orders.set({ orderNumber, ...state });
    if (fault) ca.faults.add({ ...fault, orderNumber });
    this.#called.set(orderNumber, { name, means, meeting, caller, doneBefore: doneBefore(state), says });
    await caller.revoke("operator", { test });
    this.over += 1;
  }

  /**
   * Something that must be so whatever the order.
   * @param {string} what
   * @param {unknown} found
   * @param {unknown} wanted
   */
  expect(what, found, wanted) {
    if (found !== wanted) this.#findings.push({ what: `${what} is ${found}, not ${wanted}` });
  }

  /** @returns {Promise<Outcome>} */
  async #compared() {
    /** @type {Met[]} */
    const met = [];
    /** Orders of attempts that the CA has not read. @type {string[]} */
    const unseen = [];
    let unlucky = 0;
    const spoilt = onSpoiltConnections(this.world.ca.ledger());
    const { findings, auditEntries } = await compared(this.world, this.#called, [], (order, called) => {
      const { name, caller, means, meeting } = called;
      const { orderNumber, told } = caller;
      const isUnlucky = !means.includes("unknown") && (timedOut(order) || spoilt.has(orderNumber));
      if (isUnlucky) unlucky += 1;
      const expected = { orderNumber, means: isUnlucky ? /** @type {Meaning[]} */ (["unknown"]) : means };
      const wrong = misunderstanding(told[0], { ...expected, code: meeting.code });
      const { faults, unseen: these } = pairs(order);
      unseen.push(...these.map(() => orderNumber));
      met.push({ name, posts: order.posts.length, told: said(told[0]), state: stateOf(order) });
      return wrong ? [wrong, ...faults] : faults;
    });
    if (unlucky > UNLUCKY_SHARE * met.length)
      this.expect("the count of calls that were lost without their own fault", unlucky, 0);
    for (const what of this.#strays(unseen)) this.#findings.push({ what });
    return { met, auditEntries, findings: [...findings.map((one) => this.#told(one)), ...this.#findings] };
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

  /** With all that there is to know about it. @param {Finding} finding */
  #told({ what, orderNumber = "", evidence }) {
    const called = this.#called.get(orderNumber);
    if (!called) return { what };
    const { name, means, meeting } = called;
    return { what: `${name}: ${what}`, orderNumber, evidence: { means, meeting, ...evidence } };
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
