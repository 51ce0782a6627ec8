// Where the caller may go: what one may not see is not there.
import { html, nothing } from "lit";
import { language, t } from "../texts/texts.js";

/**
 * @param {import("./session.js").Session} session
 * @param {import("./news.js").News} news
 * @param {import("./router.js").Route} route
 */
export function navigation(session, news, { name }) {
  const here = name === "plan" || name === "job" ? "jobs" : name === "orders" ? "home" : name;
  const link = (/** @type {string} */ to, /** @type {string} */ text, count = 0, label = "") =>
    html`<li>
      <a href="#/${to === "home" ? "" : to}" aria-current=${here === to ? "page" : nothing}
        >${text}${
          count > 0
            ? html` <span class="badge" title=${label}
                >${language().number(count)}<span class="unseen"> ${label}</span></span
              >`
            : nothing
        }</a
      >
    </li>`;
  const waiting = approvable(session, news).length;
  const unknown = news.unknown?.length ?? 0;
  return html`<nav aria-label=${t("frame.navigation")}>
    <ul>
      ${link("home", t("nav.home"))}
      ${
        session.may("plan", "revoke", "approve") || session.mayForAll("audit")
          ? link("jobs", t("nav.jobs"))
          : nothing
      }
      ${session.may("approve") ? link("approvals", t("nav.approvals"), waiting, t("nav.waiting")) : nothing}
      ${session.may("revoke", "test") ? link("unknown", t("nav.unknown"), unknown, t("nav.unsettled")) : nothing}
      ${session.mayForAll("audit") ? link("audit", t("nav.audit")) : nothing}
      ${link("server", t("nav.server"))}
    </ul>
  </nav>`;
}

/**
 * The jobs that wait for this very person: not those that the person made or started.
 * @param {import("./session.js").Session} session
 * @param {import("./news.js").News} news
 */
export function approvable(session, { waiting = [] }) {
  if (!session.may("approve") || session.me.person === null) return [];
  return waiting.filter((job) => !isOwn(session, job));
}

/** @param {import("./session.js").Session} session @param {import("autorevoke").Job} job */
export function isOwn({ me }, { createdBy, startedBy, creator }) {
  const same = (/** @type {unknown} */ one) =>
    me.person !== null &&
    typeof one === "string" &&
    one.normalize("NFC").toLowerCase() === me.person.normalize("NFC").toLowerCase();
  return createdBy === me.actor || startedBy === me.actor || same(creator);
}
