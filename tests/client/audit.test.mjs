// audit.list(), audit.head() and audit.verify(): what is asked, what is believed, and what a lying edge gets away with.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient } from "autorevoke";
import { logOf, signer } from "../audit/logs.mjs";
import { EDGE, answering, facts, failure, json, problem, problemResponse } from "./calls.mjs";

const TOKEN = "ark_demo_sesame-open-sesame";
const clientOf = (/** @type {any} */ fetch) => createClient({ endpoint: EDGE, token: TOKEN, fetch });
const head = signer().head(logOf(3)[2]);

/** An edge with this log: pages of 7. @param {any[]} entries @param {any} now its head */
function edgeWith(entries, now) {
  const asked = /** @type {string[]} */ ([]);
  const fetch = async (/** @type {Request} */ { url, method, headers }) => {
    const { pathname, searchParams } = new URL(url);
    asked.push(pathname);
    assert.deepEqual([method, headers.get("authorization")], ["GET", `Bearer ${TOKEN}`]);
    if (pathname === "/v1/audit/head") return json(now);
    const after = Number(searchParams.get("after"));
    const page = entries.slice(after, after + 7);
    return json({ entries: page, ...(after + 7 < entries.length && { next: after + 7 }) });
  };
  return { client: clientOf(fetch), asked };
}

test("which part of the log is asked for", async () => {
  for (const [options, query] of /** @type {const} */ ([
    [undefined, ""],
    [{}, ""],
    [{ after: 0 }, "?after=0"],
    [{ after: 9007199254740991, limit: 10000 }, "?after=9007199254740991&limit=10000"],
    [{ limit: 1 }, "?limit=1"],
  ])) {
    const { fetch, requests } = answering(() => json({ entries: [], next: 7 }));
    assert.deepEqual(await clientOf(fetch).audit.list(options), { entries: [], next: 7 });
    assert.deepEqual([requests[0].method, requests[0].url], ["GET", `${EDGE}/v1/audit${query}`]);
  }
  for (const options of [
    ...[{ after: -1 }, { after: "1" }, { after: 1.5 }, { after: 2 ** 53 }, { after: NaN }],
    ...[{ limit: 0 }, { limit: 10001 }, { limit: null }, { head }, { resend: true }],
    { idempotencyKey: "k" },
  ]) {
    const { fetch, requests } = answering(() => json({ entries: [] }));
    const error = await failure(clientOf(fetch).audit.list(/** @type {any} */ (options)));
    assert.deepEqual([error.kind, requests.length], ["not-sent", 0], JSON.stringify(options));
  }
  const bound = createClient(/** @type {any} */ ({ endpoint: EDGE, limit: 7 }));
  assert.match((await failure(bound.audit.list())).message, /limit is not an option/);
});

test("a part of the log, or nothing", async () => {
  const entries = logOf(3);
  const { fetch } = answering(() => json({ entries }));
  assert.deepEqual(await clientOf(fetch).audit.list(), { entries });
  for (const wrong of [
    ...[{}, [], { entries: {} }, { entries: null }, { entries: [], next: "7" }, { entries: [], next: 0 }],
    { entries: [], next: 1.5 },
  ]) {
    const error = await failure(clientOf(answering(() => json(wrong)).fetch).audit.list());
    assert.deepEqual(facts(error), { kind: "unknown-outcome", mayHaveRevoked: false, status: 200 });
  }
  const ndjson = { headers: { "content-type": "application/x-ndjson" } };
  await failure(clientOf(answering(() => json({ entries }, ndjson)).fetch).audit.list());
});

test("a part larger than any other answer may be", async () => {
  const entries = logOf(1000);
  assert.ok(JSON.stringify(entries).length > 256 * 1024);
  const { fetch } = answering(() => json({ entries }));
  assert.equal((await clientOf(fetch).audit.list()).entries.length, 1000);
});

test("a head, or nothing", async () => {
  assert.deepEqual(await clientOf(answering(() => json(head)).fetch).audit.head(), head);
  for (const name of Object.keys(head)) {
    const error = await failure(
      clientOf(answering(() => json({ ...head, [name]: null })).fetch).audit.head(),
    );
    assert.deepEqual([error.kind, error.mayHaveRevoked], ["unknown-outcome", false], name);
  }
});

test("the whole log, page by page, against the head that the edge gives now", async () => {
  const entries = logOf(25);
  const key = signer();
  const { client, asked } = edgeWith(entries, key.head(entries[24]));
  assert.deepEqual(await client.audit.verify(), { ok: true, entries: 25, signature: "not-checked" });
  assert.deepEqual(asked, ["/v1/audit/head", ...Array(4).fill("/v1/audit")]);
  assert.deepEqual(await client.audit.verify({ keys: key.jwk }), {
    ok: true,
    entries: 25,
    signature: "valid",
  });
  const kept = { head: key.head(entries[10]), keys: [key.jwk] };
  assert.deepEqual(await client.audit.verify(kept), { ok: true, entries: 25, signature: "valid" });
  // It grew between the two requests.
  const grown = edgeWith(entries, key.head(entries[20])).client;
  assert.equal((await grown.audit.verify({ keys: key.jwk })).ok, true);
});

test("an edge that lies", async () => {
  const entries = logOf(25);
  const key = signer();
  const kept = key.head(entries[20]);
  const cut = edgeWith(entries.slice(0, 15), key.head(entries[14])).client;
  assert.equal((await cut.audit.verify({ keys: key.jwk })).ok, true, "only a head that was kept can tell");
  const found = await cut.audit.verify({ head: kept, keys: key.jwk });
  assert.deepEqual([found.ok, found.firstBad], [false, 16]);
  const other = edgeWith(logOf(25, "other"), key.head(logOf(25, "other")[24], { ledger: "other" })).client;
  assert.match(String((await other.audit.verify({ head: kept })).reason), /another ledger/);
  const forged = edgeWith(entries, signer().head(entries[24])).client;
  assert.match(String((await forged.audit.verify({ keys: key.jwk })).reason), /signature is not valid/);
  const changed = structuredClone(entries);
  changed[9].actor = "key:other";
  assert.equal((await edgeWith(changed, kept).client.audit.verify()).firstBad, 10);
  // Its pages go round in circles.
  const { fetch } = answering(
    () => json(key.head(entries[24])),
    () => json({ entries: entries.slice(0, 7), next: 7 }),
  );
  assert.equal((await clientOf(fetch).audit.verify()).ok, false);
});

test("each of the two heads, and each signature, counts by itself", async () => {
  const entries = logOf(25);
  const key = signer();
  const right = { now: key.head(entries[24]), kept: key.head(entries[20]) };
  const stranger = { now: signer().head(entries[24]), kept: signer().head(entries[20]) };
  const elsewhere = {
    now: key.head({ ...entries[24], hash: entries[3].hash }),
    kept: key.head({ ...entries[20], hash: entries[3].hash }),
  };
  for (const [what, heads, ok] of /** @type {[string, typeof right, boolean][]} */ ([
    ["none is wrong", right, true],
    ["the present head is of another log", { ...right, now: elsewhere.now }, false],
    ["the kept head is of another log", { ...right, kept: elsewhere.kept }, false],
    ["the present head is signed by a stranger", { ...right, now: stranger.now }, false],
    ["the kept head is signed by a stranger", { ...right, kept: stranger.kept }, false],
  ])) {
    const { client } = edgeWith(entries, heads.now);
    const verdict = await client.audit.verify({ head: heads.kept, keys: key.jwk });
    assert.equal(verdict.ok, ok, `${what}: ${JSON.stringify(verdict)}`);
  }
});

test("what the edge refuses is thrown, and wrong options are not ok", async () => {
  const { fetch, requests } = answering(() => problemResponse(problem("forbidden", 403)));
  const error = await failure(clientOf(fetch).audit.verify());
  assert.deepEqual([error.kind, error.mayHaveRevoked], ["forbidden", false]);
  for (const options of [{ heads: head }, { after: 1 }, null]) {
    assert.equal((await clientOf(fetch).audit.verify(/** @type {any} */ (options))).ok, false);
  }
  assert.equal(requests.length, 1);
  const wrong = await failure(clientOf(fetch).audit.verify({ timeout: -1 }));
  assert.equal(wrong.kind, "not-sent");
});
