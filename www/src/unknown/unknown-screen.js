// All orders whose outcome is not known, the oldest first: how long already, and what happens next.
import { html } from "lit";
import { orderLink } from "../frame/links.js";
import { Screen } from "../frame/screen.js";
import { nameOf } from "../../../pkg/element/words/order.js";
import { called } from "../parts/called.js";
import { t } from "../texts/texts.js";
import { away, short } from "../texts/times.js";

class UnknownScreen extends Screen {
  get heading() {
    return t("unknown.title");
  }

  render() {
    const { unknown, asOf } = this.news;
    return html`<h1 class="heading" tabindex="-1">${t("unknown.title")}</h1>
      <p>${t("unknown.intro")}</p>
      ${
        unknown === undefined
          ? html`<p class="hint">${asOf === undefined ? t("loading") : t("unknown.notListed")}</p>`
          : unknown.length === 0
            ? html`<p class="hint">${t("unknown.none")}</p>`
            : this.table(unknown)
      }`;
  }

  /** @param {import("autorevoke").ListedOrder[]} orders */
  table(orders) {
    const when = (/** @type {string | undefined} */ at) =>
      at ? html`${short(at)}<br /><span class="hint">${away(at)}</span>` : "–";
    return html`<div class="scrolls card" tabindex="0" role="region" aria-label=${t("unknown.title")}>
      <table>
        <thead>
          <tr>
            <th scope="col">${t("rows.order")}</th>
            <th scope="col">${t("settle.since")}</th>
            <th scope="col">${t("settle.nextProbe")}</th>
            <th scope="col">${t("unknown.resend")}</th>
          </tr>
        </thead>
        <tbody>
          ${orders.map(
            (order) =>
              html`<tr data-tone="unknown">
                <th scope="row">
                  <a href=${orderLink(nameOf(order))}>${nameOf(order)}</a>${called(order.label)}
                </th>
                <td>${when(order.unknownSince)}</td>
                <td>
                  ${order.waitsForPerson ? html`<strong>${t("settle.waitsForPerson")}</strong>` : when(order.nextProbeAt)}
                </td>
                <td>${when(order.resendUntil)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
  }
}
customElements.define("unknown-screen", UnknownScreen);
