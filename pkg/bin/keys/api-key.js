// API keys of the edge: made here, known to the edge by their hash only.
import { createHash, randomBytes } from "node:crypto";

export const PERMISSIONS = ["revoke", "test", "plan", "approve", "audit", "operate"];

const SECRET_BYTES = 32;
const LARGEST_ORDER_NUMBER = 2n ** 63n - 1n;

/**
 * @typedef {object} Grant what a key is for; the texts are as the fault finders below want them
 * @property {string} id
 * @property {string[]} permissions
 * @property {string[]} orders
 * @property {string} [person]
 * @property {string} [expires]
 *
 * @typedef {Grant & { sha256: string }} Entry an element of API_KEYS
 */

/**
 * @param {Grant} grant
 * @returns {{ key: string, entry: Entry }}
 */
export function newApiKey({ id, permissions, orders, person, expires }) {
  const key = `ark_${id}_${randomBytes(SECRET_BYTES).toString("base64url")}`;
  const sha256 = createHash("sha256").update(key).digest("hex");
  return {
    key,
    entry: { id, sha256, permissions, orders, ...(person && { person }), ...(expires && { expires }) },
  };
}

/** @param {string} text */
export const idFault = (text) =>
  /^[A-Za-z0-9-]{1,32}$/.test(text) ? undefined : "an id is 1 to 32 letters, digits and hyphens";

/** @param {string} text permissions, comma-separated */
export function permissionsFault(text) {
  const names = list(text);
  const unknown = names.filter((name) => !PERMISSIONS.includes(name));
  if (unknown.length > 0)
    return `no such permission: ${unknown.join(", ")} (there are ${PERMISSIONS.join(", ")})`;
  return repeated(names);
}

/** @param {string} text order numbers, ranges or *, comma-separated */
export function ordersFault(text) {
  const items = list(text);
  const wrong = items.filter((item) => !isOrders(item));
  if (wrong.length > 0) {
    return `neither an order number, nor a range FROM-TO, nor *: ${wrong.map((item) => JSON.stringify(item)).join(", ")}`;
  }
  return repeated(items);
}

/** @param {string} item */
function isOrders(item) {
  if (item === "*") return true;
  const match = /^([1-9]\d{0,18})(?:-([1-9]\d{0,18}))?$/.exec(item);
  if (!match) return false;
  const from = BigInt(match[1]);
  const to = BigInt(match[2] ?? match[1]);
  return from <= to && to <= LARGEST_ORDER_NUMBER;
}

/** @param {string} text */
export const personFault = (text) =>
  /^\S(.*\S)?$/u.test(text) && !/\p{Cc}/u.test(text)
    ? undefined
    : "a person's name, without spaces around it";

/** @param {string} text */
export function expiresFault(text) {
  const shape = /^(\d{4})-(\d\d)-(\d\d)T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(text);
  const time = Date.parse(text);
  // Date.parse takes the 30th of February for the 2nd of March.
  const day =
    shape && new Date(Date.UTC(Number(shape[1]), Number(shape[2]) - 1, Number(shape[3]))).getUTCDate();
  if (!shape || Number.isNaN(time) || day !== Number(shape[3])) {
    return "not a time as RFC 3339 writes it, such as 2030-01-31T12:00:00Z";
  }
  return time > Date.now() ? undefined : "lies in the past";
}

/** @param {string} text */
export const list = (text) => text.split(",").map((item) => item.trim());

/** @param {string[]} items */
function repeated(items) {
  const twice = items.find((item, index) => items.indexOf(item) !== index);
  return twice === undefined ? undefined : `${twice} stands there twice`;
}
