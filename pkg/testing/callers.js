// Who calls, and what they may do: a caller for each token, as an entry of the edge's API_KEYS has it.
import { Problem } from "./http.js";

/** @typedef {import("../testing.d.ts").FakeCaller} FakeCaller */

/** @type {NonNullable<FakeCaller["permissions"]>} */
const EVERYTHING = ["revoke", "test", "plan", "approve", "audit", "operate"];

export class Caller {
  #permissions;
  #orders;

  /** @param {FakeCaller} entry */
  constructor({ id, person, permissions = EVERYTHING, orders = ["*"] }) {
    this.actor = `key:${id}`;
    this.person = person;
    /** Whom limits are counted for, and who is another person than whom. */
    this.name = person ?? this.actor;
    this.#permissions = /** @type {readonly string[]} */ (permissions);
    this.#orders = orders;
  }

  /** The members that documents and the audit log have of a caller. */
  get names() {
    return { actor: this.actor, person: this.name };
  }

  get document() {
    const { actor, name: person } = this;
    const personReason =
      "The entry of this API key names no person, so it counts for itself and cannot approve.";
    const grants = [{ permissions: [...this.#permissions], orders: [...this.#orders] }];
    return { actor, person, ...(this.person === undefined ? { personReason } : {}), grants };
  }

  /** @param {readonly string[]} anyOf permissions */
  has(anyOf) {
    return anyOf.some((permission) => this.#permissions.includes(permission));
  }

  /** Refuses a caller with none of these permissions. @param {readonly string[]} anyOf */
  mustHave(anyOf) {
    if (!this.has(anyOf)) throw new Problem("forbidden", `This needs the permission ${anyOf.join(" or ")}.`);
  }

  /** @param {string} permission */
  hasForAll(permission) {
    return this.has([permission]) && this.#orders.includes("*");
  }

  /** Refuses a caller who lacks it for all orders. @param {string} permission */
  mustHaveForAll(permission) {
    if (!this.hasForAll(permission))
      throw new Problem("forbidden", `This needs the permission ${permission} for the orders *.`);
  }

  /** @param {readonly string[]} anyOf permissions @param {string} name */
  may(anyOf, name) {
    return this.has(anyOf) && this.#orders.some((range) => isIn(name, range));
  }
}

/** Ranges are of order numbers: what is named otherwise needs all of them. @param {string} name @param {string} range */
function isIn(name, range) {
  if (range === "*") return true;
  if (!/^\d+$/.test(name)) return false;
  const [first, last = first] = range.split("-").map(BigInt);
  return first <= BigInt(name) && BigInt(name) <= last;
}

/**
 * The caller with this `Authorization`. Where nobody is named, each token is a person of its own who may do everything:
 * `token: "olivia"` is `key:olivia`.
 * @param {string | null} authorization
 * @param {Readonly<Record<string, FakeCaller>> | undefined} known
 */
export function callerOf(authorization, known) {
  const [, token] = /^Bearer +(\S+)$/i.exec(authorization ?? "") ?? [];
  if (token && known && Object.hasOwn(known, token)) return new Caller(known[token]);
  if (token && !known) {
    const [, id = "caller"] = /^(?:ark_)?([A-Za-z0-9-]{1,32})(?:_.*)?$/.exec(token) ?? [];
    return new Caller({ id, person: id });
  }
  const words = token ? "The API key is not known, or it has expired." : "Send Authorization: Bearer KEY.";
  throw new Problem("unauthenticated", words, {
    headers: { "WWW-Authenticate": 'Bearer realm="autorevoke"' },
  });
}
