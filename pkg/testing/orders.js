// Orders as callers send them: what is wrong with each member, or the order in its one normal form.
import { codeReasons } from "../codes.js";

/**
 * @typedef {{ orderNumber?: string, serialNumber?: string, certificateID?: string }} Name exactly one of them
 * @typedef {Name & { codeReason: number, revocationReason?: string, productCode?: string, product?: number, test: boolean }} Order
 */

/** What stands before the value where a single text names a certificate. @type {[name: keyof Name, prefix: string][]} */
const NAMES = [
  ["serialNumber", "serial:"],
  ["certificateID", "certificate:"],
  ["orderNumber", ""],
];

const LARGEST_NUMBER = 2n ** 63n - 1n;
const LARGEST_CERTIFICATE = 10n ** 16n - 1n;
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
const CONTROL_BUT_BREAKS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

/** How serious a reason is: of several for one order the most serious counts. */
export const SERIOUSNESS = [0, 4, 0, 3, 1, 2];

/** @type {Record<string, (value: any) => unknown>} the value in its normal form, or nothing if it is wrong */
const MEMBERS = {
  orderNumber: (value) => decimal(value, LARGEST_NUMBER),
  serialNumber: (value) => serial(value),
  certificateID: (value) => decimal(value, LARGEST_CERTIFICATE),
  codeReason: (value) => codeReasons.find(({ number, name }) => value === number || value === name)?.number,
  revocationReason: (value) => text(value, 1024, CONTROL_BUT_BREAKS),
  productCode: (value) => text(value, 50, CONTROL),
  product: (value) => (Number.isSafeInteger(value) && value >= 0 ? value : undefined),
  test: (value) =>
    value === true || value === "Y" ? true : value === false || value === "N" ? false : undefined,
};

/** @param {any} value @param {bigint} most @returns {string | undefined} */
function decimal(value, most) {
  if (typeof value === "number")
    return Number.isSafeInteger(value) && value > 0 ? decimal(String(value), most) : undefined;
  return /^[1-9][0-9]{0,18}$/.test(value) && BigInt(value) <= most ? value : undefined;
}

/** As octets, in capitals, without leading zeros. @param {any} value */
function serial(value) {
  if (typeof value !== "string") return undefined;
  const digits = value.replaceAll(/[:\s]/g, "").replace(/^0x/i, "");
  const number = digits.replace(/^0+/, "").toUpperCase();
  if (!/^[0-9a-f]{1,34}$/i.test(digits) || number === "") return undefined;
  return number.length % 2 === 0 ? number : `0${number}`;
}

/** @param {any} value @param {number} most @param {RegExp} never */
const text = (value, most, never) =>
  typeof value === "string" && [...value].length <= most && !never.test(value) ? value : undefined;

/**
 * @param {Record<string, any>} members
 * @returns {{ order: Order, fields?: undefined } | { fields: Record<string, string>, order?: undefined }}
 */
export function readOrder(members) {
  /** @type {Record<string, string>} */
  const fields = {};
  /** @type {Record<string, any>} */
  const order = { codeReason: 0, test: false };
  for (const [name, value] of Object.entries(members)) {
    const read = Object.hasOwn(MEMBERS, name) ? MEMBERS[name](value) : undefined;
    if (!Object.hasOwn(MEMBERS, name)) fields[name] = "is not known here";
    else if (read === undefined) fields[name] = "is not as it must be";
    else if (read !== "") order[name] = read;
  }
  const [name, ...more] = ["orderNumber", "serialNumber", "certificateID"].filter((each) =>
    Object.hasOwn(members, each),
  );
  if (!name) fields.orderNumber = "is missing";
  for (const another of more) fields[another] ??= "is another name: give one of them";
  return Object.keys(fields).length > 0 ? { fields } : { order: /** @type {Order} */ (order) };
}

/** The member that names its certificate. @param {Name} order @returns {Name} */
export function nameOf(order) {
  const [name] = NAMES.find(([name]) => order[name] !== undefined) ?? ["orderNumber"];
  return { [name]: order[name] };
}

/** The same as one text: `12`, `serial:0A1B`, `certificate:345`. @param {Name} order */
export function nameText(order) {
  const [name, prefix] = NAMES.find(([name]) => order[name] !== undefined) ?? ["orderNumber", ""];
  return `${prefix}${order[name]}`;
}

/** What such a text names; nothing if it names nothing. @param {string} text @returns {Name | undefined} */
export function readName(text) {
  const [name, prefix] = /** @type {[string, string]} */ (
    NAMES.find(([, prefix]) => text.startsWith(prefix))
  );
  const { order } = readOrder({ [name]: text.slice(prefix.length) });
  return order && nameOf(order);
}

/** What an order is and what it is called, without what is to be done. @param {Order} order @param {string} [label] */
export const identifiedBy = ({ productCode, product, ...order }, label) => ({
  ...nameOf(order),
  ...(label === undefined ? {} : { label }),
  ...(productCode === undefined ? {} : { productCode }),
  ...(product === undefined ? {} : { product }),
});

/** What is revoked by it. @param {Order} order */
export const identityOf = ({ productCode, product, ...order }) =>
  `${nameText(order)}/${productCode ?? ""}/${product ?? ""}`;

/**
 * RFC 8785 of an order: sorted members, integers and texts only.
 * @param {Record<string, any>} value
 */
export const canonical = (value) =>
  JSON.stringify(value, (_, member) =>
    member && typeof member === "object" && !Array.isArray(member)
      ? Object.fromEntries(Object.entries(member).sort(([one], [other]) => (one < other ? -1 : 1)))
      : member,
  );
