// One order: what is true of it, what can be done about it, and what was done.
import { TaskStatus } from "@lit/task";
import { RevocationError } from "autorevoke";
import { html, nothing } from "lit";
import { EMPTY, Flow } from "../../../pkg/element/flow.js";
import { copy } from "../../../pkg/element/parts/copy.js";
import { isTyped, nameOf } from "../../../pkg/element/words/order.js";
import { wordsOf } from "../../../pkg/element/words/outcome.js";
import { Screen } from "../frame/screen.js";
import { called } from "../parts/called.js";
import { LastingTask } from "../parts/lasting-task.js";
import { problemBand } from "../parts/problem.js";
import { language, t } from "../texts/texts.js";
import { keptCalls } from "./kept-calls.js";
import "./look-up.js";
import { isNumber, readName } from "./name.js";
import { orderState } from "./order-state.js";
import { orderQuestion, orderWork } from "./order-work.js";
import { settleFacts } from "./settle-facts.js";
import { timeline } from "./timeline.js";

/** @typedef {import("autorevoke").OrderRecord} OrderRecord */

/** While the server has the order in flight. */
const LOOK_AGAIN_MS = 2_000;
/** Others may work on it, too. */
const LOOK_EVERY_MS = 10_000;

export class OrderScreen extends Screen {
  // What the flow asks of its host.
  test = false;
  asksReasonLast = false;
  /** @type {undefined} */
  client = undefined;
  /** @type {import("../../../pkg/element/words/order.js").Draft} */
  draft = { ...EMPTY };
  flow = new Flow(this);
  typed = "";
  ticked = false;
  /** @type {{ typed?: string, ticked?: string }} */
  confirmationFaults = {};
  /** @type {string | undefined} */
  copied = undefined;
  /** @type {import("../../../pkg/element/flow.js").Step} */
  shownStep = "order";
  /** Whether an order that is done is to be revoked once more. */
  anew = false;

  constructor() {
    super();
    this.record = new LastingTask(this, {
      // A route anew is a question anew, also about the same order.
      task: ([name], { signal }) => this.look(name, signal),
      args: () => /** @type {const} */ ([this.name, this.session, this.route]),
      onComplete: (record) => this.recall(record),
    });
  }

  /** Nothing of the one order stands beside the next. */
  begin() {
    this.record.forget();
    this.draft = { ...EMPTY };
    this.flow = new Flow(this);
    this.copied = undefined;
    this.shownStep = "order";
    this.anew = false;
  }

  get heading() {
    return isNumber(this.name)
      ? t("order.title", { name: this.name })
      : t("order.titleNamed", { name: this.name });
  }

  get name() {
    const read = readName(this.route.subject);
    return "name" in read ? read.name : this.route.subject;
  }

  get language() {
    return language();
  }

  get endpoint() {
    return this.session.endpoint;
  }

  get token() {
    return this.session.token;
  }

  get storage() {
    return keptCalls(this.session.me.actor);
  }

  get mayRevoke() {
    return this.session.covers("revoke", this.name);
  }

  get mayTest() {
    return this.mayRevoke || this.session.covers("test", this.name);
  }

  /** @param {string} name @param {AbortSignal} signal @returns {Promise<OrderRecord | null>} */
  async look(name, signal) {
    if (!this.mayTest) return null;
    try {
      return await this.session.client.orders.get(name, { signal });
    } catch (error) {
      if (error instanceof RevocationError && error.kind === "not-found") return null;
      throw error;
    }
  }

  /** A call whose outcome is not known is shown as that, also after a reload. @param {OrderRecord | null} record */
  async recall(record) {
    const { flow, name } = this;
    clearTimeout(this.timer);
    if (record?.state === "sending" && this.isConnected)
      this.timer = setTimeout(() => void this.record.run(), LOOK_AGAIN_MS);
    await flow.findUnsettled();
    if (flow !== this.flow || !["order", "outcome"].includes(flow.step)) return;
    const kept = flow.unsettled.find(({ order }) => nameOf(order) === name);
    if (flow.step === "outcome" && !(flow.next.isUnknown && record?.state !== "unknown")) return;
    if (kept) return flow.recall(kept, record ?? undefined);
    if (record?.state === "unknown") return this.openUnknown(record);
    // Someone else has settled it.
    if (flow.step === "outcome" && record && record.state !== "sending") flow.back();
  }

  /** @param {OrderRecord} record */
  openUnknown(record) {
    const attempt = record.attempts.findLast(({ test, outcome }) => !test && outcome === "unknown");
    const { codeReason, revocationReason, productCode, product, startedAt = "" } = attempt ?? {};
    const terms = { codeReason, revocationReason, productCode, product };
    const given = Object.fromEntries(Object.entries(terms).filter(([, value]) => value !== undefined));
    const { orderNumber, serialNumber, certificateID } = record;
    const named = /** @type {import("autorevoke").CertificateName} */ ({
      orderNumber,
      serialNumber,
      certificateID,
    });
    this.flow.open({ order: { ...named, ...given }, since: startedAt }, record);
  }

  tell() {
    const { outcome } = this.flow;
    if (outcome) this.announce(wordsOf(outcome, language()).title);
    void this.record.run();
    this.changed();
  }

  connectedCallback() {
    super.connectedCallback();
    this.looking = setInterval(() => {
      const isIdle = this.flow.step === "order" || this.flow.step === "outcome";
      if (isIdle && !document.hidden && this.record.status !== TaskStatus.PENDING) void this.record.run();
    }, LOOK_EVERY_MS);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.timer);
    clearInterval(this.looking);
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (changed.has("route")) this.begin();
    this.draft.orderNumber = this.name;
    if (this.flow.step !== "confirming" || this.shownStep === "confirming") return;
    // What was typed for one question does not answer the next.
    this.typed = "";
    this.ticked = false;
    this.confirmationFaults = {};
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    super.updated(changed);
    const { flow } = this;
    const before = this.shownStep;
    const { step } = flow;
    const dialog = /** @type {HTMLDialogElement} */ (this.querySelector("dialog"));
    if (step === "confirming" && !dialog.open) dialog.showModal();
    if (step !== "confirming" && dialog.open) dialog.close();
    if (step === before) return;
    this.shownStep = step;
    if (step === "confirming") this.focusOn(flow.resend ? "#confirmation-title" : "#confirmation-number");
    else if (step === "waiting" || step === "outcome") {
      this.copied = undefined;
      this.focusOn("#title");
    } else if (step === "order") {
      if (flow.refusal) this.focusOn("#title");
      else if (Object.keys(flow.faults).length > 0) this.focusFault();
      else if (before === "outcome") this.focusOn("h1");
    }
    if (before === "waiting") void this.record.run();
  }

  focusFault() {
    const wrong = this.querySelector('[aria-invalid="true"]');
    const details = wrong?.closest("details");
    if (details) details.open = true;
    const control = /** @type {HTMLElement | null | undefined} */ (
      wrong?.matches("fieldset") ? wrong.querySelector("input") : wrong
    );
    control?.focus({ preventScroll: true });
    wrong?.scrollIntoView({ block: "nearest" });
  }

  /** @param {boolean} test */
  async ask(test) {
    await this.flow.ask({ test });
    await this.updateComplete;
    if (Object.keys(this.flow.faults).length > 0) this.focusFault();
  }

  async confirm() {
    const { flow } = this;
    if (flow.step !== "confirming" || !flow.order) return;
    const { texts } = language();
    const { name } = this;
    this.confirmationFaults = {
      ...(flow.resend && !this.ticked && { ticked: texts.tick }),
      ...(!isTyped(this.typed, flow.order) && { typed: texts.mistyped(name) }),
    };
    if (Object.keys(this.confirmationFaults).length === 0) flow.confirm();
    this.requestUpdate();
    await this.updateComplete;
    if (flow.step === "confirming") this.focusFault();
  }

  /** @param {string} text */
  async copy(text) {
    this.copied = await copy(text);
    this.requestUpdate();
  }

  render() {
    const { flow } = this;
    const { error, found } = this.record;
    return html`<look-up compact></look-up>
      <h1 class="heading" tabindex="-1">${this.heading}</h1>
      ${error === undefined ? nothing : problemBand(error, () => this.record.run())}
      ${found !== undefined ? this.body(found) : error === undefined ? html`<p>${t("loading")}</p>` : nothing}
      <dialog
        class="grave"
        aria-labelledby="confirmation-title"
        aria-describedby="confirmation-warning"
        @close=${() => flow.cancel()}
      >
        ${flow.step === "confirming" ? orderQuestion(this) : nothing}
      </dialog>`;
  }

  /** @param {OrderRecord | null} record */
  body(record) {
    const { flow, mayTest } = this;
    if (!mayTest)
      return html`<p class="band" data-tone="note">${t("order.notCovered", { orders: this.covered })}</p>`;
    const open = flow.step === "outcome" && flow.next.isUnknown;
    const ended = flow.step === "outcome" && !open && record?.state !== "unknown";
    return html`${record?.label ? html`<p>${called(record.label)}</p>` : nothing}
    ${open || ended ? nothing : orderState(record)} ${orderWork(this, record)}
    ${open ? settleFacts(record, flow, (text) => void this.copy(text)) : nothing}
    ${timeline(record, this.session)}`;
  }

  get covered() {
    const { session } = this;
    return [...new Set([...session.ordersOf("revoke"), ...session.ordersOf("test")])].join(", ") || "–";
  }
}
customElements.define("order-screen", OrderScreen);
