// A plan before it starts: what it would do, how it was checked, and who has to say yes. It starts by typing its total.
import { Task } from "@lit/task";
import { html, LitElement, nothing } from "lit";
import { nameOf, reasonName } from "../../../pkg/element/words/order.js";
import { orderLink } from "../frame/links.js";
import { called } from "../parts/called.js";
import { problemBand } from "../parts/problem.js";
import { language, t } from "../texts/texts.js";
import { away, span } from "../texts/times.js";
import { perHour } from "./job-state.js";
import { approvalForm, startForm } from "./plan-decision.js";

/** @typedef {import("autorevoke").JobDetails} Plan */

const SAMPLE = 20;
const COMMENT_LIMIT = 1024;

/** Few orders tell more of the start than of the pace. */
const TELLING = 5;

/**
 * The job that ran last of those that tell how fast it goes here: orders a second, from its start to its end.
 * @param {import("../frame/session.js").Session} session @param {AbortSignal} signal
 */
async function lastRun({ client }, signal) {
  const { jobs } = await client.jobs.list({ state: "done", limit: 20, signal });
  for (const { id, name = id, total, startedAt, finishedAt } of jobs) {
    const seconds = (Date.parse(finishedAt ?? "") - Date.parse(startedAt ?? "")) / 1000;
    if (total >= TELLING && seconds > 0) return { name, rate: total / seconds };
  }
  return null;
}

export class PlanCard extends LitElement {
  static properties = {
    job: { attribute: false },
    session: { attribute: false },
    busy: { attribute: false },
  };

  constructor() {
    super();
    /** @type {any} */
    this.job = undefined;
    /** @type {any} */
    this.session = undefined;
    this.busy = false;
    this.typed = "";
    this.comment = "";
    /** @type {{ typed?: string, comment?: string }} */
    this.faults = {};
    /** @type {string | undefined} */
    this.copied = undefined;
    this.sample = new Task(this, {
      task: ([id, session], { signal }) => this.readSample(id, session, signal),
      args: () => /** @type {const} */ ([this.job.id, this.session]),
    });
    this.ranBefore = new Task(this, {
      task: ([session], { signal }) => lastRun(session, signal),
      args: () => /** @type {const} */ ([this.session]),
    });
  }

  createRenderRoot() {
    return this;
  }

  /**
   * Other rows each time: who approves sees no rows that someone has chosen.
   * @param {string} id @param {import("../frame/session.js").Session} session @param {AbortSignal} signal
   */
  async readSample(id, session, signal) {
    const { total } = this.job;
    /** @type {Set<number>} */
    const chosen = new Set();
    while (chosen.size < Math.min(SAMPLE, total)) chosen.add(Math.floor(Math.random() * total));
    const pages = await Promise.all(
      [...chosen]
        .sort((one, other) => one - other)
        .map((after) => session.client.jobs.orders(id, { after, limit: 1, signal })),
    );
    return pages.flatMap(({ orders }) => orders);
  }

  /** @param {(jobs: import("autorevoke").Jobs) => Promise<import("autorevoke").Job>} operation */
  perform(operation) {
    if (this.busy) return;
    this.dispatchEvent(
      new CustomEvent("plan-operation", { detail: () => operation(this.session.client.jobs) }),
    );
  }

  /** @param {"start" | "approve"} how */
  confirm(how) {
    const { id, planHash, total } = /** @type {Plan} */ (this.job);
    this.faults =
      this.typed.replace(/[\s.,'’]/g, "") === String(total)
        ? {}
        : { typed: t("confirm.notTotal", { total }) };
    this.requestUpdate();
    if (this.faults.typed) return this.focusFault();
    this.perform((jobs) =>
      how === "start" ? jobs.start(id, { planHash, total }) : jobs.approve(id, { planHash }),
    );
  }

  decline() {
    const { id, planHash } = /** @type {Plan} */ (this.job);
    const comment = this.comment.trim();
    this.faults = comment === "" || comment.length > COMMENT_LIMIT ? { comment: t("decline.missing") } : {};
    this.requestUpdate();
    if (this.faults.comment) return this.focusFault();
    this.perform((jobs) => jobs.decline(id, { planHash, comment }));
  }

  async focusFault() {
    await this.updateComplete;
    /** @type {HTMLElement | null} */ (this.querySelector('[aria-invalid="true"]'))?.focus();
  }

  render() {
    const job = /** @type {Plan} */ (this.job);
    const reasons = Object.entries(job.reasons);
    const { number } = language();
    const conflicts = job.merged?.filter(({ conflict }) => conflict) ?? [];
    return html`<section class="card" aria-labelledby="plan-heading">
      <h2 class="heading" id="plan-heading">${t("planCard.title")}</h2>
      <dl>
        ${this.fact(t("planCard.orders"), number(job.total))}
        ${reasons.map(([reason, count]) => this.fact(reasonName(reason, language()) ?? reason, number(count)))}
        ${this.fact(t("planCard.duplicates"), job.duplicates > 0 ? number(job.duplicates) : undefined)}
        ${this.fact(t("planCard.needed"), job.neededRate === undefined ? undefined : perHour(job.neededRate))}
        ${this.fact(t("planCard.estimate"), this.estimate(job.total))}
        ${this.fact(t("planCard.creator"), job.creator)}
        ${this.fact(t("planCard.expires"), job.expiresAt ? away(job.expiresAt) : undefined)}
        ${this.fact(t("planCard.hash"), html`<code>${job.planHash}</code>`)}
      </dl>
      ${
        conflicts.length > 0
          ? this.list(
              "unknown",
              t("planCard.conflicts", { count: job.conflicts }),
              conflicts.map(({ rows, codeReason, ...named }) => [
                nameOf(named),
                named.label,
                t("planCard.conflict", {
                  rows: rows.join(", "),
                  reason: reasonName(codeReason, language()) ?? String(codeReason),
                }),
              ]),
            )
          : nothing
      }
      ${
        job.known?.count > 0
          ? this.list(
              "note",
              t("planCard.known", { count: job.known.count }),
              job.known.orders.map(({ state, ...named }) => [
                nameOf(named),
                named.label,
                t(/** @type {any} */ (`state.${state}`)),
              ]),
            )
          : nothing
      }
      ${this.samples()} ${job.state === "planned" ? startForm(this, job) : approvalForm(this, job)}
    </section>`;
  }

  /**
   * As fast as the last job ran, if there was one that tells. Its line is there at once, so that nothing moves when it comes.
   * @param {number} total
   */
  estimate(total) {
    return this.ranBefore.render({
      initial: () => t("loading"),
      pending: () => t("loading"),
      complete: (before) => {
        if (!before) return t("planCard.noEstimate");
        const { rate, name } = before;
        return t("planCard.asBefore", { span: span((total / rate) * 1000), name, rate: perHour(rate) });
      },
    });
  }

  /** @param {string} name @param {unknown} value */
  fact(name, value) {
    return value === undefined
      ? nothing
      : html`<div>
          <dt>${name}</dt>
          <dd>${value}</dd>
        </div>`;
  }

  /** @param {string} tone @param {string} title @param {[order: string, label: string | undefined, about: string][]} items */
  list(tone, title, items) {
    return html`<details class="outcome" data-tone=${tone} ?open=${items.length <= 5}>
      <summary>${title}</summary>
      <ul class="orders">
        ${items.map(([order, label, about]) => html`<li><a href=${orderLink(order)}>${order}</a>${called(label)} ${about}</li>`)}
      </ul>
    </details>`;
  }

  samples() {
    return html`<details ?open=${this.job.state === "awaiting-approval"}>
      <summary>${t("planCard.sample", { count: Math.min(SAMPLE, this.job.total) })}</summary>
      ${this.sample.render({
        pending: () => html`<p>${t("loading")}</p>`,
        error: (error) => problemBand(error, () => this.sample.run()),
        complete: (rows) =>
          html`<div
            class="scrolls"
            tabindex="0"
            role="region"
            aria-label=${t("planCard.sample", { count: rows.length })}
          >
            <table>
              <thead>
                <tr>
                  <th scope="col" class="numeric">${t("rows.row")}</th>
                  <th scope="col">${t("rows.order")}</th>
                  <th scope="col">${t("rows.reason")}</th>
                  <th scope="col">${language().texts.comment}</th>
                </tr>
              </thead>
              <tbody>
                ${rows.map(
                  (row) =>
                    html`<tr>
                      <td class="numeric">${language().number(row.row)}</td>
                      <th scope="row">${nameOf(row)}${called(row.label)}</th>
                      <td>${reasonName(row.codeReason, language())}</td>
                      <td>${row.revocationReason ?? ""}</td>
                    </tr>`,
                )}
              </tbody>
            </table>
          </div>`,
      })}
    </details>`;
  }
}
customElements.define("plan-card", PlanCard);
