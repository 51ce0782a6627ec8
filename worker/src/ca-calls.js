// Carries out calls to the CA, step by step as the core decides: a connection, the intent on disk, the POST, the outcome.
import { callCa } from "./call-ca.js";
import { CallQueue } from "./call-queue.js";
import { coreGeneration, freeOf, guarded, noteTrap } from "./core.js";
import { logEvent, logFailure } from "./log.js";

const UTF8 = new TextEncoder();

/** What the core says besides answers. */
const WAIT = "wait";
export const NEEDLESS = "needless";

export class CaCalls {
  #ctx;
  #env;
  #ledger;
  #alarm;
  #mark;
  #queue;
  /** How to call the CA. */
  #how;
  /** Calls that the CA has not answered yet, those of earlier instances of the core included. */
  #inFlight = 0;

  /**
   * @param {DurableObjectState} ctx
   * @param {import("./ledger-core.js").LedgerCore} ledger
   * @param {import("./alarm-schedule.js").AlarmSchedule} alarm
   * @param {import("./high-water-mark.js").HighWaterMark} mark
   */
  constructor(ctx, env, ledger, alarm, mark) {
    this.#ctx = ctx;
    this.#env = env;
    this.#ledger = ledger;
    this.#alarm = alarm;
    this.#mark = mark;
    this.#queue = new CallQueue(ledger);
  }

  /** The ledger was opened: in a new process, or after a trap, which leaves calls in flight. */
  opened() {
    this.#ledger.run((core) => {
      if (this.#how) core.takeOver(this.#inFlight);
      this.#how = JSON.parse(core.calling());
    });
    this.#queue.abandon();
  }

  /** One call for which somebody waits, up to its answer, and whether it was begun. The call is freed. */
  async carryOut(call) {
    const generation = coreGeneration();
    try {
      const known = orElse(
        () => call.enter(),
        "reading",
        () => call.notBegun(),
      );
      const answer = known ?? (await this.#inQueue(call));
      return { answer, begun: call.begun };
    } finally {
      this.#end(call, generation);
    }
  }

  async #inQueue(call) {
    while (await this.#queue.admission(call.ticket)) {
      const answer = await this.#begin(call);
      if (answer !== WAIT) return answer;
    }
    return call.noConnection();
  }

  async #begin(call) {
    try {
      const answer = this.#ledger.transaction(() => call.begin());
      if (answer) return answer;
    } catch (error) {
      logFailure("intent", error);
      return call.notBegun();
    }
    return this.#post(call);
  }

  /**
   * Makes the calls of a batch: each is chosen, and its intent written, when a connection is free for it. The batch is over with
   * its last call, before that has an answer: the next batch need not wait for one that takes long. The batch is freed.
   */
  async carryOutBatch(batch) {
    const generation = coreGeneration();
    let calls = 0;
    try {
      for (let ticket; (ticket = guarded(() => batch.join())) !== undefined; calls += 1) {
        await this.#queue.admission(ticket);
        if (generation !== coreGeneration()) break;
        const call = this.#next(batch, generation);
        if (!call) break;
        this.#ctx.waitUntil(this.#complete(call, generation));
      }
    } finally {
      // The platform counts them for each time that the alarm fires.
      if (calls > 0) logEvent("batch", { calls });
      freeOf(generation, batch);
      this.#queue.admit();
    }
  }

  /** The next call of a batch, with its intent written. */
  #next(batch, generation) {
    let call;
    try {
      this.#ledger.transaction(() => (call = batch.next()));
      return call;
    } catch (error) {
      freeOf(generation, call);
      throw error;
    }
  }

  /** Carries out a call whose intent is written. It never rejects. */
  async #complete(call, generation) {
    try {
      await this.#post(call);
    } catch (error) {
      noteTrap(error);
      logFailure("job", error);
    } finally {
      this.#end(call, generation);
    }
  }

  /** Sends a call whose intent is written, writes what came back, and gives the caller's answer. */
  async #post(call) {
    const generation = coreGeneration();
    let form;
    try {
      // An alarm is set, in case that this process goes down; and the intent is on disk before the first byte leaves.
      this.#alarm.update();
      await this.#ctx.storage.sync();
      form = guarded(() => call.form(...this.#login()));
    } catch (error) {
      logFailure("intent", error);
      return call.notBegun();
    }
    this.#inFlight += 1;
    const reply = await callCa(this.#how.endpoint, form, this.#how);
    this.#inFlight -= 1;
    if (generation !== coreGeneration() && this.#ledger.isOpen)
      this.#ledger.run((core) => core.leftOverEnded());
    const end = () => {
      if ("lost" in reply) return call.lost(reply.lost);
      const { status, contentLength, contentEncoding, body } = reply;
      return call.answered(status, contentLength, contentEncoding, body, ...this.#login());
    };
    return orElse(
      () => this.#ledger.transaction(end),
      "outcome",
      () => call.notWritten(),
    );
  }

  /** Lets go of a call: only now is its connection free, so that the next intent is written together with its outcome. */
  #end(call, generation) {
    freeOf(generation, call);
    this.#alarm.update();
    this.#mark.raise();
    this.#queue.admit();
  }

  /** The login at the CA, as bytes: the core keeps no copy of it between calls. */
  #login() {
    return [this.#env.CA_LOGIN_NAME, this.#env.CA_LOGIN_PASSWORD].map((text) => UTF8.encode(text));
  }
}

/** What `step` gives; when it fails, that is logged, and `otherwise` gives the answer. */
function orElse(step, where, otherwise) {
  try {
    return guarded(step);
  } catch (error) {
    logFailure(where, error);
    return otherwise();
  }
}
