// Audit logs and heads as a stranger would make them from the contract's words alone.
// @ts-check
import { createHash, sign } from "node:crypto";
import { keyPair } from "../../pkg/bin/keys/key-pair.js";

export const NO_HASH = "0".repeat(64);
export const LEDGER = "3f0e1f7a-7d0d-4a53-9d0e-0a51c3e3f0aa";

/** RFC 8785 for what entries hold: sorted members, no spaces. @param {any} value @returns {string} */
export function canonical(value) {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const members = Object.keys(value).sort();
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join()}}`;
}

/** @param {object} value */
export const hashOf = (value) => createHash("sha256").update(canonical(value)).digest("hex");

/**
 * Entries, chained.
 * @param {object[]} members
 * @returns {any[]}
 */
export function chained(members) {
  /** @type {any[]} */
  const entries = [];
  for (const own of members) {
    const entry = { ...own, seq: entries.length + 1, prevHash: entries.at(-1)?.hash ?? NO_HASH };
    entries.push({ ...entry, hash: hashOf(entry) });
  }
  return entries;
}

/** A log that begins as the edge's does. @param {number} count @param {string} [ledger] */
export function logOf(count, ledger = LEDGER) {
  const revocations = Array.from({ length: count - 1 }, (_, at) => ({
    ...{ time: "2026-11-22T00:00:00.000Z", actor: "key:demo", action: "revoke" },
    ...{ phase: at % 2 ? "outcome" : "intent", orderNumber: String(1000 + at), test: false },
    ...{
      revocationReason: 'Schlüssel "öffentlich"\n\u0001 \u2028 😀',
      errorCode: -21,
      more: { list: [1, null, true] },
    },
  }));
  return chained([{ action: "open", actor: "edge", phase: "outcome", ledger }, ...revocations]);
}

/** @param {any[]} entries */
export const ndjsonOf = (entries) => entries.map((entry) => `${JSON.stringify(entry)}\n`).join("");

/** A signing key; `jwk` is its public half. @param {string} [kid] */
export function signer(kid = "audit-1") {
  const { privateKey, publicKey } = keyPair("ed25519");
  const { kty, crv, x } = publicKey.export({ format: "jwk" });
  return {
    jwk: { kty: String(kty), crv, x, kid, alg: "EdDSA", use: "sig" },
    privateJwk: { ...privateKey.export({ format: "jwk" }), kty: String(kty), kid },
    /** The head after this entry. @param {any} entry @param {object} [more] */
    head(entry, more) {
      const { seq, hash } = entry;
      const head = { seq, hash, time: "2026-11-22T01:00:00.000Z", ledger: LEDGER, kid, ...more };
      const signature = sign(null, Buffer.from(canonical(head)), privateKey).toString("base64url");
      return { ...head, signature };
    },
  };
}

/** A log with its signed head, as values of JSON. */
export function signedLog() {
  const entries = logOf(5);
  const { jwk, head } = signer();
  return { ndjson: ndjsonOf(entries), head: head(entries[4]), keys: [jwk] };
}
