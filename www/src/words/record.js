// What the edge knows of an order, in words.

import { RevocationError } from "autorevoke";
import { identityFailed } from "./identity.js";

/** @typedef {import("../outcome.js").Words} Words */

/** @type {Record<string, { tone: Words["tone"], text: string }>} */
const STATES = {
  pending: { tone: "note", text: "It waits for its turn and has not been sent yet." },
  sending: { tone: "unknown", text: "It is being sent to the CA just now. Ask again in a moment." },
  revoked: { tone: "done", text: "The CA accepted it: revoked, or cancelled if it had not been issued yet." },
  "already-revoked": {
    tone: "note",
    text: "The CA says that it was revoked already. By which call, with which reason, it does not say.",
  },
  "already-rejected": { tone: "note", text: "The CA says that it was rejected already." },
  refused: { tone: "refused", text: "The CA refused it; it is not revoked by the edge." },
  unknown: {
    tone: "unknown",
    text: "The edge does not know either. Do not assume that it is revoked, nor that it is not.",
  },
};

/**
 * @param {string} orderNumber
 * @param {import("autorevoke").OrderRecord} record
 * @returns {Words}
 */
export function recordWords(orderNumber, { state, attempts, auditSeqs }) {
  const { tone, text } = STATES[state] ?? { tone: "note", text: "See the attempts below." };
  return {
    tone,
    title: `The edge says of order ${orderNumber}: ${state}.`,
    text: [text, ...attempts.map(attemptText)],
    leavesOpen: tone === "unknown",
    facts: auditSeqs.length > 0 ? [["Audit entries", auditSeqs.join(", ")]] : [],
  };
}

/**
 * One attempt as the edge tells it: its members in its own words.
 * @param {Record<string, unknown>} attempt
 */
function attemptText(attempt) {
  return Object.entries(attempt)
    .filter(([, value]) => value !== null && typeof value !== "object")
    .map(([name, value]) => `${name} ${value}`)
    .join(", ");
}

/**
 * @param {string} orderNumber
 * @param {unknown} error
 * @returns {Words}
 */
export function recordFailed(orderNumber, error) {
  const unseen = error instanceof RevocationError && error.kind === "not-found";
  return {
    tone: "note",
    leavesOpen: true,
    title: unseen ? `The edge has nothing on order ${orderNumber}.` : identityFailed(error),
    text: [
      unseen
        ? "It has never sent this order, or does not show it to you."
        : `So nothing new is known of order ${orderNumber}.`,
    ],
  };
}
