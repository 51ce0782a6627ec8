// Who decides about a plan, and how: the one who starts it, and the second person who approves or declines it.
import { html, nothing } from "lit";
import { copiedText, copy } from "../../../pkg/element/parts/copy.js";
import { field } from "../../../pkg/element/parts/field.js";
import { isOwn } from "../frame/navigation.js";
import { language, t } from "../texts/texts.js";

/** @typedef {import("autorevoke").JobDetails} Plan */
/** @typedef {import("./plan-card.js").PlanCard} Card */

/** @param {Card} card @param {string} label */
function totalField(card, label) {
  return field({
    id: "total",
    label,
    error: card.faults.typed,
    value: card.typed,
    input: (value) => {
      card.typed = value;
      card.requestUpdate();
    },
    digits: true,
  });
}

/** The one who starts it types how many orders it has. @param {Card} card @param {Plan} job */
export function startForm(card, job) {
  const may = job.drill ? card.session.may("revoke", "test") : card.session.may("revoke");
  if (!may) return html`<p class="band" data-tone="note">${t("start.mayNot")}</p>`;
  return html`<form
    class=${job.drill ? "" : "grave"}
    novalidate
    autocomplete="off"
    @submit=${(/** @type {Event} */ event) => {
      event.preventDefault();
      card.confirm("start");
    }}
  >
    ${job.drill ? html`<p>${t("start.drill")}</p>` : html`<p class="warning">${language().texts.cannotBeUndone}</p>`}
    ${job.approvalNeeded ? html`<p>${t("start.approval")}</p>` : nothing}
    ${totalField(card, t("start.total"))}
    <div class="buttons">
      <button
        type="submit"
        class=${job.drill ? "primary" : "danger"}
        aria-disabled=${card.busy ? "true" : nothing}
      >
        ${t(job.drill ? "start.startDrill" : "start.start", { total: job.total })}
      </button>
    </div>
  </form>`;
}

/** Another person approves it by its total, or declines it with a comment. @param {Card} card @param {Plan} job */
export function approvalForm(card, job) {
  const { session, busy, copied } = card;
  const { person, personReason } = session.me;
  const link = html`<p>${t("approval.link")}</p>
    <div class="buttons">
      <button
        type="button"
        @click=${async () => {
          card.copied = await copy(location.href);
          card.requestUpdate();
        }}
      >
        ${t("approval.copyLink")}
      </button>
    </div>
    ${copiedText(copied, language())}`;
  if (!session.may("approve")) return link;
  if (person === null)
    return html`<p class="band" data-tone="note">
      ${t("approval.noPerson")} <span lang="en">${personReason ?? ""}</span>
    </p>`;
  if (isOwn(session, job))
    return html`<p class="band" data-tone="note">${t("approval.own")}</p>
      ${link}`;
  return html`<form
      class="grave"
      novalidate
      autocomplete="off"
      @submit=${(/** @type {Event} */ event) => {
        event.preventDefault();
        card.confirm("approve");
      }}
    >
      <p class="warning">${language().texts.cannotBeUndone}</p>
      ${totalField(card, t("approval.total"))}
      <div class="buttons">
        <button type="submit" class="danger" aria-disabled=${busy ? "true" : nothing}>
          ${t("approval.approve", { total: job.total })}
        </button>
      </div>
    </form>
    <form
      novalidate
      autocomplete="off"
      @submit=${(/** @type {Event} */ event) => {
        event.preventDefault();
        card.decline();
      }}
    >
      ${field({
        id: "decline",
        label: t("decline.comment"),
        hint: t("decline.hint"),
        error: card.faults.comment,
        value: card.comment,
        input: (value) => {
          card.comment = value;
          card.requestUpdate();
        },
        rows: 2,
      })}
      <div class="buttons">
        <button type="submit" aria-disabled=${busy ? "true" : nothing}>${t("decline.decline")}</button>
      </div>
    </form>`;
}
