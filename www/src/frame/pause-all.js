// The kill switch: pauses all jobs at once, those of others too. It revokes nothing, so nothing is typed.
import { html, LitElement, nothing } from "lit";
import { problemOf } from "../parts/problem.js";
import { t } from "../texts/texts.js";

class PauseAll extends LitElement {
  static properties = { session: { attribute: false } };

  constructor() {
    super();
    /** @type {import("./session.js").Session | undefined} */
    this.session = undefined;
    this.busy = false;
    /** @type {{ paused?: number, fault?: string } | undefined} */
    this.ended = undefined;
  }

  createRenderRoot() {
    return this;
  }

  get dialog() {
    return /** @type {HTMLDialogElement} */ (this.querySelector("dialog"));
  }

  open() {
    this.ended = undefined;
    this.requestUpdate();
    this.dialog.showModal();
  }

  async pause() {
    if (this.busy) return;
    this.busy = true;
    this.requestUpdate();
    try {
      const { paused } = /** @type {any} */ (await this.session?.client.jobs.pauseAll());
      this.ended = { paused: paused.length };
    } catch (error) {
      this.ended = { fault: problemOf(error) };
    }
    this.busy = false;
    this.requestUpdate();
    this.dispatchEvent(new CustomEvent("dashboard-changed", { bubbles: true }));
    await this.updateComplete;
    /** @type {HTMLElement | null} */ (this.querySelector("[role=alert]"))?.focus();
  }

  render() {
    const { busy, ended } = this;
    return html`<button type="button" class="stop small" aria-haspopup="dialog" @click=${this.open}>
        ${t("pauseAll.open")}
      </button>
      <dialog aria-labelledby="pause-all-title">
        <div class="stack">
          <h2 class="heading" id="pause-all-title">${t("pauseAll.title")}</h2>
          <p>${t("pauseAll.text")}</p>
          ${
            ended
              ? html`<p
                  class="band"
                  data-tone=${ended.fault === undefined ? "done" : "unknown"}
                  role="alert"
                  tabindex="-1"
                >
                  ${
                    ended.fault === undefined
                      ? t("pauseAll.done", { count: ended.paused ?? 0 })
                      : t("pauseAll.failed", { why: ended.fault })
                  }
                </p>`
              : nothing
          }
          <div class="buttons">
            ${
              ended?.fault === undefined && ended
                ? nothing
                : html`<button
                    type="button"
                    class="primary"
                    aria-disabled=${busy ? "true" : nothing}
                    @click=${this.pause}
                  >
                    ${t("pauseAll.confirm")}
                  </button>`
            }
            <button type="button" @click=${() => this.dialog.close()}>
              ${t(ended ? "close" : "cancel")}
            </button>
          </div>
        </div>
      </dialog>`;
  }
}
customElements.define("pause-all", PauseAll);
