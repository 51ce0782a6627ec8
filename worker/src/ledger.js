// The ledger's Durable Object, by what it is asked. How each is done is in the files that it imports.
import { DurableObject } from "cloudflare:workers";
import { AlarmSchedule } from "./alarm-schedule.js";
import { CaCalls, NEEDLESS } from "./ca-calls.js";
import { coreGeneration, freeOf, guarded } from "./core.js";
import { failedBefore } from "./fixed-answers.js";
import { HighWaterMark } from "./high-water-mark.js";
import { LedgerCore } from "./ledger-core.js";
import { logEvent, logFailure } from "./log.js";
import { signed } from "./signing.js";

/** After a failure of the alarm's own work, in milliseconds. */
const TRY_AGAIN_MS = 5_000;

export class Ledger extends DurableObject {
  #ledger = new LedgerCore(this.ctx.storage, this.env);
  #alarm = new AlarmSchedule(this.ctx.storage, (setFor) =>
    this.#ledger.run((core) => core?.nextAlarm(setFor)),
  );
  #mark = new HighWaterMark(this.ctx, this.env, this.#ledger);
  #calls = new CaCalls(this.ctx, this.env, this.#ledger, this.#alarm, this.#mark);

  /**
   * The answer to what the front asks for. What calls the CA is carried through even if the caller has gone.
   * @param {string} request as the core wrote it
   * @param {{ rows: string, part: number, isLast: boolean }} [plan] some of its rows
   * @returns {Promise<string | undefined>} nothing before the last part of a plan, and for what is only noted
   */
  async ask(request, plan) {
    const answer = this.#notOpened(request) ?? (await this.#compareWithMark());
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
    this.#open();
    return this.#ledger.run((core) => core.mayHaveActed(instance, since));
  }

  /** Of the object that keeps the high-water mark, which is another one of this class. @returns {Promise<string | undefined>} */
  async highWaterMark() {
    return this.ctx.storage.get("seen");
  }

  /** Of that object. @param {string} head of the ledger's audit log */
  async raiseHighWaterMark(head) {
    await this.ctx.storage.put("seen", head);
  }

  /** Does what is due although nobody asks. It never throws: after some failures an alarm is given up for good. */
  async alarm() {
    this.#alarm.fired();
    try {
      this.#open();
      await this.#compareWithMark();
      await this.#calls.carryOutBatch(this.#ledger.transaction((core) => core.batch()));
    } catch (error) {
      logFailure("alarm", error);
      this.#alarm.setFor(Date.now() + TRY_AGAIN_MS);
    }
    this.#alarm.update();
    this.#mark.raise();
  }

  #open() {
    if (!this.#ledger.open()) return;
    this.#calls.opened();
    try {
      this.#ledger.transaction((core) => core.recover());
    } catch (error) {
      // It can be read all the same, and no call begins before that is written.
      logFailure("recovery", error);
    }
    this.#alarm.update();
  }

  /** The answer when the ledger cannot be opened: without it nothing is sent. The next request tries again. */
  #notOpened(request) {
    try {
      this.#open();
      return undefined;
    } catch (error) {
      const { instance } = JSON.parse(request).by;
      // The core's own reasons are plain strings; an exception's text may hold anything.
      const reason = typeof error === "string" ? error : "the edge failed";
      logEvent("ledger-not-opened", { reason, instance });
      return JSON.stringify(failedBefore(instance));
    }
  }

  #compareWithMark() {
    return this.#mark.compare(() => this.#alarm.update());
  }

  async #answer(request, plan) {
    const work = this.#ledger.run((core) => core.work(request));
    switch (work.kind) {
      case "call":
        return (await this.#calls.carryOut(guarded(() => work.call()))).answer;
      case "settlement":
        return this.#settle(work);
      case "head":
        work.free();
        return this.#head();
      case "report":
        return this.#report(work);
      default: {
        const answer = this.#ledger.transaction(() =>
          plan ? work.keep(plan.rows, plan.part, plan.isLast) : work.answer(),
        );
        // After a breaker was resumed, what is due may go out.
        this.#alarm.update();
        return answer;
      }
    }
  }

  /** Finds out what became of an order, or sends it again, because a person says so. */
  async #settle(work) {
    const settlement = this.#ledger.transaction(() => work.settle());
    const generation = coreGeneration();
    try {
      if (settlement.answer) return settlement.answer;
      for (const call of settlement.takeCalls()) {
        const { answer, begun } = await this.#calls.carryOut(call);
        // It says what was sent before, too.
        if (!begun && answer !== NEEDLESS) return answer;
      }
      return this.#ledger.transaction(() => settlement.known());
    } finally {
      freeOf(generation, settlement);
    }
  }

  /** The head of the audit log, signed. */
  async #head() {
    const [head, signature] = await this.#signedHead();
    return this.#ledger.run((core) => core.signedHead(head, signature));
  }

  async #signedHead() {
    const head = this.#ledger.run((core) => core.head());
    return [head, await signed(head, this.env.AUDIT_SIGNING_KEY)];
  }

  /** The report of a job, with the head of the audit log as it is now. */
  async #report(work) {
    const report = this.#ledger.transaction(() => work.report());
    const generation = coreGeneration();
    try {
      if (report.answer) return report.answer;
      const [head, signature] = await this.#signedHead();
      return guarded(() => report.signed(head, signature));
    } finally {
      freeOf(generation, report);
    }
  }
}
