// Planning a job: a list that is dropped, pasted or chosen, what its rows have in common, and what is wrong with which of them.
import { RevocationError } from "autorevoke";
import { html, nothing } from "lit";
import { live } from "lit/directives/live.js";
import { field } from "../../../pkg/element/parts/field.js";
import { REASONS } from "../../../pkg/element/words/order.js";
import { jobLink } from "../frame/links.js";
import { Screen } from "../frame/screen.js";
import { problemOf } from "../parts/problem.js";
import { startWorker } from "../parts/workers.js";
import { language, t } from "../texts/texts.js";
import { away, local } from "../texts/times.js";
import workerUrl from "./list-worker.js?worker&url";
import { takeCopied } from "./copied-list.js";
import { wrongRows } from "./wrong-rows.js";

/** @typedef {import("./read-list.js").List} List */
/** @typedef {{ row: number, field: string, fault: string }} Fault */

const HOUR = 3_600_000;
const READ_AFTER_MS = 300;

class PlanScreen extends Screen {
  text = "";
  /** Counts what was put in, and says of what the list was read. */
  reading = 0;
  readUpTo = 0;
  /** @type {List | undefined} */
  list = undefined;
  name = "";
  /** As the field has it: UTC, without its zone. */
  deadline = "";
  reason = "";
  comment = "";
  leavesOut = false;
  busy = false;
  /** @type {string | undefined} */
  problem = undefined;
  /** @type {Fault[]} */
  faults = [];
  /** Lines that were mended, by row. @type {Map<number, string>} */
  mended = new Map();

  get heading() {
    return t("plan.title");
  }

  connectedCallback() {
    super.connectedCallback();
    this.worker = startWorker(workerUrl);
    const copied = takeCopied();
    if (!copied) return;
    this.name = copied.name;
    void this.read(copied.text);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.worker?.terminate();
    clearTimeout(this.timer);
  }

  /** Beside the page, which stays quick. Only what was put in last counts. @param {string | Uint8Array} input */
  async read(input) {
    const { worker } = this;
    if (!worker) return;
    clearTimeout(this.timer);
    const id = (this.reading += 1);
    if (typeof input === "string") this.text = input;
    const read = await new Promise((resolve) => {
      worker.addEventListener("message", ({ data }) => data.id === id && resolve(data));
      worker.postMessage({ id, input });
    });
    if (id !== this.reading) return;
    this.readUpTo = id;
    const { text, list } = read;
    this.text = text;
    this.list = list;
    this.faults = [];
    this.problem = list.rows.length === 0 && text.trim() !== "" ? t("plan.noRows") : undefined;
    this.mended = new Map();
    this.requestUpdate();
  }

  /** While it is typed: read when the typing pauses, and kept at once, since the screen may be drawn anew at any time. @param {string} text */
  type(text) {
    this.text = text;
    this.reading += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.read(text), READ_AFTER_MS);
  }

  /** @param {FileList | null | undefined} files */
  async take(files) {
    const file = files?.[0];
    if (!file) return;
    this.name ||= file.name.replace(/\.\w+$/, "");
    const bytes = new Uint8Array(await file.arrayBuffer());
    // A workbook is a ZIP archive, and no text.
    if (bytes[0] === 0x50 && bytes[1] === 0x4b) this.problem = t("plan.workbook");
    else await this.read(bytes);
    this.requestUpdate();
  }

  /** @param {boolean} drill */
  async plan(drill) {
    if (this.busy) return;
    if (this.readUpTo !== this.reading) await this.read(this.text);
    const { list } = this;
    this.problem = this.missing();
    this.faults = [];
    if (this.problem || !list) {
      this.requestUpdate();
      await this.updateComplete;
      return this.focusOn("#plan-problem");
    }
    this.busy = true;
    this.requestUpdate();
    // Shown first: what follows takes a moment with 100,000 rows.
    await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
    try {
      const job = await this.session.client.jobs.create({
        ...(this.name.trim() && { name: this.name.trim() }),
        ...(this.deadline && { deadline: `${this.deadline}:00Z` }),
        orders: list.rows.map(
          ({ order: { test, ...order } }) =>
            /** @type {any} */ (drill || test === undefined ? order : { ...order, test }),
        ),
        defaults: {
          ...(this.reason && { codeReason: /** @type {any} */ (this.reason) }),
          ...(this.comment.trim() && { revocationReason: this.comment.trim() }),
          ...(drill && { test: true }),
        },
      });
      this.changed();
      location.hash = jobLink(job.id);
    } catch (error) {
      this.show(error);
    }
    this.busy = false;
    this.requestUpdate();
    await this.updateComplete;
    this.focusOn(this.faults.length > 0 ? "#wrong-heading" : "#plan-problem");
  }

  missing() {
    const { list } = this;
    if (!list || list.rows.length === 0) return t("plan.noRows");
    if (list.foreign.length > 0 && !this.leavesOut)
      return t("plan.foreign", { columns: list.foreign.join(", ") });
    if (this.reason === "" && list.rows.some(({ order }) => order.codeReason === undefined))
      return t("plan.noReason");
    return undefined;
  }

  /** @param {unknown} error */
  show(error) {
    const { fields = {}, problem } = /** @type {any} */ (error instanceof RevocationError ? error : {});
    const orders = new Set(/** @type {string[]} */ (problem?.orders ?? []).map(String));
    this.faults = Object.entries(fields)
      .map(([where, fault]) => {
        const [, row = "0", field = where] = /^row (\d+): (.*)$/.exec(where) ?? [];
        return { row: Number(row), field, fault: String(fault) };
      })
      .concat(
        (this.list?.rows ?? []).flatMap(({ order }, index) =>
          orders.has(String(order.orderNumber))
            ? [{ row: index + 1, field: "orderNumber", fault: t("plan.notYours") }]
            : [],
        ),
      );
    // What is wrong with which row says it all.
    this.problem = this.faults.length > 0 ? undefined : problemOf(error);
  }

  /** The list with what was mended, or without the wrong rows. @param {boolean} without */
  corrected(without) {
    const wrong = new Set(this.faults.map(({ row }) => row));
    const { header, rows } = /** @type {List} */ (this.list);
    const lines = rows.flatMap(({ raw }, index) =>
      without && wrong.has(index + 1) ? [] : [this.mended.get(index + 1) ?? raw],
    );
    return `${[...(header === undefined ? [] : [header]), ...lines].join("\r\n")}\r\n`;
  }

  render() {
    const { list, problem, busy } = this;
    const disabled = busy ? "true" : nothing;
    const change = (/** @type {"name" | "comment"} */ name) => (/** @type {string} */ value) => {
      this[name] = value;
      this.requestUpdate();
    };
    const { texts } = language();
    return html`<h1 class="heading" tabindex="-1">${t("plan.title")}</h1>
      <form
        class="card"
        novalidate
        autocomplete="off"
        @submit=${(/** @type {Event} */ event) => {
          event.preventDefault();
          void this.plan(true);
        }}
      >
        ${this.source()}
        ${
          list && list.rows.length > 0
            ? html`<p class="band" data-tone="note" role="status">
                ${t("plan.read", { count: list.rows.length, columns: list.columns.join(", ") })}
              </p>`
            : nothing
        }
        ${
          list && list.foreign.length > 0
            ? html`<label class="tick"
                ><input
                  type="checkbox"
                  .checked=${live(this.leavesOut)}
                  @change=${(/** @type {any} */ { target }) => (this.leavesOut = target.checked)}
                />
                ${t("plan.leaveOut", { columns: list.foreign.join(", ") })}</label
              >`
            : nothing
        }
        ${field({ id: "plan-name", label: t("plan.name"), optional: texts.optional, error: undefined, value: this.name, input: change("name") })}
        ${this.deadlineField()}
        <div class="field">
          <label for="plan-reason">${t("plan.reason")}</label>
          <p class="hint" id="plan-reason-hint">${t("plan.reasonHint")}</p>
          <select
            id="plan-reason"
            aria-describedby="plan-reason-hint"
            @change=${(/** @type {any} */ { target }) => (this.reason = target.value)}
          >
            <option value="">${t("plan.ownReasons")}</option>
            ${Object.entries(REASONS).map(
              ([name, code]) =>
                html`<option value=${name} ?selected=${name === this.reason}>
                  ${texts.reasons[/** @type {"superseded"} */ (name)].name} (${code})
                </option>`,
            )}
          </select>
        </div>
        ${field({ id: "plan-comment", label: texts.comment, hint: texts.commentHint, optional: texts.optional, error: undefined, value: this.comment, input: change("comment") })}
        ${problem ? html`<p class="band" data-tone="no" id="plan-problem" role="alert" tabindex="-1">${problem}</p>` : nothing}
        ${this.faults.length > 0 ? wrongRows(this) : nothing}
        <div class="buttons">
          <button type="submit" class="primary" aria-disabled=${disabled} aria-describedby="plan-hint">
            ${t("plan.drill")}
          </button>
          ${
            this.session.may("revoke")
              ? html`<button type="button" aria-disabled=${disabled} @click=${() => void this.plan(false)}>
                  ${t("plan.real")}
                </button>`
              : nothing
          }
        </div>
        <p class="hint" id="plan-hint">${t(busy ? "plan.busy" : "plan.hint")}</p>
      </form>`;
  }

  source() {
    return html`<div
      class="field drop"
      @dragover=${(/** @type {DragEvent} */ event) => event.preventDefault()}
      @drop=${(/** @type {DragEvent} */ event) => {
        event.preventDefault();
        void this.take(event.dataTransfer?.files);
      }}
    >
      <label for="plan-list">${t("plan.list")}</label>
      <p class="hint" id="plan-list-hint">${t("plan.listHint")}</p>
      <textarea
        id="plan-list"
        rows="5"
        spellcheck="false"
        aria-describedby="plan-list-hint"
        .value=${live(this.text.length > 20_000 ? `${this.text.slice(0, 20_000)}\n…` : this.text)}
        ?readonly=${this.text.length > 20_000}
        @input=${(/** @type {any} */ { target }) => this.type(target.value)}
      ></textarea>
      <label class="file"
        ><span>${t("plan.file")}</span>
        <input
          type="file"
          accept=".csv,.txt,.tsv"
          @change=${(/** @type {any} */ { target }) => void this.take(target.files)}
      /></label>
    </div>`;
  }

  deadlineField() {
    const { deadline } = this;
    const at = deadline ? new Date(`${deadline}:00Z`) : undefined;
    const preset = (/** @type {number} */ hours) => {
      this.deadline = new Date(Date.now() + hours * HOUR).toISOString().slice(0, 16);
      this.requestUpdate();
    };
    return html`<div class="field">
      <label for="plan-deadline"
        >${t("plan.deadline")} <span class="optional">(${language().texts.optional})</span></label
      >
      <p class="hint" id="plan-deadline-hint">
        ${at && !Number.isNaN(at.getTime()) ? `${away(at)} · ${local(at)}` : t("plan.deadlineHint")}
      </p>
      <div class="with-button">
        <input
          id="plan-deadline"
          type="datetime-local"
          aria-describedby="plan-deadline-hint"
          .value=${live(deadline)}
          @input=${(/** @type {any} */ { target }) => {
            this.deadline = target.value;
            this.requestUpdate();
          }}
        />
        <button type="button" @click=${() => preset(24)}>${t("plan.in24h")}</button>
        <button type="button" @click=${() => preset(120)}>${t("plan.in5d")}</button>
      </div>
    </div>`;
  }
}
customElements.define("plan-screen", PlanScreen);
