// The corpus of office files (tests/files): each has an expectation that can be met, and is in bytes what it is said to be.
// @ts-check
import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

/** @typedef {{ orderNumber?: string, serialNumber?: string, certificateID?: string }} Name */
/**
 * @typedef {object} Plan
 * @property {number} total
 * @property {Name[]} names
 * @property {Record<string, number>} reasons
 * @property {number} duplicates
 * @property {(Name & { codeReason: string })[]} conflicts
 * @property {boolean} drill
 * @property {string[]} [labels]
 * @property {(string | null)[]} [comments]
 * @property {string[]} [says]
 *
 * @typedef {{ options: string[], plan?: Plan, fault?: { contains: string[], rows?: number[] }, why?: string }} Case
 * @typedef {{ encoding: string, bom?: boolean, lineEnd?: string, separator?: string, starts?: string }} Bytes
 * @typedef {{ from: string, bytes: Bytes, cases: Case[] }} Expected
 */

const FOLDER = new URL("../files/", import.meta.url);
const ABOUT = ["README.md", "expected.json", "make.mjs"];
const AT_LEAST = 45;
const MAX_BYTES = 20_000;

const read = (/** @type {string} */ name) => readFileSync(new URL(name, FOLDER));
/** @type {Record<string, Expected>} */
const expected = JSON.parse(read("expected.json").toString()).files;
const names = readdirSync(FOLDER).filter((name) => !ABOUT.includes(name));
const everyCase = Object.entries(expected).flatMap(([name, { cases }]) =>
  cases.map((each, at) => ({ what: `${name}, case ${at + 1}`, name, ...each })),
);

const BOMS = /** @type {Record<string, string>} */ ({
  "utf-8": "efbbbf",
  "utf-16le": "fffe",
  "utf-16be": "feff",
});
const isAscii = (/** @type {Buffer} */ bytes) => bytes.every((byte) => byte < 0x80);

/** The text of a file, without byte order mark; undefined if it is no UTF-8. @param {Buffer} bytes */
function utf8(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/** The text in the encoding it is said to have. @param {string} name @param {Bytes} said @returns {string} */
function textOf(name, { encoding, bom = false }) {
  const bytes = read(name);
  const content = bom ? bytes.subarray(BOMS[encoding].length / 2) : bytes;
  if (bom) assert.equal(bytes.toString("hex", 0, BOMS[encoding].length / 2), BOMS[encoding], name);
  else for (const mark of Object.values(BOMS)) assert.ok(!bytes.toString("hex").startsWith(mark), name);
  switch (encoding) {
    case "ascii":
      assert.ok(isAscii(content), name);
      return content.toString("latin1");
    case "utf-8": {
      // Without a mark or another character it would be ASCII.
      assert.ok(bom || !isAscii(content), name);
      const text = utf8(content);
      assert.ok(text !== undefined, name);
      return text;
    }
    case "windows-1252":
      assert.equal(utf8(content), undefined, name);
      return new TextDecoder("windows-1252").decode(content);
    default:
      return new TextDecoder(encoding, { fatal: true }).decode(content);
  }
}

const LINE_ENDS = /** @type {Record<string, RegExp>} */ ({
  crlf: /^(?:[^\r\n]*\r\n)+[^\r\n]*$/,
  lf: /^(?:[^\r\n]*\n)+[^\r\n]*$/,
  cr: /^(?:[^\r\n]*\r)+[^\r\n]*$/,
  none: /^[^\r\n]*$/,
});

/** The certificates in a PEM bundle, without those of CAs. @param {string} text */
const certificatesIn = (text) =>
  (text.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? [])
    .map((pem) => new X509Certificate(pem))
    .filter(({ ca }) => !ca);

test("every file has an expectation, and every expectation its file", () => {
  assert.deepEqual(names.sort(), Object.keys(expected).sort());
  assert.ok(names.length >= AT_LEAST, `${names.length} files`);
});

test("the files are small, and have no private key in them", () => {
  // The object identifiers of a PKCS#12 key bag, bare and encrypted, and those of a key's algorithms within one in DER.
  const keyBags = ["060b2a864886f70d010c0a0101", "060b2a864886f70d010c0a0102"];
  const version0 = /^30(?:..|81..|82....)020100(?:30|02)/;
  const version1 = /^30(?:..|81..)02010104/;
  for (const name of names) {
    const bytes = read(name);
    assert.ok(bytes.length < MAX_BYTES, `${name}: ${bytes.length}`);
    assert.doesNotMatch(bytes.toString("latin1").replaceAll("\0", ""), /PRIVATE KEY/, name);
    const hex = bytes.toString("hex");
    for (const bag of keyBags) assert.ok(!hex.includes(bag), name);
    for (const key of [version0, version1]) assert.doesNotMatch(hex, key, name);
  }
});

test("each file is in bytes what it is said to be", () => {
  for (const [name, { bytes: said }] of Object.entries(expected)) {
    if (said.encoding === "binary") {
      assert.ok(said.starts && read(name).toString("hex").startsWith(said.starts), name);
      continue;
    }
    const text = textOf(name, said);
    if (said.lineEnd === "mixed") {
      for (const end of Object.values(LINE_ENDS)) assert.doesNotMatch(text, end, name);
    } else {
      assert.match(text, LINE_ENDS[said.lineEnd ?? "none"], name);
    }
    if (said.separator) assert.ok(text.includes(said.separator), name);
  }
  const encodings = new Set(Object.values(expected).map(({ bytes }) => bytes.encoding));
  assert.deepEqual([...encodings].sort(), [
    "ascii",
    "binary",
    "utf-16be",
    "utf-16le",
    "utf-8",
    "windows-1252",
  ]);
});

test("each case expects a plan that adds up, or a fault with words", () => {
  const spelt = /** @type {Record<string, RegExp>} */ ({
    orderNumber: /^[1-9][0-9]{0,18}$/,
    serialNumber: /^(?!00)(?:[0-9A-F]{2}){1,17}$/,
    certificateID: /^[0-9]{1,16}$/,
  });
  for (const [name, { from, cases }] of Object.entries(expected)) {
    assert.ok(from.length > 0 && cases.length > 0, name);
  }
  for (const { what, options, plan, fault } of everyCase) {
    assert.ok(!plan !== !fault, what);
    for (let at = 0; at < options.length; at += 2) {
      assert.match(options[at], /^--(reason|columns)$/, what);
      assert.ok(options[at + 1], what);
    }
    if (fault) {
      assert.ok(fault.contains.length > 0 && fault.contains.every(Boolean), what);
      assert.ok(
        (fault.rows ?? [1]).every((row) => row > 0),
        what,
      );
    }
    if (!plan) continue;
    assert.equal(plan.names.length, plan.total, what);
    const counts = Object.values(plan.reasons);
    assert.equal(
      counts.reduce((sum, count) => sum + count, 0),
      plan.total,
      what,
    );
    for (const one of plan.names) {
      const [[kind, text], ...more] = Object.entries(one);
      assert.deepEqual(more, [], what);
      assert.match(text, spelt[kind], what);
    }
    for (const list of [plan.labels, plan.comments]) {
      if (list) assert.equal(list.length, plan.total, what);
    }
    assert.ok(plan.conflicts.length <= plan.duplicates, what);
    for (const { codeReason, ...one } of plan.conflicts) {
      assert.ok(
        plan.names.some((planned) => JSON.stringify(planned) === JSON.stringify(one)),
        what,
      );
      assert.ok(plan.reasons[codeReason] > 0, what);
    }
  }
});

test("what is expected of certificates is what is in them", () => {
  let seen = 0;
  for (const { what, name, plan } of everyCase) {
    if (!plan) continue;
    const bytes = read(name);
    const found = name.endsWith(".der")
      ? [new X509Certificate(bytes)]
      : certificatesIn(bytes.toString("latin1"));
    if (found.length === 0) continue;
    seen++;
    const serials = found.map(({ serialNumber }) => serialNumber);
    assert.deepEqual(
      plan.names.map(({ serialNumber }) => serialNumber),
      [...new Set(serials)],
      what,
    );
    assert.equal(plan.duplicates, serials.length - plan.total, what);
  }
  assert.ok(seen >= 5, `${seen} cases`);
});
