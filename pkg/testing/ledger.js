// What the fake edge keeps of each order, and its one way to the CA: a call is refused, answered from memory, or made.
import { Problem } from "./http.js";
import { identifiedBy, identityOf, nameOf, nameText } from "./orders.js";

/** @typedef {import("./orders.js").Order} Order */
/** @typedef {import("./callers.js").Caller} Caller */
/**
 * @typedef {object} Attempt a call to the CA
 * @property {Order} order
 * @property {string} [label] what a plan calls it
 * @property {string} [purpose]
 * @property {string} outcome
 * @property {number} [errorCode]
 * @property {string} [errorMessage]
 * @property {string} [detail]
 * @property {string} actor
 * @property {string} instance
 * @property {string} startedAt
 * @property {string} [endedAt]
 * @property {number[]} auditSeqs
 */
/** @typedef {{ caller: Caller, instance: string }} By */

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const BUSY_RETRY_AFTER_SECONDS = 60;

const DONE = ["revoked", "already-revoked", "already-rejected", "tested"];
/** Of several certificates of one order, the state that needs the most care is shown. */
const CARE = ["revoked", "already-revoked", "already-rejected", "pending", "refused", "sending", "unknown"];
const LOGIN_REFUSED =
  "The CA refused the login (-16): wrong login, locked account, expired password or blocked source address.";

export class Ledger {
  /** @type {Attempt[]} */
  #attempts = [];
  /** By identity. @type {Map<string, { state: string, settled?: true }>} */
  #orders = new Map();
  /** When the first call began whose outcome is unknown, by identity. @type {Map<string, string>} */
  #unknownSince = new Map();
  /** The newest call under each idempotency key, or what else it was used for. @type {Map<string, { fingerprint: string, attempt?: Attempt }>} */
  #keys = new Map();
  /** Real calls in flight. @type {Set<string>} */
  #inFlight = new Set();
  /** Calls in flight by idempotency key, and what they ask for. @type {Map<string, string>} */
  #keysInFlight = new Map();
  #breaker = {
    state: "closed",
    since: new Date().toISOString(),
    reason: /** @type {string | null} */ (null),
  };
  #ca;
  #log;
  #limits;
  /** Told when the breaker opens or closes. @type {(isStopped: boolean) => void} */
  onBreaker = () => {};

  /**
   * @param {import("./ca.js").FakeCa} ca
   * @param {import("./audit.js").AuditLog} log
   * @param {{ minute: number, day: number }} limits
   */
  constructor(ca, log, limits) {
    this.#ca = ca;
    this.#log = log;
    this.#limits = limits;
  }

  get breaker() {
    return this.#breaker;
  }

  resumeBreaker() {
    if (this.#breaker.state === "open") this.#moveBreaker("half-open", this.#breaker.reason);
    return this.#breaker;
  }

  /** Whether nothing is sent until an operator resumes. */
  get isStopped() {
    return this.#breaker.state === "open";
  }

  /** @param {By} by @param {Order} order @param {string} [key] the idempotency key */
  async revoke(by, order, key) {
    const slot = key && `${by.caller.actor} ${key}`;
    const fingerprint = JSON.stringify(order, Object.keys(order).sort());
    const asked = { by, order };
    if (slot && this.#keysInFlight.has(slot)) {
      if (this.#keysInFlight.get(slot) !== fingerprint) throw mismatch(order);
      const words = "This very call, by its Idempotency-Key, is being worked on, and may revoke the order.";
      throw about(order, "in-progress", words, { mayHaveRevoked: !order.test });
    }
    const before = slot ? this.#keys.get(slot) : undefined;
    if (before && before.fingerprint !== fingerprint) throw mismatch(order);
    const kept = before?.attempt && this.#kept(before.attempt);
    if (kept) return this.#answer(kept);
    const mayHaveRevoked = before?.attempt !== undefined && mayHave(before.attempt);
    if (!order.test && this.#inFlight.has(identityOf(order)))
      throw about(order, "in-progress", "This order is being worked on by another call.", { mayHaveRevoked });
    if (slot) this.#keysInFlight.set(slot, fingerprint);
    try {
      this.#admit(asked, mayHaveRevoked);
      const attempt = this.#begin(asked);
      if (slot) this.#keys.set(slot, { fingerprint, attempt });
      await this.#carryOut(attempt);
      return this.#answer(attempt);
    } finally {
      if (slot) this.#keysInFlight.delete(slot);
    }
  }

  /** Takes an idempotency key for a plan. @param {Caller} caller @param {string} key @param {string} fingerprint */
  takeKey(caller, key, fingerprint) {
    const slot = `${caller.actor} ${key}`;
    const before = this.#keys.get(slot);
    if (before && before.fingerprint !== fingerprint)
      throw new Problem("idempotency-mismatch", "This Idempotency-Key was used for something else before.");
    this.#keys.set(slot, { fingerprint });
  }

  /** A row of a job. @param {By} by @param {Order} order @param {string} [label] @returns {Promise<Attempt>} */
  async row(by, order, label) {
    const attempt = this.#begin({ by, order });
    attempt.label = label;
    await this.#carryOut(attempt);
    return attempt;
  }

  /** @param {Order} order */
  isInFlight(order) {
    return !order.test && this.#inFlight.has(identityOf(order));
  }

  /** The state of an order that was really sent. @param {Order} order */
  stateOf(order) {
    return this.#orders.get(identityOf(order))?.state;
  }

  /** Finds out what became of an order, or sends it again. @param {By} by @param {string} name @param {boolean} resend */
  async settle(by, name, resend) {
    const own = this.#attemptsOf(name);
    for (const identity of new Set(own.map(({ order }) => identityOf(order)))) {
      if (this.#inFlight.has(identity))
        throw about(own[0].order, "in-progress", "This order is being worked on by another call.");
      if (this.#orders.get(identity)?.state !== "unknown") continue;
      const last = own.filter(({ order }) => !order.test && identityOf(order) === identity).at(-1);
      const order = { .../** @type {Attempt} */ (last).order, test: !resend };
      const asked = { by, order, purpose: resend ? "resend" : "settle" };
      this.#admit(asked, false);
      await this.#carryOut(this.#begin(asked));
    }
    return this.record(name);
  }

  /** All that is known of an order. @param {string} name */
  record(name) {
    const attempts = this.#attemptsOf(name);
    if (attempts.length === 0) throw unknownOrder();
    const identities = new Set(attempts.map(({ order }) => identityOf(order)));
    const statuses = [...identities].map((identity) => this.#statusOf(identity));
    const label = attempts.map((attempt) => attempt.label).findLast((label) => label !== undefined);
    const [worst] = statuses.sort((one, other) => CARE.indexOf(other.state) - CARE.indexOf(one.state));
    return {
      ...nameOf(attempts[0].order),
      ...(label === undefined ? {} : { label }),
      ...worst,
      attempts: attempts.map(({ order, label: _, ...rest }) => ({ ...rest, ...withoutName(order) })),
      auditSeqs: attempts.flatMap(({ auditSeqs }) => auditSeqs).sort((one, other) => one - other),
    };
  }

  /** @param {string} identity @returns {{ state: string, settled?: true, unknownSince?: string }} */
  #statusOf(identity) {
    const status = this.#orders.get(identity) ?? { state: "pending" };
    const since = status.state === "unknown" ? this.#unknownSince.get(identity) : undefined;
    return { ...status, ...(since ? { unknownSince: since } : {}) };
  }

  /** The orders that a caller may see, by their last real calls, each with the number of that. @param {Caller} caller @param {string | null} state */
  list(caller, state) {
    const real = this.#attempts.flatMap((attempt, at) =>
      attempt.order.test ? [] : [{ attempt, number: at + 1 }],
    );
    const newest = new Map(real.map((call) => [identityOf(call.attempt.order), call]));
    const labelled = real.filter(({ attempt }) => attempt.label !== undefined);
    const labels = new Map(labelled.map(({ attempt }) => [identityOf(attempt.order), attempt.label]));
    return [...newest.entries()]
      .map(([identity, { attempt, number }]) => {
        const { order } = attempt;
        const { codeReason } = order;
        return {
          number,
          order: {
            ...identifiedBy(order, labels.get(identity)),
            codeReason,
            ...this.#statusOf(identity),
            sentAt: attempt.startedAt,
          },
        };
      })
      .filter(
        ({ order }) =>
          caller.may(["revoke", "test"], nameText(order)) && (state ?? order.state) === order.state,
      )
      .sort((one, other) => one.number - other.number);
  }

  /** What is left of each limit. @param {Caller} caller */
  limitsOf(caller) {
    const left = (/** @type {"minute" | "day"} */ name) => {
      const limit = this.#limits[name];
      return { limit, left: Math.max(0, limit - this.#used(caller, name).length) };
    };
    return { minute: left("minute"), day: left("day") };
  }

  /** The headers of an answer to who may have called the CA. @param {Caller} caller */
  rateLimit(caller) {
    const of = (/** @type {"minute" | "day"} */ name, /** @type {number} */ length) => {
      const [oldest = Date.now()] = this.#used(caller, name);
      return {
        limit: this.#limits[name],
        left: this.limitsOf(caller)[name].left,
        ends: secondsUntil(oldest + length),
      };
    };
    const [minute, day] = [of("minute", MINUTE_MS), of("day", DAY_MS)];
    return {
      "RateLimit-Policy": `"minute";q=${minute.limit};w=60, "day";q=${day.limit};w=86400`,
      RateLimit: `"minute";r=${minute.left};t=${minute.ends}, "day";r=${day.left};t=${day.ends}`,
    };
  }

  /** When the calls began that count for a limit; those of jobs do not. @param {Caller} caller @param {"minute" | "day"} name */
  #used({ actor, name: person }, name) {
    const since = Date.now() - (name === "minute" ? MINUTE_MS : DAY_MS);
    return this.#counted
      .filter((call) => (call.actor === actor || call.person === person) && (name === "minute" || !call.test))
      .map(({ at }) => at)
      .filter((at) => at > since);
  }

  /** @type {{ actor: string, person: string, at: number, test: boolean }[]} */
  #counted = [];

  /** Refuses a call for which nothing may be sent now. @param {{ by: By, order: Order }} asked @param {boolean} mayHaveRevoked */
  #admit({ by: { caller }, order }, mayHaveRevoked) {
    const notSent = (
      /** @type {string} */ kind,
      /** @type {string} */ words,
      /** @type {object} */ members,
    ) =>
      mayHaveRevoked
        ? about(order, "unknown-outcome", `${words} But an earlier attempt of this very call was sent.`, {
            mayHaveRevoked,
          })
        : about(order, kind, words, members);
    if (this.isStopped)
      throw notSent("ca-login-refused", `${LOGIN_REFUSED} Nothing more is sent until an operator resumes.`, {
        status: 503,
      });
    for (const [name, length] of /** @type {const} */ ([
      ["day", DAY_MS],
      ["minute", MINUTE_MS],
    ])) {
      const used = this.#used(caller, name);
      const limit = this.#limits[name];
      if (used.length < limit || (name === "day" && order.test)) continue;
      const retryAfter = secondsUntil((used[used.length - limit] ?? Date.now()) + length);
      throw notSent(
        "rate-limited",
        `This person's limit of calls in a ${name} is reached. Nothing was sent.`,
        { retryAfter },
      );
    }
    this.#counted.push({ actor: caller.actor, person: caller.name, at: Date.now(), test: order.test });
  }

  /** @param {{ by: By, order: Order, purpose?: string }} asked @returns {Attempt} */
  #begin({ by: { caller, instance }, order, purpose }) {
    const attempt = {
      ...(purpose ? { purpose } : {}),
      order,
      outcome: "sending",
      actor: caller.actor,
      instance,
      startedAt: new Date().toISOString(),
      auditSeqs: [this.#write("intent", caller, instance, order, purpose)],
    };
    this.#attempts.push(attempt);
    if (!order.test) {
      this.#inFlight.add(identityOf(order));
      this.#move(order, "sending");
    }
    return attempt;
  }

  /** States before real calls in flight, by identity. @type {Map<string, string>} */
  #prior = new Map();

  /** @param {Order} order @param {string} state */
  #move(order, state) {
    const identity = identityOf(order);
    if (state === "sending") this.#prior.set(identity, this.#orders.get(identity)?.state ?? "pending");
    this.#orders.set(identity, { state });
  }

  /** @param {Attempt} attempt */
  async #carryOut(attempt) {
    const { order, purpose } = attempt;
    const said = await this.#ca.call(order);
    Object.assign(attempt, outcomeOf(said, order.test));
    attempt.endedAt = new Date().toISOString();
    const caller = { names: { actor: attempt.actor } };
    attempt.auditSeqs.push(this.#write("outcome", caller, attempt.instance, order, purpose, attempt));
    const identity = identityOf(order);
    if (!order.test) {
      this.#inFlight.delete(identity);
      this.#move(order, after(this.#prior.get(identity) ?? "pending", attempt.outcome));
      if (this.#orders.get(identity)?.state !== "unknown") this.#unknownSince.delete(identity);
      else if (!this.#unknownSince.has(identity)) this.#unknownSince.set(identity, attempt.startedAt);
    } else if (purpose === "settle" && ["already-revoked", "already-rejected"].includes(attempt.outcome)) {
      this.#orders.set(identity, { state: attempt.outcome, settled: true });
      this.#unknownSince.delete(identity);
    }
    this.#judgeLogin(attempt);
  }

  /** @param {Attempt} attempt */
  #judgeLogin({ errorCode, outcome }) {
    if (errorCode === -16) this.#moveBreaker("open", LOGIN_REFUSED);
    else if (this.#breaker.state === "half-open" && outcome !== "unknown" && errorCode !== -42)
      this.#moveBreaker("closed", null);
  }

  /** @param {string} state @param {string | null} reason */
  #moveBreaker(state, reason) {
    if (this.#breaker.state === state) return;
    this.#breaker = { state, since: new Date().toISOString(), reason };
    this.onBreaker(state === "open");
  }

  /** An earlier call under this key whose answer is given again. @param {Attempt} attempt @returns {Attempt | undefined} */
  #kept(attempt) {
    if (mayHave(attempt)) {
      // Found out since, that is the answer; otherwise the call is made again.
      const state = this.#orders.get(identityOf(attempt.order))?.state ?? "pending";
      return DONE.includes(state)
        ? { ...attempt, outcome: state, errorCode: CODE_OF[state], errorMessage: undefined }
        : undefined;
    }
    return attempt.outcome === "unknown" || attempt.errorCode === -42 ? undefined : attempt;
  }

  /** What a call is answered with; throws the problem. @param {Attempt} attempt */
  #answer(attempt) {
    const { order, outcome, errorCode, errorMessage, auditSeqs } = attempt;
    const auditSeq = auditSeqs.at(-1);
    const said = {
      ...(errorCode === undefined ? {} : { errorCode }),
      ...(errorMessage === undefined ? {} : { errorMessage }),
    };
    if (DONE.includes(outcome)) return { ...nameOf(order), outcome, ...said, test: order.test, auditSeq };
    // A refusal now does not tell what became of an earlier attempt.
    const mayHaveRevoked = !order.test && this.#orders.get(identityOf(order))?.state === "unknown";
    const kind = mayHaveRevoked || outcome === "unknown" ? "unknown-outcome" : kindOf(errorCode);
    const words =
      outcome === "unknown"
        ? `It is not known what the CA did with ${nameText(order)}: ${attempt.detail}.`
        : `The CA answered ${errorCode} for ${nameText(order)}.`;
    const retryAfter = errorCode === -42 ? { retryAfter: BUSY_RETRY_AFTER_SECONDS } : {};
    throw about(order, kind, words, { mayHaveRevoked, ...said, ...retryAfter, auditSeq });
  }

  /** @param {string} name */
  #attemptsOf(name) {
    return this.#attempts.filter(({ order }) => nameText(order) === name);
  }

  /**
   * @param {string} phase
   * @param {{ names: object }} caller
   * @param {string} instance
   * @param {Order} order
   * @param {string} [purpose]
   * @param {Partial<Attempt>} [attempt]
   */
  #write(phase, { names }, instance, order, purpose = "revoke", { outcome, errorCode } = {}) {
    const found = { ...(outcome ? { outcome } : {}), ...(errorCode === undefined ? {} : { errorCode }) };
    return this.#log.write({ ...order, ...names, instance, action: purpose, phase, ...found });
  }
}

/** @type {Record<string, number>} */
const CODE_OF = { revoked: 0, tested: 0, "already-revoked": -21, "already-rejected": -20 };

/** @param {import("./ca.js").Said | undefined} said @param {boolean} test */
function outcomeOf(said, test) {
  if (!said) return { outcome: "unknown", detail: "the connection broke" };
  if (said.errorCode === -14) return { outcome: "unknown", detail: "the CA answered -14", ...said };
  const done = Object.keys(CODE_OF).find((outcome) => CODE_OF[outcome] === said.errorCode);
  return { outcome: said.errorCode === 0 && test ? "tested" : (done ?? "refused"), ...said };
}

/** @param {number | undefined} code of a refusal */
const kindOf = (code) => (code === -16 ? "ca-login-refused" : code === -42 ? "ca-busy" : "ca-refused");

/** Whether the CA may have acted by it, for all that its answer says. @param {Attempt} attempt */
const mayHave = ({ order, outcome }) => !order.test && ["unknown", "sending"].includes(outcome);

/** The state of an order after a real call: a refusal erases nothing. @param {string} before @param {string} outcome */
function after(before, outcome) {
  if (outcome === "refused") return ["pending", "refused"].includes(before) ? "refused" : before;
  return before === "revoked" && outcome.startsWith("already-") ? before : outcome;
}

/** @param {number} at */
const secondsUntil = (at) => Math.max(1, Math.ceil((at - Date.now()) / 1000));

/** @param {Order} order @param {string} kind @param {string} words @param {object} [members] */
const about = (order, kind, words, members) => new Problem(kind, words, { ...nameOf(order), ...members });

/** @param {Order} order */
const withoutName = ({ orderNumber: _, serialNumber: __, certificateID: ___, ...order }) => order;

/** @param {Order} order */
const mismatch = (order) =>
  about(order, "idempotency-mismatch", "This Idempotency-Key was used for another order before.");

export const unknownOrder = () =>
  new Problem("not-found", "There is no such order, or it is not the caller's.");
