// The ground truth: every request received, in the order of arrival, with the credentials masked.

import { isForm, readPairs } from "./form.js";

/** @import { IncomingMessage } from "node:http" */
/** @import { Call } from "./arguments.js" */
/** @import { Decision } from "./endpoint.js" */
/** @import { LoginMatches } from "./login.js" */
/** @import { Mask } from "./masking.js" */

/**
 * One request, as tests and people see it.
 * @typedef {object} LedgerEntry
 * @property {number} seq from 1, in the order in which the requests' heads arrived
 * @property {string} time RFC 3339, of the arrival
 * @property {string} method
 * @property {string} path with the query
 * @property {string} httpVersion
 * @property {Record<string, string>} headers
 * @property {number} remotePort tells the connections apart
 * @property {number} concurrent requests under way when this one arrived, itself included
 * @property {boolean} complete whether the whole body was read
 * @property {string} rawBody as it came, but for the two credentials; of anything but a form only the length
 * @property {[string, string][]} pairs in the order sent, each decoded exactly once
 * @property {string} [orderNumber]
 * @property {string} [serialNumber] what it was called by instead
 * @property {string} [certificateID] likewise
 * @property {boolean} test whether it was a call with `test=Y`
 * @property {LoginMatches} loginMatches whether name and password arrived as they are on file
 * @property {boolean} loginOk both did
 * @property {boolean} acted whether this request changed the order
 * @property {{ code?: number, message?: string, fault?: string } | null} answered what the CA decided (`code`), and
 *   the fault that spoilt the delivery, if any; null as long as neither is known
 * @property {number} receivedAt ms since the epoch
 * @property {number | null} answeredAt when the exchange was over, however it ended; null while it is under way
 */

const nothingMatches = { name: false, password: false };

/** A request under way, as the server writes it. */
export class Exchange {
  /** @type {Pick<LedgerEntry, "acted" | "answered" | "answeredAt" | "complete" | "loginMatches">} */
  #course = { acted: false, answered: null, answeredAt: null, complete: false, loginMatches: nothingMatches };
  #body = "";
  #isForm;
  /** @type {string | undefined} */
  orderNumber;
  /** @type {{ serialNumber?: string, certificateID?: string }} */
  #otherNames = {};
  #test = false;
  #mask;
  #head;

  /**
   * @param {IncomingMessage} request
   * @param {{ seq: number, concurrent: number, mask: Mask }} circumstances
   */
  constructor(request, { seq, concurrent, mask }) {
    this.#isForm = isForm(request.headers["content-type"]);
    this.#mask = mask;
    this.#head = {
      seq,
      receivedAt: Date.now(),
      method: request.method ?? "",
      path: mask.target(request.url ?? ""),
      httpVersion: request.httpVersion,
      headers: mask.headers(request.headers),
      remotePort: request.socket.remotePort ?? 0,
      concurrent,
    };
  }

  get seq() {
    return this.#head.seq;
  }

  /** The body as far as it was read. @param {string} bytes latin1 @param {boolean} complete */
  read(bytes, complete) {
    this.#body =
      this.#isForm || bytes === "" ? this.#mask.form(bytes) : `[${bytes.length} bytes, not a form]`;
    this.#course.complete = complete;
  }

  /** @param {Call} call @param {LoginMatches} matches */
  understood(call, matches) {
    if (call.orderNumber !== "") this.orderNumber = this.#mask.text(call.orderNumber);
    for (const name of /** @type {const} */ (["serialNumber", "certificateID"])) {
      if (call[name] !== "") this.#otherNames[name] = this.#mask.text(call[name]);
    }
    this.#test = call.test;
    this.#course.loginMatches = matches;
  }

  /** @param {Decision} decision */
  decided({ code, message, acted }) {
    this.#course.acted = acted;
    this.#course.answered = {
      code,
      ...(message !== undefined && { message: this.#mask.message(message) }),
      ...this.#course.answered,
    };
  }

  /** @param {string} fault its name */
  spoilt(fault) {
    this.#course.answered = { ...this.#course.answered, fault };
  }

  over() {
    this.#course.answeredAt ??= Date.now();
  }

  /** @returns {LedgerEntry} */
  show() {
    const { seq, receivedAt, ...head } = this.#head;
    const { acted, answered, answeredAt, complete, loginMatches } = this.#course;
    return {
      seq,
      time: new Date(receivedAt).toISOString(),
      ...head,
      complete,
      rawBody: Buffer.from(this.#body, "latin1").toString("utf8"),
      pairs: this.#isForm ? readPairs(this.#body).map(({ name, value }) => [name, value]) : [],
      ...(this.orderNumber !== undefined && { orderNumber: this.orderNumber }),
      ...this.#otherNames,
      test: this.#test,
      loginMatches: { ...loginMatches },
      loginOk: loginMatches.name && loginMatches.password,
      acted,
      answered: answered && { ...answered },
      receivedAt,
      answeredAt,
    };
  }
}

/** @typedef {{ orderNumber?: string | number, after?: number, limit?: number }} LedgerQuery */

export class Ledger {
  /** @type {Exchange[]} */
  #exchanges = [];
  #limit;
  #seq = 0;
  #mask;

  /** @param {{ limit: number, mask: Mask }} options beyond `limit` entries the oldest are forgotten */
  constructor({ limit, mask }) {
    this.#limit = limit;
    this.#mask = mask;
  }

  /** @param {IncomingMessage} request @param {number} concurrent */
  open(request, concurrent) {
    const exchange = new Exchange(request, { seq: ++this.#seq, concurrent, mask: this.#mask });
    this.#exchanges.push(exchange);
    // A tenth at a time: to shift one for each request would move the whole array each time.
    if (this.#exchanges.length > this.#limit * 1.1)
      this.#exchanges.splice(0, this.#exchanges.length - this.#limit);
    return exchange;
  }

  /** @returns {Generator<LedgerEntry, void, undefined>} */
  *entries(/** @type {LedgerQuery} */ { orderNumber, after = 0, limit = Infinity } = {}) {
    let shown = 0;
    for (const exchange of this.#exchanges) {
      if (shown >= limit) return;
      if (exchange.seq <= after) continue;
      if (orderNumber !== undefined && exchange.orderNumber !== String(orderNumber)) continue;
      shown += 1;
      yield exchange.show();
    }
  }

  get length() {
    return this.#exchanges.length;
  }

  clear() {
    this.#exchanges = [];
    this.#seq = 0;
  }
}
