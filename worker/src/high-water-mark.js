// Rollback detection: where the ledger's audit log ended last is kept by another object, which no backup of the ledger has.
import { noteTrap } from "./core.js";
import { logEvent, logFailure } from "./log.js";

/** How often the mark is raised at most, in milliseconds. */
const RAISE_EVERY_MS = 10_000;

export class HighWaterMark {
  #ctx;
  #env;
  #ledger;
  /** Comparing the ledger with the mark, once in this process. @type {Promise<void> | undefined} */
  #compared;
  #raisedAt = 0;
  #isRaising = false;

  /**
   * @param {DurableObjectState} ctx of the ledger's object
   * @param {import("./ledger-core.js").LedgerCore} ledger
   */
  constructor(ctx, env, ledger) {
    this.#ctx = ctx;
    this.#env = env;
    this.#ledger = ledger;
  }

  /** Finds out, once, whether the ledger was restored from a backup, or begun anew, and calls `restored` if it was. */
  async compare(restored) {
    this.#compared ??= (async () => {
      const mark = await markOf(this.#env).highWaterMark();
      const isRestored =
        mark !== undefined && this.#ledger.transaction((core) => core.checkHighWaterMark(mark));
      if (isRestored) {
        logEvent("ledger-restored");
        restored();
      }
      this.raise();
    })();
    try {
      await this.#compared;
    } catch (error) {
      // It could not be read: the next request tries again, and this one does not have to wait for that.
      this.#compared = undefined;
      noteTrap(error);
      logFailure("high-water-mark", error);
    }
  }

  /** Raises the mark to where the audit log ends, as soon as that is on disk; after what follows soon, once more later. */
  raise() {
    if (this.#isRaising || !this.#ledger.isOpen) return;
    this.#isRaising = true;
    const raise = () =>
      this.#ctx.waitUntil(this.#raiseNow().catch((error) => logFailure("high-water-mark", error)));
    const wait = this.#raisedAt + RAISE_EVERY_MS - Date.now();
    if (wait > 0) setTimeout(raise, wait);
    else raise();
  }

  async #raiseNow() {
    this.#isRaising = false;
    this.#raisedAt = Date.now();
    const head = this.#ledger.run((core) => core.head());
    await this.#ctx.storage.sync();
    await markOf(this.#env).raiseHighWaterMark(head);
  }
}

/** The object that keeps it. Deployments have it under this name. */
const markOf = (env) => env.LEDGER.get(env.LEDGER.idFromName("witness"));
