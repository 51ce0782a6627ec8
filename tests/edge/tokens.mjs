// Keys and JWTs for the tests, made with Node's own crypto, so that right and wrong ones come about alike.
import { constants, createHmac, randomUUID, sign } from "node:crypto";
import { keyPair } from "../../pkg/bin/keys/key-pair.js";

export const ISSUER = "https://issuer.example";
export const AUDIENCE = "revocations";

/**
 * @typedef {object} Key
 * @property {string} kid
 * @property {string} alg that its owner signs with
 * @property {import("node:crypto").KeyObject} privateKey
 * @property {import("node:crypto").KeyObject} publicKey
 * @property {Record<string, unknown>} jwk what the issuer publishes
 */

/** @param {{ kid?: string, bits?: number }} [how] @returns {Key} */
export function rsaKey({ kid = randomUUID(), bits = 2048 } = {}) {
  return published({ kid, alg: "RS256", ...keyPair("rsa", { modulusLength: bits }) });
}

/** @param {{ kid?: string, curve?: string, alg?: string }} [how] @returns {Key} */
export function ecKey({ kid = randomUUID(), curve = "P-256", alg = "ES256" } = {}) {
  return published({ kid, alg, ...keyPair("ec", { namedCurve: curve }) });
}

/** @param {Omit<Key, "jwk">} key @returns {Key} */
export function published(key) {
  const { kid, alg, publicKey } = key;
  return { ...key, jwk: { ...publicKey.export({ format: "jwk" }), kid, alg, use: "sig" } };
}

/** @typedef {(input: Buffer) => Buffer} Signer */

const ecdsa = /** @type {const} */ ({ dsaEncoding: "ieee-p1363" });

/**
 * Signs by any algorithm, the forbidden ones included.
 * @type {Record<string, (key: any) => Signer>}
 */
export const signers = {
  RS256: (key) => (input) => sign("sha256", input, key),
  RS384: (key) => (input) => sign("sha384", input, key),
  RS512: (key) => (input) => sign("sha512", input, key),
  PS256: (key) => (input) =>
    sign("sha256", input, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 32 }),
  ES256: (key) => (input) => sign("sha256", input, { key, ...ecdsa }),
  ES384: (key) => (input) => sign("sha384", input, { key, ...ecdsa }),
  ES512: (key) => (input) => sign("sha512", input, { key, ...ecdsa }),
  EdDSA: (key) => (input) => sign(null, input, key),
  HS256: (secret) => (input) => createHmac("sha256", secret).update(input).digest(),
  none: () => () => Buffer.alloc(0),
};

/** @param {unknown} part text and bytes as they are, anything else as JSON */
export function encoded(part) {
  const bytes = typeof part === "string" || part instanceof Uint8Array ? part : JSON.stringify(part);
  return Buffer.from(bytes).toString("base64url");
}

/**
 * A token of these parts, right or wrong.
 * @param {unknown} header
 * @param {unknown} claims
 * @param {Signer} signer
 */
export function assembled(header, claims, signer) {
  const input = `${encoded(header)}.${encoded(claims)}`;
  return `${input}.${signer(Buffer.from(input)).toString("base64url")}`;
}

/** Claims that are right, with others instead or in addition; `undefined` leaves one out. @param {object} [others] */
export function claims(others = {}) {
  const now = Math.floor(Date.now() / 1000);
  return {
    iss: ISSUER,
    aud: AUDIENCE,
    sub: "olivia",
    iat: now,
    exp: now + 600,
    groups: ["revokers"],
    ...others,
  };
}

/**
 * A token as the issuer makes them.
 * @param {Key} key
 * @param {object} [others] claims
 * @param {object} [header] members, instead or in addition
 */
export function signed(key, others, header) {
  const { kid, alg, privateKey } = key;
  return assembled({ alg, typ: "JWT", kid, ...header }, claims(others), signers[alg](privateKey));
}

/**
 * A request of a token's bearer for /v1/me, as the edge reads requests: a token may hold what no `Request` would take.
 * @param {string} token
 */
export function requestOf(token) {
  const url = "http://edge.example/v1/me";
  const get = (/** @type {string} */ name) => (name === "Authorization" ? `Bearer ${token}` : null);
  return /** @type {Request} */ (/** @type {unknown} */ ({ method: "GET", url, headers: { get } }));
}
