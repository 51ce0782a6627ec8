// What was done about an order, the newest first: when, what, by whom, and what came of it.
import { html, nothing } from "lit";
import { status } from "../../../pkg/element/parts/status.js";
import { reasonName } from "../../../pkg/element/words/order.js";
import { language, t } from "../texts/texts.js";
import { moment } from "../texts/times.js";
import { TONES } from "./order-state.js";

/**
 * @param {import("autorevoke").OrderRecord | null} record
 * @param {import("../frame/session.js").Session} session
 */
export function timeline(record, session) {
  if (!record || record.attempts.length === 0) return nothing;
  return html`<section class="card" aria-labelledby="timeline-heading">
    <h2 id="timeline-heading" class="subheading">${t("timeline.heading")}</h2>
    <ol class="timeline" reversed>
      ${record.attempts.toReversed().map((attempt) => entry(attempt, session))}
    </ol>
    ${record.omitted ? html`<p class="hint">${t("timeline.omitted", { count: record.omitted })}</p>` : nothing}
  </section>`;
}

/** @param {import("autorevoke").OrderAttempt} attempt @param {import("../frame/session.js").Session} session */
function entry(attempt, session) {
  const { test, purpose, codeReason, productCode, product, outcome, errorCode, errorMessage } = attempt;
  const { record } = language().texts;
  const what = [
    purpose ? t(`timeline.${purpose}`) : test ? t("timeline.test") : t("timeline.revocation"),
    reasonName(codeReason, language()),
    productCode,
    product,
  ].filter((part) => part !== undefined);
  const came = record.outcomes[/** @type {"revoked"} */ (outcome)] ?? outcome;
  const audit = attempt.auditSeqs.join(", ");
  return html`<li>
    <div class="timeline-when">
      ${moment(attempt.startedAt)}
      <p class="hint">${t("timeline.by", { actor: attempt.actor })}</p>
    </div>
    <div>
      <p class="timeline-what">${what.join(" · ")}</p>
      <div data-tone=${TONES[outcome] ?? "note"}>
        ${status(TONES[outcome] ?? "note", language(), errorCode ? `${came} (${errorCode})` : came)}
      </div>
      ${errorMessage ? html`<blockquote lang="">${errorMessage}</blockquote>` : nothing}
      ${attempt.detail ? html`<p class="hint" lang="en">${attempt.detail}</p>` : nothing}
      <details>
        <summary>${language().texts.details}</summary>
        <dl>
          ${
            attempt.revocationReason
              ? html`<div>
                  <dt>${language().texts.comment}</dt>
                  <dd>${attempt.revocationReason}</dd>
                </div>`
              : nothing
          }
          <div>
            <dt>${language().texts.facts.instance}</dt>
            <dd>${attempt.instance}</dd>
          </div>
          ${
            audit
              ? html`<div>
                  <dt>${language().texts.facts.audit}</dt>
                  <dd>
                    ${session.mayForAll("audit") ? html`<a href="#/audit?after=${attempt.auditSeqs[0] - 1}">${audit}</a>` : audit}
                  </dd>
                </div>`
              : nothing
          }
        </dl>
      </details>
    </div>
  </li>`;
}
