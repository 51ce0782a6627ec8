// The audit log at the end: verified, against heads that were kept between the kills, and against every order's history.
// @ts-check
import { verifyAuditLog } from "autorevoke";

/**
 * @typedef {import("./world.mjs").World} World
 * @typedef {import("./truth.mjs").History} History
 * @typedef {{ seq: number, hash: string, ledger: string }} Head
 * @typedef {{ phase: string, action: string, orderNumber?: string, outcome?: string }} Entry
 */

const PAGE = 5_000;
/** Said once, when the ledger is made; the others are about a ledger that is not the one it was. */
const OPENINGS = ["open", "migrate", "restore"];

/** The head as it is now, to be kept elsewhere. @param {World} world @returns {Promise<Head | undefined>} */
export async function head(world) {
  const { status, json } = await world.askNow("/v1/audit/head", { as: "auditor" });
  return status === 200 ? json : undefined;
}

/**
 * The whole log, read and verified.
 * @param {World} world
 * @param {Head[]} kept
 */
export async function auditTrail(world, kept) {
  const last = await head(world);
  const { json: key } = await world.askNow("/v1/audit/key", { as: "auditor" });
  const trail = new Trail(last ? [...kept, last] : kept);
  const verdict = await verifyAuditLog(trail.read(world), { head: /** @type {any} */ (last), keys: [key] });
  if (!last) trail.faults.push("its head cannot be had");
  if (!verdict.ok) trail.faults.push(`entry ${verdict.firstBad}: ${verdict.reason}`);
  else if (verdict.signature !== "valid") trail.faults.push("the signature of its head was not checked");
  return trail;
}

class Trail {
  /** @type {string[]} */
  faults = [];
  /** The heads that were kept and have not been met yet. @type {Map<string, number>} */
  #missing;
  /** By `seq`. @type {Map<number, Entry>} */
  #entries = new Map();
  /** @type {string[]} */
  #openings = [];

  /** @param {Head[]} kept */
  constructor(kept) {
    this.#missing = new Map(kept.map(({ hash, seq }) => [hash, seq]));
  }

  get length() {
    return this.#entries.size;
  }

  /** The whole log, as a verifier wants it. @param {World} world */
  async *read(world) {
    for (let after = 0; ;) {
      const { status, text = "" } = await world.askNow(`/v1/audit?after=${after}&limit=${PAGE}`, {
        as: "auditor",
        headers: { accept: "application/x-ndjson" },
      });
      if (status !== 200) throw new Error(`the audit log cannot be read after entry ${after}`);
      const lines = text.split("\n").filter((line) => line !== "");
      if (lines.length === 0) return;
      for (const line of lines) after = this.#note(JSON.parse(line));
      yield text;
    }
  }

  /** @param {any} entry */
  #note({ seq, hash, phase, action, orderNumber, outcome }) {
    this.#entries.set(seq, { phase, action, orderNumber, outcome });
    if (OPENINGS.includes(action)) this.#openings.push(action);
    if (this.#missing.get(hash) === seq) this.#missing.delete(hash);
    return seq;
  }

  /**
   * @param {Map<string, History>} histories by order number, read after the log
   * @returns {string[]}
   */
  faultsAgainst(histories) {
    const faults = [...this.faults];
    if (this.#openings.join() !== "open") faults.push(`its ledger was opened by ${this.#openings}`);
    const { size } = this.#missing;
    if (size > 0) faults.push(`${size} heads that were kept are not in it`);
    return [...faults, ...this.#attempts(histories)].map((what) => `audit log: ${what}`);
  }

  /** Every attempt has its two entries, and every intent its attempt. @param {Map<string, History>} histories */
  *#attempts(histories) {
    const intents = new Set(
      [...this.#entries].filter(([, { phase }]) => phase === "intent").map(([seq]) => seq),
    );
    for (const [orderNumber, { attempts }] of histories) {
      for (const { auditSeqs, outcome, purpose = "revoke" } of attempts) {
        const [intent, end] = auditSeqs.map((seq) => this.#entries.get(seq));
        const isOf = (/** @type {Entry | undefined} */ entry, /** @type {string} */ phase) =>
          entry?.orderNumber === orderNumber && entry.action === purpose && entry.phase === phase;
        // It may have begun, or ended, after the log was read.
        const agree = auditSeqs.map(
          (seq, index) =>
            seq > this.length ||
            (index === 0 ? isOf(intent, "intent") : isOf(end, "outcome") && end?.outcome === outcome),
        );
        if (agree.includes(false))
          yield `the entries ${auditSeqs} are not those of an attempt at order ${orderNumber}`;
        intents.delete(auditSeqs[0]);
      }
    }
    if (intents.size > 0) yield `the intents ${[...intents].slice(0, 10)} are in no order's history`;
  }
}
