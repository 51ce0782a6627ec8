// The core's ledger on the SQLite of its Durable Object: opened when first needed, opened anew after a trap, every step guarded.
import { core, coreGeneration, guarded, settingsOf } from "./core.js";

export class LedgerCore {
  #storage;
  #env;
  #core;
  #openedBy;

  /** @param {DurableObjectStorage} storage */
  constructor(storage, env) {
    this.#storage = storage;
    this.#env = env;
  }

  /**
   * Opens the ledger, unless it is open. After a trap, calls that were in flight have an unknown outcome.
   * @returns {boolean} whether it was opened just now
   * @throws a plain string that names the reason
   */
  open() {
    if (this.isOpen) return false;
    return guarded(() => {
      const settings = settingsOf(this.#env);
      try {
        const host = hostOf(this.#storage.sql);
        const open = () => core().LedgerCore.open(settings, host, crypto.randomUUID());
        this.#core = this.#storage.transactionSync(open);
        this.#openedBy = coreGeneration();
        return true;
      } finally {
        settings.free();
      }
    });
  }

  /** Whether it was opened, and that instance of the core is still there. */
  get isOpen() {
    return this.#core !== undefined && this.#openedBy === coreGeneration();
  }

  /**
   * Runs a step that writes nothing.
   * @template T
   * @param {(core: any) => T} step
   */
  run(step) {
    return guarded(() => step(this.#core));
  }

  /**
   * Runs a step in a transaction, and tells the core what became of that.
   * @template T
   * @param {(core: any) => T} step
   */
  transaction(step) {
    const generation = coreGeneration();
    try {
      const result = guarded(() => this.#storage.transactionSync(() => step(this.#core)));
      this.#core.committed();
      return result;
    } catch (error) {
      if (generation === coreGeneration()) this.#core?.rolledBack();
      throw error;
    }
  }
}

/** The core's only effects inside of a transaction. @param {SqlStorage} sql */
function hostOf(sql) {
  return {
    sql: (statement, values) =>
      JSON.stringify(
        sql
          .exec(statement, ...JSON.parse(values))
          .raw()
          .toArray(),
      ),
    // To look for rows costs as much as a small statement.
    execute: (statement, values) => void sql.exec(statement, ...JSON.parse(values)),
    now: () => Date.now(),
  };
}
