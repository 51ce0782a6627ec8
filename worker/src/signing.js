// Signs the head of the audit log: Ed25519 by WebCrypto (RFC 8037), the signature as base64url.

/**
 * @param {string} text
 * @param {string} jwk the private key
 */
export async function signed(text, jwk) {
  const { kty, crv, x, d } = JSON.parse(jwk);
  const key = await crypto.subtle.importKey("jwk", { kty, crv, x, d }, { name: "Ed25519" }, false, ["sign"]);
  const signature = await crypto.subtle.sign({ name: "Ed25519" }, key, new TextEncoder().encode(text));
  const letters = btoa(String.fromCharCode(...new Uint8Array(signature)));
  return letters.replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
}
