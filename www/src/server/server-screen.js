// The server: whether it calls the CA, what is left of the limits, who one is to it, and the kill switch.
import { html, nothing } from "lit";
import { status } from "../../../pkg/element/parts/status.js";
import { Screen } from "../frame/screen.js";
import { problemOf } from "../parts/problem.js";
import { language, t } from "../texts/texts.js";
import { away, moment } from "../texts/times.js";

const TONES = /** @type {const} */ ({ closed: "done", open: "no", "half-open": "waiting" });

/** @param {string[]} permissions @param {string[]} orders */
const grantText = (permissions, orders) =>
  `${permissions.map((one) => t(/** @type {any} */ (`permission.${one}`))).join(", ")}: ${
    orders.includes("*") ? t("server.allOrders") : orders.join(", ")
  }`;

class ServerScreen extends Screen {
  busy = false;
  /** @type {string | undefined} */
  problem = undefined;

  get heading() {
    return t("server.title");
  }

  async resume() {
    if (this.busy) return;
    this.busy = true;
    this.problem = undefined;
    this.requestUpdate();
    try {
      await this.session.breaker.resume();
    } catch (error) {
      this.problem = problemOf(error);
    }
    this.busy = false;
    this.changed();
    this.requestUpdate();
    await this.updateComplete;
    this.focusOn("#breaker-heading");
  }

  render() {
    const { session, news } = this;
    const { me } = session;
    const limits = news.limits ?? me.limits;
    return html`<h1 class="heading" tabindex="-1">${t("server.title")}</h1>
      ${this.breaker()}
      ${
        limits
          ? html`<section class="card" aria-labelledby="limits-heading">
              <h2 class="subheading" id="limits-heading">${t("server.limits")}</h2>
              ${Object.entries(limits).map(([name, { limit, left }]) => {
                const label = t(/** @type {any} */ (`server.limit.${name}`));
                return html`<div class="limit">
                  <span>${label}</span>
                  <meter min="0" max=${limit} value=${left} aria-label=${label}></meter>
                  <span class="numeric">${t("server.left", { left, limit })}</span>
                </div>`;
              })}
            </section>`
          : nothing
      }
      <section class="card" aria-labelledby="you-heading">
        <h2 class="subheading" id="you-heading">${t("server.you")}</h2>
        <dl>
          <div>
            <dt>${t("server.host")}</dt>
            <dd>${location.host}</dd>
          </div>
          <div>
            <dt>${t("server.actor")}</dt>
            <dd>${me.actor}</dd>
          </div>
          <div>
            <dt>${t("server.person")}</dt>
            <dd>${me.person ?? `${t("approval.noPerson")} ${me.personReason ?? ""}`}</dd>
          </div>
          ${me.grants.map(
            ({ permissions, orders }) =>
              html`<div>
                <dt>${t("server.may")}</dt>
                <dd>${grantText(permissions, orders)}</dd>
              </div>`,
          )}
        </dl>
      </section>`;
  }

  breaker() {
    const { breaker, asOf } = this.news;
    if (!breaker) return asOf === undefined ? html`<p>${t("loading")}</p>` : nothing;
    const mayResume = this.session.mayForAll("operate");
    const tone = TONES[breaker.state];
    return html`<section class="outcome" data-tone=${tone} aria-labelledby="breaker-heading">
      ${status(tone, language(), t(`breaker.${breaker.state}`))}
      <h2 class="subheading" id="breaker-heading" tabindex="-1">${t(`breaker.${breaker.state}.title`)}</h2>
      <p>${t("breaker.since")} ${moment(breaker.since)}, ${away(breaker.since)}</p>
      ${breaker.reason ? html`<blockquote lang="en">${breaker.reason}</blockquote>` : nothing}
      ${
        breaker.state === "open"
          ? html`<p>${t(mayResume ? "breaker.before" : "breaker.whoMay")}</p>
              ${
                mayResume
                  ? html`<div class="buttons">
                      <button
                        type="button"
                        class="primary"
                        aria-disabled=${this.busy ? "true" : nothing}
                        @click=${() => void this.resume()}
                      >
                        ${t("breaker.resume")}
                      </button>
                    </div>`
                  : nothing
              }`
          : nothing
      }
      ${this.problem ? html`<p class="band" data-tone="no" role="alert">${this.problem}</p>` : nothing}
    </section>`;
  }
}
customElements.define("server-screen", ServerScreen);
