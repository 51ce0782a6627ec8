// The last question before what cannot be undone: the order number is typed once more.
import { html, nothing } from "lit";
import { live } from "lit/directives/live.js";
import { orderFacts, orderName } from "../words/order.js";
import { recordWords } from "../words/outcome.js";
import { descriptions, field } from "./field.js";

/**
 * @param {object} about
 * @param {import("../flow.js").Flow} about.flow
 * @param {import("../words/language.js").Language} about.language
 * @param {number} about.level of the heading
 * @param {string} about.typed
 * @param {boolean} about.ticked
 * @param {{ typed?: string, ticked?: string }} about.faults
 * @param {(change: { typed?: string, ticked?: boolean }) => void} about.change
 * @param {() => void} about.submit
 * @param {() => void} about.cancel
 * @param {unknown} [about.choices] what is to be chosen here first
 * @param {unknown} [about.others] buttons
 */
export function confirmation({
  flow,
  language,
  level,
  typed,
  ticked,
  faults,
  change,
  submit,
  cancel,
  choices,
  others,
}) {
  const { order, record, resend, server } = flow;
  if (!order) return nothing;
  const { texts } = language;
  const name = orderName(order);
  const known = resend ? undefined : record ? recordWords(order, record, language) : undefined;
  return html`<form
    part="confirmation"
    novalidate
    autocomplete="off"
    @submit=${(/** @type {Event} */ event) => {
      event.preventDefault();
      submit();
    }}
  >
    <div
      class="heading"
      part="title"
      role="heading"
      aria-level=${level}
      tabindex="-1"
      id="confirmation-title"
    >
      ${resend ? texts.resendHeading(name) : texts.confirmHeading(name)}
    </div>
    <div class="facts">
      ${descriptions([...orderFacts(order, language), ...(server ? [/** @type {[string, string]} */ ([texts.facts.server, server])] : [])])}
    </div>
    <div id="confirmation-warning">
      ${resend ? html`<p class="warning">${texts.resendWarning}</p>` : nothing}
      <p class="warning">${texts.cannotBeUndone}</p>
      ${
        resend
          ? nothing
          : html`<p class="hint">
              ${known ? known.sentence : texts.knownNothing} ${known?.calls[0] ?? nothing}
            </p>`
      }
      ${
        order.codeReason !== undefined &&
        !resend &&
        order.codeReason !== "keyCompromise" &&
        order.codeReason !== 1
          ? html`<p class="hint">${texts.adviseCompromise}</p>`
          : nothing
      }
    </div>
    ${choices ?? nothing}
    ${
      resend
        ? html`<div class="choice">
            <input
              type="checkbox"
              id="confirmation-tick"
              aria-describedby=${faults.ticked ? "confirmation-tick-error" : nothing}
              aria-invalid=${faults.ticked ? "true" : nothing}
              .checked=${live(ticked)}
              @change=${(/** @type {Event} */ event) =>
                change({ ticked: /** @type {HTMLInputElement} */ (event.target).checked })}
            />
            <label for="confirmation-tick">${texts.notReplaced}</label>
            ${faults.ticked ? html`<p class="error" id="confirmation-tick-error">${faults.ticked}</p>` : nothing}
          </div>`
        : nothing
    }
    ${field({
      id: "confirmation-number",
      label: texts.typeNumber,
      error: faults.typed,
      value: typed,
      input: (value) => change({ typed: value }),
      digits: true,
    })}
    <div class="buttons" part="buttons">
      <button type="submit" class="danger" part="button danger">${texts.confirm(name)}</button>
      ${others ?? nothing}
      <button type="button" part="button" @click=${cancel}>${texts.cancel}</button>
    </div>
  </form>`;
}
