// One order, at the end: what the callers were told and the ledger says, against what the CA did.
// @ts-check

/**
 * @typedef {import("./callers.mjs").Told} Told
 * @typedef {object} Attempt as `GET /v1/orders/{orderNumber}` lists it
 * @property {string} [purpose] none: a caller's call
 * @property {string} outcome
 * @property {number} [errorCode]
 * @property {string} [detail]
 * @property {string} actor
 * @property {string} instance
 * @property {boolean} test
 * @property {string} startedAt
 * @property {string} [endedAt]
 * @property {number[]} auditSeqs of the intent and the outcome
 *
 * @typedef {{ state: string, settled?: boolean, attempts: Attempt[], auditSeqs: number[] }} History
 *
 * @typedef {object} Post what the CA received
 * @property {number} at in ms since 1970
 * @property {boolean} test
 * @property {number} [code] what it decided
 * @property {boolean} acted
 *
 * @typedef {object} Order
 * @property {Told[]} told
 * @property {History} [history] none: the ledger has never heard of it
 * @property {Post[]} posts in the order of their arrival
 * @property {number} [readAt] when the ledger was asked for the history; it may go on probing
 * @property {"revoked" | "rejected"} [doneBefore] by somebody else
 * @property {"revoked" | "rejected"} [doneAs] what a call makes of it
 */

export const DONE = ["revoked", "already-revoked", "already-rejected"];
/** Clocks are read in whole milliseconds. */
const SLACK_MS = 2;
/** Answers that say that the CA was not asked this time. A 503 without a code of the CA is one, too. */
const NOT_SENT = ["in-progress", "ca-busy", "not-sent", "rate-limited", "ca-login-refused", "internal"];

const begun = (/** @type {Attempt} */ { startedAt }) => Date.parse(startedAt);
const ended = (/** @type {Attempt} */ { endedAt }) => (endedAt ? Date.parse(endedAt) : Infinity);

/**
 * Whatever is lost or wrong about an order.
 * @param {Order} order
 * @returns {string[]}
 */
export function disagreements(order) {
  return [...lost(order), ...answersWithoutPosts(order), ...wrongAtTheEnd(order), ...lies(order)];
}

/**
 * Posts without an intent that was there before them.
 * @param {Pick<Order, "history" | "posts" | "readAt">} order
 */
export function lost({ history, posts, readAt = Infinity }) {
  /** @type {string[]} */
  const found = [];
  for (const test of [false, true]) {
    const received = posts.filter((post) => post.test === test && post.at < readAt);
    const intents = (history?.attempts ?? []).filter((attempt) => attempt.test === test).map(begun);
    intents.sort((a, b) => a - b);
    received.forEach(({ at }, index) => {
      if (!(intents[index] <= at + SLACK_MS)) {
        found.push(
          `lost: the CA received ${index + 1} ${test ? "test" : "real"} calls until ${time(at)}, and there ` +
            `were ${intents.filter((intent) => intent <= at + SLACK_MS).length} intents`,
        );
      }
    });
  }
  return found;
}

/** What the ledger says that the CA answered, and the CA did not. @param {Order} order */
function answersWithoutPosts({ history, posts }) {
  const left = new Set(posts);
  /** @type {string[]} */
  const found = [];
  for (const attempt of history?.attempts ?? []) {
    if (attempt.auditSeqs.length !== 2) found.push(`the attempt of ${attempt.startedAt} has no end`);
    if (attempt.errorCode === undefined) continue;
    const post = [...left].find(
      ({ at, test, code }) =>
        test === attempt.test &&
        code === attempt.errorCode &&
        begun(attempt) <= at + SLACK_MS &&
        at <= ended(attempt) + SLACK_MS,
    );
    if (post) left.delete(post);
    else
      found.push(`wrong: the CA did not answer ${attempt.errorCode} to the attempt of ${attempt.startedAt}`);
  }
  return found;
}

/** @param {Order} order */
function wrongAtTheEnd(order) {
  const { history, told } = order;
  if (!history) {
    const known = told.find(
      ({ lost, status, kind, json }) =>
        !lost && (status === 200 || kind === "unknown-outcome" || json.auditSeq !== undefined),
    );
    return known ? [`lost: a caller was told ${outcomeOf(known)}, and the ledger has never heard of it`] : [];
  }
  const { state, attempts } = history;
  const real = attempts.filter(({ test }) => !test);
  const acted = order.posts.some((post) => post.acted);
  if (acted && !DONE.includes(state)) return [`wrong: the CA carried it out, and it is reported as ${state}`];
  const isSo = {
    revoked: acted,
    "already-revoked": isDone(order, "revoked", Infinity),
    "already-rejected": isDone(order, "rejected", Infinity),
    // Not knowing needs a reason, and so does a refusal.
    unknown: real.some(({ outcome }) => outcome === "unknown"),
    refused: real.some(({ outcome }) => outcome === "refused"),
    pending: real.length === 0,
  }[state];
  return isSo ? [] : [`wrong: it is reported as ${state}`];
}

/** What callers were told, and was not so at that time. @param {Order} order */
function lies(order) {
  return order.told
    .filter((told) => !told.lost && !(told.asked === "revoke" ? isTrue(told, order) : wasSo(told, order)))
    .map((told) => `wrong: ${told.as} was told ${outcomeOf(told)} at ${time(told.endedAt)}`);
}

/** An answer to a revocation. @param {Told} told @param {Order} order */
function isTrue(told, order) {
  const { status, json, kind = "", test, endedAt } = told;
  const { history, posts } = order;
  if (json.auditSeq !== undefined && !history?.auditSeqs.includes(json.auditSeq)) return false;
  const answered = (/** @type {number} */ wanted) =>
    posts.some(({ at, code, ...post }) => post.test === test && code === wanted && at <= endedAt);
  if (status === 200) {
    if (json.test !== test) return false;
    switch (json.outcome) {
      case "tested":
        return test && answered(0);
      case "revoked":
        return !test && posts.some(({ acted, at }) => acted && at <= endedAt);
      case "already-revoked":
        return isDone(order, "revoked", endedAt);
      default:
        return json.outcome === "already-rejected" && isDone(order, "rejected", endedAt);
    }
  }
  if (kind === "unknown-outcome") return json.mayHaveRevoked === !test;
  if (json.errorCode !== undefined) return answered(json.errorCode) && !hides(told, order);
  // In progress by the same key, it may be this very call.
  if (json.mayHaveRevoked) return kind === "in-progress" && told.key !== undefined;
  const own = history?.attempts.some(({ instance, actor }) => instance === json.instance && actor !== "edge");
  return NOT_SENT.includes(kind) && !own;
}

/**
 * A plain refusal, though an earlier call had been carried out and the ledger did not know that at the time: it must
 * not have read like "not revoked".
 * @param {Told} told @param {Order} order
 */
function hides({ json, test }, { history, posts }) {
  const refused = history?.attempts.find(({ auditSeqs }) => auditSeqs[1] === json.auditSeq);
  if (test || !refused) return false;
  const known = history?.attempts.some(
    (attempt) =>
      (!attempt.test || attempt.purpose === "settle") &&
      DONE.includes(attempt.outcome) &&
      ended(attempt) <= ended(refused),
  );
  return !known && posts.some(({ acted, at }) => acted && at < begun(refused));
}

/** What the ledger said of an order while all went on. @param {Told} told @param {Order} order */
function wasSo({ status, json, sentAt, endedAt }, order) {
  const before = order.posts.filter(({ at }) => at < sentAt);
  if (status === 404) return before.length === 0;
  if (status !== 200) return false;
  switch (json.state) {
    case "revoked":
      return order.posts.some(({ acted, at }) => acted && at <= endedAt);
    case "already-revoked":
      return isDone(order, "revoked", endedAt);
    case "already-rejected":
      return isDone(order, "rejected", endedAt);
    case "refused":
    case "pending":
      return !before.some(({ acted }) => acted);
    default:
      return json.state === "unknown" || json.state === "sending";
  }
}

/**
 * Whether the CA had it as revoked (or rejected) at that time, by whomever.
 * @param {Order} order
 * @param {"revoked" | "rejected"} how
 * @param {number} time
 */
function isDone({ posts, doneBefore, doneAs }, how, time) {
  return doneBefore === how || (doneAs === how && posts.some(({ acted, at }) => acted && at <= time));
}

/** In a few words. @param {Told} told */
export const outcomeOf = ({ lost, status, kind, json }) =>
  lost
    ? "nothing"
    : `${status} ${kind ?? json.outcome ?? json.state}${json?.mayHaveRevoked ? ", perhaps" : ""}`;

/** @param {number} at */
const time = (at) => new Date(at).toISOString();
