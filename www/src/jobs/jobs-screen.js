// All jobs that the caller may see, the newest first.
import { html, nothing } from "lit";
import { status } from "../../../pkg/element/parts/status.js";
import { jobLink } from "../frame/links.js";
import { Screen } from "../frame/screen.js";
import { LastingTask } from "../parts/lasting-task.js";
import { collect } from "../parts/pages.js";
import { problemBand } from "../parts/problem.js";
import { language, t } from "../texts/texts.js";
import { away, short } from "../texts/times.js";
import { accepted, standing } from "./job-state.js";

const PAGE = 50;

class JobsScreen extends Screen {
  limit = PAGE;

  constructor() {
    super();
    this.jobs = new LastingTask(this, {
      task: ([session, limit], { signal }) =>
        collect(async (after) => {
          const { jobs: items, next } = await session.client.jobs.list({ after, limit: limit + 1, signal });
          return { items, next };
        }, limit + 1),
      args: () => /** @type {const} */ ([this.session, this.limit, this.news.asOf]),
    });
  }

  get heading() {
    return t("jobs.title");
  }

  render() {
    const { error, found } = this.jobs;
    return html`<div class="title-row">
        <h1 class="heading" tabindex="-1">${t("jobs.title")}</h1>
        ${
          this.session.may("plan")
            ? html`<a class="button primary" href="#/jobs/new">${t("home.many")}</a>`
            : nothing
        }
      </div>
      ${error === undefined ? nothing : problemBand(error, () => this.jobs.run())}
      ${found ? this.table(found) : error === undefined ? html`<p>${t("loading")}</p>` : nothing}`;
  }

  /** @param {import("autorevoke").Job[]} found one more than is shown, where there are more */
  table(found) {
    const jobs = found.slice(0, this.limit);
    if (jobs.length === 0) return html`<p class="hint">${t("jobs.none")}</p>`;
    return html`<div class="scrolls card" tabindex="0" role="region" aria-label=${t("jobs.title")}>
        <table>
          <thead>
            <tr>
              <th scope="col">${t("jobs.name")}</th>
              <th scope="col">${t("jobs.state")}</th>
              <th scope="col">${t("jobs.accepted")}</th>
              <th scope="col">${t("jobs.deadline")}</th>
              <th scope="col">${t("jobs.created")}</th>
            </tr>
          </thead>
          <tbody>
            ${jobs.map((job) => this.row(job))}
          </tbody>
        </table>
      </div>
      ${
        found.length <= this.limit
          ? nothing
          : html`<div class="buttons">
              <button
                type="button"
                @click=${() => {
                  this.limit += PAGE;
                  this.requestUpdate();
                }}
              >
                ${t("more")}
              </button>
            </div>`
      }`;
  }

  /** @param {import("autorevoke").Job} job */
  row(job) {
    const { counts, total } = job;
    const { tone, words } = standing(job);
    const { number } = language();
    return html`<tr>
      <th scope="row">
        <a href=${jobLink(job.id)}>${job.name ?? job.id}</a>
        ${job.drill ? html`<span class="tag">${t("job.drill")}</span>` : nothing}
      </th>
      <td data-tone=${tone}>${status(tone, language(), words)}</td>
      <td class="numeric">
        ${number(accepted(job))} /
        ${number(total)}${counts.refused > 0 ? html`<br />${t("sentence.refused", { count: counts.refused })}` : nothing}${
          counts.unknown > 0 ? html`<br />${t("sentence.unknown", { count: counts.unknown })}` : nothing
        }
      </td>
      <td>
        ${job.deadline ? html`${short(job.deadline)}<br /><span class="hint">${away(job.deadline)}</span>` : "–"}
      </td>
      <td>${short(job.createdAt)}<br /><span class="hint">${job.creator}</span></td>
    </tr>`;
  }
}
customElements.define("jobs-screen", JobsScreen);
