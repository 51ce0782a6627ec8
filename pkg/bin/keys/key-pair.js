// A pair of keys that can be exported. In Node 20 a key that generateKeyPairSync() gives as an object can lock its process for
// ever: when it is exported, and garbage of the generation is collected meanwhile. So it comes as PEM, and is read from that.
import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";

const PEM = {
  privateKeyEncoding: { type: "pkcs8", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
};

/**
 * @param {"rsa" | "ec" | "ed25519"} type
 * @param {{ modulusLength?: number, namedCurve?: string }} [options]
 */
export function keyPair(type, options) {
  /** @type {{ privateKey: any, publicKey: any }} */
  const { privateKey, publicKey } = generateKeyPairSync(/** @type {any} */ (type), { ...options, ...PEM });
  return { privateKey: createPrivateKey(privateKey), publicKey: createPublicKey(publicKey) };
}
