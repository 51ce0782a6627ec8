// What was found in a list: what it would be as a plan, what its columns mean, and what is wrong with it.
import { html, nothing } from "lit";
import { columnChoice, unknownColumns } from "../lists/columns.js";
import { listSummary } from "../lists/summary.js";
import { wrongRows } from "../lists/wrong-rows.js";
import { download } from "../parts/download.js";
import { t } from "../texts/texts.js";
import { deadlineOf } from "./deadline.js";

/** @typedef {import("./plan-screen.js").PlanScreen} Screen */

/** @param {Screen} screen */
export function foundInList(screen) {
  const { list, columns, meanings } = screen;
  if (!list) return nothing;
  const { lacksHeader, rows } = list;
  const isUnknown = unknownColumns(columns, meanings).length > 0;
  const limits = screen.news.limits ?? screen.session.me.limits;
  const whole = [...list.faults, ...screen.faults].filter(([where]) => !(isUnknown && where === "columns"));
  // To what is said by now: another column may have been chosen since this was drawn.
  const say = (/** @type {[string, string][]} */ more) => {
    screen.meanings = new Map([...screen.meanings, ...more]);
    void screen.lookAgain();
  };
  return html`${listSummary(list, {
    hasReason: screen.reason !== "",
    deadline: deadlineOf(screen.deadline),
    withoutApproval: screen.session.may("revoke") ? limits?.approvalAbove.left : undefined,
  })}
  ${columnChoice(columns, list.meanings, meanings, say)}
  ${
    lacksHeader
      ? whichNumbers(screen)
      : whole.length > 0
        ? html`<ul class="band" data-tone="no" id="list-faults" tabindex="-1" lang="en">
            ${whole.map(([where, fault]) => html`<li><strong>${where}</strong> ${fault}.</li>`)}
          </ul>`
        : nothing
  }
  ${
    rows.length > 0
      ? wrongRows(list, screen.mended, {
          take: async () => screen.look(await screen.mend({ rows: screen.mended })),
          leaveOut: async () =>
            screen.look(await screen.mend({ rows: new Map(rows.map((row) => [row, ""])) })),
          save: async () =>
            download(
              new Blob([await screen.mend({ rows: screen.mended })], { type: "text/csv" }),
              "corrected.csv",
            ),
        })
      : nothing
  }`;
}

/** Lines of digits alone may be either. @param {Screen} screen */
function whichNumbers(screen) {
  const head = (/** @type {string} */ heading) => async () => screen.look(await screen.mend({ heading }));
  return html`<div class="band" data-tone="unknown" id="list-faults" tabindex="-1">
    <p>${t("list.whichNumbers")}</p>
    <div class="buttons">
      <button type="button" @click=${head("orderNumber")}>${t("list.areOrders")}</button>
      <button type="button" @click=${head("serialNumber")}>${t("list.areSerials")}</button>
    </div>
  </div>`;
}
