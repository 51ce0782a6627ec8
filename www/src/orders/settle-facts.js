// What helps to decide about an order whose outcome is not known: its age, probes, until when it may be sent again; and a text for
// the CA.
import { html, nothing } from "lit";
import { descriptions } from "../../../pkg/element/parts/field.js";
import { nameOf } from "../../../pkg/element/words/order.js";
import { t } from "../texts/texts.js";
import { away, utc } from "../texts/times.js";

/**
 * @param {import("autorevoke").OrderRecord | null} record
 * @param {import("../../../pkg/element/flow.js").Flow} flow
 * @param {(text: string) => void} copy
 */
export function settleFacts(record, flow, copy) {
  const order = flow.outcome?.order;
  if (!order) return nothing;
  const since =
    record?.unknownSince ?? flow.outcome?.since ?? flow.outcome?.record?.attempts.at(0)?.startedAt;
  const probe = record?.attempts.findLast(({ purpose }) => purpose === "settle");
  const when = (/** @type {string | undefined} */ at) => (at ? `${utc(at)}, ${away(at)}` : undefined);
  /** @type {[string, string | undefined][]} */
  const facts = [
    [t("settle.since"), when(since)],
    [t("settle.lastProbe"), when(probe?.startedAt) ?? t("settle.none")],
    [t("settle.nextProbe"), record?.waitsForPerson ? t("settle.waitsForPerson") : when(record?.nextProbeAt)],
    [t("settle.resendUntil"), when(record?.resendUntil)],
  ];
  return html`<section class="card" aria-labelledby="settle-heading">
    <h2 id="settle-heading" class="subheading">${t("settle.heading")}</h2>
    ${descriptions(facts.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])))}
    <div class="buttons">
      <button
        type="button"
        @click=${() =>
          copy(
            t("settle.askCa", {
              order: nameOf(order),
              since: since ? utc(since) : "–",
            }),
          )}
      >
        ${t("settle.copyForCa")}
      </button>
    </div>
  </section>`;
}
