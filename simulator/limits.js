// How much the CA takes at once and in a second, before it answers -42.

export class Limits {
  #initial;
  /** Calls under way at once; 0: any number. */
  concurrent = 0;
  /** Calls within any second; 0: any number. */
  perSecond = 0;
  /** When the calls of the last second were taken. @type {number[]} */
  #taken = [];

  /** @param {{ concurrent?: number, perSecond?: number }} [limits] */
  constructor(limits = {}) {
    this.#initial = limits;
    this.set(limits);
  }

  /** @param {{ concurrent?: number, perSecond?: number }} limits */
  set({ concurrent = this.concurrent, perSecond = this.perSecond }) {
    this.concurrent = concurrent;
    this.perSecond = perSecond;
  }

  /** Whether one more call is too many; one that is not counts. @param {number} underWay it included */
  reached(underWay) {
    if (this.concurrent > 0 && underWay > this.concurrent) return true;
    if (this.perSecond === 0) return false;
    const now = performance.now();
    this.#taken = this.#taken.filter((time) => now - time < 1000);
    if (this.#taken.length >= this.perSecond) return true;
    this.#taken.push(now);
    return false;
  }

  reset() {
    this.#taken = [];
    this.set({ concurrent: 0, perSecond: 0, ...this.#initial });
  }
}
