// An order in words: its name, and the facts that are shown before it is revoked.

/** @typedef {import("../order-form.js").Order} Order */

/**
 * What is revoked: number and product together.
 * @param {Order} order
 */
export function orderName({ orderNumber, productCode, product }) {
  const parts = [productCode, product === undefined ? undefined : `product ${product}`].filter(Boolean);
  return parts.length > 0 ? `${orderNumber} (${parts.join(", ")})` : orderNumber;
}

/** Enough of a comment to recognise it: a long one must not push the question off the screen. */
const COMMENT_SHOWN = 200;

/** @param {string | undefined} comment */
function clipped(comment = "") {
  const characters = [...comment];
  if (characters.length <= COMMENT_SHOWN) return comment;
  return `${characters.slice(0, COMMENT_SHOWN).join("")}… (${characters.length} characters)`;
}

/**
 * @param {Order} order
 * @returns {[string, string][]}
 */
export function orderFacts(order) {
  /** @type {[string, string | undefined][]} */
  const facts = [
    ["Order", order.orderNumber],
    ["Product code", order.productCode],
    ["Product", order.product?.toString()],
    ["Reason", order.codeReason?.toString()],
    ["Comment", clipped(order.revocationReason)],
  ];
  return facts.flatMap(([name, value]) => (value ? [[name, value]] : []));
}
