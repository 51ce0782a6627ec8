// Turns to call the CA: at most so many at once, and so many a second, first come first served.

export class Turns {
  #free;
  #pauseMs;
  #nextAt = 0;
  /** @type {((taken: boolean) => void)[]} */
  #waiting = [];

  /** @param {{ maxConnections: number, maxPerSecond: number | null }} limits */
  constructor({ maxConnections, maxPerSecond }) {
    this.#free = maxConnections;
    this.#pauseMs = maxPerSecond ? 1000 / maxPerSecond : 0;
  }

  /** Whether a turn can be taken without waiting for another call to end. */
  get isFree() {
    return this.#free > 0;
  }

  /**
   * Takes a turn, or gives up after `maxWaitMs`. Whoever has taken one gives it back.
   * @param {number} maxWaitMs
   * @returns {Promise<boolean>}
   */
  async take(maxWaitMs) {
    const deadline = Date.now() + maxWaitMs;
    if (this.#free > 0) this.#free -= 1;
    else if (!(await this.#wait(maxWaitMs))) return false;
    if (this.#pauseMs === 0) return true;
    const at = Math.max(Date.now(), this.#nextAt);
    if (at > deadline) {
      this.give();
      return false;
    }
    this.#nextAt = at + this.#pauseMs;
    await new Promise((resolve) => setTimeout(resolve, at - Date.now()));
    return true;
  }

  give() {
    const next = this.#waiting.shift();
    if (next) next(true);
    else this.#free += 1;
  }

  #wait(maxWaitMs) {
    return new Promise((resolve) => {
      const settle = (taken) => {
        clearTimeout(timer);
        resolve(taken);
      };
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(settle), 1);
        resolve(false);
      }, maxWaitMs);
      this.#waiting.push(settle);
    });
  }
}
