// The audit log: searched, verified, taken along.
import { Task } from "@lit/task";
import { html, nothing } from "lit";
import { field } from "../../../pkg/element/parts/field.js";
import { orderLink } from "../frame/links.js";
import { Screen } from "../frame/screen.js";
import { download } from "../parts/download.js";
import { nameOf } from "../../../pkg/element/words/order.js";
import { problemBand, problemOf } from "../parts/problem.js";
import { language, t } from "../texts/texts.js";
import { moment } from "../texts/times.js";
import "./verification.js";

const PAGE = 100;
const EXPORTED_AT_ONCE = 10_000;
const FILTERS = /** @type {const} */ (["order", "actor", "action", "job"]);
/** What each entry has, in columns of its own or shown nowhere. */
const USUAL = [
  "seq",
  "time",
  "actor",
  "action",
  "phase",
  "prevHash",
  "hash",
  "orderNumber",
  "serialNumber",
  "certificateID",
  "jobId",
];

class AuditScreen extends Screen {
  /** As typed. @type {Record<string, string>} */
  filled = {};
  /** As asked for. @type {Record<string, string>} */
  filter = {};
  /** Those before the page that is asked for now. @type {any[]} */
  earlier = [];
  begin = 0;
  /** @type {string | undefined} */
  exporting = undefined;

  constructor() {
    super();
    this.entries = new Task(this, {
      task: async ([session, filter, begin], { signal }) => {
        // With a filter a part may be empty although there are more.
        for (let after = begin; ;) {
          const page = await session.client.audit.list({ ...filter, after, limit: PAGE, signal });
          if (page.entries.length > 0 || page.next === undefined) return page;
          after = page.next;
        }
      },
      args: () => /** @type {const} */ ([this.session, this.filter, this.begin]),
    });
  }

  get heading() {
    return t("audit.title");
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (!changed.has("route")) return;
    const { query } = this.route;
    this.begin = Number(query.get("after")) || 0;
    this.earlier = [];
    this.filled = Object.fromEntries(
      FILTERS.flatMap((name) => (query.get(name) ? [[name, query.get(name) ?? ""]] : [])),
    );
    this.filter = { ...this.filled };
  }

  search() {
    const chosen = Object.entries(this.filled).filter(([, value]) => value.trim() !== "");
    const query = new URLSearchParams(chosen.map(([name, value]) => [name, value.trim()]));
    location.hash = `#/audit${chosen.length > 0 ? `?${query}` : ""}`;
  }

  /** All that the filter finds, as the package's verifier reads it. */
  async export() {
    const { client, signal } = this.session;
    const lines = [];
    try {
      for (let after = 0; ;) {
        this.exporting = t("audit.exporting", { count: lines.length });
        this.requestUpdate();
        const page = await client.audit.list({ ...this.filter, after, limit: EXPORTED_AT_ONCE, signal });
        lines.push(...page.entries.map((entry) => `${JSON.stringify(entry)}\n`));
        if (page.next === undefined) break;
        after = page.next;
      }
      download(new Blob(lines, { type: "application/x-ndjson" }), "audit.ndjson");
      this.exporting = t("audit.exported", { count: lines.length });
    } catch (error) {
      this.exporting = problemOf(error);
    }
    this.requestUpdate();
  }

  render() {
    if (!this.session.mayForAll("audit"))
      return html`<h1 class="heading" tabindex="-1">${t("audit.title")}</h1>
        <p class="band" data-tone="note">${t("audit.mayNot")}</p>`;
    return html`<h1 class="heading" tabindex="-1">${t("audit.title")}</h1>
      <audit-verification .session=${this.session}></audit-verification>
      <form
        class="card"
        role="search"
        novalidate
        autocomplete="off"
        @submit=${(/** @type {Event} */ event) => {
          event.preventDefault();
          this.search();
        }}
      >
        <div class="filters">
          ${FILTERS.map((name) =>
            field({
              id: `audit-${name}`,
              label: t(`audit.${name}`),
              optional: language().texts.optional,
              error: undefined,
              value: this.filled[name] ?? "",
              input: (value) => {
                this.filled[name] = value;
                this.requestUpdate();
              },
            }),
          )}
        </div>
        <div class="buttons">
          <button type="submit">${t("audit.search")}</button>
          <button type="button" @click=${() => void this.export()}>${t("audit.export")}</button>
        </div>
        ${this.exporting ? html`<p role="status">${this.exporting}</p>` : nothing}
      </form>
      ${this.entries.render({
        pending: () => (this.earlier.length > 0 ? nothing : html`<p>${t("loading")}</p>`),
        error: (error) => problemBand(error, () => this.entries.run()),
      })}
      ${this.table([...this.earlier, ...(this.entries.value?.entries ?? [])], this.entries.value?.next)}`;
  }

  /** @param {import("autorevoke").AuditEntry[]} entries @param {number | undefined} next */
  table(entries, next) {
    if (entries.length === 0) return html`<p class="hint">${t("audit.none")}</p>`;
    return html`<div class="scrolls card" tabindex="0" role="region" aria-label=${t("audit.title")}>
        <table>
          <thead>
            <tr>
              ${[
                t("audit.seq"),
                language().texts.facts.time,
                t("audit.actor"),
                t("audit.action"),
                t("audit.about"),
              ].map((name) => html`<th scope="col">${name}</th>`)}
            </tr>
          </thead>
          <tbody>
            ${entries.map((entry) => this.row(entry))}
          </tbody>
        </table>
      </div>
      ${
        next === undefined
          ? nothing
          : html`<div class="buttons">
              <button
                type="button"
                @click=${() => {
                  this.earlier = entries;
                  this.begin = next;
                  this.requestUpdate();
                }}
              >
                ${t("more")}
              </button>
            </div>`
      }`;
  }

  /** @param {import("autorevoke").AuditEntry} entry */
  row(entry) {
    const { seq, time, actor, action, phase, jobId } = entry;
    const name = nameOf(/** @type {any} */ (entry));
    const more = Object.entries(entry).filter(([name]) => !USUAL.includes(name));
    return html`<tr>
      <th scope="row" class="numeric">${language().number(seq)}</th>
      <td>${moment(time)}</td>
      <td>${actor}</td>
      <td>${action} <span class="hint">${phase}</span></td>
      <td>
        ${name ? html`<a href=${orderLink(name)}>${name}</a> ` : nothing}
        ${typeof jobId === "string" ? html`<a href="#/jobs/${jobId}">${t("job.title")}</a> ` : nothing}
        ${
          more.length > 0
            ? html`<span class="hint" lang="en"
                >${more.map(([name, value]) => `${name}: ${typeof value === "object" ? JSON.stringify(value) : value}`).join(" · ")}</span
              >`
            : nothing
        }
      </td>
    </tr>`;
  }
}
customElements.define("audit-screen", AuditScreen);
