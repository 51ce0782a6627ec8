// Jobs of the fake edge: planned, started, approved; then their rows are sent one after the other, each when the one before it
// has its answer.
import { codeReasons } from "../codes.js";
import { checkMembers, Problem } from "./http.js";
import { identifiedBy, nameText } from "./orders.js";

/** @typedef {import("./callers.js").Caller} Caller */
/** @typedef {import("./ledger.js").By} By */
/** @typedef {import("./orders.js").Order} Order */
/** @typedef {Record<string, any>} Row as `GET /v1/jobs/{id}/orders` has it, and its `order` beside it */

export const READS_JOBS = ["plan", "revoke", "approve"];
const DAY_MS = 86_400_000;
const LISTED = 100;
/** Between two attempts at a row that the CA asks to try again. */
const FIRST_PAUSE_MS = 100;
const LONGEST_PAUSE_MS = 5_000;
/** The CA is issuing the certificate just now, or is busy. */
const TRY_AGAIN = [-23, -26, -42];

/** @type {Record<string, string>} */
const COUNTS = {
  ...{ pending: "pending", sending: "sending", revoked: "revoked", "already-revoked": "alreadyRevoked" },
  ...{ "already-rejected": "alreadyRejected", tested: "tested", refused: "refused", unknown: "unknown" },
  cancelled: "cancelled",
};
export const OUTCOMES = Object.keys(COUNTS);
const FINAL = ["done", "cancelled"];
const ACCEPTED = ["revoked", "already-revoked", "already-rejected", "tested"];
const MINUTE_MS = 60_000;
/** So many minutes of a job are told. */
const MINUTES = 240;

/** @param {string | undefined} time */
const minuteOf = (time) => Math.floor((time === undefined ? Date.now() : Date.parse(time)) / MINUTE_MS);

/** Whether a caller may see jobs at all. @param {Caller} caller */
export const mustReadJobs = (caller) => caller.hasForAll("audit") || caller.mustHave(READS_JOBS);

const soon = () => new Promise((resolve) => setTimeout(resolve, 0, undefined));

/** Node does not wait for it: a job that cannot end must not keep a test's process. @param {number} ms */
const later = (ms) =>
  new Promise((resolve) => {
    /** @type {any} */ (setTimeout(resolve, ms, undefined)).unref?.();
  });

const now = () => new Date().toISOString();

export class Job {
  id = `job_${crypto.randomUUID().replaceAll("-", "").slice(0, 24)}`;
  state = "planned";
  createdAt = now();
  expiresAt = new Date(Date.now() + DAY_MS).toISOString();
  /** @type {string | undefined} */ startedAt;
  /** @type {string | undefined} */ finishedAt;
  /** @type {string | undefined} */ lastError;
  /** Who started it. @type {Caller | undefined} */ starter;
  /** @type {{ person: string, actor: string, time: string }[]} */ approvals = [];
  /** @type {object | undefined} */ declined;
  /** When its first row was sent, and its last one answered. @type {(string | undefined)[]} */ sent = [
    undefined,
    undefined,
  ];
  revision = 1;
  /** Which of its runs is the present one. */ running = 0;
  /** Those who watch it. @type {Set<() => void>} */ watchers = new Set();

  /** @param {import("./plan.js").Plan} plan @param {By} by @param {object} known */
  constructor(plan, { caller, instance }, known) {
    this.plan = plan;
    this.creator = caller;
    this.instance = instance;
    this.known = known;
    this.drill = plan.orders.every(({ order }) => order.test);
    /** @type {Row[]} */
    this.rows = plan.orders.map(({ row, order, label }) => ({
      ...{ row, order, label, outcome: "pending", attempts: 0, settled: false, updatedAt: now() },
    }));
  }

  get total() {
    return this.rows.length;
  }

  get isOver() {
    return FINAL.includes(this.state);
  }

  /** @param {string[]} outcomes */
  count(...outcomes) {
    return this.rows.filter(({ outcome }) => outcomes.includes(outcome)).length;
  }

  /** @param {Caller} caller @param {readonly string[]} anyOf permissions */
  isCoveredBy(caller, anyOf) {
    return this.rows.every(({ order }) => caller.may(anyOf, nameText(order)));
  }

  /** Whether this caller planned or started it, as the same actor or the same person. @param {Caller} caller */
  isOf(caller) {
    const own = [this.creator, this.starter];
    return own.some(
      (one) => one?.actor === caller.actor || one?.name.toLowerCase() === caller.name.toLowerCase(),
    );
  }

  changed() {
    this.revision += 1;
    for (const watcher of this.watchers) watcher();
  }

  /** Whether this caller may read it. @param {Caller} caller */
  isReadBy(caller) {
    return caller.hasForAll("audit") || this.isCoveredBy(caller, READS_JOBS);
  }

  /** How many orders have which reason. */
  get #reasons() {
    /** @type {Record<string, number>} */
    const counted = {};
    for (const { number, name } of codeReasons) {
      const count = this.rows.filter(({ order }) => order.codeReason === number).length;
      if (count > 0) counted[name] = count;
    }
    return counted;
  }

  /** How many rows were accepted in each minute. */
  get #rates() {
    if (!this.startedAt) return undefined;
    const last = minuteOf(this.finishedAt);
    const first = Math.max(minuteOf(this.startedAt), last - MINUTES + 1);
    const accepted = this.rows.filter(({ outcome }) => ACCEPTED.includes(outcome));
    return Array.from(
      { length: last - first + 1 },
      (_, at) => accepted.filter(({ updatedAt }) => minuteOf(updatedAt) === first + at).length,
    );
  }

  get document() {
    const {
      id,
      state,
      drill,
      createdAt,
      startedAt,
      finishedAt,
      approvals,
      declined,
      lastError,
      revision,
      plan,
    } = this;
    const { name, deadline, planHash, duplicates } = plan;
    return withoutUndefined({
      ...{ id, name, state, drill, createdAt, createdBy: this.creator.actor, creator: this.creator.name },
      expiresAt: ["planned", "awaiting-approval"].includes(state) ? this.expiresAt : undefined,
      ...{
        startedAt,
        startedBy: this.starter?.actor,
        finishedAt,
        deadline,
        planHash,
        total: this.total,
        duplicates,
        reasons: this.#reasons,
        approvalNeeded: state === "awaiting-approval",
      },
      counts: Object.fromEntries(
        Object.entries(COUNTS).map(([outcome, name]) => [name, this.count(outcome)]),
      ),
      ...this.#pace,
      rates: this.#rates,
      ...{ approvals, declined, lastError, revision },
    });
  }

  /** What is worth knowing before it is started. */
  get details() {
    const { merged, conflicts } = this.plan;
    return { known: this.known, merged, conflicts };
  }

  /** Rows a second and what follows from that. */
  get #pace() {
    const { startedAt, plan } = this;
    const left = this.isOver ? 0 : this.count("pending", "sending");
    const untilDeadline = plan.deadline === undefined ? undefined : Date.parse(plan.deadline) - Date.now();
    const seconds =
      this.state === "running" && startedAt
        ? Math.max(1, Date.now() - Date.parse(startedAt)) / 1000
        : undefined;
    const rate = seconds === undefined ? undefined : (this.total - left) / seconds;
    const eta = rate && left > 0 ? Date.now() + (left / rate) * 1000 : undefined;
    const isLate = untilDeadline !== undefined && left > 0 && untilDeadline < (eta ? eta - Date.now() : 0);
    return {
      rate,
      neededRate:
        untilDeadline !== undefined && untilDeadline > 0 && left > 0
          ? (left * 1000) / untilDeadline
          : undefined,
      eta: eta && new Date(eta).toISOString(),
      atRisk: isLate,
    };
  }
}

/** @param {Record<string, unknown>} members */
export const withoutUndefined = (members) =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined));

export class Jobs {
  /** @type {Job[]} */
  #jobs = [];
  /** Jobs by the idempotency key that made them. @type {Map<string, Job>} */
  #byKey = new Map();
  #ledger;
  #log;
  #approvalAbove;

  /**
   * @param {import("./ledger.js").Ledger} ledger
   * @param {import("./audit.js").AuditLog} log
   * @param {number} approvalAbove
   */
  constructor(ledger, log, approvalAbove) {
    this.#ledger = ledger;
    this.#log = log;
    this.#approvalAbove = approvalAbove;
    ledger.onBreaker = (isStopped) => this.#breakerMoved(isStopped);
  }

  /** @param {import("./plan.js").Plan} plan @param {By} by @param {string | undefined} key */
  create(plan, by, key) {
    const { caller } = by;
    const missing = plan.orders.filter(({ order }) => !caller.may(["plan"], nameText(order)));
    if (missing.length > 0) {
      const orders = missing.map(({ order }) => nameText(order));
      throw new Problem("forbidden", "The caller's grants do not cover all orders of this job: see orders.", {
        orders,
      });
    }
    const slot = key && `${caller.actor} ${key}`;
    if (key) {
      const { planHash, name, deadline, duplicates } = plan;
      this.#ledger.takeKey(caller, key, JSON.stringify([planHash, name, deadline, duplicates]));
    }
    const made = slot ? this.#byKey.get(slot) : undefined;
    if (made) return made;
    const known = plan.orders.flatMap(({ order, label }) => {
      const state = this.#ledger.stateOf(order);
      return state ? [{ ...identifiedBy(order, label), state }] : [];
    });
    const job = new Job(plan, by, { count: known.length, orders: known.slice(0, LISTED) });
    this.#jobs.unshift(job);
    if (slot) this.#byKey.set(slot, job);
    this.#note(job, "plan-job", caller);
    return job;
  }

  /** What is left of the orders that need no second person. @param {Caller} caller */
  limitOf(caller) {
    const limit = this.#approvalAbove;
    return { limit, left: Math.max(0, limit - this.#unapproved([caller])) };
  }

  /** The job that a caller may read. @param {Caller} caller @param {string} id */
  find(caller, id) {
    const job = this.#jobs.find((job) => job.id === id);
    if (!job?.isReadBy(caller)) throw new Problem("not-found", "There is no such job.");
    return job;
  }

  /** Those that a caller may read, the newest first. @param {Caller} caller @param {string | null} state */
  list(caller, state) {
    return this.#jobs.filter((job) => (state === null || job.state === state) && job.isReadBy(caller));
  }

  /** Whether another person must approve it if this caller starts it now. @param {Job} job @param {Caller} caller */
  #needsApproval(job, caller) {
    return !job.drill && this.#unapproved([caller, job.creator]) + job.total > this.#approvalAbove;
  }

  /** The job as a caller sees it. @param {Job} job @param {Caller} caller */
  documentOf(job, caller) {
    const { document } = job;
    return job.state === "planned"
      ? { ...document, approvalNeeded: this.#needsApproval(job, caller) }
      : document;
  }

  /** The same, with what is worth knowing before it is started. @param {Job} job @param {Caller} caller */
  detailsOf(job, caller) {
    return { ...this.documentOf(job, caller), ...job.details };
  }

  /** @param {Caller} caller @param {string} id @param {Record<string, any>} body */
  start(caller, id, body) {
    checkMembers(body, { planHash: text, total: whole });
    const job = this.find(caller, id);
    if (!job.isCoveredBy(caller, ["revoke"]) && !(job.drill && job.isCoveredBy(caller, ["test"])))
      throw notAllowed();
    expect(job, ["planned"], "started");
    if (body.planHash !== job.plan.planHash || body.total !== job.total) throw anotherPlan(job);
    const needsApproval = this.#needsApproval(job, caller);
    job.starter = caller;
    return this.#move(job, needsApproval ? "awaiting-approval" : "running", "start-job", caller);
  }

  /** @param {Caller} caller @param {string} id @param {Record<string, any>} body */
  approve(caller, id, body) {
    checkMembers(body, { planHash: text });
    const job = this.#judged(caller, id, body, "approved");
    job.approvals.push({ person: caller.name, actor: caller.actor, time: now() });
    return this.#move(job, "running", "approve-job", caller);
  }

  /** @param {Caller} caller @param {string} id @param {Record<string, any>} body */
  decline(caller, id, body) {
    checkMembers(body, {
      planHash: text,
      comment: (value) =>
        text(value) ??
        (!/^[^\u0000-\u001f\u007f-\u009f]{1,1024}$/u.test(value) &&
          "must have 1 to 1024 characters, none of them a control character"),
    });
    const job = this.#judged(caller, id, body, "declined");
    job.declined = { person: caller.name, actor: caller.actor, time: now(), comment: body.comment };
    return this.#move(job, "cancelled", "decline-job", caller);
  }

  /** The job, if this person may say yes or no to it. @param {Caller} caller @param {string} id @param {{ planHash?: string }} body @param {string} done */
  #judged(caller, id, body, done) {
    const job = this.find(caller, id);
    if (!job.isCoveredBy(caller, ["approve"])) throw notAllowed();
    if (caller.person === undefined)
      throw new Problem("forbidden", `A job is ${done} by a person. This caller is none.`);
    if (job.isOf(caller))
      throw new Problem(
        "forbidden",
        `A job is ${done} by another person than the one who planned or started it.`,
      );
    expect(job, ["awaiting-approval"], done);
    if (body.planHash !== job.plan.planHash) throw anotherPlan(job);
    return job;
  }

  /** @param {Caller} caller @param {string} id @param {"pause" | "resume" | "cancel"} operation @param {Record<string, any>} body */
  operate(caller, id, operation, body) {
    checkMembers(body, {});
    const job = this.find(caller, id);
    if (!job.isCoveredBy(caller, ["revoke"])) throw notAllowed();
    const { from, to, done } = OPERATIONS[operation];
    expect(job, from, done);
    if (operation === "resume" && this.#ledger.isStopped)
      throw new Problem("illegal-state", "The breaker is open, so nothing can be sent.", {
        state: job.state,
      });
    return this.#move(job, to, `${operation}-job`, caller);
  }

  /** The kill switch. @param {Caller} caller */
  pauseAll(caller) {
    const running = this.#jobs.filter(({ state }) => state === "running");
    for (const job of running) this.#move(job, "paused", "pause-job", caller);
    return { paused: running.map(({ id }) => id).reverse() };
  }

  /** @param {Job} job @param {string} state @param {string} action @param {Caller} [caller] without one the edge itself */
  #move(job, state, action, caller) {
    job.state = state;
    if (state === "running") {
      job.startedAt ??= now();
      job.lastError = undefined;
    }
    if (state === "awaiting-approval") job.expiresAt = new Date(Date.now() + DAY_MS).toISOString();
    if (state === "cancelled")
      for (const row of job.rows)
        if (row.outcome === "pending") Object.assign(row, { outcome: "cancelled", updatedAt: now() });
    if (job.isOver) job.finishedAt = now();
    job.changed();
    this.#note(job, action, caller);
    if (state === "running") void this.#run(job);
    return job;
  }

  /** Sends what is pending, as long as the job runs. @param {Job} job */
  async #run(job) {
    const startedAs = job.revision;
    job.running = startedAs;
    for (let pause = 0; ;) {
      // Not at once: who has started it gets an answer first.
      await soon();
      if (job.state !== "running" || job.running !== startedAs) return;
      const due = job.rows.filter(({ outcome }) => outcome === "pending");
      if (due.length === 0 && job.count("sending") === 0) return void this.#move(job, "done", "finish-job");
      const row = due.find(({ waits }) => !waits);
      if (row) {
        if (await this.#send(job, row)) pause = 0;
        continue;
      }
      // All that is left was told to come again.
      await later((pause = Math.min(LONGEST_PAUSE_MS, Math.max(FIRST_PAUSE_MS, pause * 2))));
      for (const each of due) each.waits = false;
    }
  }

  /** @param {Job} job @param {Row} row @returns {Promise<boolean>} whether it got on */
  async #send(job, row) {
    if (this.#ledger.isInFlight(row.order)) return !(row.waits = true);
    Object.assign(row, { outcome: "sending", updatedAt: now() });
    job.sent[0] ??= now();
    job.changed();
    const by = { caller: /** @type {Caller} */ (job.starter), instance: job.instance };
    const { outcome, errorCode, errorMessage, auditSeqs } = await this.#ledger.row(by, row.order, row.label);
    const comesAgain = TRY_AGAIN.includes(errorCode ?? 0) || errorCode === -16;
    const pending = job.state === "cancelled" ? "cancelled" : "pending";
    Object.assign(row, {
      outcome: comesAgain ? pending : outcome,
      errorCode,
      errorMessage,
      auditSeq: auditSeqs.at(-1),
    });
    Object.assign(row, { waits: comesAgain, attempts: row.attempts + 1, updatedAt: now() });
    job.sent[1] = now();
    job.changed();
    return !comesAgain;
  }

  /** @param {boolean} isStopped */
  #breakerMoved(isStopped) {
    const [from, to] = isStopped ? ["running", "halted"] : ["halted", "running"];
    for (const job of this.#jobs.filter(({ state }) => state === from)) {
      this.#move(job, to, isStopped ? "halt-job" : "resume-job");
      if (isStopped) job.lastError = this.#ledger.breaker.reason ?? undefined;
    }
  }

  /** Orders that these people have started without a second person's approval, in the last 24 hours. @param {Caller[]} people */
  #unapproved(people) {
    const since = Date.now() - DAY_MS;
    return this.#jobs
      .filter(
        ({ drill, approvals, startedAt }) =>
          !drill && approvals.length === 0 && startedAt && Date.parse(startedAt) > since,
      )
      .filter((job) => people.some((one) => job.isOf(one)))
      .reduce((sum, { total }) => sum + total, 0);
  }

  /** @param {Job} job @param {string} action @param {Caller} [caller] */
  #note(job, action, caller) {
    const names = caller ? caller.names : { actor: "edge", person: "edge" };
    const { id: jobId, state, total, plan } = job;
    this.#log.write({ ...names, action, phase: "outcome", jobId, state, planHash: plan.planHash, total });
  }
}

/** @type {Record<string, { from: string[], to: string, done: string }>} */
const OPERATIONS = {
  pause: { from: ["running"], to: "paused", done: "paused" },
  resume: { from: ["paused", "halted"], to: "running", done: "resumed" },
  cancel: {
    from: ["planned", "awaiting-approval", "running", "paused", "halted"],
    to: "cancelled",
    done: "cancelled",
  },
};

/** @param {Job} job @param {string[]} states @param {string} done */
function expect({ state }, states, done) {
  if (!states.includes(state))
    throw new Problem("illegal-state", `A job in the state ${state} cannot be ${done}.`, { state });
}

const notAllowed = () =>
  new Problem(
    "forbidden",
    "No grant of the caller has the permission for this and covers all orders of the job.",
  );

/** @param {Job} job */
const anotherPlan = ({ id: jobId }) =>
  new Problem("plan-mismatch", "planHash or total is not this job's.", { jobId });

/** @param {unknown} value */
const text = (value) =>
  value === undefined ? "is missing" : typeof value === "string" ? undefined : "must be a string";
/** @param {unknown} value */
const whole = (value) =>
  value === undefined
    ? "is missing"
    : Number.isSafeInteger(value) && Number(value) >= 0
      ? undefined
      : "must be a whole number";
