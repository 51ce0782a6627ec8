// Verifying an audit log: wasm judges the chain and the head, WebCrypto the head's signature, and nothing else is
// believed. Loaded with the first call for it.
import { isValid, keysFor } from "./head-signature.js";

/** @typedef {import("./instance.js").Instance} Instance */
/** @typedef {import("./index.d.ts").AuditVerdict} Verdict */
/** @typedef {import("./index.d.ts").AuditHead} Head */
/** @typedef {AsyncIterable<Uint8Array | string> | Iterable<Uint8Array | string>} Pieces */

// The module's memory grows with what it is given at once, and does not shrink.
const PIECE_BYTES = 1 << 20;

/** Fails closed. @param {string} reason @param {number} [entries] @returns {Verdict} */
const refused = (reason, entries = 0) => ({ ok: false, entries, reason });

/**
 * @param {Instance} full
 * @param {unknown} log
 * @param {any} [options]
 */
export async function verifyAuditLog(full, log, options) {
  const given = read(options, []);
  if ("reason" in given) return refused(given.reason);
  const { head, keys } = given;
  if (keys !== undefined && head === undefined) {
    return refused(
      "keys were given without a head: it is the head that is signed. Give the head that you kept as well.",
    );
  }
  const pieces = typeof log === "string" || isBytes(log) ? [log] : log;
  if (!isIterable(pieces))
    return refused("The log is neither a string nor bytes, nor gives pieces of these.");
  return verdict(full, pieces, head === undefined ? [] : [head], keys);
}

/**
 * The whole log of the edge, against the head that it gives now and the one that was kept.
 * @param {Instance} full
 * @param {{ list: (options: any) => Promise<any>, head: (options: any) => Promise<Head> }} edge
 * @param {any} options
 */
export async function verifyEdgesLog(full, edge, options) {
  const given = read(options, ["endpoint", "token", "signal", "timeout", "fetch", "dangerouslyAllowBrowser"]);
  if ("reason" in given) return refused(given.reason);
  const { head, keys, others } = given;
  // The head first: the log may grow meanwhile, and must not look cut.
  const now = await edge.head(others);
  async function* pages() {
    for (let after = 0; ;) {
      const { entries, next } = await edge.list({ ...others, after });
      yield entries.map((/** @type {unknown} */ entry) => `${JSON.stringify(entry)}\n`).join("");
      if (!(next > after)) return;
      after = next;
    }
  }
  return verdict(full, pages(), head === undefined ? [now] : [head, now], keys);
}

/**
 * @param {Instance} full
 * @param {Pieces} pieces
 * @param {unknown[]} heads each as an object or as JSON text
 * @param {unknown} keys
 * @returns {Promise<Verdict>}
 */
async function verdict(full, pieces, heads, keys) {
  /** @type {(string | undefined)[]} */
  let texts;
  try {
    texts = heads.map((head) => (typeof head === "string" ? head : String(JSON.stringify(head))));
  } catch {
    return refused("The head is neither an object nor JSON text.");
  }
  const found = await chainOf(full, pieces, texts.length > 0 ? texts : [undefined]);
  for (const { head, ...report } of found) if (!report.ok) return report;
  const [{ entries }] = found;
  if (heads.length === 0) return { ok: true, entries };
  if (keys === undefined) return { ok: true, entries, signature: "not-checked" };
  for (const { head } of found) {
    const usable = keysFor(head.kid, keys);
    if ("reason" in usable) return refused(usable.reason, entries);
    const valid = await isValid(head, usable.keys);
    if ("reason" in valid) return refused(valid.reason, entries);
  }
  return { ok: true, entries, signature: "valid" };
}

/**
 * What wasm says of the log, for each head.
 * @param {Instance} full
 * @param {Pieces} pieces
 * @param {(string | undefined)[]} heads
 * @returns {Promise<(Verdict & { head: import("./head-signature.js").Signed })[]>}
 */
async function chainOf(full, pieces, heads) {
  /** @param {string} reason */
  const failed = (reason) => /** @type {any} */ ([refused(reason)]);
  /** @type {typeof import("./dist/autorevoke_full.js")} */
  let wasm;
  try {
    wasm = /** @type {any} */ (await full.ready());
  } catch (error) {
    return failed(/** @type {Error} */ (error).message.replace("Nothing was sent", "Nothing was checked"));
  }
  try {
    const verifiers = heads.map((head) => new wasm.AuditVerifier(head));
    for await (const bytes of bytesOf(pieces)) {
      if (!isBytes(bytes)) return failed("A piece of the log is neither a string nor bytes.");
      for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
        for (const verifier of verifiers) verifier.read(bytes.subarray(at, at + PIECE_BYTES));
      }
    }
    return verifiers.map((verifier) => JSON.parse(verifier.end()));
  } catch (error) {
    if (!(error instanceof WebAssembly.RuntimeError)) throw error; // It came with the pieces.
    // The instance's memory is unproven now.
    wasm.__wbg_reset_state();
    return failed("Nothing was checked: the WebAssembly module failed.");
  }
}

/**
 * The log's bytes, however its text was cut.
 * @param {Pieces} pieces
 */
async function* bytesOf(pieces) {
  const encoder = new TextEncoder();
  /** The first half of a surrogate pair, whose other half begins the next piece. */
  let half = "";
  for await (const piece of pieces) {
    if (typeof piece === "string") {
      const text = half + piece;
      half = /[\uD800-\uDBFF]$/.test(text) ? text.slice(-1) : "";
      yield encoder.encode(text.slice(0, text.length - half.length));
    } else {
      if (half !== "") yield encoder.encode(half);
      half = "";
      yield piece;
    }
  }
  if (half !== "") yield encoder.encode(half);
}

/**
 * The options: those of a verification, and `others`. One that does not exist is a fault: it could be a misspelt head.
 * @param {any} options
 * @param {string[]} known
 * @returns {{ head?: unknown, keys?: unknown, others: object } | { reason: string }}
 */
function read(options, known) {
  if (options === undefined) return { others: {} };
  if (typeof options !== "object" || options === null) return { reason: "The options must be an object." };
  const { head, keys, ...others } = options;
  const unknown = Object.keys(others).filter((name) => others[name] !== undefined && !known.includes(name));
  if (unknown.length > 0)
    return {
      reason: "Nothing was checked: there is an option that does not exist. There are head and keys.",
    };
  return { head, keys, others };
}

/** By shape: it may come from another realm. @param {any} value @returns {value is Uint8Array} */
const isBytes = (value) =>
  ArrayBuffer.isView(value) && "BYTES_PER_ELEMENT" in value && value.BYTES_PER_ELEMENT === 1;

/** @param {any} value @returns {value is Pieces} */
const isIterable = (value) =>
  typeof value?.[Symbol.asyncIterator] === "function" ||
  (typeof value === "object" && typeof value?.[Symbol.iterator] === "function");
