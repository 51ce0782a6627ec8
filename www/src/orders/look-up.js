// Looking an order up: its number, a serial number, or its certificate dropped here.
import { html, LitElement, nothing } from "lit";
import { live } from "lit/directives/live.js";
import { orderLink } from "../frame/links.js";
import { t } from "../texts/texts.js";
import { readName } from "./name.js";

class LookUp extends LitElement {
  static properties = { compact: { type: Boolean } };

  constructor() {
    super();
    this.compact = false;
    this.typed = "";
    /** @type {import("../texts/texts.js").TextName | undefined} */
    this.fault = undefined;
    /** What the reader of certificates says, in English. @type {string | undefined} */
    this.said = undefined;
  }

  createRenderRoot() {
    return this;
  }

  /** @param {ReturnType<typeof readName> & { said?: string }} read */
  go(read) {
    this.fault = "fault" in read ? read.fault : undefined;
    this.said = read.said;
    if ("name" in read) {
      this.typed = "";
      if (location.hash === orderLink(read.name)) dispatchEvent(new HashChangeEvent("hashchange"));
      else location.hash = orderLink(read.name);
    }
    this.requestUpdate();
    if (this.fault) this.querySelector("input")?.focus();
  }

  /** @param {FileList | null | undefined} files */
  async take(files) {
    const file = files?.[0];
    if (!file) return;
    try {
      const { nameOfCertificate } = await import("../lists/certificate.js");
      this.go(await nameOfCertificate(new Uint8Array(await file.arrayBuffer())));
    } catch {
      this.go({ fault: "frame.notLoaded" });
    }
  }

  render() {
    const { fault, said, compact } = this;
    return html`<form
      class="look-up ${compact ? "compact" : "card"}"
      role="search"
      novalidate
      autocomplete="off"
      @submit=${(/** @type {Event} */ event) => {
        event.preventDefault();
        this.go(readName(this.typed));
      }}
      @dragover=${(/** @type {DragEvent} */ event) => event.preventDefault()}
      @drop=${(/** @type {DragEvent} */ event) => {
        event.preventDefault();
        void this.take(event.dataTransfer?.files);
      }}
    >
      <div class="field">
        <label for="name">${t("lookUp.label")}</label>
        ${compact ? nothing : html`<p class="hint" id="name-hint">${t("lookUp.hint")}</p>`}
        <div class="with-button">
          <input
            id="name"
            class="number"
            autocomplete="off"
            autocapitalize="none"
            spellcheck="false"
            aria-describedby="${compact ? "" : "name-hint "}${fault ? "name-error" : ""}"
            aria-invalid=${fault ? "true" : nothing}
            .value=${live(this.typed)}
            @input=${(/** @type {any} */ { target }) => (this.typed = target.value)}
          />
          <button type="submit" class=${compact ? "" : "primary"}>${t("lookUp.submit")}</button>
        </div>
        ${
          fault
            ? html`<p class="error" id="name-error" role="alert">
                ${t(fault)} ${said ? html`<span lang="en">(${said}.)</span>` : nothing}
              </p>`
            : nothing
        }
      </div>
      ${
        compact
          ? nothing
          : html`<label class="file">
              <span>${t("lookUp.file")}</span>
              <input
                type="file"
                accept=".pem,.crt,.cer,.der"
                @change=${(/** @type {any} */ { target }) => void this.take(target.files)}
              />
            </label>`
      }
    </form>`;
  }
}
customElements.define("look-up", LookUp);
