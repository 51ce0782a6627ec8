// verifyAuditLog() as an auditor calls it: logs, heads and keys are made by the contract's words, in JavaScript.
// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { verifyAuditLog } from "autorevoke";
import { LEDGER, canonical, hashOf, logOf, ndjsonOf, signer } from "./logs.mjs";

const entries = logOf(20);
const ndjson = ndjsonOf(entries);
const auditor = signer();
const head = auditor.head(entries[14]);

/** @param {any} log @param {any} [options] */
const verify = (log, options) => verifyAuditLog(log, options);

/** @param {any} log @param {any} options @param {RegExp} words @param {number} [firstBad] */
async function refused(log, options, words, firstBad) {
  const verdict = await verify(log, options);
  assert.equal(verdict.ok, false, words.source);
  assert.match(verdict.reason ?? "", words);
  assert.match(verdict.reason ?? "", /[.?]$/);
  if (firstBad !== undefined) assert.equal(verdict.firstBad, firstBad);
  assert.equal(verdict.signature, undefined);
  return verdict;
}

test("where the module cannot be loaded nothing is believed, and the next call tries again", async (t) => {
  const instantiate = t.mock.method(WebAssembly, "instantiate", async () => {
    throw new WebAssembly.CompileError("not allowed");
  });
  await refused(ndjson, { head }, /^Nothing was checked: .*not allowed/);
  instantiate.mock.restore();
  assert.equal((await verify(ndjson)).ok, true);
});

test("where the module fails nothing is believed, and the next call works", async () => {
  // Its memory cannot take this: it is as if there were more than there is.
  const huge = new Uint8Array(8);
  Object.defineProperty(huge, "subarray", { value: () => ({ length: 2 ** 31 + 5 }) });
  await refused(huge, {}, /^Nothing was checked: the WebAssembly module failed/);
  assert.equal((await verify(ndjson)).ok, true);
});

test("a whole log, with and without a head, with and without keys", async () => {
  assert.deepEqual(await verify(ndjson), { ok: true, entries: 20 });
  assert.deepEqual(await verify(ndjson, {}), { ok: true, entries: 20 });
  const unchecked = { ok: true, entries: 20, signature: "not-checked" };
  assert.deepEqual(await verify(ndjson, { head }), unchecked);
  assert.deepEqual(await verify(ndjson, { head: JSON.stringify(head, null, 2), keys: undefined }), unchecked);
  const valid = { ok: true, entries: 20, signature: "valid" };
  const other = signer("other").jwk;
  for (const keys of [auditor.jwk, [auditor.jwk], [other, auditor.jwk], { keys: [other, auditor.jwk] }]) {
    assert.deepEqual(await verify(ndjson, { head, keys }), valid);
  }
  const { kty, crv, x } = auditor.jwk;
  assert.deepEqual(await verify(ndjson, { head, keys: [{ kty, crv, x }] }), valid, "a key without a name");
});

test("a string, bytes, and pieces of either", async () => {
  const bytes = Buffer.from(ndjson);
  const pieces = Array.from({ length: Math.ceil(bytes.length / 7) }, (_, at) =>
    bytes.subarray(at * 7, at * 7 + 7),
  );
  async function* later() {
    for (const piece of pieces) yield piece;
  }
  const stream = new Response(ndjson).body;
  for (const log of [
    bytes,
    new Uint8Array(bytes),
    pieces,
    later(),
    stream,
    [ndjson.slice(0, 99), ndjson.slice(99)],
  ]) {
    assert.deepEqual(await verify(log, { head }), { ok: true, entries: 20, signature: "not-checked" });
  }
});

test("a sound log is sound however its text is cut, between the halves of a pair too", async () => {
  const expected = { ok: true, entries: 20, signature: "not-checked" };
  assert.match(ndjson, /[\ud800-\udbff][\udc00-\udfff]/);
  assert.deepEqual(await verify(ndjson.split(""), { head }), expected);
  for (let at = ndjson.search(/[\ud800-\udbff]/) - 2, end = at + 5; at < end; at += 1) {
    const pieces = [ndjson.slice(0, at), "", ndjson.slice(at)];
    assert.deepEqual(await verify(pieces, { head }), expected, `cut at ${at}`);
  }
  // A half that has no other half is no text, wherever it stands.
  const lone = ndjson.search(/[\ud800-\udbff]/) + 1;
  for (const pieces of [
    [ndjson.slice(0, lone), ndjson.slice(lone + 1)],
    [ndjson.slice(0, lone), Buffer.from(ndjson.slice(lone + 1))],
  ]) {
    assert.equal((await verify(pieces)).ok, false);
  }
  assert.equal((await verify([ndjson, "\ud83d"])).ok, false);
});

/** As bytes: what Windows programs write, and what is no text in UTF-8. */
const inUtf16 = (/** @type {string} */ text) =>
  Buffer.from(`\ufeff${text.replaceAll("\n", "\r\n")}`, "utf16le");

test("a log in UTF-16 or with a byte order mark is the log that it is, however it is cut", async () => {
  const changed = structuredClone(entries);
  changed[9].orderNumber = "1";
  for (const log of [ndjson, ndjsonOf(changed)]) {
    const expected = await verify(log, { head });
    assert.equal(expected.ok, log === ndjson);
    for (const bytes of [inUtf16(log), inUtf16(log).swap16(), Buffer.from(`\ufeff${log}`)]) {
      const pieces = (/** @type {number} */ size) =>
        Array.from({ length: Math.ceil(bytes.length / size) }, (_, at) =>
          bytes.subarray(at * size, (at + 1) * size),
        );
      for (const log of [bytes, pieces(1), pieces(7), new Response(bytes).body])
        assert.deepEqual(await verify(log, { head }), expected);
    }
    assert.deepEqual(await verify(`\ufeff${log}`, { head: `\ufeff${JSON.stringify(head)}` }), expected);
  }
});

test("where the encoding is not known that is said, and nothing of a change", async () => {
  for (const log of [
    inUtf16(ndjson).subarray(2),
    Buffer.from(ndjson, "latin1"),
    inUtf16(ndjson).toString(),
    Buffer.concat(
      [...`\ufeff${ndjson}`].map((c) => Buffer.from(Uint32Array.of(c.codePointAt(0) ?? 0).buffer)),
    ),
  ]) {
    const { ok, unreadable, reason = "" } = await verify(log);
    assert.deepEqual([ok, unreadable], [false, "encoding"]);
    assert.match(reason, /cannot be read: it is neither UTF-8 nor UTF-16 with a byte order mark/);
  }
  const found = await refused(
    ndjson,
    { head: inUtf16(JSON.stringify(head)).toString() },
    /^The head cannot be/,
  );
  assert.equal(found.unreadable, "encoding");
  assert.equal((await refused("{}", {}, /Entry 1 cannot be read/)).unreadable, undefined);
});

test("a log larger than a piece of the module's memory", async () => {
  const long = logOf(9000);
  const text = ndjsonOf(long);
  assert.ok(text.length > 3 << 20);
  assert.deepEqual(await verify(text), { ok: true, entries: 9000 });
  long[7776].orderNumber = "1";
  await refused(ndjsonOf(long), undefined, /Entry 7777 was changed/, 7777);
});

test("what is changed is found", async () => {
  const changed = structuredClone(entries);
  changed[9].orderNumber = "1";
  await refused(ndjsonOf(changed), undefined, /Entry 10 was changed/, 10);
  await refused(ndjsonOf(entries.toSpliced(9, 1)), { head }, /Entry 10 is missing/, 10);
  await refused(
    ndjsonOf([...entries.slice(0, 4), entries[3], ...entries.slice(4)]),
    {},
    /Entry 4 stands where/,
    5,
  );
  await refused(ndjsonOf(entries.slice(0, 12)), { head }, /ends at entry 12, before entry 15.*was cut/, 13);
  await refused(ndjsonOf(entries.slice(3)), {}, /begins with entry 4/, 1);
  const forged = entries.slice(0, 10);
  for (let at = 10; at < 20; at += 1) {
    const { hash: _, ...rest } = { ...entries[at], actor: "key:other", prevHash: forged[at - 1].hash };
    forged.push({ ...rest, hash: hashOf(rest) });
  }
  assert.equal((await verify(ndjsonOf(forged))).ok, true, "only a head can tell");
  await refused(ndjsonOf(forged), { head }, /not the one that the head was made of/, 15);
});

test("the head's signature", async () => {
  const keys = [auditor.jwk];
  for (const [name, value] of Object.entries({ time: "2020-01-01T00:00:00.000Z", more: 1 })) {
    await refused(ndjson, { head: { ...head, [name]: value }, keys }, /signature is not valid/);
  }
  const { signature } = head;
  const flipped = (signature[0] === "A" ? "B" : "A") + signature.slice(1);
  await refused(ndjson, { head: { ...head, signature: flipped }, keys }, /not valid/);
  for (const wrong of ["", "x", `${signature}=`, `${signature}A`, signature.slice(1), undefined]) {
    await refused(ndjson, { head: { ...head, signature: wrong }, keys }, /none of Ed25519/);
  }
  const forger = signer();
  await refused(ndjson, { head: forger.head(entries[14]), keys }, /not valid/);
  await refused(ndjson, { head: auditor.head(entries[14], { kid: "new" }), keys }, /not among those/);
  // What is signed must still be about this log.
  await refused(ndjson, { head: auditor.head(entries[14], { ledger: "other" }), keys }, /another ledger/);
  await refused(ndjson, { head: auditor.head({ ...entries[14], seq: 25 }), keys }, /before entry 25/);
});

test("keys that are none", async () => {
  const { jwk, privateJwk } = auditor;
  await refused(ndjson, { head, keys: privateJwk }, /private key/);
  for (const keys of [null, 7, "key", [null], ["key"]])
    await refused(ndjson, { head, keys }, /not JSON Web Keys/);
  for (const keys of [
    [],
    {},
    { ...jwk, crv: "X25519" },
    { ...jwk, kty: "EC" },
    { ...jwk, kid: "other" },
    { ...jwk, x: undefined },
  ]) {
    await refused(ndjson, { head, keys }, /not among those/);
  }
  await refused(ndjson, { head, keys: { ...jwk, x: "AAAA" } }, /not valid/);
  // One that cannot be used does not hide the one that can.
  assert.equal((await verify(ndjson, { head, keys: [{ ...jwk, x: "AAAA" }, jwk] })).ok, true);
});

test("nothing that was asked for is left out silently", async () => {
  await refused(ndjson, { keys: [auditor.jwk] }, /without a head/);
  await refused(ndjson, { heads: head }, /option that does not exist/);
  for (const wrong of [
    null,
    "{}",
    "",
    7,
    [],
    {},
    () => {},
    { ...head, seq: "15" },
    { ...head, hash: undefined },
    1n,
  ]) {
    await refused(ndjson, { head: wrong }, /^The head /);
  }
  for (const options of [null, 7, "head"]) await refused(ndjson, options, /options must be/);
});

test("what is no log is not ok, and does not throw", async () => {
  for (const log of [undefined, null, 7, {}, () => {}, 7n]) await refused(log, {}, /The log is neither/);
  await refused([7], {}, /piece of the log/);
  await refused(new Uint16Array(4), {}, /piece of the log/);
  for (const log of ["", new Uint8Array(), []]) await refused(log, {}, /The log is empty/);
  await refused("", { head }, /The log is empty/);
  for (const log of ["\n", "x", "{}", "[]", "null", `\ufeff\ufeff${ndjson}`, `\n${ndjson}`, `${ndjson}\n`]) {
    await refused(log, {}, /^Entry \d+ cannot be read/);
  }
  const twice = ndjson.replace('{"action":"open"', '{"action":"none","action":"open"');
  await refused(twice, {}, /Entry 1 cannot be read/, 1);
});

test("what throws while its pieces are read is the caller's own", async () => {
  const gone = new Error("gone");
  async function* broken() {
    yield ndjson.slice(0, 50);
    throw gone;
  }
  await assert.rejects(verify(broken()), gone);
});

test("a runtime without Ed25519 does not call a signature valid", async (t) => {
  const keys = [auditor.jwk];
  const { subtle } = crypto;
  const importKey = t.mock.method(Object.getPrototypeOf(subtle), "importKey", async () => {
    throw new DOMException("Unrecognized name.", "NotSupportedError");
  });
  await refused(ndjson, { head, keys }, /has no Ed25519/);
  importKey.mock.restore();
  t.mock.getter(Object.getPrototypeOf(crypto), "subtle", () => undefined);
  await refused(ndjson, { head, keys }, /has no Ed25519/);
});

test("what the edge signs is the RFC 8785 form, whatever order the members come in", async () => {
  const shuffled = Object.fromEntries(Object.entries(head).reverse());
  assert.notEqual(JSON.stringify(shuffled), canonical(shuffled));
  assert.equal((await verify(ndjson, { head: shuffled, keys: auditor.jwk })).signature, "valid");
  assert.equal(entries[0].ledger, LEDGER);
});
