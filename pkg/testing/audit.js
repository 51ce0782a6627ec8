// The audit log of the fake edge: entries that are chained by their hashes, and a signed head, so that they can be verified.
import { canonical } from "./orders.js";

const UTF8 = new TextEncoder();
/** What stands before the 32 bytes of an Ed25519 key in PKCS #8 (RFC 8410). */
const PKCS8 = [
  0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

export class AuditLog {
  /** @type {Record<string, any>[]} */
  #entries = [];
  #ledger = crypto.randomUUID();
  /** @type {Promise<{ key: CryptoKey, jwk: Record<string, string> }> | undefined} */
  #signing;

  /** @param {Record<string, unknown>} members @returns {number} its number */
  write(members) {
    const seq = this.#entries.length + 1;
    this.#entries.push({ seq, time: new Date().toISOString(), ...members });
    return seq;
  }

  /** Entries of which these members have these values. @param {number} after @param {number} limit @param {Record<string, string>} [filter] */
  async page(after, limit, filter = {}) {
    await this.#chain();
    const wanted = Object.entries(filter);
    const fitting = this.#entries
      .slice(after)
      .filter((entry) => wanted.every(([name, value]) => entry[name] === value));
    const entries = fitting.slice(0, limit);
    const last = entries.length < limit ? this.#entries.length : entries[limit - 1].seq;
    return { entries, ...(last < this.#entries.length ? { next: last } : {}) };
  }

  async head() {
    await this.#chain();
    const { key, jwk } = await this.#signer();
    const { seq, hash } = this.#entries[this.#entries.length - 1];
    const head = { seq, hash, time: new Date().toISOString(), ledger: this.#ledger, kid: jwk.kid };
    const signature = await crypto.subtle.sign("Ed25519", key, UTF8.encode(canonical(head)));
    return { ...head, signature: base64url(signature) };
  }

  /** The public key. */
  async key() {
    return (await this.#signer()).jwk;
  }

  /** Hashes what has no hash yet. */
  async #chain() {
    for (const [at, entry] of this.#entries.entries()) {
      if (entry.hash) continue;
      entry.prevHash = at === 0 ? "0".repeat(64) : this.#entries[at - 1].hash;
      entry.hash = await sha256Hex(canonical(entry));
    }
  }

  #signer() {
    return (this.#signing ??= makeSigner());
  }
}

async function makeSigner() {
  const seed = crypto.getRandomValues(new Uint8Array(32));
  const key = await crypto.subtle.importKey("pkcs8", new Uint8Array([...PKCS8, ...seed]), "Ed25519", true, [
    "sign",
  ]);
  const { kty, crv, x } = await crypto.subtle.exportKey("jwk", key);
  // RFC 7638: the required members in alphabetical order.
  const kid = base64url(await crypto.subtle.digest("SHA-256", UTF8.encode(JSON.stringify({ crv, kty, x }))));
  return { key, jwk: /** @type {Record<string, string>} */ ({ kty, crv, x, kid, alg: "EdDSA", use: "sig" }) };
}

/** @param {string} text */
export async function sha256Hex(text) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", UTF8.encode(text)));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** @param {ArrayBuffer} bytes */
const base64url = (bytes) =>
  btoa(String.fromCharCode(...new Uint8Array(bytes)))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replaceAll("=", "");
