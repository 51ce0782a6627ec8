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

  /**
   * Opens the ledger, unless it is open. After a trap it is opened anew: calls that were under way are unknown then.
   * @throws a plain string that names the reason
   */
  #open() {
    if (this.#core && this.#madeBy === coreGeneration()) return;
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
    this.#turns ??= new Turns(this.#calling);
  }

  /** What is known of an order. */
  async order(command) {
    return this.#notOpened(command) ?? withTrapsNoted(() => this.#core.order(command));
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
      withTrapsNoted(() => this.#open());
      return undefined;
    } catch (error) {
      const { instance } = JSON.parse(command);
      // The core's own reasons are plain strings; an exception's text is nobody's business.
      const reason = typeof error === "string" ? error : "the edge failed";
      console.error(JSON.stringify({ event: "ledger-not-opened", reason, instance }));
      return JSON.stringify(failedBefore(instance));
    }
  }

  async #revoke(command) {
    const call = withTrapsNoted(() => this.#core.revocation(command));
    if (!call) throw new Error("not a revocation");
    const generation = coreGeneration();
    try {
      return await this.#carryOut(call);
    } finally {
      // What an earlier instance made is gone with it, and its place belongs to something else.
      if (generation === coreGeneration()) call.free();
    }
  }

  async #carryOut(call) {
    if (!this.#turns.isFree) {
      // No need to wait for an answer that is there already.
      const settled = orElse(
        () => withTrapsNoted(() => call.settled()),
        "reading",
        () => call.notBegun(),
      );
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
      logFailure("intent", error);
      return call.notBegun();
    }
    const form = withTrapsNoted(() => call.form(...this.#login()));
    const reply = await callCa(this.#calling.endpoint, form, this.#calling);
    const end = () =>
      "lost" in reply
        ? call.lost(reply.lost)
        : call.finish(reply.status, reply.contentLength, reply.contentEncoding, reply.body, ...this.#login());
    return orElse(
      () => this.#inTransaction(end),
      "outcome",
      () => call.notWritten(),
    );
  }

  /** The login at the CA, as bytes: the core keeps no copy of it between calls. */
  #login() {
    return [this.env.CA_LOGIN_NAME, this.env.CA_LOGIN_PASSWORD].map((text) => new TextEncoder().encode(text));
  }

  #inTransaction(work) {
    return withTrapsNoted(() => this.ctx.storage.transactionSync(work));
  }
}

/** Runs something of the core. After a trap, whatever its instance made throws when it is used. */
function withTrapsNoted(work) {
  try {
    return work();
  } catch (error) {
    noteTrap(error);
    throw error;
  }
}

/** What `work` gives; when it fails, that is logged, and `otherwise` gives the answer. */
function orElse(work, where, otherwise) {
  try {
    return work();
  } catch (error) {
    logFailure(where, error);
    return otherwise();
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
