// Orders as callers send them: what is wrong with each member, or the order in its one normal form.
import { codeReasons } from "../codes.js";

/** @typedef {{ orderNumber: string, codeReason: number, revocationReason?: string, productCode?: string, product?: number, test: boolean }} Order */

const LARGEST_NUMBER = 2n ** 63n - 1n;
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;
const CONTROL_BUT_BREAKS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/;

/** How serious a reason is: of several for one order the most serious counts. */
export const SERIOUSNESS = [0, 4, 0, 3, 1, 2];

/** @type {Record<string, (value: any) => unknown>} the value in its normal form, or nothing if it is wrong */
const MEMBERS = {
  orderNumber: (value) => {
    if (typeof value === "number")
      return Number.isSafeInteger(value) && value > 0 ? String(value) : undefined;
    return /^[1-9][0-9]{0,18}$/.test(value) && BigInt(value) <= LARGEST_NUMBER ? value : undefined;
  },
  codeReason: (value) => codeReasons.find(({ number, name }) => value === number || value === name)?.number,
  revocationReason: (value) => text(value, 1024, CONTROL_BUT_BREAKS),
  productCode: (value) => text(value, 50, CONTROL),
  product: (value) => (Number.isSafeInteger(value) && value >= 0 ? value : undefined),
  test: (value) =>
    value === true || value === "Y" ? true : value === false || value === "N" ? false : undefined,
};

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
  if (!Object.hasOwn(members, "orderNumber")) fields.orderNumber = "is missing";
  return Object.keys(fields).length > 0 ? { fields } : { order: /** @type {Order} */ (order) };
}

/** What is revoked by it. @param {Order} order */
export const identityOf = ({ orderNumber, productCode, product }) =>
  `${orderNumber}/${productCode ?? ""}/${product ?? ""}`;

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
