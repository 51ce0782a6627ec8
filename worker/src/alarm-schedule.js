// The alarm of the ledger's object: set for when the core wants to be asked for what is due.
import { logFailure } from "./log.js";

export class AlarmSchedule {
  #storage;
  #nextAlarm;
  /** For when it is set, as far as this process knows. @type {number | undefined} */
  #at;

  /**
   * @param {DurableObjectStorage} storage
   * @param {(setFor: number | undefined) => number | undefined} nextAlarm what the core wants; nothing when there is no need
   */
  constructor(storage, nextAlarm) {
    this.#storage = storage;
    this.#nextAlarm = nextAlarm;
  }

  /** It has gone off. */
  fired() {
    this.#at = undefined;
  }

  /** Sets it for when the core wants it. */
  update() {
    try {
      const at = this.#nextAlarm(this.#at);
      if (at !== undefined) this.setFor(at);
    } catch (error) {
      logFailure("alarm", error);
    }
  }

  /** @param {number} at */
  setFor(at) {
    this.#at = at;
    this.#storage.setAlarm(at).catch((error) => {
      this.#at = undefined;
      logFailure("alarm", error);
    });
  }
}
