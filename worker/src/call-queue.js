// Where calls to the CA wait until the core admits them: a promise for each ticket, and one timer.
import { logFailure } from "./log.js";

export class CallQueue {
  #ledger;
  /** @type {Map<number, (isAdmitted: boolean) => void>} */
  #waiting = new Map();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #timerAt = Infinity;

  /** @param {import("./ledger-core.js").LedgerCore} ledger */
  constructor(ledger) {
    this.#ledger = ledger;
  }

  /**
   * Whether the ticket is admitted to a connection, when that is decided.
   * @param {number} ticket
   * @returns {Promise<boolean>}
   */
  admission(ticket) {
    const admission = new Promise((resolve) => this.#waiting.set(ticket, resolve));
    this.admit();
    return admission;
  }

  /** Lets those go on who may by now. */
  admit() {
    if (!this.#ledger.isOpen) return this.abandon();
    try {
      const { admitted, expired, nextAt } = JSON.parse(this.#ledger.run((core) => core.admit()));
      for (const ticket of admitted) this.#settle(ticket, true);
      for (const ticket of expired) this.#settle(ticket, false);
      this.#wakeAt(nextAt ?? Infinity);
    } catch (error) {
      logFailure("queue", error);
      this.abandon();
    }
  }

  /** The core that gave the tickets is gone: those who wait go on, and fail at their next step. */
  abandon() {
    for (const ticket of this.#waiting.keys()) this.#settle(ticket, true);
  }

  #settle(ticket, isAdmitted) {
    this.#waiting.get(ticket)?.(isAdmitted);
    this.#waiting.delete(ticket);
  }

  /** An earlier timer stays: asking once too often does no harm. */
  #wakeAt(at) {
    if (at >= this.#timerAt) return;
    clearTimeout(this.#timer);
    this.#timerAt = at;
    this.#timer = setTimeout(() => {
      this.#timerAt = Infinity;
      this.admit();
    }, at - Date.now());
  }
}
