// What the CA knows of its orders: the state each is in, what it says about it, and what a call makes of it.

import { insistOn } from "./checks.js";
import { orderFindings } from "./order-settings.js";

/** @import { Answer } from "./answers.js" */
/** @import { Call } from "./arguments.js" */

/** @typedef {"issued" | "unissued" | "being-issued" | "expired" | "revoked" | "rejected" | "fixed"} State */

/**
 * What to tell the simulator about an order. It has at least one of the three names; from then on all that it has mean
 * the same order. `productCode` and `product` narrow it to one certificate of the order; without them it holds for all
 * of the order's certificates.
 * @typedef {object} OrderSetting
 * @property {string | number} [orderNumber]
 * @property {string} [serialNumber] hexadecimal
 * @property {string | number} [certificateID]
 * @property {string} [productCode]
 * @property {string | number} [product]
 * @property {State} [state] default: `fixed` if there is an `errorCode`, otherwise `issued`
 * @property {number} [errorCode] of `fixed`: any code; of `being-issued`: -23 (default) or -26
 * @property {string} [errorMessage] of `fixed`: the text that goes with it
 * @property {number} [times] how many real calls meet this state before the order becomes `then`
 * @property {State} [then] default: `issued`
 */

/**
 * An order as the simulator lists it.
 * @typedef {object} Order
 * @property {string} [orderNumber]
 * @property {string} [serialNumber]
 * @property {string} [certificateID]
 * @property {string} [productCode]
 * @property {string} [product]
 * @property {State} state
 * @property {number} [errorCode]
 * @property {string} [errorMessage]
 * @property {number} [times]
 * @property {State} [then]
 * @property {string} [codeReason] with what reason a call revoked or cancelled it
 * @property {"N"} [includeInCRL] where that call had the CA leave it out of its revocation list
 * @property {number} [seq] the request, in the ledger, that revoked or cancelled it
 */

/** @type {Record<number, string>} */
const texts = {
  [-20]: "The order has already been rejected!",
  [-21]: "The certificate has already been revoked!",
  [-23]: "The certificate is being issued!",
  [-26]: "The certificate is currently being issued!",
  [-35]: "The certificate has expired and cannot be revoked!",
};

/** @param {number} code @returns {Answer} */
const refusal = (code) => ({ code, message: texts[code] });

/** @param {Order} order @returns {Answer} */
function answerFor(order) {
  switch (order.state) {
    case "issued":
    case "unissued":
      return { code: 0 };
    case "being-issued":
      return refusal(order.errorCode ?? -23);
    case "expired":
      return refusal(-35);
    case "revoked":
      return refusal(-21);
    case "rejected":
      return refusal(-20);
    case "fixed":
      return { code: order.errorCode ?? 0, message: order.errorMessage };
  }
}

/** What a call that the CA carries out makes of an order; other states stay as they are. */
const becomes = /** @type {const} */ ({ issued: "revoked", unissued: "rejected" });

/**
 * `all`: what holds for every certificate of the order number; `certificates`: by product code and product.
 * @typedef {{ all?: Order, certificates?: Map<string, Order> }} Shelf
 */

/** Every order number that nobody has said anything about is an issued order. */
export class Orders {
  /** @type {Map<string, Shelf>} */
  #shelves = new Map();
  /** By each further name of an order, the key of its shelf. @type {Map<string, string>} */
  #aliases = new Map();

  /**
   * Says something about orders: about all of them, or, if one setting is not sound, about none.
   * @param {...OrderSetting} settings
   */
  set(...settings) {
    insistOn(settings.flatMap((setting, index) => orderFindings(setting, `orders[${index}]`)));
    for (const {
      orderNumber,
      serialNumber,
      certificateID,
      productCode,
      product,
      state,
      ...rest
    } of settings) {
      const narrowed = productCode !== undefined || product !== undefined;
      const names = namesOf({ orderNumber, serialNumber, certificateID });
      /** @type {Order} */
      const order = {
        ...names,
        ...(productCode !== undefined && { productCode }),
        ...(product !== undefined && { product: String(product) }),
        state: state ?? (rest.errorCode === undefined ? "issued" : "fixed"),
        ...rest,
      };
      const [key, ...others] = keysOf(names).map((key) => this.#aliases.get(key) ?? key);
      for (const other of others) if (other !== key) this.#aliases.set(other, key);
      const shelf = this.#shelves.get(key);
      if (!narrowed) this.#shelves.set(key, { all: order });
      else if (shelf) (shelf.certificates ??= new Map()).set(certificateKey(order), order);
      else this.#shelves.set(key, { certificates: new Map([[certificateKey(order), order]]) });
    }
  }

  /** The key of the shelf of an order that is called by one of its names. @param {Names} names */
  #keyOf(names) {
    const [key] = keysOf(names);
    return this.#aliases.get(key) ?? key;
  }

  /**
   * What the CA says to a call, and, where `carriedOut` is true and it is no test, what comes of the order.
   * @param {Call} call
   * @param {{ carriedOut: boolean, seq: number }} circumstances
   * @returns {{ answer: Answer, acted: boolean }}
   */
  revoke(call, { carriedOut, seq }) {
    const key = this.#keyOf(call);
    const certificate = certificateKey(call);
    const shelf = this.#shelves.get(key);
    const order = shelf?.certificates?.get(certificate) ?? shelf?.all;
    const answer = order ? answerFor(order) : { code: 0 };
    if (call.test) return { answer, acted: false };
    if (order?.times !== undefined && --order.times <= 0) {
      order.state = order.then ?? "issued";
      for (const done of /** @type {const} */ (["times", "then", "errorCode", "errorMessage"]))
        delete order[done];
      return { answer, acted: false };
    }
    const state = order?.state ?? "issued";
    if (!carriedOut || (state !== "issued" && state !== "unissued")) return { answer, acted: false };
    /** @type {Order} */
    const done = {
      ...namesOf(order ?? call),
      ...(call.productCode !== "" && { productCode: call.productCode }),
      ...(call.product !== "" && { product: call.product }),
      state: becomes[state],
      codeReason: call.codeReason,
      ...(!call.includeInCRL && { includeInCRL: /** @type {const} */ ("N") }),
      seq,
    };
    if (!shelf) this.#shelves.set(key, { certificates: new Map([[certificate, done]]) });
    else (shelf.certificates ??= new Map()).set(certificate, done);
    return { answer, acted: true };
  }

  /**
   * The orders that somebody has set or called about.
   * @param {string | number | Names} [wanted] only this one: an order number, or one of the three names
   * @returns {Order[]}
   */
  list(wanted) {
    const names = typeof wanted === "object" ? wanted : { orderNumber: wanted };
    const isAll = keysOf(names).length === 0;
    const shelf = isAll ? undefined : this.#shelves.get(this.#keyOf(names));
    const shelves = isAll ? [...this.#shelves.values()] : shelf ? [shelf] : [];
    return shelves.flatMap(({ all, certificates }) => [
      ...(all ? [{ ...all }] : []),
      ...[...(certificates?.values() ?? [])].map((order) => ({ ...order })),
    ]);
  }

  clear() {
    this.#shelves.clear();
    this.#aliases.clear();
  }
}

/** @param {{ productCode?: string, product?: string }} certificate */
const certificateKey = ({ productCode = "", product = "" }) => `${product} ${productCode}`;

/** @typedef {{ orderNumber?: string | number, serialNumber?: string, certificateID?: string | number }} Names */

/** The names that are given, as they are shown. @param {Names} names */
function namesOf({ orderNumber, serialNumber, certificateID }) {
  const isGiven = (/** @type {unknown} */ name) => name !== undefined && name !== "";
  return {
    ...(isGiven(orderNumber) && { orderNumber: String(orderNumber) }),
    ...(isGiven(serialNumber) && { serialNumber: String(serialNumber) }),
    ...(isGiven(certificateID) && { certificateID: String(certificateID) }),
  };
}

/** One key for each name; neither case nor leading zeros tell names apart. @param {Names} names */
function keysOf(names) {
  const { orderNumber, serialNumber, certificateID } = namesOf(names);
  /** @param {string} kind @param {string | undefined} name */
  const key = (kind, name) =>
    name === undefined ? [] : [`${kind}${name.toUpperCase().replace(/^0+(?=.)/, "")}`];
  return [
    ...key("order:", orderNumber),
    ...key("serial:", serialNumber),
    ...key("certificate:", certificateID),
  ];
}
