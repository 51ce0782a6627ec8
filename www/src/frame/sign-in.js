// Signing in with an API key. It goes into the memory of the page, and nowhere else.
import { RevocationError } from "autorevoke";
import { html, LitElement, nothing } from "lit";
import { live } from "lit/directives/live.js";
import { t } from "../texts/texts.js";
import { problemOf } from "../parts/problem.js";
import { Session } from "./session.js";

class SignIn extends LitElement {
  static properties = { reason: { attribute: false } };

  constructor() {
    super();
    /** @type {string | undefined} */
    this.reason = undefined;
    this.key = "";
    this.shown = false;
    this.busy = false;
    /** @type {string | undefined} */
    this.fault = undefined;
  }

  createRenderRoot() {
    return this;
  }

  firstUpdated() {
    this.querySelector("input")?.focus();
  }

  /** @param {Event} event */
  async submit(event) {
    event.preventDefault();
    if (this.busy) return;
    const key = this.key.trim();
    this.fault = key === "" ? t("signIn.empty") : undefined;
    if (key !== "") {
      this.busy = true;
      this.requestUpdate();
      try {
        const session = await Session.signIn(key);
        this.key = "";
        this.dispatchEvent(new CustomEvent("dashboard-sign-in", { bubbles: true, detail: session }));
      } catch (error) {
        this.fault =
          error instanceof RevocationError && error.kind === "unauthenticated"
            ? t("signIn.unknownKey")
            : problemOf(error);
      }
      this.busy = false;
    }
    this.requestUpdate();
    await this.updateComplete;
    this.querySelector("input")?.focus();
  }

  render() {
    const { fault, shown, busy, reason } = this;
    return html`<form class="card narrow" novalidate autocomplete="off" @submit=${this.submit}>
      <h1 class="heading" tabindex="-1">${t("signIn.title")}</h1>
      ${reason === "expired" ? html`<p class="band" data-tone="note">${t("signIn.expired")}</p>` : nothing}
      <p>${t("signIn.intro", { host: location.host })}</p>
      <div class="field">
        <label for="key">${t("signIn.key")}</label>
        <p class="hint" id="key-hint">${t("signIn.hint")}</p>
        <div class="with-button">
          <input
            id="key"
            type=${shown ? "text" : "password"}
            autocomplete="off"
            autocapitalize="none"
            spellcheck="false"
            data-1p-ignore
            data-lpignore="true"
            aria-describedby="key-hint${fault ? " key-error" : ""}"
            aria-invalid=${fault ? "true" : nothing}
            .value=${live(this.key)}
            @input=${(/** @type {any} */ { target }) => (this.key = target.value)}
          />
          <button
            type="button"
            aria-pressed=${String(shown)}
            @click=${() => {
              this.shown = !shown;
              this.requestUpdate();
            }}
          >
            ${t("signIn.show")}
          </button>
        </div>
        ${fault ? html`<p class="error" id="key-error" role="alert">${fault}</p>` : nothing}
      </div>
      <div class="buttons">
        <button type="submit" class="primary" aria-disabled=${busy ? "true" : nothing}>
          ${t(busy ? "signIn.busy" : "signIn.submit")}
        </button>
      </div>
    </form>`;
  }
}
customElements.define("sign-in", SignIn);
