// Where a job stands: its status, its numbers in one line of words, and what it needs to be on time.
import { t } from "../texts/texts.js";
import { span, utc } from "../texts/times.js";

/** @typedef {import("autorevoke").Job} Job */

/** @typedef {import("../../../pkg/element/words/outcome.js").Tone} Tone */

/** @type {Record<import("autorevoke").JobState, Tone>} */
const TONES = {
  planned: "note",
  "awaiting-approval": "waiting",
  running: "waiting",
  paused: "note",
  halted: "no",
  done: "done",
  cancelled: "note",
};

/**
 * How a job looks, and the words for it. What the CA has refused stays valid: "done" is green only where it accepted everything.
 * @param {Job} job
 * @returns {{ tone: Tone, words: string }}
 */
export function standing(job) {
  const { state, counts, atRisk } = job;
  if (state === "done" && counts.unknown > 0) return { tone: "unknown", words: t("jobState.doneUnknown") };
  if (state === "done" && counts.refused > 0) return { tone: "no", words: t("jobState.doneRefused") };
  const words = t(`jobState.${state}`);
  if (atRisk && !isOver(job)) return { tone: "unknown", words: `${words} · ${t("job.atRisk")}` };
  return { tone: TONES[state], words };
}

/** The CA has it revoked or rejected, or a test of it passed. @param {Job} job */
export const accepted = ({ counts }) =>
  counts.revoked + counts.alreadyRevoked + counts.alreadyRejected + counts.tested;

/** @param {Pick<Job, "counts">} job */
export const remaining = ({ counts }) => counts.pending + counts.sending;

/** @param {Job} job */
export const isOver = ({ state }) => state === "done" || state === "cancelled";

/** "1,204 of 3,000 accepted · 2 refused · 1 not known · done 14:32 UTC, 22 h before the deadline". @param {Job} job */
export function sentence(job) {
  const { counts, total, drill } = job;
  return [
    t(drill ? "sentence.passed" : "sentence.accepted", { accepted: accepted(job), total }),
    counts.refused > 0 && t("sentence.refused", { count: counts.refused }),
    counts.unknown > 0 && t("sentence.unknown", { count: counts.unknown }),
    counts.cancelled > 0 && t("sentence.cancelled", { count: counts.cancelled }),
    ending(job),
  ]
    .filter(Boolean)
    .join(" · ");
}

/** @param {Job} job */
function ending(job) {
  const { state, finishedAt, eta, deadline } = job;
  const at = finishedAt ?? (state === "running" ? eta : undefined);
  if (!at) return state === "paused" ? slack(job) : "";
  const done = t(finishedAt ? "sentence.ended" : "sentence.done", { time: utc(at) });
  if (!deadline) return done;
  const early = new Date(deadline).getTime() - new Date(at).getTime();
  return `${done}, ${t(early >= 0 ? "sentence.before" : "sentence.after", { span: span(early) })}`;
}

/** How long it may stay paused. @param {Job} job */
function slack(job) {
  const { deadline, rate } = job;
  if (!deadline) return "";
  const left = new Date(deadline).getTime() - Date.now();
  const needed = rate ? (remaining(job) / rate) * 1000 : 0;
  return left > needed
    ? t("sentence.slack", { span: span(left - needed) })
    : t("sentence.noSlack", { span: span(left) });
}

/** Orders an hour. Few are not none. @param {number} perSecond */
export const perHour = (perSecond) =>
  t("job.perHour", { count: perSecond > 0 ? Math.max(1, Math.round(perSecond * 3600)) : 0 });
