// Until when a job must be done: in UTC, with how far away that is.
import { html } from "lit";
import { live } from "lit/directives/live.js";
import { language, t } from "../texts/texts.js";
import { away, local } from "../texts/times.js";

const HOUR = 3_600_000;

/** A field's value, which is in UTC and without its zone. @param {string} value */
export function deadlineOf(value) {
  return /^\d{4}-\d\d-\d\dT\d\d:\d\d$/.test(value) ? new Date(`${value}:00Z`) : undefined;
}

/** @param {string | number | Date} at */
export const deadlineValue = (at) => new Date(at).toISOString().slice(0, 16);

/** @param {string} value @param {(value: string) => void} change */
export function deadlineField(value, change) {
  const at = deadlineOf(value);
  const preset = (/** @type {number} */ hours) => change(deadlineValue(Date.now() + hours * HOUR));
  return html`<div class="field">
    <label for="plan-deadline"
      >${t("plan.deadline")} <span class="optional">(${language().texts.optional})</span></label
    >
    <p class="hint" id="plan-deadline-hint">${at ? `${away(at)} · ${local(at)}` : t("plan.deadlineHint")}</p>
    <div class="with-button">
      <input
        id="plan-deadline"
        type="datetime-local"
        aria-describedby="plan-deadline-hint"
        .value=${live(value)}
        @input=${(/** @type {any} */ { target }) => change(target.value)}
      />
      <button type="button" @click=${() => preset(24)}>${t("plan.in24h")}</button>
      <button type="button" @click=${() => preset(120)}>${t("plan.in5d")}</button>
    </div>
  </div>`;
}
