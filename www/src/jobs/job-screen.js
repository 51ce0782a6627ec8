// One job: its plan before it starts, and what becomes of it, live, until it is over.
import { Task } from "@lit/task";
import { RevocationError } from "autorevoke";
import { html, nothing } from "lit";
import { Screen } from "../frame/screen.js";
import { LastingTask } from "../parts/lasting-task.js";
import { problemBand, problemOf } from "../parts/problem.js";
import { t } from "../texts/texts.js";
import { attention } from "./attention.js";
import { burnDown } from "./burn-down.js";
import { exports } from "./exports.js";
import { afterDrill, jobHead } from "./job-head.js";
import { isOver, remaining, sentence } from "./job-state.js";
import { listOf } from "./list-of-rows.js";
import "./job-rows.js";
import "./plan-card.js";

/** @typedef {import("autorevoke").Job} Job */

const ANNOUNCE_EVERY_MS = 60_000;
/** The lists of what needs attention are read anew at most so often. */
const ATTENTION_EVERY_MS = 2_000;
const COPIED_AT_ONCE = 10_000;

export class JobScreen extends Screen {
  /** @type {Job | undefined} */
  job = undefined;
  asOf = Date.now();
  /** @type {number | undefined} */
  lostSince = undefined;
  /** What became of an operation on it. @type {{ tone: "note" | "no" | "unknown", text: string } | undefined} */
  said = undefined;
  busy = false;
  announcedAt = 0;
  attentionAt = 0;

  constructor() {
    super();
    this.details = new Task(this, {
      task: ([id, session], { signal }) => session.client.jobs.get(id, { signal }),
      args: () => /** @type {const} */ ([this.jobId, this.session]),
      onComplete: (job) => {
        this.job = job;
        void this.watch();
      },
    });
    this.attention = new LastingTask(this, {
      autoRun: false,
      task: ([id, session], { signal }) => attention.read(session, id, this.job, signal),
      args: () => /** @type {const} */ ([this.jobId, this.session]),
    });
  }

  get jobId() {
    return this.route.subject;
  }

  get name() {
    return this.job?.name ?? this.jobId;
  }

  get heading() {
    return this.job ? this.name : t("job.title");
  }

  get windowTitle() {
    const { job } = this;
    if (!job || job.state === "planned" || job.state === "awaiting-approval") return this.heading;
    return `${Math.floor((100 * (job.total - remaining(job))) / job.total)} % · ${this.heading}`;
  }

  connectedCallback() {
    super.connectedCallback();
    this.timer = setInterval(() => this.requestUpdate(), 5_000);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearInterval(this.timer);
    this.watching?.abort();
  }

  /** @param {Map<string, unknown>} changed */
  willUpdate(changed) {
    if (!changed.has("route")) return;
    this.attention.forget();
    this.watching?.abort();
    this.job = this.said = this.lostSince = undefined;
  }

  /** The connection is lost and made again by the package; here it is said since when. */
  async watch() {
    this.watching?.abort();
    if (!this.isConnected) return;
    const watching = new AbortController();
    this.watching = watching;
    const { signal } = watching;
    try {
      const onInterruption = () => {
        this.lostSince ??= Date.now();
        this.requestUpdate();
      };
      for await (const job of this.session.client.jobs.watch(this.jobId, { signal, onInterruption }))
        this.show(job);
    } catch (error) {
      if (!signal.aborted) this.say("no", problemOf(error));
    }
  }

  /** @param {Job} job */
  show(job) {
    const before = this.job;
    this.job = { ...before, ...job };
    this.asOf = Date.now();
    this.lostSince = undefined;
    if (before?.state !== job.state) this.changed();
    if (before?.state !== job.state || Date.now() - this.announcedAt > ANNOUNCE_EVERY_MS) {
      this.announcedAt = Date.now();
      this.announce(`${t(`jobState.${job.state}`)}: ${sentence(job)}`);
    }
    if (isOver(job) || Date.now() - this.attentionAt > ATTENTION_EVERY_MS) {
      this.attentionAt = Date.now();
      void this.attention.run();
    }
    this.requestUpdate();
  }

  /** @param {"note" | "no" | "unknown"} tone @param {string} text */
  say(tone, text) {
    this.said = { tone, text };
    this.announce(text);
    this.requestUpdate();
  }

  /** What is done to the job, and what came of it. @param {() => Promise<Job>} operation */
  async perform(operation) {
    if (this.busy) return;
    this.busy = true;
    this.said = undefined;
    this.requestUpdate();
    try {
      const job = await operation();
      this.show({ .../** @type {Job} */ (this.job), ...job });
    } catch (error) {
      // What sets a job going may have done so without its answer.
      const may = error instanceof RevocationError && error.mayHaveRevoked;
      const lost = error instanceof RevocationError && error.kind === "unknown-outcome";
      this.say(
        may || lost ? "unknown" : "no",
        may || lost ? t("job.operationUnknown", { why: problemOf(error) }) : problemOf(error),
      );
      void this.details.run();
    }
    this.busy = false;
    this.requestUpdate();
    await this.updateComplete;
    this.focusOn(this.said ? "#said" : "h1");
  }

  /** The rows of a drill become a list to be planned. */
  async planForReal() {
    const { session } = this;
    const { signal } = session;
    /** @type {import("autorevoke").JobRow[]} */
    const rows = [];
    try {
      for (let after = 0; ;) {
        const page = await session.client.jobs.orders(this.jobId, { after, limit: COPIED_AT_ONCE, signal });
        rows.push(...page.orders);
        if (page.next === undefined) break;
        after = page.next;
      }
    } catch (error) {
      return this.say("no", problemOf(error));
    }
    if (!this.isConnected) return;
    session.copied = { text: listOf(rows), name: this.job?.name ?? "" };
    location.hash = "#/jobs/new";
  }

  render() {
    const { job } = this;
    return html`<h1 class="heading" tabindex="-1">${this.heading}</h1>
      ${this.details.render({
        pending: () => (job ? nothing : html`<p>${t("loading")}</p>`),
        error: (error) => problemBand(error, () => this.details.run()),
      })}
      ${
        this.said
          ? html`<p class="band" data-tone=${this.said.tone} id="said" role="alert" tabindex="-1">
              ${this.said.text}
            </p>`
          : nothing
      }
      ${job ? this.body(job) : nothing}`;
  }

  /** @param {Job} job */
  body(job) {
    const isPlan = job.state === "planned" || job.state === "awaiting-approval";
    return html`${job.drill ? html`<p class="band test">${t("job.drillBand")}</p>` : nothing}
      ${jobHead(this, job)}
      ${job.drill && isOver(job) && this.session.may("plan") ? afterDrill(this, job) : nothing}
      ${
        isPlan
          ? html`<plan-card
              .job=${job}
              .session=${this.session}
              .busy=${this.busy}
              @plan-operation=${(/** @type {CustomEvent} */ { detail }) => void this.perform(detail)}
            ></plan-card>`
          : html`${burnDown(job)} ${attention.show(this.attention.found)}`
      }
      <job-rows .job=${job} .session=${this.session}></job-rows>
      ${exports(job, this.session, (why) => this.say("no", why))}`;
  }
}
customElements.define("job-screen", JobScreen);
