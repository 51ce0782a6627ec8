// Revoke or test: the reason by plain questions, a comment, one product folded away, and what is left of the limits.
import { html, nothing } from "lit";
import { field } from "../../../pkg/element/parts/field.js";
import { reasons } from "../../../pkg/element/parts/reasons.js";
import { COMMENT_LIMIT } from "../../../pkg/element/words/order.js";
import { language, t } from "../texts/texts.js";

/** @typedef {import("../../../pkg/element/words/order.js").Draft} Draft */
/**
 * @param {object} screen
 * @param {Draft} screen.draft
 * @param {import("../../../pkg/element/flow.js").Flow} screen.flow
 * @param {boolean} screen.mayRevoke
 * @param {import("../frame/news.js").News} screen.news
 * @param {import("../frame/session.js").Session} screen.session
 * @param {(test: boolean) => Promise<void>} screen.ask
 * @param {() => void} screen.requestUpdate
 */
export function orderForm(screen) {
  const { draft, flow, mayRevoke, news, session } = screen;
  const { texts, number } = language();
  const { faults } = flow;
  const busy = flow.step === "checking" ? "true" : nothing;
  const fill = (/** @type {keyof Draft} */ name) => (/** @type {string} */ value) => {
    draft[name] = value;
    if (flow.step === "checking") flow.cancel();
    screen.requestUpdate();
  };
  const used = [...draft.revocationReason].length;
  return html`<form
    class="card"
    novalidate
    autocomplete="off"
    aria-label=${t(mayRevoke ? "order.form" : "order.testForm")}
    @submit=${(/** @type {Event} */ event) => {
      event.preventDefault();
      void screen.ask(!mayRevoke);
    }}
  >
    ${mayRevoke ? html`<p class="hint">${texts.intro}</p>` : html`<p class="band" data-tone="note">${t("order.mayOnlyTest")}</p>`}
    ${reasons({
      id: "codeReason",
      value: draft.codeReason,
      error: faults.codeReason,
      input: fill("codeReason"),
      language: language(),
    })}
    ${field({
      id: "revocationReason",
      label: texts.comment,
      hint: texts.commentHint,
      optional: texts.optional,
      error: faults.revocationReason,
      value: draft.revocationReason,
      input: fill("revocationReason"),
      rows: 2,
      ...(used > COMMENT_LIMIT / 2 && { count: texts.used(number(used), number(COMMENT_LIMIT)) }),
    })}
    <details ?open=${Boolean(draft.productCode || draft.product)}>
      <summary>${texts.more} <span class="optional">(${texts.optional})</span></summary>
      <div class="stack">
        ${field({
          id: "productCode",
          label: texts.productCode,
          hint: texts.productCodeHint,
          optional: texts.optional,
          error: faults.productCode,
          value: draft.productCode,
          input: fill("productCode"),
        })}
        ${field({
          id: "product",
          label: texts.product,
          optional: texts.optional,
          error: faults.product,
          value: draft.product,
          input: fill("product"),
          digits: true,
        })}
      </div>
    </details>
    <div class="buttons">
      <button
        type=${mayRevoke ? "button" : "submit"}
        class=${mayRevoke ? "" : "primary"}
        aria-disabled=${busy}
        aria-describedby="test-hint"
        @click=${mayRevoke ? () => void screen.ask(true) : nothing}
      >
        ${t("order.dryRun")}
      </button>
      ${mayRevoke ? html`<button type="submit" class="danger" aria-disabled=${busy}>${texts.revoke}</button>` : nothing}
    </div>
    <p class="hint" id="test-hint">${busy === "true" ? texts.checking : t("order.dryRunHint")}</p>
    ${limits(news.limits ?? session.me.limits)}
  </form>`;
}

/** What is left, before one runs into it. @param {import("autorevoke").Me["limits"]} limits */
export const limits = (limits) =>
  limits
    ? html`<p class="hint limits">
        ${t("limits.left", {
          minute: limits.minute.left,
          ofMinute: limits.minute.limit,
          day: limits.day.left,
          ofDay: limits.day.limit,
        })}
      </p>`
    : nothing;
