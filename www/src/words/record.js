// What the edge knows of an order, in words.

import { codeReasons, RevocationError } from "autorevoke";
import { identityFailed } from "./identity.js";

/** @typedef {import("../outcome.js").Words} Words */

/** @type {Record<string, { tone: Words["tone"], text: string }>} */
const STATES = {
  pending: { tone: "note", text: "It has sent nothing yet that could have changed the order." },
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
  const { tone, text } = STATES[state] ?? { tone: "note", text: "See its attempts." };
  return {
    tone,
    title: `The edge says of order ${orderNumber}: ${state}.`,
    text: [text],
    list: { heading: "What it sent", items: attempts.map(attemptText) },
    leavesOpen: tone === "unknown",
    facts: auditSeqs.length > 0 ? [["Audit entries", auditSeqs.join(", ")]] : [],
  };
}

/**
 * When, what, by whom, and what came of it.
 * @param {import("autorevoke").OrderRecord["attempts"][number]} attempt
 */
function attemptText({
  startedAt,
  test,
  codeReason,
  productCode,
  product,
  actor,
  outcome,
  errorCode,
  ...more
}) {
  const reason = codeReasons.find(({ number }) => number === codeReason)?.name;
  const which = [productCode, product === undefined ? undefined : `product ${product}`];
  const said = [errorCode, more.errorMessage, more.detail].filter(Boolean).join(", ");
  return [
    startedAt && new Date(String(startedAt)).toLocaleString(),
    [test ? "dry run" : "revocation", ...which, reason].filter(Boolean).join(", "),
    `by ${actor}`,
    said ? `${outcome}: ${said}` : outcome,
  ]
    .filter(Boolean)
    .join(" · ");
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
