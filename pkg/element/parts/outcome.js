// What came of a call, with what can be done next.
import { html, nothing } from "lit";
import { ticketText, wordsOf } from "../words/outcome.js";
import { copiedText } from "./copy.js";
import { descriptions } from "./field.js";
import { status } from "./status.js";

/** @typedef {import("../words/language.js").Language} Language */

/**
 * @param {import("../words/outcome.js").Outcome} outcome
 * @param {Language} language
 * @param {number} level of the heading
 * @param {unknown} [buttons]
 */
export function outcomeCard(outcome, language, level, buttons = nothing) {
  const { texts } = language;
  const { tone, title, text, lists, caText, facts, technical } = wordsOf(outcome, language);
  return html`<section class="outcome" part="outcome outcome-${tone}" data-tone=${tone}>
    ${status(tone, language)}
    <div class="title" part="title" role="heading" aria-level=${level} tabindex="-1" id="title">${title}</div>
    ${text.map((sentence) => html`<p>${sentence}</p>`)}
    ${
      caText === undefined
        ? nothing
        : html`<figure>
            <figcaption class="hint">${texts.caWords}</figcaption>
            <blockquote lang="">${caText}</blockquote>
          </figure>`
    }
    ${buttons}
    ${lists.map(
      ({ heading, items }) =>
        html`<div>
          <p class="subheading">${heading}</p>
          <ul>
            ${items.map((item) => html`<li>${item}</li>`)}
          </ul>
        </div>`,
    )}
    ${descriptions(facts)}
    ${
      technical.length > 0
        ? html`<details part="details">
            <summary>${texts.details}</summary>
            <div lang="en">${descriptions(technical)}</div>
          </details>`
        : nothing
    }
  </section>`;
}

/**
 * @param {import("../flow.js").Flow} flow
 * @param {Language} language
 * @param {object} how
 * @param {string} how.back
 * @param {() => void} how.leave
 * @param {string | undefined} how.copied
 * @param {(text: string) => void} how.copy
 * @param {boolean} [how.maySettle] whether the caller may do more about it than copy it
 */
export function outcomeButtons(flow, language, { back, leave, copied, copy, maySettle = true }) {
  const { outcome } = flow;
  const next = maySettle ? flow.next : {};
  const { texts } = language;
  if (!outcome) return nothing;
  const button = (/** @type {string} */ name, /** @type {() => void} */ take, kind = "") =>
    html`<button type="button" class=${kind} part="button ${kind}" @click=${take}>${name}</button>`;
  return html`<div class="buttons" part="buttons">
      ${
        next.lookUp
          ? html`<button type="button" class="primary" part="button primary" @click=${() => flow.lookUp()}>
              ${texts.ask} <span>(${texts.askHint})</span>
            </button>`
          : nothing
      }
      ${next.tryAgain ? button(texts.tryAgain, () => flow.tryAgain(), next.isUnknown ? "" : "primary") : nothing}
      ${next.resend ? button(texts.sendAgain, () => flow.askToResend()) : nothing}
      ${button(texts.copy, () => copy(ticketText(outcome, language)))} ${button(back, leave)}
    </div>
    ${copiedText(copied, language)}`;
}
