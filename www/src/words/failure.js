// A call that did not end well, in words. Whatever may have revoked is said to be unknown, of every kind alike.

import { describeErrorCode, RevocationError } from "autorevoke";
import { orderName } from "./order.js";
import { referenceFacts } from "./reference.js";

/** @typedef {import("../order-form.js").Order} Order */
/** @typedef {import("../outcome.js").Words} Words */
/** @typedef {{ title: string, text: string[], leavesOpen?: boolean }} Said */

/**
 * @param {Order} order
 * @param {unknown} error what was thrown
 * @param {{ leftUnknown: boolean }} before whether an earlier call for this order has an unknown outcome
 * @returns {Words}
 */
export function failureWords(order, error, { leftUnknown }) {
  // What is no RevocationError is a fault of this page, and then nothing is known about what left.
  if (!(error instanceof RevocationError)) {
    /** @type {Partial<Words>} */
    const fault = { facts: [["Details", "This page itself failed while the call was under way."]] };
    return order.test ? lostCheck(order, fault) : unknown(order, fault);
  }
  const { kind, status, errorCode, errorMessage, problem } = error;
  const about = {
    caText: errorMessage,
    facts: referenceFacts({
      errorCode,
      kind,
      status,
      auditSeq: problem?.auditSeq,
      instance: problem?.instance,
      details: error.message,
    }),
  };
  if (error.mayHaveRevoked) return unknown(order, about);
  if (kind === "unknown-outcome") return lostCheck(order, about);
  /** @type {Words} */
  const words = { tone: "refused", ...(SAID[kind] ?? otherKind)(order, error), ...about };
  if (leftUnknown) {
    words.text.push("The earlier call of this session, whose outcome is unknown, is not settled by this.");
    words.leavesOpen = true;
  }
  return words;
}

/**
 * Faults of the order itself.
 * @param {[name: string, fault: string][]} elsewhere those that have no field on the page
 * @returns {Words}
 */
export function invalidWords(elsewhere) {
  return {
    tone: "refused",
    title: "The order is not filled in correctly.",
    text: [
      "Nothing was sent to the CA. What is wrong is said at the fields.",
      ...elsewhere.map(([name, fault]) => `${name} ${fault}.`),
    ],
  };
}

/**
 * What kept a call from being sent at all.
 * @param {unknown} error
 * @returns {Words}
 */
export function notSentWords(error) {
  const reason = error instanceof Error ? error.message : "This page itself failed.";
  return { tone: "refused", title: "Nothing was sent.", text: ["Nothing was revoked by this call.", reason] };
}

/**
 * @param {Order} order
 * @param {Partial<Words>} about
 * @returns {Words}
 */
function unknown(order, about) {
  return {
    tone: "unknown",
    title: `We do not know whether order ${orderName(order)} was revoked.`,
    text: ["Do not assume either: it may be revoked, and it may not be."],
    leavesOpen: true,
    list: {
      heading: "What to do now",
      items: [
        "See what the edge knows of it. An edge that was reached goes on finding out by itself, so ask again after a minute or two.",
        "Do a dry run. “Already revoked” (-21) says that it is revoked. A dry run that passes proves nothing.",
        "Still unknown? Ask the CA, naming the order number.",
        "Do not simply send it again much later: if the order has got a replacement certificate by then, that one would be revoked.",
      ],
    },
    ...about,
  };
}

/**
 * @param {Order} order
 * @param {Partial<Words>} about
 * @returns {Words}
 */
function lostCheck(order, about) {
  return {
    tone: "refused",
    title: `The dry run of order ${orderName(order)} brought no usable answer.`,
    text: ["Nothing was changed, since it was only a check. It proves nothing either way."],
    ...about,
  };
}

/** @type {Record<string, (order: Order, error: RevocationError) => Said>} */
const SAID = {
  "invalid-order": () => invalidWords([]),
  "malformed-request": () => ({
    title: "The edge could not read the request.",
    text: [
      "Nothing was sent to the CA. Something between this page and the edge may have changed it: tell an operator.",
    ],
  }),
  unauthenticated: () => ({
    title: "The edge does not know who you are.",
    text: ["Nothing was sent to the CA. Check the API key: it may be mistyped, expired or withdrawn."],
  }),
  forbidden: (order) => ({
    title: order.test ? "You may not check this order." : "You may not revoke this order.",
    text: [
      `Nothing was sent to the CA. Either no grant of yours covers both ${order.test ? "a dry run" : "a revocation"} and order ${order.orderNumber}, or the edge does not allow calls from this page's address.`,
    ],
  }),
  "in-progress": (order) => ({
    title: `Order ${orderName(order)} is being worked on by another call.`,
    text: [
      "This call was not sent to the CA; the other one may be revoking the order just now. Wait, then see what the edge knows of it.",
    ],
    leavesOpen: true,
  }),
  "idempotency-mismatch": () => ({
    title: "The edge took this for another call.",
    text: ["Nothing was sent to the CA. Send it again: it then gets a key of its own."],
  }),
  "not-found": () => ({
    title: "There is no edge at this address, or it does not show you this order.",
    text: ["Nothing was sent to the CA. Check the address of the edge."],
  }),
  "unsupported-request": () => ({
    title: "The edge does not take this request.",
    text: [
      "Nothing was sent to the CA. This page and the edge may be of different versions: tell an operator.",
    ],
  }),
  internal: () => ({
    title: "The edge failed.",
    text: ["Nothing was sent to the CA. Try again, and tell an operator if it happens again."],
  }),
  "rate-limited": (_order, error) => ({
    title: "You have reached your limit of calls.",
    text: [`Nothing was sent to the CA. ${tryAgain(error.retryAfter)}`],
  }),
  "ca-refused": (order, error) => {
    const { title, meaning, advice } = describeErrorCode(error.errorCode ?? -1);
    return {
      title: `The CA refused ${order.test ? "the dry run of " : ""}order ${orderName(order)}: ${title}.`,
      text: [meaning, advice],
    };
  },
  "ca-login-refused": () => {
    const { meaning } = describeErrorCode(-16);
    return {
      title: "The CA refused the edge's login.",
      text: [
        "Nothing was revoked by this call. It is not about your API key.",
        meaning,
        "The edge calls the CA no more until an operator has looked into it and resumes: repeated calls could lock the account.",
      ],
    };
  },
  "ca-busy": (_order, error) => ({
    title: "The CA takes no more calls just now.",
    text: [`Nothing was revoked by this call. ${tryAgain(error.retryAfter)}`],
  }),
  "not-sent": (_order, error) => notSentWords(error),
  aborted: () => ({
    title: "The call was ended before it was sent.",
    text: ["Nothing was revoked by this call."],
  }),
  "not-configured": () => ({
    title: "The edge is not set up yet.",
    text: ["Nothing was sent to the CA. An operator has to give the edge its credentials and its callers."],
  }),
};

/**
 * @returns {Said}
 */
function otherKind() {
  return { title: "The call did not succeed.", text: ["Nothing was revoked by this call."] };
}

/** @param {number | undefined} seconds */
function tryAgain(seconds) {
  if (seconds === undefined) return "Try again later.";
  if (seconds < 100) return `Try again in ${seconds} seconds.`;
  if (seconds < 5400) return `Try again in ${Math.ceil(seconds / 60)} minutes.`;
  return `Try again in ${Math.ceil(seconds / 3600)} hours.`;
}
