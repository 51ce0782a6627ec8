// What the edge may do by itself about an unknown outcome: probes with growing pauses, and one re-send for each loss.
// @ts-check
import { DONE } from "./truth.mjs";

/** @typedef {import("./truth.mjs").Attempt} Attempt */

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 300_000;

/** @param {number} probes so far */
const pauseAfter = (probes) => Math.min(FIRST_PAUSE_MS * 2 ** probes, LONGEST_PAUSE_MS);

/** Where an order stands, as the rule sees it. */
class Standing {
  sending = false;
  unknown = false;
  firstLostAt = Infinity;
  lastLostAt = -Infinity;
  probes = 0;
  /** Whether the last that was heard since the loss is a probe's 0. */
  accepted = false;
  /** Nothing may be done by itself sooner. */
  dueAt = Infinity;
}

/**
 * Goes through an order's attempts in the order in which the audit log has their beginnings and ends.
 * @param {Attempt[]} attempts
 * @param {{ timeoutMs: number, windowMs: number }} settings
 * @returns {string[]} what the rule does not allow
 */
export function breachesOfRuleFive(attempts, settings) {
  const events = attempts.flatMap((attempt) => [
    { seq: attempt.auditSeqs[0], at: Date.parse(attempt.startedAt), attempt, begins: true },
    { seq: attempt.auditSeqs[1], at: Date.parse(attempt.endedAt ?? ""), attempt, begins: false },
  ]);
  events.sort((a, b) => a.seq - b.seq);
  let standing = new Standing();
  /** @type {string[]} */
  const found = [];
  for (const { at, attempt, begins } of events) {
    if (begins) {
      const breach = breachOf(standing, attempt, at, settings);
      if (breach) found.push(`rule 5: ${attempt.purpose ?? "a call"} at ${attempt.startedAt}: ${breach}`);
      if (!attempt.test) standing.sending = true;
    } else if (attempt.purpose === "settle") {
      standing = afterProbe(standing, attempt, at, settings);
    } else if (!attempt.test) {
      standing = afterCall(standing, attempt, at);
    }
  }
  return found;
}

/**
 * @param {Standing} standing
 * @param {Attempt} attempt that begins
 * @param {number} at
 * @param {{ timeoutMs: number, windowMs: number }} settings
 */
function breachOf(standing, attempt, at, { timeoutMs, windowMs }) {
  if (!attempt.test && standing.sending) return "another one is under way";
  // During an outage a job finds out by a test call whether the CA answers, whatever the order's state.
  if (attempt.purpose === "check") return attempt.test ? undefined : "a check changes something";
  if (attempt.actor !== "edge") return undefined;
  if (!standing.unknown || standing.sending) return "nothing is unknown";
  if (attempt.purpose === "resend") {
    if (!standing.accepted) return "no probe was answered 0 since the loss";
    if (at < standing.lastLostAt + timeoutMs) return "the lost call may still be running";
    if (at > standing.firstLostAt + windowMs) return "the window is closed";
  } else if (attempt.purpose !== "settle" || !attempt.test) {
    return "the edge does nothing else by itself";
  }
  if (at < standing.dueAt) return `${standing.dueAt - at} ms too early, after ${standing.probes} probes`;
  return undefined;
}

/**
 * @param {Standing} before
 * @param {Attempt} attempt a real one that has ended
 * @param {number} at
 * @returns {Standing}
 */
function afterCall(before, { outcome, startedAt }, at) {
  if (outcome === "not-sent") return { ...before, sending: false };
  if (outcome === "unknown") {
    const begun = Date.parse(startedAt);
    const firstLostAt = Math.min(before.firstLostAt, begun);
    return { ...new Standing(), unknown: true, firstLostAt, lastLostAt: begun, dueAt: at + FIRST_PAUSE_MS };
  }
  if (DONE.includes(outcome) || !before.unknown) return new Standing();
  return { ...before, sending: false, accepted: false, dueAt: at + pauseAfter(before.probes) };
}

/**
 * @param {Standing} before
 * @param {Attempt} attempt a probe that has ended
 * @param {number} at
 * @param {{ timeoutMs: number, windowMs: number }} settings
 * @returns {Standing}
 */
function afterProbe(before, { outcome }, at, { timeoutMs, windowMs }) {
  if (!before.unknown || before.sending) return before;
  if (DONE.includes(outcome)) return new Standing();
  const probes = before.probes + 1;
  const accepted = outcome === "tested";
  const later = at + pauseAfter(probes);
  const resendFrom = Math.max(before.lastLostAt + timeoutMs, at);
  const resends = accepted && resendFrom <= before.firstLostAt + windowMs;
  return { ...before, probes, accepted, dueAt: resends ? Math.min(later, resendFrom) : later };
}
