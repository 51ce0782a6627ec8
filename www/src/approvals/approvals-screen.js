// The jobs that wait for a second person, the oldest deadline first.
import { html, nothing } from "lit";
import { approvable } from "../frame/navigation.js";
import { jobLink } from "../frame/links.js";
import { Screen } from "../frame/screen.js";
import { t } from "../texts/texts.js";
import { away, moment } from "../texts/times.js";

class ApprovalsScreen extends Screen {
  get heading() {
    return t("approvals.title");
  }

  render() {
    const { session, news } = this;
    const mine = approvable(session, news);
    const others = (news.waiting ?? []).filter((job) => !mine.includes(job));
    const { person, personReason } = session.me;
    return html`<h1 class="heading" tabindex="-1">${t("approvals.title")}</h1>
      ${session.may("approve") ? nothing : html`<p class="band" data-tone="note">${t("approvals.mayNot")}</p>`}
      ${
        session.may("approve") && person === null
          ? html`<p class="band" data-tone="note">
              ${t("approval.noPerson")} <span lang="en">${personReason ?? ""}</span>
            </p>`
          : nothing
      }
      ${news.asOf === undefined ? html`<p>${t("loading")}</p>` : nothing}
      ${news.asOf !== undefined && mine.length === 0 ? html`<p class="hint">${t("approvals.none")}</p>` : nothing}
      ${this.list(mine, 2)}
      ${
        others.length > 0
          ? html`<h2 class="subheading">${t("approvals.others")}</h2>
              ${this.list(others, 3)}`
          : nothing
      }`;
  }

  /** @param {any[]} jobs @param {number} level of their headings */
  list(jobs, level) {
    const until = (/** @type {any} */ { deadline, expiresAt }) =>
      Date.parse(deadline ?? expiresAt ?? "9999-01-01");
    return jobs
      .toSorted((one, other) => until(one) - until(other))
      .map(
        (job) =>
          html`<article class="card waiting-job">
            <div class="subheading" role="heading" aria-level=${level}>
              <a href=${jobLink(job.id)}>${job.name ?? job.id}</a>
            </div>
            <p>${t("job.total", { count: job.total })} · ${t("approvals.by", { creator: job.creator })}</p>
            <p>
              ${job.deadline ? html`${t("jobs.deadline")}: ${moment(job.deadline)}, <strong>${away(job.deadline)}</strong>` : t("approvals.noDeadline")}
              ${job.expiresAt ? html` · ${t("planCard.expires")} ${away(job.expiresAt)}` : nothing}
            </p>
          </article>`,
      );
  }
}
customElements.define("approvals-screen", ApprovalsScreen);
