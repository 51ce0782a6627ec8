// An answer of the CA in the two spellings that the vendor documents, byte for byte.

/**
 * @typedef {object} Answer
 * @property {number} code
 * @property {string} [message] never there when the code is 0
 */

/**
 * @typedef {object} Written
 * @property {string} contentType
 * @property {string} body
 */

/**
 * @param {Answer} answer
 * @param {0 | 1} format the call's `responseFormat`
 * @returns {Written}
 */
export function writeAnswer({ code, message }, format) {
  if (format === 0) {
    return { contentType: "text/plain", body: message === undefined ? `${code}\n` : `${code}\n${message}\n` };
  }
  const fields = new URLSearchParams({ errorCode: String(code) });
  if (message !== undefined) fields.set("errorMessage", message);
  return { contentType: "application/x-www-form-urlencoded", body: fields.toString() };
}
