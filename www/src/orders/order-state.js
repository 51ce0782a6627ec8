// Where an order stands, by the ledger: one of five statuses, and since when, by whom, with which reason.
import { html, nothing } from "lit";
import { descriptions } from "../../../pkg/element/parts/field.js";
import { status } from "../../../pkg/element/parts/status.js";
import { reasonName } from "../../../pkg/element/words/order.js";
import { language, t } from "../texts/texts.js";
import { local, utc } from "../texts/times.js";

/** @typedef {import("../../../pkg/element/words/outcome.js").Tone} Tone */

/** @type {Record<string, Tone>} */
export const TONES = {
  revoked: "done",
  "already-revoked": "note",
  "already-rejected": "note",
  tested: "note",
  refused: "no",
  "not-sent": "no",
  unknown: "unknown",
  sending: "waiting",
  pending: "waiting",
  cancelled: "note",
};

/** @param {import("autorevoke").OrderRecord | null} record */
export function orderState(record) {
  const { texts } = language();
  const state = record?.state ?? "never";
  const tone = record === null || state === "pending" ? "note" : (TONES[state] ?? "note");
  const last = record?.attempts.findLast(({ test, outcome }) => !test && outcome === record.state);
  const { issuer, notAfter } = record?.certificate ?? {};
  /** @type {[string, string][]} */
  const ofCertificate = notAfter
    ? [
        [t("order.issuer"), issuer ?? ""],
        [t("order.ends"), utc(notAfter)],
      ]
    : [];
  /** @type {[string, string][]} */
  const facts = last
    ? [
        [
          texts.facts.time,
          `${utc(last.endedAt ?? last.startedAt)} (${local(last.endedAt ?? last.startedAt)})`,
        ],
        [texts.facts.reason, reasonName(last.codeReason, language()) ?? "–"],
        [t("order.by"), last.actor],
      ]
    : [];
  return html`<section class="outcome" data-tone=${tone} aria-label=${t("order.state")}>
    ${status(tone, language(), t(/** @type {any} */ (`state.${state}`)))}
    <p class="sentence">${record ? texts.record.states[record.state] : t("order.never")}</p>
    ${record?.settled ? html`<p>${t("order.settled")}</p>` : nothing}
    ${facts.length + ofCertificate.length > 0 ? descriptions([...facts, ...ofCertificate]) : nothing}
  </section>`;
}
