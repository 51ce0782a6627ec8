// <autorevoke-form>: an order is filled in, confirmed and revoked; its outcome takes the form's place.
import { html, nothing } from "lit";
import { RevocationElement } from "./base.js";
import { field } from "./parts/field.js";
import { reasons } from "./parts/reasons.js";
import { COMMENT_LIMIT } from "./words/order.js";

export class AutorevokeForm extends RevocationElement {
  render() {
    const { step, next } = this.flow;
    const { texts } = this.language;
    const isBeingFilled =
      step === "order" || step === "checking" || (step === "confirming" && !this.flow.resend);
    const leave = () => (next.isDone ? this.reset() : this.flow.back());
    return html`${this.frame(
        html`${isBeingFilled ? this.form() : nothing}
        ${isBeingFilled ? nothing : this.progress(next.isDone ? texts.next : texts.back, leave)}`,
      )}
      <dialog
        lang=${this.language.lang}
        part="dialog"
        class="grave"
        aria-labelledby="confirmation-title"
        aria-describedby="confirmation-warning"
        @close=${() => this.flow.cancel()}
      >
        ${step === "confirming" ? this.question() : nothing}
      </dialog>`;
  }

  /** @param {import("./flow.js").Step} step */
  showStep(step) {
    const dialog = /** @type {HTMLDialogElement} */ (this.renderRoot.querySelector("dialog"));
    if (step === "confirming" && !dialog.open) dialog.showModal();
    if (step !== "confirming" && dialog.open) dialog.close();
  }

  form() {
    const { language, draft, flow, test, headingLevel } = this;
    const { texts, number } = language;
    const { faults } = flow;
    const fill = (/** @type {keyof typeof draft} */ name) => (/** @type {string} */ value) =>
      this.fill(name, value);
    const busy = flow.step === "checking";
    const used = [...draft.revocationReason].length;
    return html`<form
      class="card"
      part="form"
      novalidate
      autocomplete="off"
      @submit=${(/** @type {Event} */ event) => {
        event.preventDefault();
        void this.ask();
      }}
    >
      <slot name="heading">
        <div class="heading" part="heading" role="heading" aria-level=${headingLevel}>
          ${test ? texts.testHeading : texts.heading}
        </div>
        ${test ? nothing : html`<p class="intro" part="hint">${texts.intro}</p>`}
      </slot>
      ${this.refused()}
      ${field({
        id: "orderNumber",
        label: texts.orderNumber,
        hint: texts.orderNumberHint,
        error: faults.orderNumber,
        value: draft.orderNumber,
        input: fill("orderNumber"),
        digits: true,
      })}
      ${reasons({ id: "codeReason", value: draft.codeReason, error: faults.codeReason, input: fill("codeReason"), language })}
      ${field({
        id: "revocationReason",
        label: texts.comment,
        hint: texts.commentHint,
        optional: texts.optional,
        error: faults.revocationReason,
        value: draft.revocationReason,
        input: fill("revocationReason"),
        rows: 2,
        ...(used > COMMENT_LIMIT / 2 && { count: texts.used(number(used), number(COMMENT_LIMIT)) }),
      })}
      <details ?open=${Boolean(draft.productCode || draft.product)}>
        <summary>${texts.more} <span class="optional">(${texts.optional})</span></summary>
        <div class="stack">
          ${field({
            id: "productCode",
            label: texts.productCode,
            hint: texts.productCodeHint,
            optional: texts.optional,
            error: faults.productCode,
            value: draft.productCode,
            input: fill("productCode"),
          })}
          ${field({
            id: "product",
            label: texts.product,
            optional: texts.optional,
            error: faults.product,
            value: draft.product,
            input: fill("product"),
            digits: true,
          })}
        </div>
      </details>
      <div class="stack">
        <div class="buttons" part="buttons">
          ${
            test
              ? nothing
              : html`<button
                  type="submit"
                  class="danger"
                  part="button danger"
                  aria-disabled=${busy ? "true" : nothing}
                >
                  ${texts.revoke}
                </button>`
          }
          <button
            type=${test ? "submit" : "button"}
            class=${test ? "primary" : ""}
            part="button ${test ? "primary" : ""}"
            aria-disabled=${busy ? "true" : nothing}
            aria-describedby="test-hint"
            @click=${test ? nothing : () => void this.ask({ test: true })}
          >
            ${texts.dryRun}
          </button>
        </div>
        <p class="hint" part="hint" id="test-hint">${busy ? texts.checking : texts.dryRunHint}</p>
      </div>
    </form>`;
  }
}
