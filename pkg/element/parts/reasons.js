// The choice of a reason, each with when to choose it, the most serious first.
import { html, nothing } from "lit";
import { live } from "lit/directives/live.js";
import { REASONS } from "../words/order.js";

/**
 * @param {object} about
 * @param {string} about.id
 * @param {string} about.value name or number of the chosen one
 * @param {string | undefined} about.error
 * @param {(value: string) => void} about.input
 * @param {import("../words/language.js").Language} about.language
 */
export function reasons({ id, value, error, input, language: { texts } }) {
  const names = /** @type {(keyof typeof REASONS)[]} */ (Object.keys(REASONS));
  return html`<fieldset
    part="field"
    role="radiogroup"
    aria-required="true"
    aria-describedby="${id}-hint${error ? ` ${id}-error` : ""}"
    aria-invalid=${error ? "true" : nothing}
  >
    <legend part="label">${texts.reason}</legend>
    <p class="hint" part="hint" id="${id}-hint">${texts.reasonHint}</p>
    ${error ? html`<p class="error" part="error" id="${id}-error">${error}</p>` : nothing}
    <div class="choices">
      ${names.map(
        (name) =>
          html`<div class="choice ${name === "keyCompromise" ? "grave" : ""}" part="choice">
            <input
              type="radio"
              part="radio"
              name=${id}
              id="${id}-${name}"
              value=${name}
              autocomplete="off"
              aria-describedby="${id}-${name}-when"
              .checked=${live(value === name || value === String(REASONS[name]))}
              @change=${() => input(name)}
            />
            <label for="${id}-${name}"
              >${texts.reasons[name].name} <span class="optional">(${REASONS[name]})</span></label
            >
            <p class="hint" part="hint" id="${id}-${name}-when">${texts.reasons[name].when}</p>
          </div>`,
      )}
    </div>
  </fieldset>`;
}
