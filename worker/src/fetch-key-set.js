// One look at the issuer's published keys (RFC 7517), and what is believed of them.
import { readAtMost } from "./bodies.js";
import { isWeak } from "./weak-keys.js";

const WITHIN_MS = 5_000;
const MAX_BYTES = 256 * 1024;
/** RFC 7518, sections 6.2.2, 6.3.2 and 6.4: what a public key does not have. */
const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/**
 * Public keys for signatures, apart from them those that are too weak to be believed.
 * @typedef {{ keys: import("jose").JWK[], weak: import("jose").JWK[] }} KeySet
 */

/**
 * @param {string} url
 * @param {typeof globalThis.fetch} fetch
 * @param {AbortSignal} [signal]
 * @returns {Promise<KeySet | { failed: string }>} or why there is none
 */
export async function fetchKeySet(url, fetch, signal = AbortSignal.timeout(WITHIN_MS)) {
  try {
    const response = await fetch(url, {
      // Followed, a redirect would let another host say whose tokens are good.
      redirect: "manual",
      headers: { Accept: "application/jwk-set+json, application/json", "User-Agent": "autorevoke" },
      signal,
    });
    if (response.status !== 200) return refused(response, `HTTP ${response.status}`);
    const body = await readAtMost(response, MAX_BYTES + 1, WITHIN_MS);
    return body.length > MAX_BYTES ? refused(response, "too long") : believed(body);
  } catch {
    return { failed: signal.aborted ? "timed out" : "connection lost" };
  }
}

/** @param {Response} response @param {string} why */
function refused(response, why) {
  response.body?.cancel().catch(() => {});
  return { failed: why };
}

/** @param {Uint8Array} body @returns {KeySet | { failed: string }} */
function believed(body) {
  try {
    const { keys } = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(body));
    /** @type {any[]} */
    const known = keys.filter(isPublicKeyForSignatures);
    return { keys: known.filter((key) => !isWeak(key)), weak: known.filter(isWeak) };
  } catch {
    // No text, no JSON, or no list of keys in it.
    return { failed: "not a key set" };
  }
}

/** @param {any} key */
const isPublicKeyForSignatures = (key) =>
  (key?.kty === "RSA" || key?.kty === "EC") &&
  (key.use === undefined || key.use === "sig") &&
  !PRIVATE_MEMBERS.some((name) => name in key);
