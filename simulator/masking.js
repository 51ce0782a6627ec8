// What must not be seen: the credentials in anything that the simulator keeps or shows.

import { argumentNames } from "./arguments.js";
import { decodeOnce } from "./form.js";

export const masked = "[masked]";

const credentialName = /login|pass/i;
const confidentialHeader = /auth|cookie|token|secret|pass|key|jwt|assertion/i;

/** The usual ways in which a secret is spelt. @param {string} secret */
function spellings(secret) {
  const bytes = Buffer.from(secret, "utf8");
  return [
    secret,
    encodeURIComponent(secret),
    new URLSearchParams({ s: secret }).toString().slice(2),
    bytes.toString("base64").replace(/=+$/, ""),
    bytes.toString("base64url"),
    bytes.toString("hex"),
  ];
}

/** Masks texts for one account. */
export class Mask {
  #secrets;
  /** @type {string[]} */
  #spellings = [];
  #spelled = 0;

  /** @param {string[]} secrets may grow */
  constructor(secrets) {
    this.#secrets = secrets;
  }

  /** A text with every known secret in it masked; shorter ones than 4 characters would mask half the language. */
  text(/** @type {string} */ text) {
    if (this.#spelled !== this.#secrets.length) {
      this.#spellings = [...new Set(this.#secrets.filter((secret) => secret.length >= 4).flatMap(spellings))];
      this.#spelled = this.#secrets.length;
    }
    for (const secret of this.#spellings) if (text.includes(secret)) text = text.replaceAll(secret, masked);
    return text;
  }

  /** A form's bytes as they came, but for the two credentials, under whatever name they came. */
  form(/** @type {string} */ body) {
    return body
      .split("&")
      .map((part) => this.#part(part))
      .join("&");
  }

  #part(/** @type {string} */ part) {
    const equals = part.indexOf("=");
    const name = decodeOnce(equals < 0 ? part : part.slice(0, equals)).text;
    if (equals >= 0 && credentialName.test(name)) return `${part.slice(0, equals)}=${masked}`;
    if (argumentNames.includes(name)) {
      return this.#betrays(part.slice(equals + 1)) ? `${part.slice(0, equals)}=${masked}` : part;
    }
    // A password with a bare `&` in it falls into parts: the second must not be shown either.
    const sent = Buffer.from(part, "latin1").toString("utf8");
    return this.#isPiece(sent) || this.#isPiece(decodeOnce(part).text) || this.#betrays(part) ? masked : part;
  }

  #isPiece(/** @type {string} */ text) {
    return text !== "" && this.#secrets.some((secret) => secret.includes(text));
  }

  /** A text of the CA, which may name an argument that is a piece of a password. */
  message(/** @type {string} */ message) {
    return this.text(message).replace(/'([^']+)'/g, (quotation, name) =>
      !argumentNames.includes(name) && this.#isPiece(name) ? `'${masked}'` : quotation,
    );
  }

  /** Whether there is a secret in it, as it is or after decoding. */
  #betrays(/** @type {string} */ encoded) {
    const text = decodeOnce(encoded).text;
    return this.text(encoded) !== encoded || this.text(text) !== text;
  }

  /** A request's target, whose query is treated like a form. */
  target(/** @type {string} */ target) {
    const query = target.indexOf("?");
    if (query < 0) return this.text(target);
    return `${this.text(target.slice(0, query))}?${this.form(target.slice(query + 1))}`;
  }

  /**
   * @param {import("node:http").IncomingHttpHeaders} headers
   * @returns {Record<string, string>}
   */
  headers(headers) {
    /** @type {Record<string, string>} */
    const shown = {};
    for (const [name, value] of Object.entries(headers)) {
      shown[name] = confidentialHeader.test(name) ? masked : this.text(String(value));
    }
    return shown;
  }
}
