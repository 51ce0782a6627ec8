// A login that is recognised wherever it turns up, and the ways in which it may be written there.

export const LOGIN_NAME = "canary-login-7f3a";
export const LOGIN_PASSWORD = 'cänary pass&+%=/ü€"';

/** @param {string} text */
const base64 = (text) => Buffer.from(text).toString("base64");
/** @param {string} text */
const hex = (text) => Buffer.from(text).toString("hex");
/** @param {string} text */
const form = (text) => new URLSearchParams([["", text]]).toString().slice(1);
/** @param {string} text */
const html = (text) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
/** @param {string} text */
const asciiJson = (text) =>
  JSON.stringify(text)
    .slice(1, -1)
    .replace(/[^ -~]/g, (letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, "0")}`);

/** Every usual way to write a secret, by name. @type {Record<string, (secret: string) => string>} */
export const SPELLINGS = {
  raw: (secret) => secret,
  "upper case": (secret) => secret.toUpperCase(),
  percent: encodeURIComponent,
  "percent, lower-case digits": (secret) =>
    encodeURIComponent(secret).replace(/%../g, (escape) => escape.toLowerCase()),
  "percent, every byte": (secret) => hex(secret).replace(/../g, "%$&"),
  "percent, twice": (secret) => encodeURIComponent(encodeURIComponent(secret)),
  form,
  "form, twice": (secret) => form(form(secret)),
  base64,
  "base64, one byte later": (secret) => base64(`:${secret}`),
  "base64, two bytes later": (secret) => base64(`::${secret}`),
  base64url: (secret) => Buffer.from(secret).toString("base64url"),
  hex,
  "hex, upper case": (secret) => hex(secret).toUpperCase(),
  "hex, spaced": (secret) => hex(secret).replace(/..(?=.)/g, "$& "),
  html,
  "html, numeric": (secret) => [...secret].map((letter) => `&#${letter.codePointAt(0)};`).join(""),
  "html, hexadecimal": (secret) =>
    [...secret].map((letter) => `&#x${letter.codePointAt(0)?.toString(16)};`).join(""),
  json: (secret) => JSON.stringify(secret).slice(1, -1),
  "json, ASCII only": asciiJson,
  "json of json": (secret) => JSON.stringify(JSON.stringify(secret)),
  "UTF-8 read as Latin-1": (secret) => Buffer.from(secret).toString("latin1"),
  reversed: (secret) => [...secret].reverse().join(""),
};

// Pieces as well, since a text may have been cut in the middle of the secret.
const PIECES = ["canary-login", "nary pass", "nary+pass", "nary%20pass", "ssap yran", "nigol-yranac"];

/** The login of `npm run demo`. It is no secret, but it is treated like one. */
const DEMO_LOGIN = ["demo-reseller", "demo-password"];

/** Base64 that stands in the middle of other base64: without the characters that hold bits of its neighbours. */
const inBase64 = (/** @type {string} */ secret) =>
  [0, 1, 2].flatMap((before) => {
    const length = Buffer.byteLength(secret);
    const inner = base64(":".repeat(before) + secret);
    const own = inner.slice(Math.ceil((before * 8) / 6), Math.floor(((before + length) * 8) / 6));
    return [own, own.replaceAll("+", "-").replaceAll("/", "_")];
  });

/** A whole form, encoded once more. @param {string} secret */
const formEncodedAgain = (secret) =>
  [encodeURIComponent(secret), form(secret)].flatMap((text) => [
    ...inBase64(text),
    hex(text),
    hex(text).toUpperCase(),
  ]);

const EVERY = new Set([
  ...[LOGIN_NAME, LOGIN_PASSWORD, ...DEMO_LOGIN].flatMap((secret) => [
    ...Object.values(SPELLINGS).map((spell) => spell(secret)),
    ...inBase64(secret),
    ...formEncodedAgain(secret),
  ]),
  ...PIECES,
]);

/** Without those that hold another one: whatever has them has that one too. */
const NEEDLES = [...EVERY]
  .filter((text) => ![...EVERY].some((other) => other !== text && text.includes(other)))
  .flatMap((text) => [
    { text, bytes: Buffer.from(text) },
    { text, bytes: Buffer.from(text, "utf16le") },
  ]);

/**
 * What of a login is in there, in whatever spelling.
 * @param {string | Buffer} where
 * @returns {string | undefined}
 */
export function revealed(where) {
  const bytes = typeof where === "string" ? Buffer.from(where) : where;
  return NEEDLES.find((needle) => bytes.includes(needle.bytes))?.text;
}
