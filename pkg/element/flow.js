// The one path of a revocation in an element: fill in, ask the server, confirm, a single call, its outcome. What is shown is
// made of this state alone, so that other hosts can show the same path in another way.
import { createClient, RevocationError, repeatable } from "./client.js";
import { covers } from "./grants.js";
import { nameOf, readDraft } from "./words/order.js";

/** @typedef {import("./words/order.js").Order} Order */
/** @typedef {import("./words/order.js").Draft} Draft */
/** @typedef {import("./words/outcome.js").Outcome} Outcome */
/** @typedef {import("../index.d.ts").OrderRecord} OrderRecord */
/** @typedef {"order" | "checking" | "confirming" | "waiting" | "outcome"} Step */
/**
 * @typedef {object} Host
 * @property {string | undefined} endpoint
 * @property {string | (() => string | PromiseLike<string>) | undefined} token
 * @property {import("../element.d.ts").ElementClient | undefined} client
 * @property {import("../repeat.d.ts").RepeatStorage | undefined} storage
 * @property {boolean} test whether it only tests
 * @property {boolean} asksReasonLast whether the reason is chosen where the order is confirmed
 * @property {Draft} draft
 * @property {import("./words/language.js").Language} language
 * @property {() => void} requestUpdate
 * @property {(name: "revoked" | "tested" | "unknown" | "failed", detail: object) => void} tell
 */

/** A call that failed for one of these may be made again as it is. */
const REPEATABLE = ["not-sent", "rate-limited", "ca-busy", "internal", "in-progress", "aborted"];

/** How long the server has to say what became of a call whose answer was lost. */
const FIND_OUT_MS = 10_000;

/** @type {Draft} */
export const EMPTY = { orderNumber: "", codeReason: "", revocationReason: "", productCode: "", product: "" };

export class Flow {
  /** @type {Step} */
  step = "order";
  /** What is wrong with what is filled in. @type {Partial<Record<string, string>>} */
  faults = {};
  /** What keeps the order from being confirmed. @type {Outcome | undefined} */
  refusal;
  /** The order that is confirmed, or in flight. @type {Order | undefined} */
  order;
  /** What the server knew of it before. @type {OrderRecord | undefined} */
  record;
  /** Whether the confirmation is about sending it once more. */
  resend = false;
  /** Whether the call in flight only asks. */
  looksUp = false;
  beganAt = 0;
  /** @type {Outcome | undefined} */
  outcome;
  /** @type {import("../repeat.d.ts").UnsettledCall[]} */
  unsettled = [];

  /** @type {Host} */
  #host;
  #recalling = false;
  /** @type {{ of: unknown[], client: import("../element.d.ts").ElementClient, calls: import("../repeat.d.ts").Repeatable } | undefined} */
  #connection;

  /** @param {Host} host */
  constructor(host) {
    this.#host = host;
  }

  /** Where the calls go, for people to see. */
  get server() {
    return this.#host.client || !URL.canParse(this.#endpoint) ? undefined : new URL(this.#endpoint).host;
  }

  /** Where none is said, the page's own server. What is no URL the first call tells. */
  get #endpoint() {
    const { endpoint } = this.#host;
    return endpoint || new URL("/", document.baseURI).href;
  }

  /** The client, kept as long as it is the same server: a second click then meets the call in flight. */
  get #connected() {
    const { client: own, storage } = this.#host;
    const of = [own ?? this.#endpoint, storage];
    if (!this.#connection || of.some((part, index) => part !== this.#connection?.of[index])) {
      const client = own ?? createClient({ endpoint: this.#endpoint });
      const scope = own ? "" : this.#endpoint;
      this.#connection = { of, client, calls: repeatable(client, { scope, ...(storage && { storage }) }) };
    }
    return this.#connection;
  }

  /** The token goes with each call, and is kept nowhere. */
  get #options() {
    const { token } = this.#host;
    return token ? { token } : {};
  }

  /** @param {Partial<Flow>} changes */
  #go(changes) {
    Object.assign(this, changes);
    this.#host.requestUpdate();
  }

  /** Those of a page that was left, too. */
  async findUnsettled() {
    this.#go({ unsettled: await this.#connected.calls.unsettled() });
  }

  /** What is filled in, if it is right. @param {{ withoutReason?: boolean }} [how] @returns {Order | undefined} */
  #read({ withoutReason = false } = {}) {
    const { order, wrong } = readDraft(this.#host.draft, this.#host.language);
    if (withoutReason) delete wrong.codeReason;
    this.#go({ faults: wrong });
    return Object.keys(wrong).length === 0 ? order : undefined;
  }

  /** From the form to the confirmation; a test needs none. @param {{ test?: boolean }} [how] */
  async ask({ test = this.#host.test } = {}) {
    if (this.step !== "order" && this.step !== "confirming") return;
    const { asksReasonLast } = this.#host;
    const read = this.#read({ withoutReason: asksReasonLast && !test });
    if (!read) return;
    const order = test ? { ...read, test: true } : read;
    this.#go({ step: "checking", refusal: undefined, order, resend: false });
    // Who cancels may have asked about another order by the time the answer is here.
    const isCurrent = () => this.step === "checking" && this.order === order;
    try {
      await this.#connected.calls.check(order, this.#options);
    } catch (error) {
      return isCurrent() ? this.#refuse(order, error) : undefined;
    }
    if (!isCurrent()) return;
    if (test) return this.#send(order);
    try {
      const [me, record] = await Promise.all([this.#connected.client.me(this.#options), this.#look(order)]);
      if (!isCurrent()) return;
      if (!covers(me.grants, "revoke", nameOf(order)))
        return this.#refuse(order, new Error("No grant of the caller covers the revocation of this order."), {
          mayTest: covers(me.grants, "test", nameOf(order)),
        });
      if (record?.state === "unknown") return this.#showUnknown(order, { asked: true, record });
      this.#go({ step: "confirming", record });
    } catch (error) {
      if (isCurrent()) this.#refuse(order, error);
    }
  }

  /** @param {Order} order */
  async #look(order) {
    try {
      return await this.#connected.client.orders.get(nameOf(order), this.#options);
    } catch (error) {
      if (error instanceof RevocationError && error.kind === "not-found") return undefined;
      throw error;
    }
  }

  /**
   * Nothing was sent, and it is said where the order is filled in.
   * @param {Order} order
   * @param {unknown} error
   * @param {Partial<Outcome>} [about]
   */
  #refuse(order, error, about) {
    const fields =
      error instanceof RevocationError && error.kind === "invalid-order" ? error.fields : undefined;
    const faults = Object.fromEntries(Object.entries(fields ?? {}).filter(([name]) => name in EMPTY));
    this.#go({
      step: "order",
      faults,
      refusal:
        Object.keys(faults).length > 0
          ? undefined
          : { order, at: new Date(), error: notSent(order, error), ...about },
    });
  }

  /**
   * A person says yes to the order that is shown. Only the first time counts: what follows a second click finds another step.
   */
  confirm() {
    const { order, resend } = this;
    if (this.step !== "confirming" || !order) return;
    if (resend || !this.#host.asksReasonLast) return void this.#send(order, { resend });
    const chosen = this.#read();
    if (chosen)
      void this.#send({
        ...order,
        ...(chosen.codeReason !== undefined && { codeReason: chosen.codeReason }),
      });
  }

  cancel() {
    if (this.step !== "confirming" && this.step !== "checking") return;
    this.#go({ step: this.resend ? "outcome" : "order" });
  }

  /** @param {Order} order @param {{ resend?: boolean }} [how] */
  async #send(order, { resend = false } = {}) {
    const { calls } = this.#connected;
    await this.#fly(order, false, async () => {
      const kept = await this.#keptFor(order);
      const before = { order, wasUnknown: kept !== undefined };
      try {
        const result = await calls.revoke(order, { ...this.#options, resend });
        this.#settle({ ...before, at: new Date(), result });
      } catch (error) {
        if (error instanceof RevocationError && error.kind === "invalid-order") {
          this.#host.tell("failed", error.toJSON());
          return this.#refuse(order, error);
        }
        const since = (kept ?? (await this.#keptFor(order)))?.since;
        const found = since === undefined ? {} : await this.#findOut(order);
        this.#settle({ ...before, at: new Date(), error, since, ...found });
      }
    });
  }

  /** The answer may be lost, and the server have it: asked once, at once. @param {Order} order @returns {Promise<Partial<Outcome>>} */
  async #findOut(order) {
    try {
      const options = { ...this.#options, timeout: FIND_OUT_MS, probe: false };
      const { record, settled } = await this.#connected.calls.lookUp(order, options);
      return settled ? { result: settled } : { asked: true, record };
    } catch {
      return {};
    }
  }

  /** Asks what became of it, and sends nothing that could revoke. */
  async lookUp() {
    const order = this.outcome?.order;
    if (this.step !== "outcome" || !order) return;
    const earlier = /** @type {Outcome} */ (this.outcome);
    await this.#fly(order, true, async () => {
      try {
        const isOwn = (await this.#keptFor(order)) !== undefined;
        const { record, settled } = await this.#connected.calls.lookUp(order, this.#options);
        // Someone else's call, or one that was settled elsewhere on the page: its state left "unknown" by an answer of the CA.
        const result = isOwn ? undefined : endOf(order, record);
        if (result)
          return this.#go({
            outcome: { order, at: new Date(), wasUnknown: true, result, asked: true, record },
          });
        if (settled) return this.#settle({ order, at: new Date(), wasUnknown: true, result: settled });
        const { since, error } = earlier;
        this.#go({
          outcome: {
            order,
            at: new Date(),
            asked: true,
            record,
            since,
            ...(error !== undefined && { error }),
          },
        });
      } catch (error) {
        // What was known before is known still.
        this.#go({ outcome: earlier, refusal: { order, at: new Date(), error: notSent(order, error) } });
      }
    });
  }

  /** The same call again, with the same key: the server is asked first. */
  tryAgain() {
    if (this.step === "outcome" && this.outcome) void this.#send(this.outcome.order);
  }

  /** The order once more although its outcome is not known: to be confirmed. */
  askToResend() {
    if (this.step === "outcome" && this.outcome)
      this.#go({ step: "confirming", resend: true, order: this.outcome.order });
  }

  /**
   * Shows that the outcome of a call is not known.
   * @param {import("../repeat.d.ts").UnsettledCall} call
   * @param {OrderRecord} [record] what the server knows of it
   */
  open({ order, since }, record) {
    if (this.step === "order" || this.step === "outcome")
      this.#showUnknown(asSent(order), { since, ...(record && { asked: true, record }) });
  }

  /**
   * A call from before, of which the server may have the outcome by now: it is asked, and nothing is sent.
   * @param {import("../repeat.d.ts").UnsettledCall} call
   * @param {OrderRecord} [record]
   */
  async recall(call, record) {
    // What settles it can be found once: two that look would take it from each other.
    if (this.#recalling) return;
    this.open(call, record);
    const shown = this.outcome;
    if (!shown) return;
    this.#recalling = true;
    const found = await this.#findOut(shown.order);
    this.#recalling = false;
    if (this.outcome !== shown) return;
    if (found.result)
      this.#settle({ order: shown.order, at: new Date(), wasUnknown: true, result: found.result });
    else this.#go({ outcome: { ...shown, ...found } });
    await this.findUnsettled();
  }

  /** @param {Order} order @param {Partial<Outcome>} about */
  #showUnknown(order, about) {
    this.#go({ step: "outcome", refusal: undefined, outcome: { order, at: new Date(), ...about } });
  }

  back() {
    if (this.step === "outcome") this.#go({ step: "order", outcome: undefined, refusal: undefined });
  }

  /** What may be done next about the outcome that is shown. */
  get next() {
    const { outcome } = this;
    if (!outcome) return {};
    const { result, error, asked, record } = outcome;
    const failure = error instanceof RevocationError ? error : undefined;
    const isUnknown = result === undefined && (error === undefined || failure?.mayHaveRevoked !== false);
    const isKnownUnknown = isUnknown && asked && record?.state === "unknown";
    return {
      isUnknown,
      lookUp: isUnknown || failure?.kind === "in-progress",
      tryAgain: isUnknown
        ? !isKnownUnknown
        : failure !== undefined && (REPEATABLE.includes(failure.kind) || failure.kind === "unknown-outcome"),
      resend: isKnownUnknown,
      isDone: result !== undefined && result.outcome !== "tested",
    };
  }

  /** @param {Order} order */
  async #keptFor(order) {
    const kept = await this.#connected.calls.unsettled();
    return kept.find(
      (call) =>
        nameOf(call.order) === nameOf(order) &&
        call.order.productCode === order.productCode &&
        call.order.product === order.product,
    );
  }

  /** @param {Outcome} outcome */
  #settle(outcome) {
    this.#go({ step: "outcome", outcome });
    const { order, result, error } = outcome;
    if (result) return this.#host.tell(result.outcome === "tested" ? "tested" : "revoked", result);
    const failure =
      error instanceof RevocationError
        ? error
        : new RevocationError({
            kind: "unknown-outcome",
            mayHaveRevoked: !order.test,
            message: "The page itself failed while the call was in flight.",
            ...named(order),
          });
    this.#host.tell(failure.mayHaveRevoked ? "unknown" : "failed", failure.toJSON());
  }

  /**
   * While a call is in flight: the seconds are counted, and who leaves the page is warned.
   * @param {Order} order
   * @param {boolean} looksUp
   * @param {() => Promise<void>} call
   */
  async #fly(order, looksUp, call) {
    this.#go({ step: "waiting", order, looksUp, beganAt: Date.now(), refusal: undefined });
    const ticking = setInterval(() => this.#host.requestUpdate(), 1000);
    const warn = (/** @type {BeforeUnloadEvent} */ event) => event.preventDefault();
    if (!looksUp) addEventListener("beforeunload", warn);
    try {
      await call();
    } finally {
      clearInterval(ticking);
      removeEventListener("beforeunload", warn);
      if (this.step === "waiting") this.#go({ step: "outcome" });
      await this.findUnsettled();
    }
  }
}

/**
 * How an order ended that others have sent: with which reason is not known.
 * @param {Order} order
 * @param {OrderRecord | undefined} record
 * @returns {import("../index.d.ts").Revocation | undefined}
 */
function endOf(order, record) {
  if (record?.state === "already-rejected")
    return { ...named(order), outcome: "already-rejected", errorCode: -20, test: false };
  return record?.state === "revoked" || record?.state === "already-revoked"
    ? { ...named(order), outcome: "already-revoked", errorCode: -21, test: false }
    : undefined;
}

/**
 * A question that failed has sent nothing.
 * @param {Order} order
 * @param {unknown} error
 */
function notSent(order, error) {
  if (error instanceof RevocationError && error.kind !== "unknown-outcome" && !error.mayHaveRevoked)
    return error;
  const { message } = error instanceof Error ? error : new Error(String(error));
  return new RevocationError({ kind: "not-sent", mayHaveRevoked: false, message, ...named(order) });
}

/** What names it. @param {Order} order @returns {import("../index.d.ts").CertificateName} */
const named = ({ orderNumber, serialNumber, certificateID }) =>
  serialNumber !== undefined
    ? { serialNumber }
    : certificateID !== undefined
      ? { certificateID }
      : { orderNumber };

/** A call that was kept, with its name as text. @param {import("../index.d.ts").RevocationOrder} order @returns {Order} */
function asSent({ orderNumber, serialNumber, certificateID, ...terms }) {
  if (serialNumber !== undefined) return { ...terms, serialNumber };
  return certificateID !== undefined
    ? { ...terms, certificateID: String(certificateID) }
    : { ...terms, orderNumber: String(orderNumber) };
}
