// The signature of an audit log's head: Ed25519, by the runtime's own WebCrypto.

/** @typedef {{ kid: string, signature: string, signed: string }} Signed */

const UNSUPPORTED =
  "The head's signature was not checked: this runtime's WebCrypto has no Ed25519, or the page is not a secure context.";

/**
 * Those of the keys that the head can have been signed with.
 * @param {string} kid
 * @param {any} given a JWK, an array of them, or a JWK set
 * @returns {{ keys: any[] } | { reason: string }}
 */
export function keysFor(kid, given) {
  /** @type {any[]} */
  const all = Array.isArray(given) ? given : Array.isArray(given?.keys) ? given.keys : [given];
  if (all.some((key) => key?.d !== undefined)) {
    return {
      reason:
        "A private key was given: it belongs to the edge alone. Give the public one, as GET /v1/audit/key tells it.",
    };
  }
  if (!all.every((key) => typeof key === "object" && key !== null)) {
    return { reason: "The keys are not JSON Web Keys." };
  }
  const keys = all.filter(
    (key) =>
      key.kty === "OKP" &&
      key.crv === "Ed25519" &&
      typeof key.x === "string" &&
      (key.kid === undefined || key.kid === kid),
  );
  return keys.length > 0
    ? { keys }
    : { reason: "The key that the head names is not among those that were given (Ed25519, by its kid)." };
}

/**
 * @param {Signed} head
 * @param {any[]} keys
 * @returns {Promise<{ valid: true } | { reason: string }>}
 */
export async function isValid({ signature, signed }, keys) {
  if (!/^[\w-]{86}$/.test(signature)) return { reason: "The head's signature is none of Ed25519." };
  const text = atob(signature.replaceAll("-", "+").replaceAll("_", "/"));
  const bytes = Uint8Array.from(text, (letter) => letter.charCodeAt(0));
  const message = new TextEncoder().encode(signed);
  for (const { kty, crv, x } of keys) {
    try {
      const key = await crypto.subtle.importKey("jwk", { kty, crv, x }, { name: "Ed25519" }, false, [
        "verify",
      ]);
      if (await crypto.subtle.verify({ name: "Ed25519" }, key, bytes, message)) return { valid: true };
    } catch (error) {
      // Any other error is about this key alone: it is none.
      if (isUnsupported(error)) return { reason: UNSUPPORTED };
    }
  }
  return {
    reason: "The head's signature is not valid under the key that it names: the head was changed or forged.",
  };
}

/** @param {any} error */
const isUnsupported = (error) => error?.name === "NotSupportedError" || error instanceof TypeError;
