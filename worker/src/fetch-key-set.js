// One look at the issuer's published keys (RFC 7517): never redirected, bounded in time and size.
import { TooSlow, readAtMost } from "./bodies.js";
import { isWeak } from "./weak-keys.js";

const WITHIN_MS = 5_000;
const MAX_BYTES = 256 * 1024;
/** RFC 7518, sections 6.2.2, 6.3.2 and 6.4: what a public key does not have. */
const PRIVATE_MEMBERS = ["d", "p", "q", "dp", "dq", "qi", "oth", "k"];

/**
 * @param {string} url
 * @param {typeof globalThis.fetch} fetch
 * @returns {Promise<{ keys: import("jose").JWK[], weak: import("jose").JWK[] } | { failed: string }>} public keys for
 *   signatures, apart from them those that are too weak to be believed; or why there are none
 */
export async function fetchKeySet(url, fetch) {
  const startedAt = Date.now();
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), WITHIN_MS);
  try {
    const response = await fetch(url, {
      // Followed, a redirect would let another host say whose tokens are good.
      redirect: "manual",
      headers: { Accept: "application/jwk-set+json, application/json", "User-Agent": "autorevoke" },
      signal: controller.signal,
    });
    if (response.status !== 200) {
      response.body?.cancel().catch(() => {});
      return { failed: `HTTP ${response.status}` };
    }
    const body = await readAtMost(response.body, MAX_BYTES + 1, WITHIN_MS - (Date.now() - startedAt));
    if (body.length > MAX_BYTES) {
      response.body?.cancel().catch(() => {});
      return { failed: "too long" };
    }
    return publicKeys(body);
  } catch (error) {
    const timedOut = controller.signal.aborted || error instanceof TooSlow;
    return { failed: timedOut ? "timed out" : "connection lost" };
  } finally {
    clearTimeout(timer);
  }
}

/** @param {Uint8Array} body */
function publicKeys(body) {
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
function isPublicKeyForSignatures(key) {
  return (
    (key?.kty === "RSA" || key?.kty === "EC") &&
    (key.use === undefined || key.use === "sig") &&
    !PRIVATE_MEMBERS.some((name) => name in key)
  );
}
