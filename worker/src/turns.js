// Turns to call the CA: at most so many at once, and so many a second. Who has a person waiting comes first.

/** After so long a patient one counts as urgent, in milliseconds: somebody's turn comes at last. */
const PATIENCE_MS = 5_000;

/** @typedef {{ grant: () => void, urgentAt: number }} Waiting */

export class Turns {
  #free;
  #pauseMs;
  /** No turn is given before this. */
  #nextAt = 0;
  /** In the order in which they came. @type {Waiting[]} */
  #waiting = [];
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;

  /** @param {{ maxConnections: number, maxPerSecond: number | null }} limits */
  constructor({ maxConnections, maxPerSecond }) {
    this.#free = maxConnections;
    this.#pauseMs = maxPerSecond ? 1000 / maxPerSecond : 0;
  }

  /**
   * Takes a turn, or gives up after `maxWaitMs`. Whoever has taken one gives it back.
   * @param {number} maxWaitMs
   * @returns {Promise<boolean>}
   */
  take(maxWaitMs) {
    return new Promise((resolve) => {
      const timer = setTimeout(() => {
        this.#waiting.splice(this.#waiting.indexOf(waiting), 1);
        resolve(false);
      }, maxWaitMs);
      const waiting = {
        urgentAt: 0,
        grant: () => {
          clearTimeout(timer);
          resolve(true);
        },
      };
      this.#waiting.push(waiting);
      this.#giveOut();
    });
  }

  /**
   * Takes a turn that nobody needs more, however long that takes.
   * @returns {Promise<void>}
   */
  takePatiently() {
    return new Promise((grant) => {
      this.#waiting.push({ urgentAt: Date.now() + PATIENCE_MS, grant });
      this.#giveOut();
    });
  }

  give() {
    this.#free += 1;
    this.#giveOut();
  }

  #giveOut() {
    while (this.#free > 0 && this.#waiting.length > 0) {
      const now = Date.now();
      if (now < this.#nextAt) {
        this.#timer ??= setTimeout(() => {
          this.#timer = undefined;
          this.#giveOut();
        }, this.#nextAt - now);
        return;
      }
      const urgent = this.#waiting.findIndex(({ urgentAt }) => urgentAt <= now);
      const [next] = this.#waiting.splice(Math.max(0, urgent), 1);
      this.#free -= 1;
      this.#nextAt = Math.max(this.#nextAt, now - this.#pauseMs) + this.#pauseMs;
      next.grant();
    }
  }
}
