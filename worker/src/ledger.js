// The ledger's Durable Object: runs SQL and calls the CA, as the core decides. The one place that does either.
import { DurableObject } from "cloudflare:workers";
import { callCa } from "./call-ca.js";
import { core, coreGeneration, noteTrap, settingsOf } from "./core.js";
import { failedBefore, logFailure } from "./failures.js";
import { Turns } from "./turns.js";

export class Ledger extends DurableObject {
  #core;
  #madeBy;
  #calling;
  #turns;

  /** Opens the ledger, unless it is open. @throws a plain string that names the reason */
  #open() {
    if (this.#core) return;
    const settings = settingsOf(this.env);
    try {
      const { storage } = this.ctx;
      const open = () => core().LedgerCore.open(settings, hostOf(storage.sql), crypto.randomUUID());
      this.#core = storage.transactionSync(open);
      this.#madeBy = coreGeneration();
    } finally {
      settings.free();
    }
    this.#calling = JSON.parse(this.#core.calling());
    this.#turns = new Turns(this.#calling);
  }

  /** What is known of an order. */
  async order(command) {
    return this.#notOpened(command) ?? this.#guarded(() => this.#core.order(command));
  }

  /** Revokes an order; carried through even if the caller has gone. */
  async revoke(command) {
    const answer = this.#notOpened(command);
    if (answer) return answer;
    const work = this.#revoke(command);
    this.ctx.waitUntil(work.catch(() => {}));
    return work;
  }

  /** The answer when the ledger cannot be opened: without it nothing is sent. The next request tries again. */
  #notOpened(command) {
    try {
      this.#open();
      return undefined;
    } catch (error) {
      noteTrap(error);
      const { instance } = JSON.parse(command);
      // The core's own reasons are plain strings; an exception's text is nobody's business.
      const reason = typeof error === "string" ? error : "the edge failed";
      console.error(JSON.stringify({ event: "ledger-not-opened", reason, instance }));
      return JSON.stringify(failedBefore(instance));
    }
  }

  async #revoke(command) {
    const call = this.#guarded(() => this.#core.revocation(command));
    if (!call) throw new Error("not a revocation");
    try {
      return await this.#carryOut(call);
    } finally {
      this.#guarded(() => call.free());
    }
  }

  async #carryOut(call) {
    if (!this.#turns.isFree) {
      // No need to wait for an answer that is there already.
      const settled = this.#read(() => call.settled(), call);
      if (settled) return settled;
    }
    if (!(await this.#turns.take(this.#calling.maxWaitMs))) return call.noTurn();
    try {
      return await this.#send(call);
    } finally {
      this.#turns.give();
    }
  }

  async #send(call) {
    try {
      const answer = this.#inTransaction(() => call.begin());
      if (answer) return answer;
      // The intent is on disk before the first byte leaves.
      await this.ctx.storage.sync();
    } catch (error) {
      this.#note("intent", error);
      return call.notBegun();
    }
    const reply = await callCa(this.#calling.endpoint, call.form(), this.#calling);
    try {
      return this.#inTransaction(() =>
        "lost" in reply
          ? call.lost(reply.lost)
          : call.finish(reply.status, reply.contentLength, reply.contentEncoding, reply.body),
      );
    } catch (error) {
      this.#note("outcome", error);
      return call.notWritten();
    }
  }

  #read(work, call) {
    try {
      return work();
    } catch (error) {
      this.#note("reading", error);
      return call.notBegun();
    }
  }

  #inTransaction(work) {
    return this.ctx.storage.transactionSync(work);
  }

  #note(where, error) {
    logFailure(where, error);
    this.#giveUpAfterTrap(error);
  }

  /** Runs something of the core; an object whose core is gone is made anew by the platform. */
  #guarded(work) {
    if (this.#madeBy !== coreGeneration()) this.#giveUp();
    try {
      return work();
    } catch (error) {
      this.#giveUpAfterTrap(error);
      throw error;
    }
  }

  #giveUpAfterTrap(error) {
    if (!(error instanceof WebAssembly.RuntimeError)) return;
    noteTrap(error);
    this.#giveUp();
  }

  #giveUp() {
    this.ctx.abort("the core is gone");
    throw new Error("the core is gone");
  }
}

/** The core's only effects inside of a transaction. */
function hostOf(sql) {
  return {
    sql: (statement, values) =>
      JSON.stringify(
        sql
          .exec(statement, ...JSON.parse(values))
          .raw()
          .toArray(),
      ),
    now: () => Date.now(),
  };
}
