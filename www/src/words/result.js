// A call that ended well, in words: only what the CA said, never more.

import { orderName } from "./order.js";
import { referenceFacts } from "./reference.js";

/** @typedef {import("../order-form.js").Order} Order */
/** @typedef {import("../outcome.js").Words} Words */

/**
 * @param {Order} order what was asked for
 * @param {import("autorevoke").Revocation} result
 * @param {{ leftUnknown: boolean }} before whether an earlier call for this order had an unknown outcome
 * @returns {Words}
 */
export function resultWords(order, result, { leftUnknown }) {
  const said = {
    revoked: () => revoked(order),
    "already-revoked": () => alreadyDone(order, "revoked", leftUnknown),
    "already-rejected": () => alreadyDone(order, "rejected", leftUnknown),
    tested: () => tested(order, leftUnknown),
  }[result.outcome]();
  return { ...said, caText: result.errorMessage, facts: referenceFacts(result) };
}

/**
 * @param {Order} order
 * @returns {Words}
 */
function revoked(order) {
  return {
    tone: "done",
    settles: true,
    title: `The CA accepted the revocation of order ${orderName(order)}.`,
    text: [
      `Revoked, or cancelled if it had not been issued yet: the CA does not say which. Reason: ${order.codeReason}.`,
      "When the CA's revocation lists will show it, this answer does not say.",
    ],
  };
}

/**
 * @param {Order} order
 * @param {"revoked" | "rejected"} done
 * @param {boolean} leftUnknown
 * @returns {Words}
 */
function alreadyDone(order, done, leftUnknown) {
  const text = [
    order.test
      ? "Found by a dry run, which changed nothing. The CA does not say by whom it was done, when, or with which reason."
      : "This call changed nothing. The CA does not say by whom it was done, when, or with which reason.",
  ];
  if (leftUnknown) {
    text.push(
      "It may have been the earlier call of this session whose outcome was unknown. That is likely, not proven.",
    );
  }
  const keyCompromise = order.codeReason === "keyCompromise";
  if (keyCompromise) {
    text.push(
      "You asked for keyCompromise. The reason on record may be a weaker one, and this call cannot change it: if the private key may have been exposed, tell the CA.",
    );
  }
  return {
    tone: "note",
    settles: true,
    title: `Order ${orderName(order)} had already been ${done} before this call.`,
    text,
  };
}

/**
 * @param {Order} order
 * @param {boolean} leftUnknown
 * @returns {Words}
 */
function tested(order, leftUnknown) {
  const text = [
    `The CA checked order ${orderName(order)} and had no objection. The certificate is not revoked by this.`,
    "The check may look at less than a real revocation does.",
  ];
  if (leftUnknown) {
    text.push(
      "This does not settle the earlier call whose outcome is unknown: a dry run that passes proves nothing about it.",
    );
  }
  return { tone: "note", title: "The dry run passed. Nothing was changed.", text };
}
