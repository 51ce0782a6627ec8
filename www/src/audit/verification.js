// Checking the whole audit log in the page: against a head that was kept elsewhere, or without one, and then it is said what cannot
// be known.
import { html, LitElement, nothing } from "lit";
import { status } from "../../../pkg/element/parts/status.js";
import { problemOf } from "../parts/problem.js";
import { startWorker } from "../parts/workers.js";
import { download } from "../parts/download.js";
import { language, t } from "../texts/texts.js";
import { utc } from "../texts/times.js";
import workerUrl from "./verify-worker.js?worker&url";

/** As PowerShell writes it, too. @param {File} file */
async function textOf(file) {
  const bytes = new Uint8Array(await file.arrayBuffer());
  const byMark = new Map([
    [0xff, "utf-16le"],
    [0xfe, "utf-16be"],
  ]);
  return new TextDecoder(byMark.get(bytes[0])).decode(bytes);
}

class AuditVerification extends LitElement {
  static properties = { session: { attribute: false } };

  constructor() {
    super();
    /** @type {any} */
    this.session = undefined;
    /** A head that was kept. @type {any} */
    this.head = undefined;
    /** @type {string | undefined} */
    this.fault = undefined;
    /** @type {{ checked: number, of: number } | undefined} */
    this.progress = undefined;
    /** @type {import("autorevoke").AuditVerdict | undefined} */
    this.verdict = undefined;
    this.hadHead = false;
  }

  createRenderRoot() {
    return this;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.worker?.terminate();
  }

  /** @param {FileList | null | undefined} files */
  async take(files) {
    const file = files?.[0];
    if (!file) return;
    this.fault = this.head = this.verdict = undefined;
    try {
      const head = JSON.parse(await textOf(file));
      if (!Number.isInteger(head.seq) || typeof head.signature !== "string") throw new TypeError();
      this.head = head;
    } catch {
      this.fault = t("verify.noHead");
    }
    this.requestUpdate();
  }

  async verify() {
    const { session } = this;
    this.verdict = this.fault = undefined;
    this.worker?.terminate();
    try {
      const [now, keys] = await Promise.all([session.client.audit.head(), session.breaker.auditKey()]);
      if (!this.isConnected) return;
      this.progress = { checked: 0, of: now.seq };
      this.requestUpdate();
      const { head } = this;
      this.hadHead = head !== undefined;
      const worker = startWorker(workerUrl);
      this.worker = worker;
      this.verdict = await new Promise((resolve, reject) => {
        worker.onmessage = ({ data }) => {
          if ("checked" in data) this.progress = { checked: data.checked, of: now.seq };
          this.requestUpdate();
          if (data.verdict) resolve(data.verdict);
          if (data.failed) reject(new Error(data.failed.message));
        };
        worker.onerror = () => reject(new Error(t("frame.notLoaded")));
        worker.postMessage({ endpoint: session.endpoint, key: session.token?.(), head, keys });
      });
    } catch (error) {
      this.fault = problemOf(error);
    }
    this.worker?.terminate();
    this.progress = undefined;
    this.requestUpdate();
    await this.updateComplete;
    /** @type {HTMLElement | null} */ (this.querySelector("#verdict"))?.focus();
  }

  async keepHead() {
    const { client, signal } = this.session;
    try {
      const head = await client.audit.head({ signal });
      download(`${JSON.stringify(head)}\n`, `audit-head-${head.seq}.json`, "application/json");
    } catch (error) {
      this.fault = problemOf(error);
      this.requestUpdate();
    }
  }

  render() {
    const { head, fault, progress } = this;
    return html`<section
      class="card"
      aria-labelledby="verify-heading"
      @dragover=${(/** @type {DragEvent} */ event) => event.preventDefault()}
      @drop=${(/** @type {DragEvent} */ event) => {
        event.preventDefault();
        void this.take(event.dataTransfer?.files);
      }}
    >
      <h2 class="heading" id="verify-heading">${t("verify.title")}</h2>
      <p>${t("verify.intro")}</p>
      <label class="file"
        ><span>${t("verify.head")}</span>
        <input
          type="file"
          accept=".json"
          @change=${(/** @type {any} */ { target }) => void this.take(target.files)}
      /></label>
      <p class="hint">
        ${head ? t("verify.withHead", { seq: head.seq, time: utc(head.time) }) : t("verify.withoutHead")}
      </p>
      ${fault ? html`<p class="band" data-tone="no" role="alert">${fault}</p>` : nothing}
      ${
        progress
          ? html`<p role="timer">${t("verify.checking", progress)}</p>
              <progress
                max=${progress.of}
                value=${progress.checked}
                aria-label=${t("verify.title")}
              ></progress>`
          : nothing
      }
      ${this.found()}
      <div class="buttons">
        <button
          type="button"
          class="primary"
          aria-disabled=${progress ? "true" : nothing}
          @click=${() => void this.verify()}
        >
          ${t("verify.verify")}
        </button>
        <button type="button" @click=${() => void this.keepHead()}>${t("verify.keep")}</button>
      </div>
    </section>`;
  }

  found() {
    const { verdict, head } = this;
    if (!verdict) return nothing;
    const { ok, entries, firstBad, reason, signature } = verdict;
    const tone = ok ? (this.hadHead ? "done" : "note") : "no";
    const fits = this.hadHead && head ? t("verify.fits", { time: utc(head.time) }) : "";
    const signed = t(signature === "valid" ? "verify.signed" : "verify.notSigned");
    return html`<div class="outcome" data-tone=${tone} id="verdict" tabindex="-1">
      ${status(tone, language())}
      <p class="sentence">
        ${ok ? `${t("verify.whole", { entries })} ${fits} ${signed}` : t("verify.bad", { firstBad: firstBad ?? 0 })}
      </p>
      ${reason ? html`<p lang="en">${reason}</p>` : nothing}
      ${ok && !this.hadHead ? html`<p>${t("verify.cannotKnow")}</p>` : nothing}
    </div>`;
  }
}
customElements.define("audit-verification", AuditVerification);
