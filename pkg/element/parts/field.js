// A field: label, hint, control and error in one root, so that a screen reader finds them by each other.
import { html, nothing } from "lit";
import { ifDefined } from "lit/directives/if-defined.js";
import { live } from "lit/directives/live.js";

/**
 * @param {object} about
 * @param {string} about.id
 * @param {string} about.label
 * @param {string} [about.hint]
 * @param {string} [about.optional] the word for it, where it may be left empty
 * @param {string | undefined} about.error
 * @param {string} about.value
 * @param {(value: string) => void} about.input
 * @param {boolean} [about.digits]
 * @param {number} [about.rows] of a field for several lines
 * @param {string} [about.count]
 */
export function field({ id, label, hint, optional, error, value, input, digits = false, rows, count }) {
  const described = [hint && `${id}-hint`, count && `${id}-count`, error && `${id}-error`].filter(Boolean);
  const by = ifDefined(described.length > 0 ? described.join(" ") : undefined);
  const invalid = error ? "true" : nothing;
  const typed = (/** @type {Event} */ event) => input(/** @type {HTMLInputElement} */ (event.target).value);
  return html`<div class="field" part="field">
    <label part="label" for=${id}
      >${label}${optional ? html` <span class="optional">(${optional})</span>` : nothing}</label
    >
    ${hint ? html`<p class="hint" part="hint" id="${id}-hint">${hint}</p>` : nothing}
    ${
      rows
        ? html`<textarea
            part="input"
            id=${id}
            rows=${rows}
            autocomplete="off"
            aria-describedby=${by}
            aria-invalid=${invalid}
            .value=${live(value)}
            @input=${typed}
          ></textarea>`
        : html`<input
            part="input"
            class=${digits ? "number" : ""}
            id=${id}
            inputmode=${digits ? "numeric" : "text"}
            autocomplete="off"
            autocapitalize="none"
            spellcheck="false"
            aria-required=${optional ? nothing : "true"}
            aria-describedby=${by}
            aria-invalid=${invalid}
            .value=${live(value)}
            @input=${typed}
          />`
    }
    ${count ? html`<p class="count" part="hint" id="${id}-count">${count}</p>` : nothing}
    ${error ? html`<p class="error" part="error" id="${id}-error">${error}</p>` : nothing}
  </div>`;
}

/** @param {[name: string, value: string][]} facts */
export const descriptions = (facts) =>
  html`<dl part="facts">
    ${facts.map(
      ([name, value]) =>
        html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`,
    )}
  </dl>`;
