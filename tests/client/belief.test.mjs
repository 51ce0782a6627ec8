// What is believed of an answer in the edge's place: captive portals, proxies, caches, other orders' answers.

import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient, revoke } from "autorevoke";
import {
  EDGE,
  answering,
  assertNoSecret,
  facts,
  failure,
  json,
  problem,
  problemResponse,
  revoked,
} from "./calls.mjs";

const order = { orderNumber: "123456" };
const TOKEN = "ark_demo_sesame-open-sesame";

const call = (answer, members = {}) =>
  revoke({ ...order, ...members }, { endpoint: EDGE, token: TOKEN, fetch: answering(answer).fetch });

/** Nothing of it is believed: neither success nor "it was not sent". */
async function disbelieved(make, label) {
  const error = await failure(call(make()));
  assert.deepEqual([error.kind, error.mayHaveRevoked], ["unknown-outcome", true], label);
  assert.equal(error.problem, undefined);
  assert.equal(error.orderNumber, "123456");
  const tested = await failure(call(make(), { test: true }));
  assert.deepEqual([tested.kind, tested.mayHaveRevoked], ["unknown-outcome", false], label);
  return error;
}

test("the four outcomes", async () => {
  const already = { errorMessage: "Already!", auditSeq: undefined };
  for (const [members, test] of [
    [{}, false],
    [{ outcome: "tested", test: true }, true],
    [{ ...already, outcome: "already-revoked", errorCode: -21 }, false],
    [{ ...already, outcome: "already-rejected", errorCode: -20, test: true }, true],
  ]) {
    const expected = JSON.parse(JSON.stringify(revoked(members)));
    assert.deepEqual(await call(json(expected), { test }), expected);
    const types = ["application/json; charset=utf-8", "Application/JSON", " application/json ;x"];
    for (const type of types) {
      assert.deepEqual(await call(json(expected, { headers: { "content-type": type } }), { test }), expected);
    }
  }
  assert.deepEqual(await call(json({ ...revoked(), more: { later: 1 } })), revoked());
});

test("a success that is not quite one", async () => {
  for (const members of [
    ...[
      { orderNumber: "123457" },
      { orderNumber: 123456 },
      { orderNumber: undefined },
      { orderNumber: "0123456" },
    ],
    ...[{ test: true }, { test: "N" }, { test: undefined }, { test: null }],
    ...[
      { outcome: "tested" },
      { outcome: "Revoked" },
      { outcome: "done" },
      { outcome: undefined },
      { outcome: null },
    ],
    ...[{ outcome: "constructor" }, { outcome: ["revoked"] }],
    ...[
      { errorCode: -21 },
      { errorCode: "0" },
      { errorCode: undefined },
      { errorCode: 1 },
      { errorCode: null },
    ],
    ...[
      { outcome: "already-revoked", errorCode: 0 },
      { outcome: "already-revoked", errorCode: -20 },
    ],
    ...[
      { errorMessage: "Failed" },
      { errorMessage: 1 },
      { auditSeq: "7" },
      { auditSeq: 0 },
      { auditSeq: 1.5 },
    ],
  ]) {
    await disbelieved(() => json(revoked(members)), JSON.stringify(members));
  }
});

test("success of a test for a real call, and the other way round", async () => {
  const real = await failure(call(json(revoked({ outcome: "tested", test: true }))));
  assert.deepEqual([real.kind, real.mayHaveRevoked], ["unknown-outcome", true]);
  // The edge's own word that it was no test: then it has acted, whatever was asked for.
  const already = { errorMessage: "Already!", auditSeq: undefined };
  for (const members of [{}, { ...already, outcome: "already-revoked", errorCode: -21 }]) {
    const tested = await failure(call(json(revoked(members)), { test: true }));
    assert.deepEqual([tested.kind, tested.mayHaveRevoked], ["unknown-outcome", true]);
    assert.match(tested.message, /says that it was no test/);
    assert.match(tested.message, /do not assume either/);
  }
});

test("the right body under another status or media type", async () => {
  for (const status of [
    201, 202, 203, 206, 301, 302, 307, 400, 401, 403, 404, 409, 422, 429, 500, 502, 503,
  ]) {
    const error = await disbelieved(() => json(revoked(), { status }), String(status));
    assert.equal(error.status, status);
  }
  for (const type of [
    ...["text/html", "text/plain", "application/problem+json", "application/jsonp", "application/json5", ""],
    ...["application/json, text/html", "application/x-www-form-urlencoded"],
  ]) {
    await disbelieved(() => json(revoked(), { headers: { "content-type": type } }), type);
  }
});

test("an answer that is not the edge's is told with its HTTP status", async () => {
  const gateways = {
    "HTTP 302": new Response(null, {
      status: 302,
      headers: { location: "https://login.example/?next=/secret" },
    }),
    "HTTP 404": new Response("<h1>Not Found</h1>", { status: 404, headers: { "content-type": "text/html" } }),
    "HTTP 502": new Response("Bad Gateway", { status: 502 }),
    "HTTP 429": new Response("{}", { status: 429, headers: { "content-type": "application/json" } }),
    // As a page sees every redirect.
    "HTTP redirect": {
      status: 0,
      type: "opaqueredirect",
      headers: new Headers(),
      arrayBuffer: async () => new ArrayBuffer(0),
    },
  };
  for (const [words, answer] of Object.entries(gateways)) {
    const error = await failure(call(/** @type {any} */ (answer)));
    assert.deepEqual([error.kind, error.mayHaveRevoked], ["unknown-outcome", true], words);
    assert.ok(error.message.includes(`${words} came, not from the edge`), error.message);
    assertNoSecret(error, [TOKEN]);
    assert.ok(!error.message.includes("login.example"));
  }
});

test("a connection that never was is told with its usual cause: another one in a page than on a server", async () => {
  const broken = () => {
    throw new TypeError("Failed to fetch");
  };
  const onServer = await failure(revoke(order, { endpoint: EDGE, token: TOKEN, fetch: broken }));
  assert.match(onServer.message, /could not be made \(usually: nothing listens there\)/);
  Object.assign(globalThis, { document: {} });
  try {
    const inPage = await failure(revoke(order, { endpoint: EDGE, token: TOKEN, fetch: broken }));
    assert.match(inPage.message, /could not be made \(usually: CORS or connect-src\)/);
    assert.equal(inPage.mayHaveRevoked, true);
  } finally {
    Reflect.deleteProperty(globalThis, "document");
  }
});

test("HTML, of any status", async () => {
  const page = "<html><title>Log in</title>Please accept our terms. {}</html>";
  for (const status of [200, 401, 403, 404, 429, 500, 502, 503, 511]) {
    for (const type of ["text/html", "application/json", "application/problem+json"]) {
      await disbelieved(
        () => new Response(page, { status, headers: { "content-type": type } }),
        `${status} ${type}`,
      );
    }
  }
});

test("JSON that is cut, doubled, or no object", async () => {
  const body = JSON.stringify(revoked());
  for (let length = 0; length < body.length; length += 1)
    await disbelieved(() => json(body.slice(0, length)));
  for (const text of [
    ...["null", "[]", "0", '"revoked"', `[${body}]`, body + body, `${body},`, `\ufeff${body}`, `${body}\0`],
    body.replace("{", '{"outcome":"unknown",'),
    body.replace("}", ',"test":false}'),
    body.replace("{", '{"orderNumber":"9",'),
    body.replace("{", '{"\\u006frderNumber":"9",'),
    `{"__proto__":${body}}`,
  ]) {
    await disbelieved(() => json(text), text);
  }
  await disbelieved(() => json(`${body}${" ".repeat(65536)}`));
  await disbelieved(() => new Response(new Uint8Array([...Buffer.from(body), 0xff]), json("").clone()));
  assert.equal((await call(json(JSON.stringify(revoked(), null, 2)))).outcome, "revoked");
});

test("a polluted Object.prototype lends nothing to an answer", async () => {
  const lent = revoked();
  for (const [name, value] of Object.entries(lent)) {
    Object.defineProperty(Object.prototype, name, { value, configurable: true, writable: true });
  }
  try {
    await disbelieved(() => json("{}"));
  } finally {
    for (const name of Object.keys(lent)) Reflect.deleteProperty(Object.prototype, name);
  }
});

test("an answer that came by way of a redirect", async () => {
  await disbelieved(() => Object.defineProperty(json(revoked()), "redirected", { value: true }));
  await disbelieved(() => Response.redirect("https://evil.example/", 307));
});

const KINDS = [
  ["invalid-order", 422, { fields: { productCode: "is unknown here" } }],
  ["malformed-request", 400],
  ["unauthenticated", 401],
  ["forbidden", 403],
  ["in-progress", 409, { mayHaveRevoked: false }],
  ["in-progress", 409, { mayHaveRevoked: true }],
  ["idempotency-mismatch", 422],
  ["not-found", 404],
  ["unsupported-request", 405],
  ["unsupported-request", 406],
  ["unsupported-request", 413],
  ["unsupported-request", 415],
  ["plan-mismatch", 409],
  ["illegal-state", 409],
  ["internal", 500],
  ["rate-limited", 429, { retryAfter: 30 }],
  ["ca-refused", 422, { errorCode: -35, errorMessage: "Expired!" }],
  ["ca-login-refused", 502, { errorCode: -16 }],
  ["ca-login-refused", 503],
  ["ca-busy", 503, { errorCode: -42, retryAfter: 60 }],
  ["ca-busy", 503, { retryAfter: 5 }],
  ["unknown-outcome", 502, { mayHaveRevoked: true }],
  ["unknown-outcome", 502, { errorCode: -14 }],
  ["unknown-outcome", 502, { errorCode: -21 }],
  ["unknown-outcome", 502, { errorCode: -3, errorMessage: "Missing!" }],
  ["not-sent", 503],
  ["not-configured", 503],
];
for (const [kind, status, members = {}] of /** @type {[string, number, any][]} */ (KINDS)) {
  test(`a problem of the edge is believed: ${kind} ${status} ${JSON.stringify(members)}`, async () => {
    const document = problem(kind, status, { orderNumber: "123456", mayHaveRevoked: false, ...members });
    const error = await failure(call(() => problemResponse(document)));
    const { fields, ...others } = members;
    assert.deepEqual(facts(error), {
      ...{ kind, status, orderNumber: "123456", mayHaveRevoked: kind === "unknown-outcome" },
      ...others,
    });
    assert.deepEqual(error.problem, document);
    assert.deepEqual(error.fields, fields);
    assert.equal(error.message, "Told in detail.");
    const tested = await failure(call(() => problemResponse(document), { test: true }));
    assert.deepEqual([tested.kind, tested.mayHaveRevoked], [kind, false], "a test changes nothing");
  });

  test(`but not with anything wrong in it: ${kind} ${status}`, async () => {
    const right = problem(kind, status, { orderNumber: "123456", mayHaveRevoked: false, ...members });
    for (const wrong of [
      ...[{ status: status + 1 }, { status: String(status) }, { status: undefined }],
      ...[
        { type: kind },
        { type: `urn:autorevoke:problem:${kind}x` },
        { type: "about:blank" },
        { type: undefined },
      ],
      ...[{ type: `https://edge.example/${kind}` }, { type: "urn:autorevoke:problem:aborted" }],
      ...[
        { orderNumber: "123457" },
        { orderNumber: 123456 },
        { mayHaveRevoked: "false" },
        { mayHaveRevoked: null },
      ],
      ...[{ errorCode: "x" }, { errorCode: 0 }, { errorCode: 1 }, { fields: "x" }, { detail: 1 }],
      // After an attempt that nobody knows the end of, a refusal leaves it unknown, whatever its code.
      ...(kind === "unknown-outcome" ? [] : [{ errorCode: -21 }]),
    ]) {
      const document = { ...right, ...wrong };
      await disbelieved(() => problemResponse(document, { status }), JSON.stringify(wrong));
    }
    const other = status === 200 ? 500 : 200;
    await disbelieved(
      () => problemResponse({ ...right, status: other }, { status: other }),
      "a foreign status",
    );
    await disbelieved(() => json(right, { status }), "the wrong media type");
    await disbelieved(() => problemResponse(right, { status: 418 }), "another HTTP status");
  });
}

test("in-progress must say which of its two cases it is", async () => {
  await disbelieved(() => problemResponse(problem("in-progress", 409)));
});

test("ca-refused needs a code that says no", async () => {
  for (const errorCode of [undefined, 0, 5, -14, -16, -20, -21, -42]) {
    await disbelieved(() => problemResponse(problem("ca-refused", 422, { errorCode })), String(errorCode));
  }
});

test("a problem's title stands in for its detail, and Retry-After for retryAfter", async () => {
  const document = problem("rate-limited", 429, { detail: undefined });
  const headers = { "content-type": "application/problem+json", "retry-after": "12" };
  const error = await failure(call(problemResponse(document, { headers })));
  assert.deepEqual([error.message, error.retryAfter], ["A heading of it", 12]);
});

test("a problem that repeats the token is believed, but not repeated", async () => {
  for (const echo of [TOKEN, encodeURIComponent(TOKEN), Buffer.from(TOKEN).toString("base64")]) {
    const document = problem("forbidden", 403, { detail: `No: ${echo}`, errorMessage: echo });
    const error = await failure(call(() => problemResponse(document)));
    assert.deepEqual([error.kind, error.problem], ["forbidden", undefined]);
    assertNoSecret(error, [TOKEN, echo]);
  }
});

const record = { orderNumber: "123456", state: "revoked", attempts: [], auditSeqs: [1, 2] };
const me = { actor: "key:demo", person: "alice", grants: [{ permissions: ["revoke"], orders: ["*"] }] };

test("orders.get() and me()", async () => {
  const { fetch, requests } = answering(
    () => json(record),
    () => json(me),
  );
  const client = createClient({ endpoint: `${EDGE}/base`, token: TOKEN, fetch });
  assert.deepEqual(await client.orders.get(123456), record);
  assert.deepEqual(await client.me(), me);
  const machine = { ...me, person: null, personReason: "The token is a machine's: its idtyp is app." };
  const asMachine = createClient({ endpoint: EDGE, fetch: answering(() => json(machine)).fetch });
  assert.deepEqual(await asMachine.me(), machine);
  assert.deepEqual(
    requests.map(({ method, url, redirect }) => [method, url, redirect]),
    [
      ["GET", `${EDGE}/base/v1/orders/123456`, "manual"],
      ["GET", `${EDGE}/base/v1/me`, "manual"],
    ],
  );
  for (const request of requests) {
    assert.equal(request.headers.get("authorization"), `Bearer ${TOKEN}`);
    assert.equal(request.headers.get("idempotency-key"), null);
  }
});

test("reading changes nothing, whatever comes of it", async () => {
  const reading = (answer) => createClient({ endpoint: EDGE, fetch: answering(answer).fetch });
  const missing = await failure(reading(problemResponse(problem("not-found", 404))).orders.get("123456"));
  assert.deepEqual(facts(missing), {
    kind: "not-found",
    mayHaveRevoked: false,
    orderNumber: "123456",
    status: 404,
  });
  for (const answer of [
    () => json({ ...record, orderNumber: "1" }),
    () => json({ ...record, attempts: undefined }),
    () => json(record, { status: 404 }),
    () => new Response("<html>"),
    () => Promise.reject(new TypeError("fetch failed")),
  ]) {
    const error = await failure(reading(answer).orders.get("123456"));
    assert.deepEqual([error.kind, error.mayHaveRevoked], ["unknown-outcome", false]);
  }
  for (const others of [
    { grants: {} },
    { person: undefined },
    { person: 7 },
    { person: {} },
    { actor: null },
  ]) {
    assert.equal((await failure(reading(() => json({ ...me, ...others })).me())).kind, "unknown-outcome");
  }
  assert.deepEqual((await failure(reading(() => json(record)).orders.get("01"))).kind, "invalid-order");
  const direct = createClient({ credentials: { loginName: "a", loginPassword: "b" } });
  assert.match((await failure(direct.me())).message, / credentials are for revoke\(\) alone/);
});
