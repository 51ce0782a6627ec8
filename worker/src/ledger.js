// The ledger's Durable Object: runs SQL and calls the CA, as the core decides. The one place that does either.
import { DurableObject } from "cloudflare:workers";
import { callCa } from "./call-ca.js";
import { core, coreGeneration, noteTrap, settingsOf } from "./core.js";
import { failedBefore, logFailure } from "./failures.js";
import { logEvent } from "./log.js";
import { signed } from "./signing.js";
import { Turns } from "./turns.js";

const UTF8 = new TextEncoder();
/** How often the witness is told where the audit log ends, in milliseconds. */
const WITNESS_EVERY_MS = 10_000;
/** After a failure of the alarm's own work, in milliseconds. */
const TRY_AGAIN_MS = 5_000;

export class Ledger extends DurableObject {
  #core;
  #madeBy;
  #calling;
  #turns;
  /** When the alarm rings next, as far as this process knows. */
  #alarmAt;
  /** Ends when the call has that was begun last: the one that is on trial, while the breaker is half-open. @type {Promise<void> | undefined} */
  #trial;
  /** Asking the witness, once in this process. @type {Promise<void> | undefined} */
  #witnessed;
  #witnessToldAt = 0;
  /** Whether it is going to be told. */
  #tellingWitness = false;

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
    try {
      this.#inTransaction(() => this.#core.tidy());
    } catch (error) {
      // It can be read all the same, and no call begins before that is written.
      logFailure("tidy", error);
    }
    this.#arm();
  }

  /**
   * The answer to what the front asks for. What calls the CA is carried through even if the caller has gone.
   * @param {string} request as the core wrote it
   * @param {{ rows: string, part: number, isLast: boolean }} [plan] some of its rows
   * @returns {Promise<string | undefined>} nothing before the last part of a plan, and for what is only noted
   */
  async ask(request, plan) {
    const answer = this.#notOpened(request) ?? (await this.#askWitness());
    if (answer) return answer;
    const work = this.#answer(request, plan);
    this.ctx.waitUntil(work.catch(() => {}));
    return work;
  }

  /**
   * Whether the CA may have been called because of a request that came at `since`, or may be yet: what an exception means that
   * its caller was not answered for.
   */
  async mayHaveActed(instance, since) {
    withTrapsNoted(() => this.#open());
    return withTrapsNoted(() => this.#core.mayHaveActed(instance, since));
  }

  /** As the witness, which is another object of this class: the head of the ledger's audit log that was seen last. */
  async seen() {
    return this.ctx.storage.get("seen");
  }

  /** As the witness. @param {string} head */
  async see(head) {
    await this.ctx.storage.put("seen", head);
  }

  /** Does what is due although nobody asks. It never throws: after some failures an alarm is given up for good. */
  async alarm() {
    this.#alarmAt = undefined;
    try {
      withTrapsNoted(() => this.#open());
      await this.#askWitness();
      await this.#workOn(this.#inTransaction(() => this.#core.slice()));
    } catch (error) {
      logFailure("alarm", error);
      this.#ring(Date.now() + TRY_AGAIN_MS);
    }
    this.#arm();
    this.#tellWitness();
  }

  /** The answer when the ledger cannot be opened: without it nothing is sent. The next request tries again. */
  #notOpened(request) {
    try {
      withTrapsNoted(() => this.#open());
      return undefined;
    } catch (error) {
      const { instance } = JSON.parse(request).by;
      // The core's own reasons are plain strings; an exception's text is nobody's business.
      const reason = typeof error === "string" ? error : "the edge failed";
      logEvent("ledger-not-opened", { reason, instance });
      return JSON.stringify(failedBefore(instance));
    }
  }

  /** Finds out whether the ledger was restored from a backup, or begun anew. */
  async #askWitness() {
    this.#witnessed ??= (async () => {
      const seen = await witnessOf(this.env).seen();
      if (seen && this.#inTransaction(() => this.#core.witnessed(seen))) {
        logEvent("ledger-restored");
        this.#arm();
      }
      this.#tellWitness();
    })();
    try {
      await this.#witnessed;
    } catch (error) {
      // It could not be asked: the next request tries again, and this one does not have to wait for that.
      this.#witnessed = undefined;
      noteTrap(error);
      logFailure("witness", error);
    }
  }

  /** Tells the witness where the audit log ends, as soon as that is on disk; of what follows soon, all at once later. */
  #tellWitness() {
    if (!this.#core || this.#tellingWitness) return;
    this.#tellingWitness = true;
    const tell = async () => {
      this.#tellingWitness = false;
      this.#witnessToldAt = Date.now();
      const head = withTrapsNoted(() => this.#core.head());
      await this.ctx.storage.sync();
      await witnessOf(this.env).see(head);
    };
    const told = () => this.ctx.waitUntil(tell().catch((error) => logFailure("witness", error)));
    const wait = this.#witnessToldAt + WITNESS_EVERY_MS - Date.now();
    if (wait > 0) setTimeout(told, wait);
    else told();
  }

  async #answer(request, plan) {
    const work = withTrapsNoted(() => this.#core.work(request));
    switch (work.kind) {
      case "call":
        return (await this.#carryOut(work.call())).answer;
      case "settlement":
        return this.#settle(work);
      case "head":
        work.free();
        return this.#head();
      case "report":
        return this.#report(work);
      default: {
        const answer = this.#inTransaction(() =>
          plan ? work.keep(plan.rows, plan.part, plan.isLast) : work.answer(),
        );
        // After a breaker was resumed, what is due may go out.
        this.#arm();
        return answer;
      }
    }
  }

  /** Finds out what became of an order, or sends it again, because a person says so. */
  async #settle(work) {
    const settlement = this.#inTransaction(() => work.settle());
    const generation = coreGeneration();
    try {
      if (settlement.answer) return settlement.answer;
      for (const call of settlement.takeCalls()) {
        const { answer, begun } = await this.#carryOut(call);
        // It says what was sent before, too.
        if (!begun && answer !== NEEDLESS) return answer;
      }
      return this.#inTransaction(() => settlement.known());
    } finally {
      if (generation === coreGeneration()) settlement.free();
    }
  }

  /** The head of the audit log, signed. */
  async #head() {
    const [head, signature] = await this.#signedHead();
    return withTrapsNoted(() => this.#core.signedHead(head, signature));
  }

  async #signedHead() {
    const head = withTrapsNoted(() => this.#core.head());
    return [head, await signed(head, this.env.AUDIT_SIGNING_KEY)];
  }

  /** The report of a job, with the head of the audit log as it is now. */
  async #report(work) {
    const report = this.#inTransaction(() => work.report());
    const generation = coreGeneration();
    try {
      if (report.answer) return report.answer;
      const [head, signature] = await this.#signedHead();
      return withTrapsNoted(() => report.signed(head, signature));
    } finally {
      if (generation === coreGeneration()) report.free();
    }
  }

  /**
   * Makes the calls of a slice: each is chosen, and its intent written, when a connection is free for it. It is over with its
   * last call, before that has an answer: the next slice need not wait for one that takes long.
   */
  async #workOn(slice) {
    const generation = coreGeneration();
    let calls = 0;
    try {
      do {
        await this.#turns.takePatiently();
        const call = this.#next(slice, generation);
        if (!call) break;
        calls += 1;
        this.ctx.waitUntil(this.#complete(call));
      } while (generation === coreGeneration() && !slice.over);
    } finally {
      // The platform counts them for each time the alarm rings.
      if (calls > 0) logEvent("slice", { calls });
      if (generation === coreGeneration()) slice.free();
    }
  }

  /** The next call of a slice, with its intent written; it has the turn that was taken for it. */
  #next(slice, generation) {
    let call;
    try {
      if (generation === coreGeneration()) this.#inTransaction(() => (call = slice.next()));
    } catch (error) {
      call?.free();
      this.#turns.give();
      throw error;
    }
    if (!call) this.#turns.give();
    return call;
  }

  /** Carries out a call that has its turn, and whose intent is written. It never rejects. */
  async #complete(call) {
    const generation = coreGeneration();
    const ended = Promise.withResolvers();
    try {
      await this.#post(call, ended.promise);
    } catch (error) {
      noteTrap(error);
      logFailure("job", error);
    } finally {
      this.#leave(call, generation, ended);
      this.#turns.give();
    }
  }

  /** Lets go of a call. Whoever has a turn gives it back only then, so that the next call is written together with it. */
  #leave(call, generation, ended) {
    // What an earlier instance made is gone with it, and its place belongs to something else.
    if (generation === coreGeneration()) call.free();
    ended.resolve();
    this.#arm();
    this.#tellWitness();
  }

  /** One call to the CA, from its turn to its answer, and whether it was begun. The call is freed. */
  async #carryOut(call) {
    const generation = coreGeneration();
    const ended = Promise.withResolvers();
    try {
      const known = orElse(
        () => withTrapsNoted(() => call.enter()),
        "reading",
        () => call.notBegun(),
      );
      const answer = known ?? (await this.#inTurn(call, ended.promise));
      return { answer, begun: call.begun };
    } finally {
      this.#leave(call, generation, ended);
    }
  }

  async #inTurn(call, ended) {
    const deadline = Date.now() + this.#calling.maxWaitMs;
    for (;;) {
      if (!(await this.#turns.take(deadline - Date.now()))) return call.noTurn();
      try {
        const answer = await this.#send(call, ended);
        if (answer !== WAIT) return answer;
      } finally {
        this.#turns.give();
      }
      const inTime = await Promise.race([this.#trial ?? true, pause(deadline - Date.now())]);
      if (inTime === TOO_LATE) return call.noTurn();
    }
  }

  async #send(call, ended) {
    try {
      const answer = this.#inTransaction(() => call.begin());
      if (answer) return answer;
    } catch (error) {
      logFailure("intent", error);
      return call.notBegun();
    }
    return this.#post(call, ended);
  }

  /** Sends a call whose intent is written, writes what came back, and gives the caller's answer. */
  async #post(call, ended) {
    // At once: whoever is told to wait from now on must not find one that has ended already, and ask again for ever.
    this.#trial = ended;
    let form;
    try {
      // An alarm is set, in case that this process goes down; and the intent is on disk before the first byte leaves.
      this.#arm();
      await this.ctx.storage.sync();
      form = withTrapsNoted(() => call.form(...this.#login()));
    } catch (error) {
      logFailure("intent", error);
      return call.notBegun();
    }
    const reply = await callCa(this.#calling.endpoint, form, this.#calling);
    const end = () => {
      if ("lost" in reply) return call.lost(reply.lost);
      const { status, contentLength, contentEncoding, body } = reply;
      return call.answered(status, contentLength, contentEncoding, body, ...this.#login());
    };
    return orElse(
      () => this.#inTransaction(end),
      "outcome",
      () => call.notWritten(),
    );
  }

  /** The login at the CA, as bytes: the core keeps no copy of it between calls. */
  #login() {
    return [this.env.CA_LOGIN_NAME, this.env.CA_LOGIN_PASSWORD].map((text) => UTF8.encode(text));
  }

  /** Sets the alarm for when the core wants it. */
  #arm() {
    try {
      const at = withTrapsNoted(() => this.#core?.nextAlarm(this.#alarmAt));
      if (at !== undefined) this.#ring(at);
    } catch (error) {
      logFailure("alarm", error);
    }
  }

  #ring(at) {
    this.#alarmAt = at;
    this.ctx.storage.setAlarm(at).catch((error) => {
      this.#alarmAt = undefined;
      logFailure("alarm", error);
    });
  }

  #inTransaction(work) {
    const generation = coreGeneration();
    try {
      const result = withTrapsNoted(() => this.ctx.storage.transactionSync(work));
      this.#core.committed();
      return result;
    } catch (error) {
      if (generation === coreGeneration()) this.#core?.rolledBack();
      throw error;
    }
  }
}

/** Beside the ledger, and not in its backups. */
const witnessOf = (env) => env.LEDGER.get(env.LEDGER.idFromName("witness"));

/** What the core says besides answers. */
const WAIT = "wait";
const NEEDLESS = "needless";
const TOO_LATE = Symbol("too late");

const pause = (ms) => new Promise((resolve) => setTimeout(resolve, Math.max(0, ms), TOO_LATE));

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
    // To look for rows costs as much as a small statement.
    execute: (statement, values) => void sql.exec(statement, ...JSON.parse(values)),
    now: () => Date.now(),
  };
}
