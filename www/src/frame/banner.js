// One banner for what everyone has to know first: no connection, the breaker, a job that will be late.
import { html, nothing } from "lit";
import { jobLink } from "./links.js";
import { t } from "../texts/texts.js";
import { away, utc } from "../texts/times.js";

/** Ten seconds are a poll; three polls that failed are news. */
const STALE_AFTER_MS = 30_000;

/** @param {import("./session.js").Session} session @param {import("./news.js").News} news */
export function banner(session, { lostSince, asOf, breaker, active = [] }) {
  if (lostSince !== undefined)
    return band(
      "unknown",
      html`${t("banner.offline", { since: utc(lostSince) })}
      ${asOf && Date.now() - asOf > STALE_AFTER_MS ? t("banner.asOf", { time: utc(asOf) }) : nothing}`,
    );
  if (breaker && breaker.state !== "closed")
    return band(
      "no",
      html`${t(breaker.state === "open" ? "banner.open" : "banner.halfOpen", { since: utc(breaker.since) })}`,
      html`<a href="#/server">${t(session.mayForAll("operate") ? "banner.resume" : "banner.why")}</a>`,
    );
  const late = active.filter(({ atRisk }) => atRisk);
  const [job] = late;
  if (!job) return nothing;
  return band(
    "unknown",
    html`${t("banner.atRisk", {
      count: late.length,
      name: job.name ?? job.id,
      deadline: job.deadline ? away(job.deadline) : "",
    })}`,
    html`<a href=${late.length > 1 ? "#/jobs" : jobLink(job.id)}>${t("banner.look")}</a>`,
  );
}

/** @param {string} tone @param {unknown} text @param {unknown} [link] */
const band = (tone, text, link = nothing) =>
  html`<div class="band frame-band" data-tone=${tone} role="status"><span>${text}</span> ${link}</div>`;
