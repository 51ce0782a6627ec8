// The arguments of a call, checked in the vendor's order: unknown (-2), missing (-3), invalid (-4).

/** @import { Pair } from "./form.js" */
/** @import { Answer } from "./answers.js" */

const largestInteger = 2n ** 63n - 1n;

/** @param {string} text */
const isInteger = (text) =>
  /^(0|-?[1-9][0-9]{0,18})$/.test(text) && BigInt(text) <= largestInteger && BigInt(text) >= -largestInteger;

// "64 chars" is read as characters, so code points: not bytes, and not the UTF-16 units of JavaScript.
/** @param {number} limit */
const atMost = (limit) => (/** @type {string} */ text) => text.length <= limit || [...text].length <= limit;

/** @param {...string} choices */
const oneOf =
  (...choices) =>
  (/** @type {string} */ text) =>
    choices.includes(text);

/** @param {number} most digits */
const digits = (most) => (/** @type {string} */ text) =>
  /^[0-9]+$/.test(text) && text.length <= most && BigInt(text) > 0n;

/** @param {string} text */
const isSerialNumber = (text) => /^[0-9A-Fa-f]{1,34}$/.test(text);

/** Of these exactly one says what is revoked (the vendor's newer pages; the older one knows the first alone). */
export const nameArguments = /** @type {const} */ (["orderNumber", "serialNumber", "certificateID"]);

/**
 * The documented arguments, in the order of the vendor's page. The page calls `codeReason` required and says in
 * the same breath what it is if omitted; so it may be omitted here.
 * @type {Record<string, { required?: boolean, accepts: (text: string) => boolean }>}
 */
const documented = {
  loginName: { required: true, accepts: atMost(64) },
  loginPassword: { required: true, accepts: atMost(128) },
  orderNumber: { accepts: (text) => isInteger(text) && BigInt(text) > 0n },
  serialNumber: { accepts: isSerialNumber },
  certificateID: { accepts: digits(16) },
  accountID: { accepts: isInteger },
  revocationReason: { accepts: atMost(1024) },
  codeReason: { accepts: oneOf("0", "1", "3", "4", "5") },
  productCode: { accepts: atMost(50) },
  product: { accepts: isInteger },
  test: { accepts: oneOf("Y", "N") },
  includeInCRL: { accepts: oneOf("Y", "N") },
  responseFormat: { accepts: oneOf("0", "1") },
};

export const argumentNames = Object.keys(documented);

/**
 * A call as the endpoint understands it.
 * @typedef {object} Call
 * @property {0 | 1} format how the answer is to be written
 * @property {string} loginName
 * @property {string} loginPassword
 * @property {string} orderNumber
 * @property {string} serialNumber
 * @property {string} certificateID
 * @property {string} productCode
 * @property {string} product
 * @property {string} codeReason
 * @property {boolean} includeInCRL
 * @property {boolean} test
 * @property {Answer} [refusal] the first thing that is wrong with the arguments
 */

/**
 * @param {Pair[]} pairs
 * @returns {Call}
 */
export function readCall(pairs) {
  /** @type {Map<string, Pair>} */
  const given = new Map();
  const repeated = new Set();
  for (const pair of pairs) {
    if (given.has(pair.name)) repeated.add(pair.name);
    else given.set(pair.name, pair);
  }
  /** @param {string} name */
  const value = (name) => given.get(name)?.value ?? "";
  return {
    format: value("responseFormat") === "1" && !repeated.has("responseFormat") ? 1 : 0,
    loginName: value("loginName"),
    loginPassword: value("loginPassword"),
    orderNumber: value("orderNumber"),
    serialNumber: value("serialNumber"),
    certificateID: value("certificateID"),
    productCode: value("productCode"),
    product: value("product"),
    codeReason: value("codeReason") || "0",
    includeInCRL: value("includeInCRL") !== "N",
    test: value("test") === "Y",
    refusal: refusal(given, repeated),
  };
}

/**
 * @param {Map<string, Pair>} given
 * @param {Set<string>} repeated
 * @returns {Answer | undefined}
 */
function refusal(given, repeated) {
  for (const name of given.keys()) {
    if (!Object.hasOwn(documented, name)) return { code: -2, message: `The '${name}' argument is unknown!` };
  }
  for (const name of argumentNames) {
    // An empty value of a required argument says as little as none.
    if (documented[name].required && !given.get(name)?.value) {
      return { code: -3, message: `The '${name}' argument is missing!` };
    }
  }
  const [name, another] = nameArguments.filter((name) => given.get(name)?.value);
  if (!name) return { code: -3, message: "The 'orderNumber' argument is missing!" };
  if (another) return { code: -4, message: `The '${another}' argument is invalid!` };
  for (const name of argumentNames) {
    const pair = given.get(name);
    if (!pair) continue;
    if (repeated.has(name) || !pair.readable || !documented[name].accepts(pair.value)) {
      return { code: -4, message: `The '${name}' argument is invalid!` };
    }
  }
}
