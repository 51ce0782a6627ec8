// <autorevoke-button>: one order that the page names; everything is asked and told in a dialog.
import { html, nothing } from "lit";
import { RevocationElement } from "./base.js";
import { Flow } from "./flow.js";
import { reasons } from "./parts/reasons.js";
import { status } from "./parts/status.js";
import { wordsOf } from "./words/outcome.js";

export class AutorevokeButton extends RevocationElement {
  get asksReasonLast() {
    return !this.codeReason && this.codeReason !== 0;
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    super.willUpdate(changed);
    // A row of a list that is used again: what came of the order before is not about this one. Its call goes on.
    if (!changed.has("orderNumber") || !this.hasUpdated) return;
    this.flow = new Flow(this);
    void this.flow.findUnsettled();
    this.dialog.close();
  }

  /** @param {import("../index.d.ts").RevocationOrder} order */
  concerns({ orderNumber }) {
    return String(orderNumber) === String(this.orderNumber);
  }

  render() {
    const { flow, language, draft } = this;
    const { texts } = language;
    const { step, outcome } = flow;
    const busy = step === "checking" || step === "waiting";
    const words = outcome && wordsOf(outcome, language);
    const grave = !this.test && !words;
    const chooses = this.asksReasonLast && !flow.resend;
    return html`${this.frame(
        html`<div class="buttons beside">
          <button
            type="button"
            class=${grave ? "danger" : ""}
            part="button trigger ${grave ? "danger" : ""}"
            aria-haspopup="dialog"
            aria-disabled=${busy ? "true" : nothing}
            @click=${() => this.press()}
          >
            ${words ? texts.open : html`<slot>${this.test ? texts.dryRun : texts.revoke}</slot>`}
          </button>
          ${
            words
              ? html`<div part="summary" data-tone=${words.tone}>
                  ${status(words.tone, language, words.title)}
                </div>`
              : nothing
          }
        </div>`,
      )}
      <dialog
        lang=${language.lang}
        part="dialog"
        class=${step === "confirming" ? "grave" : ""}
        aria-labelledby=${step === "confirming" ? "confirmation-title" : "title"}
        aria-describedby=${step === "confirming" ? "confirmation-warning" : nothing}
        @cancel=${(/** @type {Event} */ event) => {
          // It would go on unseen.
          if (step === "waiting") event.preventDefault();
        }}
        @close=${() => this.flow.cancel()}
      >
        ${
          step === "confirming"
            ? this.question(
                chooses
                  ? reasons({
                      id: "codeReason",
                      value: draft.codeReason,
                      error: flow.faults.codeReason,
                      input: (value) => this.fill("codeReason", value),
                      language,
                    })
                  : undefined,
                flow.resend
                  ? undefined
                  : html`<button type="button" part="button" @click=${() => void this.ask({ test: true })}>
                      ${texts.dryRun}
                    </button>`,
              )
            : step === "order" || step === "checking"
              ? this.preparing()
              : this.progress(texts.close, () => this.close())
        }
      </dialog>`;
  }

  /** Before the question: the server is asked, or has said why nothing can be sent. */
  preparing() {
    const { flow, language } = this;
    const { texts } = language;
    const faults = Object.entries(flow.faults).map(([name, fault]) => `${name}: ${fault}`);
    return html`<div class="stack">
      ${
        flow.step === "checking"
          ? html`<p class="title" id="title" tabindex="-1">${texts.checking}</p>`
          : html`${this.refused()}${faults.map((fault) => html`<p class="error">${fault}</p>`)}
              <div class="buttons">
                <button type="button" part="button" @click=${() => this.close()}>${texts.close}</button>
              </div>`
      }
    </div>`;
  }

  /** @param {import("./flow.js").Step} step @param {import("./flow.js").Step | undefined} before */
  showStep(step, before) {
    if (step === "order" && before === "confirming" && this.dialog.open) this.dialog.close();
  }

  get dialog() {
    return /** @type {HTMLDialogElement} */ (this.renderRoot.querySelector("dialog"));
  }

  press() {
    const { flow } = this;
    if (!this.dialog.open) this.dialog.showModal();
    // What is not settled is shown first; what is done is done.
    if (flow.step === "order") void this.ask();
  }

  /** @param {import("../repeat.d.ts").UnsettledCall} call */
  see(call) {
    super.see(call);
    this.press();
  }

  close() {
    this.dialog.close();
    // What failed may be begun anew; what is done, and what is not known, stays shown.
    const { outcome, next } = this.flow;
    if (outcome && !next.isDone && !next.isUnknown) this.flow.back();
    this.flow.refusal = undefined;
    this.requestUpdate();
  }
}
