// The edge's audit log, and what verifying it gives.
import type { EdgeOptions } from "./options.js";

/** An entry of the audit log: one of these members, and others by its action. */
export interface AuditEntry {
  /** Its place in the log, from 1. */
  seq: number;
  time: string;
  actor: string;
  action: string;
  phase: string;
  /** The hash of the entry before it; 64 zeros for the first. */
  prevHash: string;
  /** Lower-case hex SHA-256 of the entry without `hash`, serialised by RFC 8785 (JCS). */
  hash: string;
  [member: string]: unknown;
}

/** A part of the audit log. */
export interface AuditPage {
  entries: AuditEntry[];
  /** What to give as `after` for the next part; not there if this is the last one. */
  next?: number;
}

/** Which part of the audit log. */
export interface AuditListOptions extends EdgeOptions {
  /** The `seq` of the entry before the first one wanted. Default: 0. */
  after?: number | undefined;
  /** How many entries at most, up to 10 000. Default: the edge's, 1000. */
  limit?: number | undefined;
  /** Only entries about this order. With any of these four a part may be short, or empty, although there is a `next`. */
  order?: string | number | undefined;
  /** Only entries of this actor, such as `key:operator`. */
  actor?: string | undefined;
  /** Only entries with this action, such as `revoke`. */
  action?: string | undefined;
  /** Only entries about the job with this id. */
  job?: string | undefined;
}

/** The end of the audit log at some moment, signed by the edge. Keep it elsewhere: see {@link verifyAuditLog}. */
export interface AuditHead {
  seq: number;
  hash: string;
  time: string;
  /** A random id that was made with the ledger: another one shows that it was emptied or replaced. */
  ledger: string;
  /** The name of the key. */
  kid: string;
  /** base64url of the Ed25519 signature over the RFC 8785 form of the other members. */
  signature: string;
}

/** A public Ed25519 key as a JWK (RFC 8037), as `GET /v1/audit/key` answers it. */
export interface AuditKey {
  kty: "OKP" | (string & {});
  crv?: string;
  x?: string;
  kid?: string;
  [member: string]: unknown;
}

/** Against what a log is verified. */
export interface AuditVerification {
  /**
   * A head that was kept elsewhere, as an object or as JSON text: the log must contain the entry that it was made of, and
   * may be longer. Without it nobody can tell whether the end of a log was cut off or rewritten.
   */
  head?: AuditHead | string | undefined;
  /**
   * The public key that signed the head, or several, or a JWK set: the head's signature must be valid under the one that it
   * names. Keys without a head are a mistake, and verify nothing.
   */
  keys?: AuditKey | readonly AuditKey[] | { keys: readonly AuditKey[] } | undefined;
}

/** What was found. `ok` is true only if all that was asked for was checked and right. */
export interface AuditVerdict {
  ok: boolean;
  /** How many entries there are. */
  entries: number;
  /** The first entry that cannot be believed, by its place from 1; where the log was cut, the first that is missing. */
  firstBad?: number;
  /** What is wrong, in a sentence. It quotes nothing of the log. */
  reason?: string;
  /**
   * Where the fault is that the log, from `firstBad` on, or the head is neither UTF-8 nor UTF-16 with a byte order mark: whether
   * it was changed cannot be told then.
   */
  unreadable?: "encoding";
  /** Whether the signature of the head was checked: not without `keys`. */
  signature?: "valid" | "not-checked";
}
