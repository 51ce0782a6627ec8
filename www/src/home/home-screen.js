// What needs attention: an order to look up first, then what is not known, what waits, what will be late, and what is left.
import { html, nothing } from "lit";
import { status } from "../../../pkg/element/parts/status.js";
import { approvable } from "../frame/navigation.js";
import { jobLink, orderLink } from "../frame/links.js";
import { Screen } from "../frame/screen.js";
import { limits } from "../orders/order-form.js";
import "../orders/look-up.js";
import { nameOf } from "../../../pkg/element/words/order.js";
import { language, t } from "../texts/texts.js";
import { away } from "../texts/times.js";

const SHOWN = 5;

class HomeScreen extends Screen {
  get heading() {
    return t("home.title");
  }

  render() {
    const { session, news } = this;
    const { asOf, unknown = [], active = [] } = news;
    const waiting = approvable(session, news);
    // Not said where the server has not told which orders are unknown.
    const isTold = asOf !== undefined && (news.unknown !== undefined || !session.may("revoke", "test"));
    const nothingNeeded = isTold && unknown.length + waiting.length + active.length === 0;
    return html`<h1 class="heading" tabindex="-1">${t("home.title")}</h1>
      ${
        session.may("revoke", "test")
          ? html`<look-up></look-up>`
          : html`<p class="band" data-tone="note">${t("home.noOrders")}</p>`
      }
      ${
        session.me.grants.length === 0
          ? html`<p class="band" data-tone="no">${t("home.noRights")}</p>`
          : nothing
      }
      ${session.may("plan") ? html`<p><a class="button" href="#/jobs/new">${t("home.many")}</a></p>` : nothing}
      ${this.list(
        "unknown",
        t("home.unknown", { count: unknown.length }),
        "#/unknown",
        unknown.map((order) => [
          orderLink(nameOf(order)),
          t("order.title", { name: nameOf(order) }),
          order.unknownSince ? away(order.unknownSince) : "",
        ]),
      )}
      ${this.list(
        "waiting",
        t("home.waiting", { count: waiting.length }),
        "#/approvals",
        waiting.map((job) => [jobLink(job.id), job.name ?? job.id, t("job.total", { count: job.total })]),
      )}
      ${this.list(
        active.some(({ atRisk }) => atRisk) ? "unknown" : "waiting",
        t("home.active", { count: active.length }),
        "#/jobs",
        active.map((job) => [
          jobLink(job.id),
          job.name ?? job.id,
          `${t(`jobState.${job.state}`)}${job.atRisk ? ` · ${t("job.atRisk")}` : ""}`,
        ]),
      )}
      ${nothingNeeded ? html`<p class="hint">${t("home.quiet")}</p>` : nothing}
      ${session.may("revoke") ? limits(news.limits ?? session.me.limits) : nothing}`;
  }

  /**
   * @param {import("../../../pkg/element/words/outcome.js").Tone} tone
   * @param {string} title
   * @param {string} all where all of them are
   * @param {[link: string, name: string, about: string][]} items
   */
  list(tone, title, all, items) {
    if (items.length === 0) return nothing;
    return html`<section class="outcome attention" data-tone=${tone}>
      <div role="heading" aria-level="2">${status(tone, language(), title)}</div>
      <ul>
        ${items
          .slice(0, SHOWN)
          .map(
            ([link, name, about]) =>
              html`<li><a href=${link}>${name}</a> <span class="hint">${about}</span></li>`,
          )}
      </ul>
      ${items.length > SHOWN ? html`<p><a href=${all}>${t("home.all", { count: items.length })}</a></p>` : nothing}
    </section>`;
  }
}
customElements.define("home-screen", HomeScreen);
