// What may be said about an order: checked here, whether it comes by HTTP or by a call.

import { choice, decimal, findings, integer, isObject, text } from "./checks.js";

/** @import { Finding, Member } from "./checks.js" */
/** @import { State } from "./orders.js" */

/** @type {readonly State[]} */
const states = ["issued", "unissued", "being-issued", "expired", "revoked", "rejected", "fixed"];

/** @type {Record<string, Member>} */
const members = {
  orderNumber: decimal("the order's number"),
  serialNumber: {
    expects: "a string of at most 34 hexadecimal digits",
    about: "its certificate's serial number",
    accepts: (value) => typeof value === "string" && /^[0-9A-Fa-f]{1,34}$/.test(value),
  },
  certificateID: decimal("its certificate's number"),
  productCode: text("one of the order's certificates", undefined, 50),
  product: decimal("one of the order's certificates"),
  state: choice(states, "the order's state"),
  errorCode: integer(-999_999_999, 999_999_999, "the code of a fixed answer, or of being-issued"),
  errorMessage: text("the text of a fixed answer", undefined, 100_000),
  times: integer(1, 1_000_000_000, "how many real calls meet this state"),
  then: choice(
    states.filter((state) => state !== "fixed"),
    "the state after that",
  ),
};

/**
 * @param {unknown} setting
 * @param {string} where
 * @returns {Finding[]}
 */
export function orderFindings(setting, where) {
  const found = findings(setting, members, where);
  const isNamed = (/** @type {Record<string, unknown>} */ { orderNumber, serialNumber, certificateID }) =>
    orderNumber !== undefined || serialNumber !== undefined || certificateID !== undefined;
  if (isObject(setting) && !isNamed(setting)) {
    found.push({
      where: `${where}.orderNumber`,
      problem: "is missing, and so are serialNumber and certificateID",
    });
  }
  if (found.length > 0 || !isObject(setting)) return found;
  const {
    state = setting.errorCode === undefined ? "issued" : "fixed",
    errorCode,
    errorMessage,
    times,
    then,
  } = setting;
  /** @param {string} member @param {string} problem */
  const add = (member, problem) => found.push({ where: `${where}.${member}`, problem });
  if (state === "fixed" && errorCode === undefined) add("errorCode", "is missing: a fixed answer has a code");
  if (state === "being-issued" && errorCode !== undefined && errorCode !== -23 && errorCode !== -26) {
    add("errorCode", "must be -23 or -26 while the order is being issued");
  }
  if (state !== "fixed" && state !== "being-issued" && errorCode !== undefined) {
    add("errorCode", `belongs to the states fixed and being-issued, not to ${state}`);
  }
  if (state !== "fixed" && errorMessage !== undefined) add("errorMessage", "belongs to the state fixed");
  if (times !== undefined && (state === "issued" || state === "unissued")) {
    add("times", "belongs to states that refuse: this one ends with the first call");
  }
  if (then !== undefined && times === undefined) add("then", "needs times");
  return found;
}
