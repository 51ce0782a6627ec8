// Attempts of the ledger against calls that the CA received: one for each, and of the same kind.
// @ts-check

/**
 * @typedef {import("../kill/truth.mjs").Order} Order
 * @typedef {import("../kill/truth.mjs").Attempt} Attempt
 * @typedef {import("../kill/truth.mjs").Post} Post
 */

/** Clocks are read in whole milliseconds. */
const SLACK_MS = 2;

/**
 * @param {Order} order
 * @returns {{ faults: string[], unseen: Attempt[] }} `unseen`: attempts of which the CA has read nothing that it could
 *   tell by its order; no more than requests that it did not read to their end
 */
export function pairs({ history, posts, told, readAt = Infinity }) {
  const attempts = history?.attempts ?? [];
  const faults = [...kinds(attempts, told)];
  const unseen = new Set(attempts);
  for (const post of posts) {
    // The latest that was there before it: the edge never has two of one kind under way for the same order.
    const attempt = [...unseen]
      .filter(({ test, startedAt }) => test === post.test && Date.parse(startedAt) <= post.at + SLACK_MS)
      .at(-1);
    if (attempt && isIn(attempt, post)) unseen.delete(attempt);
    // An unknown outcome is probed on and on, also after its history was read.
    else if (post.at < readAt) faults.push(`a ${kindOf(post)} call at ${iso(post.at)} is no attempt`);
  }
  const left = [...unseen];
  for (const { test, startedAt, outcome } of left) {
    if (outcome !== "unknown") {
      faults.push(`the CA received no ${kindOf({ test })} call for the attempt of ${startedAt}: ${outcome}`);
    }
  }
  return { faults, unseen: left };
}

/**
 * A caller's attempts are as many as were made, and what the edge does besides is what it may do.
 * @param {Attempt[]} attempts
 * @param {Order["told"]} told
 */
function* kinds(attempts, told) {
  for (const { purpose, test, actor, startedAt } of attempts) {
    const isRight = { settle: test, resend: !test && actor === "edge", undefined: actor !== "edge" }[
      `${purpose}`
    ];
    if (!isRight) yield `an attempt for ${purpose}, by ${actor}, test: ${test}, at ${startedAt}`;
  }
  const called = attempts.filter(({ purpose }) => purpose === undefined).length;
  const asked = told.filter(({ asked, json }) => asked === "revoke" && json?.auditSeq !== undefined).length;
  if (called !== asked) yield `${asked} calls were made, and the ledger has ${called}`;
}

/** What is given up may arrive late, if the machine is busy. @param {Attempt} attempt @param {Post} post */
const isIn = ({ endedAt, outcome }, { at }) =>
  outcome === "unknown" || (endedAt !== undefined && at <= Date.parse(endedAt) + SLACK_MS);

/** @param {{ test: boolean }} call */
const kindOf = ({ test }) => (test ? "test" : "real");

/** @param {number} at */
const iso = (at) => new Date(at).toISOString();
