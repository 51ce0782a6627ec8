// The head of a job's screen: its numbers in words, its times, and its buttons.
import { html, nothing } from "lit";
import { status } from "../../../pkg/element/parts/status.js";
import { language, t } from "../texts/texts.js";
import { away, moment, utc } from "../texts/times.js";
import { accepted, isOver, perHour, remaining, sentence, standing } from "./job-state.js";

/** @typedef {import("autorevoke").Job} Job */
/** @typedef {import("./job-screen.js").JobScreen} Screen */

const STALE_AFTER_MS = 30_000;

/** Where it stands, and what holds it up or lets it go on. @param {Screen} screen @param {Job} job */
export function jobHead(screen, job) {
  const { lostSince, asOf } = screen;
  const isStale = lostSince !== undefined && Date.now() - asOf > STALE_AFTER_MS;
  const { tone, words } = standing(job);
  return html`<section class="outcome" data-tone=${tone} aria-label=${t("jobs.state")}>
    ${status(tone, language(), words)}
    <p class="sentence" id="sentence">
      ${job.state === "planned" || job.state === "awaiting-approval" ? t("job.total", { count: job.total }) : sentence(job)}
    </p>
    ${
      isOver(job) || job.state === "planned" || job.state === "awaiting-approval"
        ? nothing
        : html`<progress
            max=${job.total}
            value=${job.total - remaining(job)}
            aria-label=${t("jobs.progress")}
          ></progress>`
    }
    ${isStale ? html`<p><strong>${t("job.asOf", { time: utc(asOf) })}</strong></p>` : nothing}
    ${job.state === "halted" ? html`<p>${t("job.halted")} <a href="#/server">${t("banner.why")}</a></p>` : nothing}
    ${job.declined ? html`<p>${t("job.declined", { person: job.declined.person, comment: job.declined.comment })}</p>` : nothing}
    ${job.lastError && !isOver(job) ? html`<p class="hint" lang="en">${job.lastError}</p>` : nothing}
    <dl>
      ${
        job.deadline
          ? html`<div>
              <dt>${t("jobs.deadline")}</dt>
              <dd>${moment(job.deadline)}, ${away(job.deadline)}</dd>
            </div>`
          : nothing
      }
      ${
        job.rate !== undefined && !isOver(job)
          ? html`<div>
              <dt>${t("job.rate")}</dt>
              <dd>
                ${perHour(job.rate)}${job.neededRate === undefined ? nothing : ` · ${t("job.needed", { rate: perHour(job.neededRate) })}`}
              </dd>
            </div>`
          : nothing
      }
      ${
        job.startedAt
          ? html`<div>
              <dt>${t("job.started")}</dt>
              <dd>${moment(job.startedAt)}${job.startedBy ? ` · ${job.startedBy}` : ""}</dd>
            </div>`
          : nothing
      }
      ${job.approvals.map(
        ({ person, time }) =>
          html`<div>
            <dt>${t("job.approved")}</dt>
            <dd>${person}, ${moment(time)}</dd>
          </div>`,
      )}
    </dl>
    ${controls(screen, job)}
  </section>`;
}

/** @param {Screen} screen @param {Job} job */
function controls(screen, job) {
  const { session, busy } = screen;
  if (isOver(job) || !session.may("revoke")) return nothing;
  const { jobs } = session.client;
  const disabled = busy ? "true" : nothing;
  const runs = job.state === "running";
  const held = job.state === "paused" || job.state === "halted";
  return html`<div class="buttons">
    ${runs ? html`<button type="button" class="large stop" aria-disabled=${disabled} @click=${() => void screen.perform(() => jobs.pause(job.id))}>${t("job.pause")}</button>` : nothing}
    ${held ? html`<button type="button" class="large primary" aria-disabled=${disabled} @click=${() => void screen.perform(() => jobs.resume(job.id))}>${t("job.resume")}</button>` : nothing}
    <details class="menu">
      <summary class="button">${t("job.menu")}</summary>
      <div class="card">
        <p>${t("job.cancelText", { left: remaining(job) })}</p>
        <button
          type="button"
          class="danger"
          aria-disabled=${disabled}
          @click=${() => void screen.perform(() => jobs.cancel(job.id))}
        >
          ${t("job.cancel")}
        </button>
      </div>
    </details>
  </div>`;
}

/** What a drill has shown, and what comes after it. @param {Screen} screen @param {Job} job */
export function afterDrill(screen, job) {
  return html`<section class="outcome" data-tone="note" aria-labelledby="drill-heading">
    <h2 class="subheading" id="drill-heading">${t("drill.title")}</h2>
    <p>
      ${t("drill.text", {
        passed: accepted(job),
        refused: job.counts.refused,
        seconds:
          job.startedAt && job.finishedAt
            ? (Date.parse(job.finishedAt) - Date.parse(job.startedAt)) / 1000
            : 0,
      })}
    </p>
    <div class="buttons">
      <button type="button" class="primary" @click=${() => void screen.planForReal()}>
        ${t("drill.real")}
      </button>
    </div>
  </section>`;
}
