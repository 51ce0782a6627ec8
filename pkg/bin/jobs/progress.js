// The progress of a job: one line that is redrawn on a terminal, and elsewhere a line now and then.
import { printable } from "../output.js";
import { countsOf, duration, moment, number, rateOf, settledOf, stateInWords } from "./words.js";

/** @typedef {import("../../index.d.ts").Job} Job */

const BAR_CELLS = 20;
/** Where lines are kept, in a file or a log. */
const LINE_EVERY_MS = 5_000;
const NARROW = 80;
/** Room for the `^C` that a terminal shows. */
const MARGIN = 3;

/**
 * @typedef {object} Trouble
 * @property {string} why nothing is heard of the job
 * @property {string} [cause] underneath
 * @property {number} news when something was last heard
 *
 * @typedef {object} Progress
 * @property {(job: Job) => void} tell
 * @property {(trouble: Trouble, retryIn: number) => void} interrupted
 * @property {() => void} end leaves the last line as it is
 */

/** @param {NodeJS.WriteStream} out @param {NodeJS.ProcessEnv} env @returns {Progress} */
export function progressOn(out, env) {
  return out.isTTY && env.TERM !== "dumb" ? redrawn(out, env) : inLines(out);
}

/** @param {NodeJS.WriteStream} out @param {NodeJS.ProcessEnv} env @returns {Progress} */
function redrawn(out, env) {
  // https://no-color.org
  const warn = env.NO_COLOR
    ? (/** @type {string} */ text) => text
    : (/** @type {string} */ text) => `\x1b[1;31m${text}\x1b[0m`;
  /** @type {Job | undefined} */
  let job;
  /** @type {Trouble & { again: number } | undefined} `again`: when a connection is tried again */
  let trouble;
  const draw = () => {
    if (!job && !trouble) return;
    const width = (out.columns || NARROW) - MARGIN;
    const parts = job ? partsOf(job, width) : [];
    // First, since the rest may not fit and is no longer news.
    if (trouble) parts.unshift(troubleOf(trouble, trouble.again - Date.now()));
    const line = printable(parts.join("  "));
    const shown = line.length > width ? `${line.slice(0, width - 1)}…` : line;
    out.write(`\r\x1b[K${shown.replace("AT RISK", warn)}`);
  };
  const timer = setInterval(draw, 1000).unref();
  return {
    tell(now) {
      job = now;
      trouble = undefined;
      draw();
    },
    interrupted(now, retryIn) {
      trouble = { ...now, again: Date.now() + retryIn };
      draw();
    },
    end() {
      clearInterval(timer);
      if (job || trouble) out.write("\n");
    },
  };
}

/** @param {NodeJS.WritableStream} out @returns {Progress} */
function inLines(out) {
  let last = "";
  let due = 0;
  /** @type {Job | undefined} held back: it came too soon after the one before */
  let held;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let state = "";
  const say = (/** @type {string} */ text) => {
    const line = printable(text);
    if (line !== last) out.write(`${line}\n`);
    last = line;
  };
  const flush = () => {
    clearTimeout(timer);
    timer = undefined;
    if (!held) return;
    say(partsOf(held, Infinity).join("  "));
    held = undefined;
    due = Date.now() + LINE_EVERY_MS;
  };
  return {
    tell(job) {
      held = job;
      // A change of state is shown at once.
      if (job.state !== state || Date.now() >= due) flush();
      else timer ??= setTimeout(flush, due - Date.now()).unref();
      state = job.state;
    },
    interrupted(...trouble) {
      flush();
      say(troubleOf(...trouble));
    },
    end: flush,
  };
}

/**
 * What is so while a job is not heard of: nothing came, or there is no connection, or somebody else answers.
 * @param {import("../../index.d.ts").RevocationFailure} error
 * @param {number} news when something was last heard
 * @returns {Trouble}
 */
export function troubleWith({ message, problem, cause, status }, news) {
  if (problem) return { why: message, news };
  if (status !== undefined) return { why: `no answer of the edge (HTTP ${status})`, news };
  if (cause) return { why: "no connection", cause: cause.message, news };
  const silent = `no news for ${duration((Date.now() - news) / 1000)}`;
  return { why: message.includes("in time") ? silent : message, news };
}

/**
 * Why nothing is heard of the job, of when the figures are, and when it is tried again.
 * @param {Trouble} trouble
 * @param {number} retryIn in milliseconds
 */
export function troubleOf({ why, cause, news }, retryIn) {
  const figures = `last figures of ${new Date(news).toISOString().slice(11, 19)} UTC`;
  const again = `trying again ${retryIn < 1000 ? "now" : `in ${duration(retryIn / 1000)}`}`;
  return cause === undefined ? `${why}; ${figures}; ${again}` : `${why}, ${again}: ${cause}; ${figures}`;
}

/**
 * The line about a job, the most important first.
 * @param {Job} job
 * @param {number} width
 */
function partsOf(job, width) {
  const { total, state, counts } = job;
  const settled = settledOf(job);
  // Never rounded up: 100% is when all of it is.
  const percent = Math.floor((settled / total) * 100);
  const filled = Math.floor((settled / total) * BAR_CELLS);
  const bar = `[${"#".repeat(filled)}${"-".repeat(BAR_CELLS - filled)}]`;
  const wide = width >= NARROW;
  const parts = [...(wide ? [bar] : []), `${percent}%`, `${number(settled)}/${number(total)}`];
  if (state !== "running") parts.push(stateInWords[state]);
  const bad = countsOf(job).filter(([words]) => words === "refused" || words === "unknown");
  if (bad.length > 0) parts.push(bad.map(([words, count]) => `${number(count)} ${words}`).join(", "));
  if (job.atRisk) parts.push(`AT RISK: too slow for ${job.deadline ? moment(job.deadline) : "the deadline"}`);
  if (state === "running") {
    if (!job.atRisk && job.deadline !== undefined) parts.push("in time");
    if (job.eta !== undefined) parts.push(`done ${inSeconds(Date.parse(job.eta))}`);
    if (job.rate !== undefined) parts.push(rateOf(job));
  }
  if (job.drill) parts.push("drill");
  if (job.lastError !== undefined && counts.pending > 0) parts.push(job.lastError);
  return parts;
}

/** @param {number} time */
const inSeconds = (time) => {
  const seconds = (time - Date.now()) / 1000;
  return seconds < 1 ? "now" : `in ${duration(seconds)}`;
};
