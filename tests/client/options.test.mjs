// What the caller may choose: every fault is named, nothing is sent, and no value is quoted.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient, revoke } from "autorevoke";
import { CA, EDGE, answering, assertNoSecret, caAnswer, failure, json, login, revoked } from "./calls.mjs";

const order = { orderNumber: "123456" };
const TOKEN = "ark_demo_sesame-open-sesame";

/** The message of a refusal of these options. */
async function refusal(options) {
  const { fetch, requests } = answering(json(revoked()));
  const error = await failure(revoke(order, /** @type {any} */ ({ fetch, ...options })));
  assert.deepEqual([error.kind, error.mayHaveRevoked, requests.length], ["not-sent", false, 0]);
  assert.equal(error.fields, undefined);
  assertNoSecret(error, [TOKEN]);
  return error.message;
}

/** The request that goes out with these options. */
async function sent(options) {
  const { fetch, requests } = answering(() => (options.credentials ? caAnswer("0\n") : json(revoked())));
  assert.equal((await revoke(order, { fetch, ...options })).outcome, "revoked");
  assert.equal(requests.length, 1);
  return requests[0];
}

test("https only, except on loopback", async () => {
  for (const endpoint of [
    ...["https://edge.example", "https://edge.example:8443/", "https://[2001:db8::1]", "https://127.0.0.1"],
    ...["http://localhost", "http://localhost:8787", "http://a.b.localhost:1", "http://127.0.0.1:8787"],
    ...[
      "http://127.255.255.254",
      "http://127.1",
      "http://0x7f000001",
      "http://[::1]:8787",
      "HTTP://LOCALHOST",
    ],
  ]) {
    await sent({ endpoint });
    await sent({ endpoint: new URL(endpoint) });
    await sent({ endpoint, credentials: login });
  }
  for (const endpoint of [
    ...[
      "http://edge.example",
      "http://localhost.evil.example",
      "http://127.0.0.1.nip.io",
      "http://127.evil.example",
    ],
    ...[
      "http://localhost@evil.example",
      "http://128.0.0.1",
      "http://[::2]",
      "http://0.0.0.0",
      "http://[::ffff:127.0.0.1]",
    ],
    ...[
      "ftp://localhost",
      "file:///etc/passwd",
      "data:,x",
      "javascript:0",
      "ws://localhost",
      "blob:https://edge.example/1",
    ],
    ...["edge.example", "/v1", "", "//edge.example", "https://", "not a URL"],
    ...["https://user@edge.example", "https://user:sesame@edge.example", "https://:sesame@edge.example"],
    ...[
      "https://edge.example/?a=1",
      "https://edge.example/#a",
      "https://edge.example/?",
      "https://edge.example/#",
    ],
    ...[1, null, {}, ["https://edge.example"], true],
  ]) {
    assert.match(await refusal({ endpoint }), / endpoint must /, String(endpoint));
    assert.match(await refusal({ endpoint, credentials: login }), / endpoint must /, String(endpoint));
  }
});

test("the endpoint's own path is kept", async () => {
  for (const [endpoint, url] of [
    ["https://edge.example", "https://edge.example/v1/revocations"],
    ["https://edge.example/", "https://edge.example/v1/revocations"],
    ["https://edge.example/tools/revoke//", "https://edge.example/tools/revoke/v1/revocations"],
  ]) {
    assert.equal((await sent({ endpoint })).url, url);
  }
  assert.equal((await sent({ endpoint: `${CA}/!x`, credentials: login })).url, `${CA}/!x`);
  const vendor = "https://secure.trust-provider.com/products/!AutoRevokeCertificate";
  assert.equal((await sent({ credentials: login })).url, vendor);
});

test("what goes to the edge: the normalised order, the token, a fresh key, no redirects", async () => {
  const { fetch, requests } = answering(() => json(revoked({ test: true, outcome: "tested" })));
  const full = {
    ...{ orderNumber: 123456, codeReason: /** @type {const} */ ("superseded"), revocationReason: 'a "b"\n€' },
    ...{ productCode: "287", product: 488, test: /** @type {const} */ ("Y") },
  };
  for (let i = 0; i < 2; i += 1) await revoke(full, { endpoint: EDGE, token: TOKEN, fetch });
  const [request] = requests;
  assert.deepEqual([request.method, request.redirect], ["POST", "manual"]);
  assert.equal(request.headers.get("authorization"), `Bearer ${TOKEN}`);
  assert.equal(request.headers.get("content-type"), "application/json");
  assert.equal(request.headers.get("accept"), "application/json, application/problem+json");
  assert.deepEqual(await request.json(), { ...full, orderNumber: "123456", codeReason: 4, test: true });
  const keys = requests.map((request) => request.headers.get("idempotency-key"));
  assert.match(keys[0], /^[0-9a-f]{32}$/);
  assert.notEqual(keys[0], keys[1]);
  const bare = await sent({ endpoint: EDGE, idempotencyKey: "my key".replace(" ", "-") });
  assert.equal(bare.headers.get("idempotency-key"), "my-key");
  assert.equal(bare.headers.get("authorization"), null);
  assert.deepEqual(await bare.json(), { orderNumber: "123456", codeReason: 0, test: false });
});

test("faults of each option", async () => {
  const faults = {
    timeout: [0, -1, NaN, Infinity, "1000", null, 2 ** 31],
    signal: [null, {}, "x", new EventTarget()],
    fetch: [null, "fetch", {}],
    token: ["", "a b", "a\nb", "é", null, 1, {}, "\ud800"],
    idempotencyKey: ["", "x".repeat(256), "a b", "é", "\x7f", null, 1],
    dangerouslyAllowBrowser: [null, "true", 1],
    nonsense: [1],
    retries: [3],
  };
  for (const [name, values] of Object.entries(faults)) {
    for (const value of values) {
      assert.match(
        await refusal({ endpoint: EDGE, [name]: value }),
        new RegExp(` ${name} `),
        `${name} ${String(value)}`,
      );
    }
  }
  for (const [name, value] of Object.entries({ timeout: 2 ** 31 - 1, idempotencyKey: "~".repeat(255) })) {
    await sent({ endpoint: EDGE, [name]: value });
  }
});

test("options that do not go together, and none at all", async () => {
  assert.match(await refusal({ credentials: login, token: TOKEN }), / token is for the edge/);
  assert.match(await refusal({ credentials: login, idempotencyKey: "k" }), / idempotencyKey is for the edge/);
  assert.match(await refusal({}), / endpoint is missing/);
  assert.match(await refusal({ token: TOKEN }), / endpoint is missing/);
  for (const options of [null, 1, "x", []]) {
    const error = await failure(revoke(order, /** @type {any} */ (options)));
    assert.match(error.message, /options must be an object/);
  }
  assert.equal((await failure(revoke(order, /** @type {any} */ (undefined)))).kind, "not-sent");
});

test("all faults at once, those of the order first", async () => {
  const message = await refusal({ endpoint: "http://x.example", timeout: -1, token: "a b", nonsense: 1 });
  for (const name of ["endpoint", "timeout", "token", "nonsense"])
    assert.match(message, new RegExp(` ${name} `));
  const both = await failure(revoke(/** @type {any} */ ({}), { endpoint: EDGE, timeout: -1 }));
  assert.equal(both.kind, "invalid-order");
  assert.match(both.message, / orderNumber is missing\. timeout must /);
});

test("credentials in a page or a web worker are refused, unless it is asked for", async () => {
  const fake = (names) => {
    for (const name of names) Object.defineProperty(globalThis, name, { value: {}, configurable: true });
    return () => names.forEach((name) => Reflect.deleteProperty(globalThis, name));
  };
  const restore = fake(["document"]);
  try {
    assert.match(await refusal({ credentials: login }), /dangerouslyAllowBrowser/);
    assert.match(
      await refusal({ credentials: login, dangerouslyAllowBrowser: false }),
      /dangerouslyAllowBrowser/,
    );
    const request = await sent({ credentials: login, dangerouslyAllowBrowser: true });
    assert.equal(request.credentials, "omit");
    await sent({ endpoint: EDGE });
  } finally {
    restore();
  }
});

test("tokens: strings, functions, promises, and their failures", async () => {
  const header = async (token) => (await sent({ endpoint: EDGE, token })).headers.get("authorization");
  for (const token of [
    TOKEN,
    () => TOKEN,
    async () => TOKEN,
    () => ({ then: (resolve) => resolve(TOKEN) }),
  ]) {
    assert.equal(await header(token), `Bearer ${TOKEN}`);
  }
  const bad = ["", "a b", "a\r\nX: y", null, undefined, 1, {}].map((value) => () => value);
  const thrown = [new TypeError("no session"), "no session", undefined, null, { message: "no session" }];
  const failing = thrown.flatMap((reason) => [
    () => {
      throw reason;
    },
    () => Promise.reject(reason),
  ]);
  for (const token of [...bad, ...failing]) {
    assert.match(await refusal({ endpoint: EDGE, token }), /token function/);
  }
  const { fetch } = answering();
  const token = () => Promise.reject(new TypeError("no session"));
  const { cause } = await failure(revoke(order, { endpoint: EDGE, token, fetch }));
  assert.deepEqual([cause.name, cause.message], ["TypeError", "no session"]);
});

test("a client binds options; a call's own come first", async () => {
  const { fetch, requests } = answering(() => json(revoked()));
  const options = { endpoint: EDGE, token: TOKEN, fetch };
  const client = createClient(options);
  options.endpoint = "https://other.example";
  const { revoke: detached } = client;
  await detached(order);
  await client.revoke(order, { idempotencyKey: "mine", token: "another" });
  assert.deepEqual(
    requests.map((request) => [request.url, request.headers.get("authorization")]),
    [
      [`${EDGE}/v1/revocations`, `Bearer ${TOKEN}`],
      [`${EDGE}/v1/revocations`, "Bearer another"],
    ],
  );
  assert.equal(requests[1].headers.get("idempotency-key"), "mine");
  const bound = createClient(/** @type {any} */ ({ endpoint: EDGE, fetch, idempotencyKey: "k" }));
  assert.match((await failure(bound.revoke(order))).message, / idempotencyKey belongs to one call/);
  assert.equal((await failure(createClient(/** @type {any} */ (null)).revoke(order))).kind, "not-sent");
});
