// Planning a job: a list that is dropped, pasted or chosen, what its rows have in common, and what is wrong with which of them.
import { RevocationError } from "autorevoke";
import { html, nothing } from "lit";
import { field } from "../../../pkg/element/parts/field.js";
import { REASONS } from "../../../pkg/element/words/order.js";
import { jobLink } from "../frame/links.js";
import { Screen } from "../frame/screen.js";
import { columnsText, unknownColumns } from "../lists/columns.js";
import { ListReader } from "../lists/reader.js";
import { listSource } from "../lists/source.js";
import { problemOf } from "../parts/problem.js";
import { language, t } from "../texts/texts.js";
import { foundInList } from "./found-in-list.js";
import { deadlineField, deadlineOf, deadlineValue } from "./deadline.js";

/** @typedef {import("../lists/reader.js").OpenedList} OpenedList */

const READ_AFTER_MS = 300;

export class PlanScreen extends Screen {
  /** What the field shows of the list. */
  text = "";
  isCut = false;
  /** Counts what was put in, and says of what the list was read. */
  reading = 0;
  readUpTo = 0;
  /** All of it, whatever the field shows. @type {Uint8Array | undefined} */
  bytes = undefined;
  isTyped = false;
  /** @type {OpenedList | undefined} */
  list = undefined;
  /** The columns as the reader takes them by itself. @type {import("../lists/columns.js").Column[]} */
  columns = [];
  /** @type {import("../lists/columns.js").Meanings} */
  meanings = new Map();
  /** Texts that were mended, by row. @type {Map<number, string>} */
  mended = new Map();
  name = "";
  deadline = "";
  reason = "";
  comment = "";
  busy = false;
  /** @type {string | undefined} */
  problem = undefined;
  /** What the server found. @type {import("../lists/reader.js").Fault[]} */
  faults = [];

  get heading() {
    return t("plan.title");
  }

  connectedCallback() {
    super.connectedCallback();
    this.reader = new ListReader();
    const { copied } = this.session;
    this.session.copied = undefined;
    if (!copied) return;
    this.name = copied.name;
    void this.look(new TextEncoder().encode(copied.text));
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.reader?.close();
    clearTimeout(this.timer);
  }

  /**
   * Beside the page, which stays quick. Only what was put in last counts.
   * @param {Uint8Array} bytes @param {string} [typed] the same as it was typed
   */
  async look(bytes, typed) {
    clearTimeout(this.timer);
    const id = (this.reading += 1);
    this.bytes = bytes;
    this.isTyped = typed !== undefined;
    try {
      const found = bytes.length > 0 ? await this.open(bytes, {}) : undefined;
      const { columns = [] } = found ?? {};
      // Columns of another list say nothing of this one.
      const meanings = new Map(
        [...this.meanings].filter(([name]) => columns.some((column) => column.name === name)),
      );
      const list = meanings.size > 0 ? await this.open(bytes, { columns: columnsText(meanings) }) : found;
      if (id !== this.reading) return;
      Object.assign(this, { list, columns, meanings, readUpTo: id, faults: [], problem: undefined });
      this.mended = new Map();
      this.isCut = list?.isCut === true && list.text !== undefined;
      this.text = this.isCut || typed === undefined ? (list?.text ?? "") : typed;
      this.name ||= list?.plan?.name ?? "";
      const own = list?.plan?.deadline;
      if (own && this.deadline === "") this.deadline = deadlineValue(own);
    } catch (error) {
      if (id === this.reading) this.problem = problemOf(error);
    }
    this.requestUpdate();
  }

  /** @param {Uint8Array} bytes @param {Parameters<ListReader["open"]>[1]} how */
  open(bytes, how) {
    const reader = /** @type {ListReader} */ (this.reader);
    return reader.open(bytes, { ...(this.reason && { codeReason: this.reason }), ...how });
  }

  /** The same list, after something was said about it. */
  lookAgain() {
    return this.bytes && this.look(this.bytes, this.isTyped ? this.text : undefined);
  }

  /** While it is typed: read when the typing pauses, and kept at once, since the screen may be drawn anew at any time. @param {string} text */
  type(text) {
    this.text = text;
    this.bytes = new TextEncoder().encode(text);
    this.isTyped = true;
    this.reading += 1;
    clearTimeout(this.timer);
    this.timer = setTimeout(() => void this.lookAgain(), READ_AFTER_MS);
  }

  /** @param {FileList | null | undefined} files */
  async take(files) {
    const [file, ...others] = files ?? [];
    if (!file) return;
    if (others.length > 0) {
      this.problem = t("plan.oneFile");
      return this.requestUpdate();
    }
    this.name ||= file.name.replace(/\.\w+$/, "");
    await this.look(new Uint8Array(await file.arrayBuffer()));
  }

  /** What this makes of the list. @param {Parameters<ListReader["mend"]>[1]} how */
  mend(how) {
    const reader = /** @type {ListReader} */ (this.reader);
    return reader.mend(this.bytes ?? new Uint8Array(), { columns: columnsText(this.meanings), ...how });
  }

  /** @param {boolean} drill */
  async plan(drill) {
    if (this.busy) return;
    if (this.readUpTo !== this.reading) await this.lookAgain();
    // Something else was put in meanwhile, or the list could not be read: that is said.
    if (this.readUpTo !== this.reading) return;
    this.faults = [];
    this.problem = this.missing();
    const { bytes } = this;
    if (this.problem === undefined && bytes && this.list?.plan) {
      this.busy = true;
      this.requestUpdate();
      // Shown first: what follows takes a moment with 100,000 rows.
      await new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve)));
      await this.create(bytes, drill).catch((error) => this.show(error, bytes));
      this.busy = false;
    }
    this.requestUpdate();
    await this.updateComplete;
    this.focusOn(
      ["#plan-problem", "#list-faults", "#wrong-heading"].find((one) => this.querySelector(one)) ?? "h1",
    );
  }

  missing() {
    const { list } = this;
    if (!list) return t("plan.noRows");
    const unknown = unknownColumns(this.columns, this.meanings).map(({ name }) => name);
    if (unknown.length > 0) return t("plan.foreign", { columns: unknown.join(", ") });
    return list.plan && list.withoutReason > 0 && this.reason === "" ? t("plan.noReason") : undefined;
  }

  /** @param {Uint8Array} bytes @param {boolean} drill */
  async create(bytes, drill) {
    const tests = this.columns.filter(({ name, meaning }) => (this.meanings.get(name) ?? meaning) === "test");
    // Which button is pressed decides, and no column.
    const meanings = new Map(this.meanings);
    if (drill) for (const { name } of tests) meanings.set(name, "");
    const columns = columnsText(meanings);
    const list = await this.open(bytes, { columns, test: drill });
    if (list.plan?.drill !== drill) {
      if (list.plan) this.problem = t(drill ? "plan.noDrill" : "plan.isDrill");
      else this.list = list;
      return;
    }
    const name = this.name.trim();
    const comment = this.comment.trim();
    const deadline = deadlineOf(this.deadline);
    const defaults = {
      ...(this.reason && { codeReason: /** @type {"superseded"} */ (this.reason) }),
      ...(comment && { revocationReason: comment }),
    };
    const job = await this.session.client.jobs.create({
      csv: bytes,
      test: drill,
      ...(columns !== undefined && { columns }),
      ...(name && { name }),
      ...(deadline && { deadline }),
      ...(Object.keys(defaults).length > 0 && { defaults }),
    });
    if (!this.isConnected) return;
    this.changed();
    location.hash = jobLink(job.id);
  }

  /** @param {unknown} error @param {Uint8Array} bytes */
  async show(error, bytes) {
    const { fields = {}, problem } = /** @type {any} */ (error instanceof RevocationError ? error : {});
    this.faults = Object.entries(fields);
    const notCovered = /** @type {unknown[]} */ (problem?.orders ?? []).map(String);
    if (notCovered.length > 0)
      this.list = await this.open(bytes, { columns: columnsText(this.meanings), notCovered });
    // What is wrong with which row says it all.
    const isSaid = this.faults.length > 0 || (this.list?.rows.length ?? 0) > 0;
    this.problem = isSaid ? undefined : problemOf(error);
  }

  render() {
    const { problem, busy } = this;
    const disabled = busy ? "true" : nothing;
    const change = (/** @type {"name" | "comment" | "deadline"} */ name) => (/** @type {string} */ value) => {
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
        ${listSource(this)} ${foundInList(this)}
        ${field({ id: "plan-name", label: t("plan.name"), optional: texts.optional, error: undefined, value: this.name, input: change("name") })}
        ${deadlineField(this.deadline, change("deadline"))}
        <div class="field">
          <label for="plan-reason">${t("plan.reason")}</label>
          <p class="hint" id="plan-reason-hint">${t("plan.reasonHint")}</p>
          <select
            id="plan-reason"
            aria-describedby="plan-reason-hint"
            @change=${(/** @type {any} */ { target }) => {
              this.reason = target.value;
              void this.lookAgain();
            }}
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
}
customElements.define("plan-screen", PlanScreen);
