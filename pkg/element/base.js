// What both elements are: their attributes and properties, their events, and the state of what is typed.
import { html, LitElement, nothing } from "lit";
import { EMPTY, Flow } from "./flow.js";
import { confirmation } from "./parts/confirmation.js";
import { copy } from "./parts/copy.js";
import { outcomeButtons, outcomeCard } from "./parts/outcome.js";
import { waiting } from "./parts/waiting.js";
import { styles } from "./styles.js";
import { wordsOf } from "./words/outcome.js";
import { languageOf } from "./words/language.js";
import { isTyped, nameOf } from "./words/order.js";

/** @typedef {import("./words/order.js").Draft} Draft */

/** The attributes that say what is filled in at first, by what they fill in. @type {(keyof Draft)[]} */
const FILLED = ["orderNumber", "codeReason", "revocationReason", "productCode", "product"];

/** After these the calls that are not settled are others than before. */
const SETTLING = ["unknown", "revoked"];

export class RevocationElement extends LitElement {
  static styles = styles;

  static properties = {
    endpoint: {},
    orderNumber: { attribute: "order-number" },
    codeReason: { attribute: "code-reason" },
    revocationReason: { attribute: "revocation-reason" },
    productCode: { attribute: "product-code" },
    product: {},
    test: { type: Boolean },
    headingLevel: { attribute: "heading-level", type: Number },
    token: { attribute: false },
    client: { attribute: false },
    storage: { attribute: false },
  };

  static get observedAttributes() {
    return [...super.observedAttributes, "token", "lang"];
  }

  /** Whether the reason is chosen where the order is confirmed. */
  get asksReasonLast() {
    return false;
  }

  constructor() {
    super();
    /** @type {string | undefined} */
    this.endpoint = undefined;
    /** @type {string | number | undefined} */
    this.orderNumber = undefined;
    /** @type {string | number | undefined} */
    this.codeReason = undefined;
    /** @type {string | undefined} */
    this.revocationReason = undefined;
    /** @type {string | undefined} */
    this.productCode = undefined;
    /** @type {string | number | undefined} */
    this.product = undefined;
    this.test = false;
    this.headingLevel = 2;
    /** @type {string | (() => string | PromiseLike<string>) | undefined} */
    this.token = undefined;
    /** @type {import("../element.d.ts").ElementClient | undefined} */
    this.client = undefined;
    /** @type {import("../repeat.d.ts").RepeatStorage | undefined} */
    this.storage = undefined;

    /** @type {Draft} */
    this.draft = { ...EMPTY };
    this.flow = new Flow(this);
    /** What is typed to confirm. */
    this.typed = "";
    this.ticked = false;
    /** @type {{ typed?: string, ticked?: string }} */
    this.confirmationFaults = {};
    /** What was copied: empty; or the text, where that failed. @type {string | undefined} */
    this.copied = undefined;
    /** Another element of the page may have left a call unsettled, or settled it. @param {Event} event */
    this.othersSettled = ({ target }) => {
      if (target !== this) void this.flow.findUnsettled();
    };
    /** @type {MutationObserver | undefined} */
    this.languageObserver = undefined;
    /** @type {import("./flow.js").Step | undefined} */
    this.shownStep = undefined;
  }

  get language() {
    return languageOf(this);
  }

  connectedCallback() {
    super.connectedCallback();
    for (const name of SETTLING) document.addEventListener(name, this.othersSettled);
    this.languageObserver = new MutationObserver(() => this.requestUpdate());
    this.languageObserver.observe(document.documentElement, { attributeFilter: ["lang"], subtree: true });
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    for (const name of SETTLING) document.removeEventListener(name, this.othersSettled);
    this.languageObserver?.disconnect();
  }

  /** @param {string} name @param {string | null} old @param {string | null} value */
  attributeChangedCallback(name, old, value) {
    if (name === "lang") return this.requestUpdate();
    if (name !== "token") return super.attributeChangedCallback(name, old, value);
    if (value === null) return;
    // Whoever can read the page's markup could read it.
    this.removeAttribute("token");
    console.error(
      `<${this.localName}>: "token" is a property, never an attribute: element.token = () => ...`,
    );
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    for (const name of FILLED)
      if (changed.has(name) && (this[name] !== undefined || changed.get(name) !== undefined))
        this.draft = { ...this.draft, [name]: String(this[name] ?? "") };
  }

  /** @param {keyof Draft} name @param {string} value */
  fill(name, value) {
    this.draft = { ...this.draft, [name]: value };
    // The server was asked about another order then.
    if (this.flow.step === "checking") this.flow.cancel();
    this.requestUpdate();
  }

  /** @param {"revoked" | "tested" | "unknown" | "failed"} name @param {object} detail */
  tell(name, detail) {
    this.dispatchEvent(new CustomEvent(name, { detail, bubbles: true, composed: true }));
  }

  /** Empties what was filled in, also an outcome. A call in flight goes on; one that is not settled stays shown. */
  reset() {
    if (this.flow.step === "waiting") return;
    this.draft = { ...EMPTY };
    for (const name of FILLED) if (this[name] !== undefined) this.draft[name] = String(this[name]);
    this.flow.faults = {};
    this.flow.cancel();
    this.flow.back();
    this.requestUpdate();
  }

  /** @param {Map<string, unknown>} changed */
  updated(changed) {
    if (this.shownStep === undefined || ["endpoint", "client", "storage"].some((name) => changed.has(name)))
      void this.flow.findUnsettled();
    const { step, faults, refusal } = this.flow;
    const before = this.shownStep;
    if (step === before && step !== "order") return;
    this.shownStep = step;
    if (step === "confirming" && before !== "confirming") {
      this.typed = "";
      this.ticked = false;
      this.confirmationFaults = {};
    }
    this.showStep(step, before);
    if (step === before) return;
    this.copied = undefined;
    if (step === "waiting" || step === "outcome") this.focusOn("#title");
    // What is to be done first: where something is to be chosen or ticked, it is read from its beginning.
    else if (step === "confirming")
      this.focusOn(this.asksReasonLast || this.flow.resend ? "#confirmation-title" : "#confirmation-number");
    else if (step === "order" && before === "checking") {
      if (refusal) this.focusOn("#title");
      else if (Object.keys(faults).length > 0) this.focusFault();
    } else if (step === "order" && before === "outcome") this.focusOn("input");
  }

  /**
   * @param {import("./flow.js").Step} _step
   * @param {import("./flow.js").Step | undefined} _before
   */
  showStep(_step, _before) {}

  /**
   * Only where the person is: who has gone on elsewhere on the page is told by the live region alone.
   * @param {string} selector
   */
  focusOn(selector) {
    const active = document.activeElement;
    if (active && active !== document.body && !this.contains(active) && !active.shadowRoot?.contains(this))
      return;
    const found = /** @type {HTMLElement | null} */ (this.renderRoot.querySelector(selector));
    found?.focus();
    found?.scrollIntoView({ block: "nearest" });
  }

  /** The first field that is wrong. */
  focusFault() {
    const wrong = /** @type {HTMLElement | null} */ (this.renderRoot.querySelector('[aria-invalid="true"]'));
    const details = wrong?.closest("details");
    if (details) details.open = true;
    const control = wrong?.matches("fieldset") ? wrong.querySelector("input") : wrong;
    /** @type {HTMLElement | null | undefined} */ (control)?.focus();
  }

  async ask({ test = this.test } = {}) {
    await this.flow.ask({ test });
    await this.updateComplete;
    if (Object.keys(this.flow.faults).length > 0) this.focusFault();
  }

  async confirm() {
    const { flow } = this;
    if (flow.step !== "confirming" || !flow.order) return;
    const { texts } = this.language;
    const number = nameOf(flow.order);
    this.confirmationFaults = {
      ...(flow.resend && !this.ticked && { ticked: texts.tick }),
      ...(!isTyped(this.typed, flow.order) && { typed: texts.mistyped(number) }),
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

  /** What screen readers say when it changes. */
  get announcement() {
    const { step, faults, order, looksUp, refusal, outcome } = this.flow;
    const { texts } = this.language;
    if (step === "checking") return texts.checking;
    if (step === "waiting" && order)
      return looksUp
        ? texts.lookingUp(nameOf(order))
        : order.test
          ? texts.testing(nameOf(order))
          : texts.revoking(nameOf(order));
    if (this.copied === "") return texts.copied;
    if (Object.keys(faults).length > 0) return texts.faults.summary;
    const ended = refusal ?? outcome;
    return ended ? wordsOf(ended, this.language).title : "";
  }

  /** @param {unknown} content */
  frame(content) {
    const { language } = this;
    const { flow } = this;
    const open = flow.unsettled.filter(
      ({ order }) => nameOf(order) !== (flow.outcome && nameOf(flow.outcome.order)) && this.concerns(order),
    );
    return html`<div lang=${language.lang} class="stack" part="base">
      <p class="unseen" role="status">${this.announcement}</p>
      ${this.test ? html`<p class="band test" part="test">${language.texts.testBand}</p>` : nothing}
      ${
        flow.step === "waiting" || flow.step === "confirming"
          ? nothing
          : open.map(
              (call) =>
                html`<div class="band" part="unsettled" data-tone="unknown">
                  <span>${language.texts.unsettledBand(nameOf(call.order), language.time(call.since))}</span>
                  <button type="button" part="button" @click=${() => this.see(call)}>
                    ${language.texts.open}
                  </button>
                </div>`,
            )
      }
      ${content}
    </div>`;
  }

  /** Whether an unsettled call is to be shown here. @param {import("../index.d.ts").RevocationOrder} _order */
  concerns(_order) {
    return true;
  }

  /** @param {import("../repeat.d.ts").UnsettledCall} call */
  see(call) {
    this.flow.open(call);
  }

  /** @param {string} back @param {() => void} leave */
  progress(back, leave) {
    const { flow, language, headingLevel } = this;
    if (flow.step === "waiting") return waiting(flow, language, headingLevel);
    const { outcome } = flow;
    if (!outcome) return nothing;
    const { copied } = this;
    const copy = (/** @type {string} */ text) => void this.copy(text);
    return html`${this.refused()}
    ${outcomeCard(outcome, language, headingLevel, outcomeButtons(flow, language, { back, leave, copied, copy }))}`;
  }

  /** Why nothing was sent. */
  refused() {
    const { refusal } = this.flow;
    return refusal ? outcomeCard(refusal, this.language, this.headingLevel) : nothing;
  }

  /** @param {unknown} [choices] @param {unknown} [others] */
  question(choices, others) {
    const { flow, language, headingLevel, typed, ticked } = this;
    return confirmation({
      flow,
      language,
      level: headingLevel,
      typed,
      ticked,
      faults: this.confirmationFaults,
      change: (change) => {
        Object.assign(this, change);
        this.requestUpdate();
      },
      submit: () => void this.confirm(),
      cancel: () => flow.cancel(),
      choices,
      others,
    });
  }
}
