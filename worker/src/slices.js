// What is done although nobody asks, slice by slice: the core says which call comes next, and here they are made, several at
// once.
//
// Each write that stands alone costs a wait for the disk, and while it lasts nothing else is done. So the outcomes that have
// come are written together with the intents of the calls that follow, and those wait with their intents on disk: when a
// connection is free, the next call leaves at once, and only then is written what came.

/**
 * @typedef {object} Means what the ledger's object lends
 * @property {number} maxConnections
 * @property {(slice: any) => any} next the next call of a slice, if there is one
 * @property {(slice: any) => boolean} isOver whether there is none, as far as is known without looking for one
 * @property {(call: any) => Promise<unknown>} carryOut makes a call whose intent is not written yet
 * @property {(call: any) => Promise<any>} send sends a call whose intent is on disk, as soon as its turn has come
 * @property {(call: any, reply: any) => void} end writes what came back; it never throws
 * @property {(call: any) => void} drop lets go of a call that is not sent
 * @property {() => Promise<void>} sync waits until all that was written is on disk
 */

/** For more replies than these none waits, however many connections there are: an answer that comes meanwhile waits for all that
 * is written. */
const ENOUGH_TOGETHER = 4;
/** A reply waits for others no longer than this, in milliseconds: nothing against what a CA takes. */
const LONGEST_WAIT_MS = 10;

/** @typedef {{ slice: any, calls: number, resolve: (calls: number) => void, reject: (error: unknown) => void }} Begun */

export class Slices {
  #means;
  /** The slice that is being begun. @type {Begun | undefined} */
  #present;
  /** Calls whose intent is written, and which have not ended. */
  #begun = 0;
  /** Calls that settle something. */
  #settling = 0;
  /** Replies that are not written yet. @type {[call: any, reply: any][]} */
  #replies = [];
  /** They are written when it has ended. @type {ReturnType<typeof setTimeout> | undefined} */
  #patience;
  /** Whether something has happened since it was last looked, so that more can be done. */
  #hasNews = false;
  #rouse = () => {};
  /** All that is under way. @type {Promise<void> | undefined} */
  #work;
  /** Whether there is something under way. A promise that has ended is known to have a moment later only, and a slice that begins
   * in that moment would wait for ever. */
  #isWorking = false;

  /** @param {Means} means */
  constructor(means) {
    this.#means = means;
  }

  /**
   * Begins the calls of a slice, and is done when there is no other: the next slice need not wait for a call that takes long.
   * @param {any} slice
   * @param {(work: Promise<void>) => void} goOn is lent what still goes on then
   * @returns {Promise<number>} how many calls it were
   */
  async begin(slice, goOn) {
    const over = new Promise((resolve, reject) => (this.#present = { slice, calls: 0, resolve, reject }));
    this.#wake();
    if (!this.#isWorking) this.#work = this.#untilAllHasEnded();
    goOn(this.#work);
    return over;
  }

  /** Keeps a reply, to be written with others. @param {any} call @param {any} reply */
  #take(call, reply) {
    this.#replies.push([call, reply]);
    const enough = Math.min(ENOUGH_TOGETHER, Math.ceil(this.#means.maxConnections / 2));
    if (this.#replies.length >= enough || this.#begun === 0) this.#wake();
    else this.#patience ??= setTimeout(() => this.#wake(), LONGEST_WAIT_MS);
  }

  #wake() {
    this.#hasNews = true;
    this.#rouse();
  }

  async #untilAllHasEnded() {
    const { end, send } = this.#means;
    this.#isWorking = true;
    for (;;) {
      this.#hasNews = false;
      clearTimeout(this.#patience);
      this.#patience = undefined;
      for (const [call, reply] of this.#replies.splice(0)) end(call, reply);
      const fresh = this.#beginMore();
      const onDisk = fresh.length === 0 || (await this.#synced());
      for (const call of fresh) {
        if (!onDisk) {
          this.#begun -= 1;
          this.#means.drop(call);
          continue;
        }
        send(call).then((reply) => {
          this.#begun -= 1;
          this.#take(call, reply);
        });
      }
      if (!this.#hasNews) {
        if (this.#begun === 0 && this.#settling === 0 && !this.#present) {
          this.#isWorking = false;
          return;
        }
        await new Promise((resolve) => (this.#rouse = () => resolve(undefined)));
      }
      // Without it, what a reply has made room for would leave only after all that is written now.
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
  }

  /** Whether all that was written is on disk. What is not must not be sent. */
  async #synced() {
    try {
      await this.#means.sync();
      return true;
    } catch (error) {
      this.#present?.reject(error);
      this.#present = undefined;
      return false;
    }
  }

  /** Calls whose intents were written just now. As many wait with theirs as there are connections. */
  #beginMore() {
    const { maxConnections, next, isOver, carryOut } = this.#means;
    const fresh = [];
    while (
      this.#present &&
      this.#begun < 2 * maxConnections &&
      this.#settling < Math.max(1, maxConnections - 1)
    ) {
      const { slice, resolve, reject } = this.#present;
      try {
        const call = next(slice);
        if (call) this.#present.calls += 1;
        if (call?.begun) {
          this.#begun += 1;
          fresh.push(call);
        } else if (call) {
          this.#settling += 1;
          const ended = () => {
            this.#settling -= 1;
            this.#wake();
          };
          carryOut(call).then(ended, (error) => {
            reject(error);
            ended();
          });
        }
        // Known at once, the next slice is there before the calls of this one have left.
        if (!call || isOver(slice)) {
          resolve(this.#present.calls);
          this.#present = undefined;
        }
      } catch (error) {
        this.#present = undefined;
        reject(error);
      }
    }
    return fresh;
  }
}
