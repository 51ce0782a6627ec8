// The bytes of a form: its pairs in the order sent, each decoded exactly once.
//
// URLSearchParams would do, but it repairs what it cannot read; a stand-in for the CA has to notice it.

/**
 * @typedef {object} Pair
 * @property {string} name
 * @property {string} value
 * @property {boolean} readable false if an escape was broken or the bytes were not UTF-8
 */

const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/**
 * Decodes one name or value.
 * @param {string} text bytes, one a character (latin1)
 * @returns {{ text: string, readable: boolean }}
 */
export function decodeOnce(text) {
  if (/^[\w.*:/@~ -]*$/.test(text)) return { text, readable: true };
  const brokenEscape = /%(?![0-9A-Fa-f]{2})/.test(text);
  const bytes = text
    .replaceAll("+", " ")
    .replace(/%([0-9A-Fa-f]{2})/g, (_, hex) => String.fromCharCode(Number.parseInt(hex, 16)));
  const buffer = Buffer.from(bytes, "latin1");
  try {
    return { text: utf8.decode(buffer), readable: !brokenEscape };
  } catch {
    return { text: buffer.toString("utf8"), readable: false };
  }
}

/**
 * Splits first and decodes then, so that an encoded `&` or `=` stays inside its value.
 * @param {string} body bytes, one a character (latin1)
 * @returns {Pair[]}
 */
export function readPairs(body) {
  const pairs = [];
  for (const part of body.split("&")) {
    if (part === "") continue;
    const equals = part.indexOf("=");
    const name = decodeOnce(equals < 0 ? part : part.slice(0, equals));
    const value = decodeOnce(equals < 0 ? "" : part.slice(equals + 1));
    pairs.push({ name: name.text, value: value.text, readable: name.readable && value.readable });
  }
  return pairs;
}

/**
 * Whether a media type is the one that the vendor asks for.
 * @param {string | undefined} contentType
 */
export function isForm(contentType) {
  return /^\s*application\/x-www-form-urlencoded\s*(;|$)/i.test(contentType ?? "");
}
