// What of a job needs a person first: refused orders by the CA's code, orders whose outcome is not known, and those that were revoked
// before, perhaps with a weaker reason.
import { html, nothing } from "lit";
import { status } from "../../../pkg/element/parts/status.js";
import { orderLink } from "../frame/links.js";
import { nameOf } from "../../../pkg/element/words/order.js";
import { language, t } from "../texts/texts.js";

/** @typedef {Awaited<ReturnType<typeof read>>} Attention */

const LISTED = 100;

/**
 * @param {import("../frame/session.js").Session} session
 * @param {string} id
 * @param {import("autorevoke").Job | undefined} job
 * @param {AbortSignal} signal
 */
async function read({ client }, id, job, signal) {
  const { unknown = 0, alreadyRevoked = 0, refused = 0 } = job?.counts ?? {};
  const rows = async (/** @type {import("autorevoke").JobOutcome} */ outcome, /** @type {number} */ count) =>
    count > 0 ? (await client.jobs.orders(id, { outcome, limit: LISTED, signal })).orders : [];
  const [report, open, before] = await Promise.all([
    refused > 0 ? client.jobs.report(id, { signal }) : undefined,
    rows("unknown", unknown),
    rows("already-revoked", alreadyRevoked),
  ]);
  return {
    failures: report?.failures ?? [],
    unknown: { count: unknown, rows: open },
    weaker: before.filter(({ codeReason }) => codeReason === 1 || codeReason === "keyCompromise"),
  };
}

/** @param {Attention | undefined} found */
function show(found) {
  if (!found) return nothing;
  const { failures, unknown, weaker } = found;
  if (failures.length + unknown.count + weaker.length === 0) return nothing;
  return html`<section class="stack" aria-labelledby="attention-heading">
    <h2 class="heading" id="attention-heading">${t("attention.title")}</h2>
    ${failures.map(({ errorCode, title, meaning, advice, count, orderNumbers }) =>
      part(
        "no",
        t("attention.refused", { count, code: errorCode ?? "–", title }),
        html`<p lang="en">${meaning} ${advice}</p>`,
        orderNumbers,
      ),
    )}
    ${
      unknown.count > 0
        ? part(
            "unknown",
            t("attention.unknown", { count: unknown.count }),
            html`<p>${t("attention.unknownText")}</p>`,
            unknown.rows.map(nameOf),
          )
        : nothing
    }
    ${
      weaker.length > 0
        ? part(
            "note",
            t("attention.weaker", { count: weaker.length }),
            html`<p>${t("attention.weakerText")}</p>`,
            weaker.map(nameOf),
          )
        : nothing
    }
  </section>`;
}

/**
 * @param {import("../../../pkg/element/words/outcome.js").Tone} tone
 * @param {string} title
 * @param {unknown} text
 * @param {string[]} orders
 */
const part = (tone, title, text, orders) =>
  html`<div class="outcome" data-tone=${tone}>
    <div role="heading" aria-level="3">${status(tone, language(), title)}</div>
    ${text}
    <details ?open=${orders.length <= 10}>
      <summary>${t("attention.orders", { count: orders.length })}</summary>
      <ul class="orders">
        ${orders.map((name) => html`<li><a href=${orderLink(name)}>${name}</a></li>`)}
      </ul>
    </details>
  </div>`;

export const attention = { read, show };
