// What a list would be as a plan, before the server is asked: how many orders, why, how fast, and whether a second person is needed.
import { html, nothing } from "lit";
import { nameOf, reasonName } from "../../../pkg/element/words/order.js";
import { perHour } from "../jobs/job-state.js";
import { language, t } from "../texts/texts.js";

/** @typedef {import("./reader.js").OpenedList} OpenedList */

const LISTED = 5;

/**
 * @param {OpenedList} list
 * @param {object} how
 * @param {boolean} how.hasReason whether one is chosen for the rows that have none
 * @param {Date | undefined} how.deadline
 * @param {number | undefined} how.withoutApproval how many orders of real jobs may start without a second person
 */
export function listSummary({ plan, withoutReason }, { hasReason, deadline, withoutApproval }) {
  if (!plan) return nothing;
  const { total, reasons, duplicates, conflicts, merged, orders, note } = plan;
  const left = deadline ? (deadline.getTime() - Date.now()) / 1000 : 0;
  const isReasoned = hasReason || withoutReason === 0;
  return html`<section class="outcome" data-tone="note" aria-labelledby="list-read">
    <p id="list-read" role="status">
      <strong>${t("list.read", { rows: total + duplicates, orders: total })}</strong>
    </p>
    ${isReasoned ? nothing : html`<p>${t("list.withoutReason", { count: withoutReason })}</p>`}
    ${note ? html`<p lang="en">${note}</p>` : nothing}
    <dl>
      ${isReasoned ? Object.entries(reasons).map(([name, count]) => fact(reasonName(name, language()) ?? name, language().number(count))) : nothing}
      ${duplicates > 0 ? fact(t("planCard.duplicates"), language().number(duplicates)) : nothing}
      ${conflicts > 0 ? fact(t("list.conflicts"), language().number(conflicts)) : nothing}
      ${left > 0 ? fact(t("planCard.needed"), perHour(total / left)) : nothing}
    </dl>
    ${merged
      .slice(0, LISTED)
      .map((order) =>
        order.conflict
          ? html`<p>
              ${nameOf(order)}:
              ${t("planCard.conflict", { rows: order.rows.join(", "), reason: reasonName(order.codeReason, language()) ?? "" })}
            </p>`
          : nothing,
      )}
    ${withoutApproval !== undefined && total > withoutApproval ? html`<p>${t("list.approval", { left: withoutApproval })}</p>` : nothing}
    <details>
      <summary>${t("list.first", { count: orders.length })}</summary>
      <ul class="orders">
        ${orders.map((order) => html`<li>${nameOf(order)} ${order.label ?? ""}</li>`)}
      </ul>
    </details>
  </section>`;
}

/** @param {string} name @param {string} value */
const fact = (name, value) =>
  html`<div>
    <dt>${name}</dt>
    <dd>${value}</dd>
  </div>`;
