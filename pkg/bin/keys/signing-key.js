// The key that signs the head of the audit log.
import { createHash } from "node:crypto";
import { keyPair } from "./key-pair.js";

/** @returns {{ kty: string, crv: string, x: string, d: string, kid: string }} a private JWK for AUDIT_SIGNING_KEY */
export function newSigningKey() {
  const { kty, crv, x, d } = keyPair("ed25519").privateKey.export({ format: "jwk" });
  if (!kty || !crv || !x || !d) throw new Error("Node made an Ed25519 key without all of its members");
  // RFC 7638: the required members in alphabetical order, without spaces.
  const kid = createHash("sha256").update(JSON.stringify({ crv, kty, x })).digest("base64url");
  return { kty, crv, x, d, kid };
}
