// The CA behind the fake edge: what it answers to each call, and what it was sent.
import { describeErrorCode } from "../codes.js";
import { identityOf, nameText, readName } from "./orders.js";

/** @typedef {import("../testing.d.ts").FakeOrder} FakeOrder */
/** @typedef {import("./orders.js").Order} Order */
/** @typedef {{ errorCode: number, errorMessage?: string }} Said */

/** What the CA says of an order in this state. @type {Record<string, number>} */
const CODES = { issued: 0, unissued: 0, "being-issued": -23, expired: -35, revoked: -21, rejected: -20 };
/** What a call that is carried out makes of an order. @type {Record<string, string>} */
const BECOMES = { issued: "revoked", unissued: "rejected" };
/** Of a call, not of an order: each befalls one real call. */
const LOST = ["answer-lost", "call-lost"];

/** @param {number} errorCode @param {string} [errorMessage] @returns {Said} */
const said = (
  errorCode,
  errorMessage = errorCode === 0 ? undefined : describeErrorCode(errorCode).meaning,
) => ({
  ...{ errorCode, ...(errorMessage === undefined ? {} : { errorMessage }) },
});

export class FakeCa {
  /** Every call, in order. @type {import("../testing.d.ts").FakeCall[]} */
  calls = [];
  /** What is still to come of each order. @type {Map<string, FakeOrder[]>} */
  #scripts = new Map();
  /** What calls have made of orders, by identity. @type {Map<string, string>} */
  #became = new Map();
  /** @type {Map<string, Promise<void>>} */
  #held = new Map();

  /** @param {Readonly<Record<string, FakeOrder | readonly FakeOrder[]>>} orders */
  set(orders) {
    for (const [text, order] of Object.entries(orders)) {
      const name = named(text);
      const script = Array.isArray(order) ? [...order] : [order];
      for (const each of script) check(each, name);
      this.#scripts.set(name, script);
      for (const identity of this.#became.keys())
        if (identity.startsWith(`${name}/`)) this.#became.delete(identity);
    }
  }

  /** Answers no call about this order until what it gives is called. @param {string} text */
  hold(text) {
    const name = named(text);
    /** @type {() => void} */
    let release = () => {};
    const held = new Promise((/** @type {(value: void) => void} */ resolve) => (release = resolve));
    this.#held.set(name, held);
    return () => {
      if (this.#held.get(name) === held) this.#held.delete(name);
      release();
    };
  }

  /** @param {Order} order @returns {Promise<Said | undefined>} nothing if the answer is lost */
  async call(order) {
    const identity = identityOf(order);
    const call = { ...order, acted: false };
    this.calls.push(call);
    await this.#held.get(nameText(order));
    const met = this.#meet(order);
    if (met === "call-lost") return undefined;
    const state = met === "answer-lost" ? "issued" : met;
    if (typeof state === "object") return said(state.errorCode, state.errorMessage);
    if (typeof state === "number") return said(state);
    const now = (state in BECOMES && this.#became.get(identity)) || state;
    if (!order.test && now in BECOMES) {
      this.#became.set(identity, BECOMES[now]);
      call.acted = true;
    }
    return met === "answer-lost" ? undefined : said(CODES[now]);
  }

  /** What this call meets: the last of a script stays, unless it is about one call only. @param {Order} order */
  #meet(order) {
    const script = this.#scripts.get(nameText(order)) ?? [];
    if (order.test) return script.find((each) => !LOST.includes(/** @type {string} */ (each))) ?? "issued";
    const [next = "issued"] = script;
    if (script.length > 1 || LOST.includes(/** @type {string} */ (next))) script.shift();
    return next;
  }
}

/** @param {string} text */
function named(text) {
  const name = readName(text);
  if (name) return nameText(name);
  throw new TypeError(`fakeEdge: ${text} is no order number, nor serial:HEX, nor certificate:ID`);
}

/** @param {unknown} order @param {string} name */
function check(order, name) {
  const code = typeof order === "object" && order !== null && "errorCode" in order ? order.errorCode : order;
  const known =
    typeof code === "string"
      ? code in CODES || LOST.includes(code)
      : Number.isInteger(code) && Number(code) < 0;
  if (known) return;
  const names = [...Object.keys(CODES), ...LOST].join(", ");
  throw new TypeError(
    `fakeEdge: order ${name} is none of ${names}, a negative code, or { errorCode, errorMessage }`,
  );
}
