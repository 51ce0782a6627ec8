// A plan's hash as the contract words it, computed on its own: what a second program, or a person, would compare with.
// @ts-check
import { createHash } from "node:crypto";

const REASONS = [
  "unspecified",
  "keyCompromise",
  "",
  "affiliationChanged",
  "superseded",
  "cessationOfOperation",
];

/**
 * @typedef {object} Order
 * @property {string | number} orderNumber
 * @property {string | number} [codeReason]
 * @property {string} [revocationReason]
 * @property {string} [productCode]
 * @property {string | number} [product]
 * @property {boolean | "Y" | "N"} [test]
 */

/** The orders of a plan, merged. @param {Order[]} orders */
export function planHash(orders) {
  const sorted = [...orders].sort(
    (a, b) =>
      compare(BigInt(a.orderNumber), BigInt(b.orderNumber)) ||
      compare(a.productCode ?? "", b.productCode ?? "") ||
      compare(BigInt(a.product ?? -1), BigInt(b.product ?? -1)),
  );
  const hash = createHash("sha256");
  for (const order of sorted) hash.update(`${line(order)}\n`);
  return hash.digest("hex");
}

/** RFC 8785 of flat members whose names are ASCII. @param {Order} order */
function line({ orderNumber, codeReason = 0, revocationReason, productCode, product, test = false }) {
  const members = {
    codeReason: typeof codeReason === "number" ? codeReason : REASONS.indexOf(codeReason),
    orderNumber: String(orderNumber),
    ...(product !== undefined && { product: String(product) }),
    ...(productCode !== undefined && { productCode }),
    ...(revocationReason !== undefined && { revocationReason }),
    test: test === true || test === "Y",
  };
  return JSON.stringify(members);
}

/** @template {bigint | string} T @param {T} a @param {T} b */
const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
