// While a call is in flight: what is done, and for how long.
import { html, nothing } from "lit";
import { orderName } from "../words/order.js";
import { status } from "./status.js";

/**
 * @param {import("../flow.js").Flow} flow
 * @param {import("../words/language.js").Language} language
 * @param {number} level of the heading
 */
export function waiting({ order, looksUp, beganAt }, language, level) {
  if (!order) return nothing;
  const { texts, seconds } = language;
  const name = orderName(order);
  const title = looksUp ? texts.lookingUp(name) : order.test ? texts.testing(name) : texts.revoking(name);
  return html`<section class="outcome" part="outcome" data-tone="waiting" aria-busy="true">
    ${status("waiting", language)}
    <div class="title" part="title" role="heading" aria-level=${level} tabindex="-1" id="title">${title}</div>
    <progress aria-label=${title}></progress>
    <p role="timer">${texts.since(seconds(Math.floor((Date.now() - beganAt) / 1000)))}</p>
    ${looksUp ? nothing : html`<p>${texts.stayHere}</p>`}
  </section>`;
}
