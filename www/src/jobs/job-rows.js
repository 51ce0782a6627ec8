// All rows of a job, 100,000 too: only those in view are in the page, and they are fetched as they come into view.
import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from "@tanstack/virtual-core";
import { html, LitElement, nothing } from "lit";
import { status } from "../../../pkg/element/parts/status.js";
import { nameOf, reasonName } from "../../../pkg/element/words/order.js";
import { orderLink } from "../frame/links.js";
import { TONES } from "../orders/order-state.js";
import { called } from "../parts/called.js";
import { problemBand } from "../parts/problem.js";
import { language, t } from "../texts/texts.js";
import { utc } from "../texts/times.js";

/** @typedef {import("autorevoke").JobRow} JobRow */
/** @typedef {{ rows: JobRow[], revision: number, at: number }} Page */

const PAGE = 500;
const ROW_PX = 44;
const REFRESH_EVERY_MS = 2_000;
/** @type {Record<string, import("autorevoke").JobOutcome>} */
const OUTCOMES = {
  pending: "pending",
  sending: "sending",
  revoked: "revoked",
  alreadyRevoked: "already-revoked",
  alreadyRejected: "already-rejected",
  tested: "tested",
  refused: "refused",
  unknown: "unknown",
  cancelled: "cancelled",
};

class JobRows extends LitElement {
  static properties = { job: { attribute: false }, session: { attribute: false } };

  constructor() {
    super();
    /** @type {any} */
    this.job = undefined;
    /** @type {any} */
    this.session = undefined;
    this.outcome = "";
    /** Without a filter: by where they begin. With one: one after the other. @type {Map<number, Page>} */
    this.pages = new Map();
    /** Where each page of a filter begins. @type {(number | undefined)[]} */
    this.begins = [0];
    this.asked = new Set();
    /** @type {unknown} */
    this.error = undefined;
    /** @type {Virtualizer<HTMLElement, HTMLElement>} */
    this.virtualizer = new Virtualizer(this.options(0));
  }

  createRenderRoot() {
    return this;
  }

  /** @param {number} count @returns {import("@tanstack/virtual-core").VirtualizerOptions<HTMLElement, HTMLElement>} */
  options(count) {
    return {
      count,
      getScrollElement: () => this.querySelector(".rows"),
      estimateSize: () => ROW_PX,
      overscan: 10,
      observeElementRect,
      observeElementOffset,
      scrollToFn: elementScroll,
      onChange: () => this.requestUpdate(),
    };
  }

  firstUpdated() {
    this.unmount = this.virtualizer._didMount();
    this.virtualizer._willUpdate();
    this.requestUpdate();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.unmount?.();
    clearTimeout(this.timer);
  }

  /** @param {Map<string, any>} changed */
  willUpdate(changed) {
    const before = changed.get("job");
    if (before && before.id !== this.job.id) this.forget();
  }

  forget() {
    this.pages.clear();
    this.begins = [0];
    this.asked.clear();
    this.error = undefined;
  }

  get count() {
    if (this.outcome === "") return this.job.total;
    const loaded = [...this.pages.values()].reduce((sum, { rows }) => sum + rows.length, 0);
    const isAll = this.begins.at(-1) === undefined;
    return isAll ? loaded : loaded + 1;
  }

  /** @param {number} index */
  rowAt(index) {
    return this.pages.get(Math.floor(index / PAGE))?.rows[index % PAGE];
  }

  /** What is in view and not here yet, or not as it is now. */
  updated() {
    const { virtualizer } = this;
    virtualizer._willUpdate();
    const items = virtualizer.getVirtualItems();
    const sizer = /** @type {HTMLElement | null} */ (this.querySelector(".rows-all"));
    // Through the object model, since the page's policy forbids styles in attributes.
    if (sizer) sizer.style.height = `${virtualizer.getTotalSize()}px`;
    for (const [index, row] of /** @type {HTMLElement[]} */ ([...this.querySelectorAll(".row")]).entries())
      row.style.transform = `translateY(${items[index]?.start ?? 0}px)`;
    for (const page of new Set(items.map(({ index }) => Math.floor(index / PAGE)))) void this.fetch(page);
  }

  /** @param {number} page */
  async fetch(page) {
    const { job, outcome, session, asked } = this;
    const have = this.pages.get(page);
    const after = outcome === "" ? page * PAGE : this.begins[page];
    if (asked.has(page) || after === undefined || this.error !== undefined) return;
    if (have?.revision === job.revision) return;
    const wait = have ? have.at + REFRESH_EVERY_MS - Date.now() : 0;
    if (wait > 0) {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.requestUpdate(), wait);
      return;
    }
    asked.add(page);
    try {
      const { orders, next } = await session.client.jobs.orders(job.id, {
        after,
        limit: PAGE,
        ...(outcome && { outcome }),
      });
      if (job.id !== this.job.id || outcome !== this.outcome) return;
      this.pages.set(page, { rows: orders, revision: job.revision, at: Date.now() });
      if (outcome !== "") this.begins[page + 1] = next;
    } catch (error) {
      this.error = error;
    } finally {
      asked.delete(page);
      this.requestUpdate();
    }
  }

  render() {
    const { job, error, virtualizer } = this;
    virtualizer.setOptions(this.options(this.count));
    const { number } = language();
    return html`<section class="card" aria-labelledby="rows-heading">
      <div class="title-row">
        <h2 class="subheading" id="rows-heading">${t("rows.title")}</h2>
        <label
          >${t("rows.filter")}
          <select
            @change=${(/** @type {any} */ { target }) => {
              this.outcome = target.value;
              this.forget();
              this.virtualizer.scrollToOffset(0);
              this.requestUpdate();
            }}
          >
            <option value="">${t("rows.all")} (${number(job.total)})</option>
            ${Object.entries(OUTCOMES)
              .filter(([name]) => job.counts[name] > 0)
              .map(
                ([name, outcome]) =>
                  html`<option value=${outcome}>
                    ${t(/** @type {any} */ (`outcome.${outcome}`))} (${number(job.counts[name])})
                  </option>`,
              )}
          </select>
        </label>
      </div>
      ${
        error === undefined
          ? nothing
          : problemBand(error, () => {
              this.error = undefined;
              this.requestUpdate();
            })
      }
      <div
        class="rows"
        tabindex="0"
        role="table"
        aria-labelledby="rows-heading"
        aria-rowcount=${this.count + 1}
      >
        <div class="rows-head" role="rowgroup">
          <div class="row-cells" role="row" aria-rowindex="1">
            ${[t("rows.row"), t("rows.order"), t("rows.reason"), t("rows.outcome"), t("rows.updated")].map(
              (name) => html`<span role="columnheader">${name}</span>`,
            )}
          </div>
        </div>
        <div class="rows-all" role="rowgroup">
          ${virtualizer.getVirtualItems().map(({ index }) => this.row(index))}
        </div>
      </div>
    </section>`;
  }

  /** @param {number} index */
  row(index) {
    const row = this.rowAt(index);
    if (!row)
      return html`<div class="row row-cells" role="row" aria-rowindex=${index + 2}>
        <span role="cell">${language().number(index + 1)}</span><span role="cell">…</span>
      </div>`;
    const { codeReason, outcome, errorCode, errorMessage, updatedAt, attempts, productCode, label } = row;
    const name = nameOf(row);
    const tone = outcome === "pending" && attempts === 0 ? "note" : (TONES[outcome] ?? "note");
    const words = t(/** @type {any} */ (`outcome.${outcome}`));
    return html`<div class="row row-cells" role="row" aria-rowindex=${index + 2}>
      <span role="cell">${language().number(row.row)}</span>
      <span role="cell" title=${label ?? ""}
        ><a href=${orderLink(name)}>${name}</a> ${productCode ?? ""}${called(label)}</span
      >
      <span role="cell">${reasonName(codeReason, language())}</span>
      <span role="cell" data-tone=${tone} title=${errorMessage ?? ""}
        >${status(tone, language(), errorCode ? `${words} (${errorCode})` : words)}</span
      >
      <span role="cell">${updatedAt ? utc(updatedAt) : ""}</span>
    </div>`;
  }
}
customElements.define("job-rows", JobRows);
