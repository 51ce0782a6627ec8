// An order as it is filled in: what is wrong with it, and what it is called.

/** @typedef {import("../../index.d.ts").CertificateName & import("../../index.d.ts").OrderTerms} Order */
/** @typedef {import("./language.js").Language} Language */
/**
 * What is filled in, as text.
 * @typedef {object} Draft
 * @property {string} orderNumber or `serial:HEX`, or `certificate:ID`
 * @property {string} codeReason
 * @property {string} revocationReason
 * @property {string} productCode
 * @property {string} product
 */

/** The CA's limits, counted in characters. */
export const COMMENT_LIMIT = 1024;
const PRODUCT_CODE_LIMIT = 50;
const LARGEST_ORDER = (1n << 63n) - 1n;
const OTHER_NAME = /^(serial|certificate):([0-9a-f]{1,34})$/i;

/** As tickets and mails write it: "#123 456". @param {string} text */
const bare = (text) => text.replace(/[\s#\u200b\ufeff]/g, "");

/**
 * The one name that a certificate has, as text.
 * @param {{ orderNumber?: string | number | undefined, serialNumber?: string | undefined, certificateID?: string | number | undefined }} named
 */
export function nameOf({ orderNumber, serialNumber, certificateID }) {
  if (serialNumber !== undefined) return `serial:${serialNumber}`;
  return certificateID !== undefined ? `certificate:${certificateID}` : String(orderNumber ?? "");
}

/** Whether this is what was to be typed: the name, with or without what kind of name it is. @param {string} typed @param {Order} order */
export const isTyped = (typed, order) =>
  bare(typed)
    .replace(/^(serial|certificate):/i, "")
    .replaceAll(":", "")
    .toUpperCase() === nameOf(order).replace(/^\w+:/, "");

/**
 * What is wrong is said in the person's language; what else may be wrong the package says.
 * @param {Draft} draft
 * @param {Language} language
 */
export function readDraft(draft, { texts: { faults }, number }) {
  const orderNumber = bare(draft.orderNumber);
  const named = OTHER_NAME.exec(orderNumber);
  const productCode = draft.productCode.trim();
  const product = draft.product.trim();
  /** @type {Partial<Record<keyof Draft, string>>} */
  const wrong = {};
  if (orderNumber === "") wrong.orderNumber = faults.missingNumber;
  else if (named) delete wrong.orderNumber;
  else if (!/^[1-9][0-9]*$/.test(orderNumber)) wrong.orderNumber = faults.badNumber;
  else if (BigInt(orderNumber) > LARGEST_ORDER) wrong.orderNumber = faults.longNumber;
  if (draft.codeReason === "") wrong.codeReason = faults.missingReason;
  if ([...draft.revocationReason].length > COMMENT_LIMIT)
    wrong.revocationReason = faults.long(number(COMMENT_LIMIT));
  if ([...productCode].length > PRODUCT_CODE_LIMIT)
    wrong.productCode = faults.long(number(PRODUCT_CODE_LIMIT));
  if (!/^\d{0,15}$/.test(product)) wrong.product = faults.badProduct;

  /** @type {Order} */
  const order = {
    ...(!named
      ? { orderNumber }
      : named[1] === "serial"
        ? { serialNumber: named[2].toUpperCase() }
        : { certificateID: named[2] }),
    ...(draft.codeReason && {
      codeReason: /** @type {import("../../index.d.ts").CodeReason} */ (
        /^\d$/.test(draft.codeReason) ? Number(draft.codeReason) : draft.codeReason
      ),
    }),
    ...(draft.revocationReason.trim() && { revocationReason: draft.revocationReason.trim() }),
    ...(productCode && { productCode }),
    ...(product && { product: Number(product) }),
  };
  return { order, wrong };
}

/** What is revoked: the number with the product. @param {Order} order */
export function orderName({ productCode, product, ...named }) {
  const parts = [productCode, product].filter((part) => part !== undefined);
  const name = nameOf(named);
  return parts.length > 0 ? `${name} (${parts.join(", ")})` : name;
}

/** The CA's numbers of the reasons, the most serious first. */
export const REASONS = /** @type {const} */ ({
  keyCompromise: 1,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
  unspecified: 0,
});

/** @param {unknown} reason by name or number @param {Language} language */
export function reasonName(reason, { texts }) {
  const known = Object.entries(REASONS).find(([name, number]) => reason === name || reason === number);
  if (!known) return undefined;
  return `${texts.reasons[/** @type {keyof typeof REASONS} */ (known[0])].name} (${known[1]})`;
}

/** Enough of a comment to recognise it: a long one must not push the question off the screen. */
const COMMENT_SHOWN = 200;

/** @param {string} comment */
function clipped(comment) {
  const characters = [...comment];
  return characters.length > COMMENT_SHOWN ? `${characters.slice(0, COMMENT_SHOWN).join("")}…` : comment;
}

/**
 * @param {Order} order
 * @param {Language} language
 * @returns {[string, string][]}
 */
export function orderFacts(order, language) {
  const { facts } = language.texts;
  /** @type {[string, unknown][]} */
  const all = [
    [facts.order, nameOf(order)],
    [facts.productCode, order.productCode],
    [facts.product, order.product],
    [facts.reason, reasonName(order.codeReason, language)],
    [facts.comment, order.revocationReason && clipped(order.revocationReason)],
  ];
  return all.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
}
