// Requests that are none: their bodies, methods, paths and media types. Nothing of them reaches the CA.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { gzipSync } from "node:zlib";
import { examined } from "./answers.mjs";
import { sendRaw } from "./raw-http.mjs";
import { startWorld, testTraces } from "./world.mjs";

const world = await startWorld();
const MAX_BODY_BYTES = 65_536;
const ORDER = '{"orderNumber":"7"}';

/** @type {() => void} */
const nothingSent = () => assert.deepEqual(world.ca.ledger(), []);
beforeEach(() => world.ca.forgetRequests());

/** @param {unknown} body @param {Record<string, string>} [headers] */
const post = (body, headers) => world.ask("/v1/revocations", { as: "operator", body, headers });

/** @param {number} depth of arrays within the order itself */
const nested = (depth) => `{"orderNumber":"7","x":${"[".repeat(depth)}${"]".repeat(depth)}}`;

const malformed = {
  "an empty body": "",
  blanks: "  \n",
  "no JSON": "orderNumber=7",
  "half an order": '{"orderNumber":"7"',
  "an order and more": `${ORDER}x`,
  "two orders": `${ORDER}${ORDER}`,
  "an order and a zero byte": `${ORDER}\0`,
  "an array": `[${ORDER}]`,
  "a string": '"7"',
  "a number": "7",
  null: "null",
  true: "true",
  "a trailing comma": '{"orderNumber":"7",}',
  "a comment": '{"orderNumber":"7"/**/}',
  "single quotes": "{'orderNumber':'7'}",
  "a name without quotes": '{orderNumber:"7"}',
  NaN: '{"orderNumber":NaN}',
  "a number with a leading zero": '{"orderNumber":07}',
  "a number with a plus": '{"orderNumber":+7}',
  "a byte order mark": `\ufeff${ORDER}`,
  "UTF-16": Buffer.from(ORDER, "utf16le"),
  "bytes that are no UTF-8": Buffer.from('{"orderNumber":"7","revocationReason":"\xff"}', "latin1"),
  "an overlong zero": Buffer.from('{"orderNumber":"7","revocationReason":"\xc0\x80"}', "latin1"),
  "a surrogate in UTF-8": Buffer.from('{"orderNumber":"7","revocationReason":"\xed\xa0\x80"}', "latin1"),
  "half a surrogate pair, escaped": '{"orderNumber":"7","revocationReason":"\\ud800"}',
  "a raw control character in a string": '{"orderNumber":"7","revocationReason":"a\nb"}',
  "a member twice": '{"orderNumber":"7","orderNumber":"8"}',
  "a member twice, alike": '{"orderNumber":"7","orderNumber":"7"}',
  "a member twice, once escaped": '{"orderNumber":"7","\\u006frderNumber":"8"}',
  "test twice": '{"orderNumber":"7","test":true,"test":false}',
  "a member twice, deeper": '{"orderNumber":"7","x":{"a":1,"a":2}}',
  __proto__: '{"orderNumber":"7","__proto__":{"test":true}}',
  "__proto__, escaped": '{"orderNumber":"7","\\u005f_proto__":{"test":true}}',
  "__proto__, deeper": '{"orderNumber":"7","x":{"__proto__":null}}',
  "nine levels": nested(8),
  "ten thousand levels": nested(10_000),
};

for (const [name, body] of Object.entries(malformed)) {
  test(`${name}: 400`, async () => {
    const answer = await post(body);
    assert.deepEqual([answer.status, answer.kind], [400, "malformed-request"], answer.text);
    assert.equal(answer.json.mayHaveRevoked, false);
    nothingSent();
  });
}

test("eight levels are read: the member is unknown, no more", async () => {
  const { status, json } = await post(nested(7));
  assert.equal(status, 422);
  assert.deepEqual(Object.keys(json.fields), ["x"]);
});

/** @param {number} bytes */
const orderOf = (bytes) => ORDER.replace("}", `${" ".repeat(bytes - ORDER.length)}}`);

/** Without a Content-Length. @param {string} text */
const streamed = (text) => new Blob([text]).stream();

test("a body of 64 KiB is read, with its length declared and without", async () => {
  const declared = await post(orderOf(MAX_BODY_BYTES));
  const chunked = await post(streamed(orderOf(MAX_BODY_BYTES)));
  assert.deepEqual([declared.status, chunked.status], [200, 200]);
});

for (const bytes of [MAX_BODY_BYTES + 1, 10 * MAX_BODY_BYTES]) {
  test(`a body of ${bytes} bytes: 413, with its length declared and without`, async () => {
    for (const body of [orderOf(bytes), streamed(orderOf(bytes))]) {
      const answer = await post(body);
      assert.deepEqual([answer.status, answer.kind], [413, "unsupported-request"]);
      nothingSent();
    }
  });
}

test("a declared length is believed before the body comes", async () => {
  const response = await sendRaw(world.url, [
    "POST /v1/revocations HTTP/1.1",
    "Host: 127.0.0.1",
    `Authorization: Bearer ${world.keys.operator}`,
    "Content-Type: application/json",
    "Content-Length: 999999999999",
  ]);
  assert.equal(world.note(await examined(response)).status, 413);
  nothingSent();
});

test("a body whose framing breaks, or that does not come: 400, not sent", async () => {
  const head = [
    "POST /v1/revocations HTTP/1.1",
    "Host: 127.0.0.1",
    `Authorization: Bearer ${world.keys.operator}`,
    "Content-Type: application/json",
  ];
  const broken = [...head, "Transfer-Encoding: chunked", "", `zz\r\n${ORDER}`].join("\r\n");
  const slow = [...head, "Content-Length: 100", "", ORDER].join("\r\n");
  const answers = await Promise.all(
    [broken, slow].map((request) => sendRaw(world.url, request).then(examined)),
  );
  for (const answer of answers) {
    world.note(answer);
    assert.deepEqual([answer.status, answer.kind], [400, "malformed-request"]);
    assert.equal(answer.json.mayHaveRevoked, false);
  }
  nothingSent();
});

for (const type of [
  "application/json",
  "Application/JSON",
  "application/json; charset=utf-8",
  "application/json ;x=y",
]) {
  test(`${type} is taken`, async () => {
    const { status } = await post(JSON.stringify({ orderNumber: world.newOrder() }), {
      "content-type": type,
    });
    assert.equal(status, 200);
  });
}

const wrongTypes = [
  "",
  "text/plain",
  "text/plain; application/json",
  "application/x-www-form-urlencoded",
  "multipart/form-data; boundary=x",
  "application/jsonx",
  "application/json+x",
  "application/problem+json",
  "text/json",
  "text/csv",
];
for (const type of wrongTypes) {
  test(`media type ${JSON.stringify(type)}: 415`, async () => {
    const answer = await post(ORDER, { "content-type": type });
    assert.deepEqual([answer.status, answer.kind], [415, "unsupported-request"]);
    nothingSent();
  });
}

for (const coding of ["gzip", "br", "deflate", "zstd", "aes128gcm", "identity, gzip", "gzip, identity"]) {
  test(`Content-Encoding: ${coding}: 415, whether the body has it or not`, async () => {
    for (const body of [ORDER, gzipSync(ORDER)]) {
      const answer = await post(body, { "content-encoding": coding });
      assert.deepEqual([answer.status, answer.kind], [415, "unsupported-request"]);
      assert.match(answer.json.detail, /without a Content-Encoding/);
      nothingSent();
    }
  });
}

test("a body that says that it is as it is, is taken", async () => {
  const body = JSON.stringify({ orderNumber: world.newOrder() });
  assert.equal((await post(body, { "content-encoding": "Identity" })).status, 200);
});

test("no media type at all: 415", async () => {
  const request = [
    "POST /v1/revocations HTTP/1.1",
    "Host: 127.0.0.1",
    `Authorization: Bearer ${world.keys.operator}`,
    `Content-Length: ${ORDER.length}`,
    "",
    ORDER,
  ].join("\r\n");
  assert.equal(world.note(await examined(await sendRaw(world.url, request))).status, 415);
  nothingSent();
});

const methods = {
  "/v1/revocations": "POST",
  "/v1/orders/7": "GET",
  "/v1/me": "GET",
  "/healthz": "GET, HEAD",
};
for (const [path, right] of Object.entries(methods)) {
  for (const method of ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]) {
    if (right.split(", ").includes(method)) continue;
    test(`${method} ${path}: 405, which names ${right}`, async () => {
      const answer = await world.ask(path, { as: "operator", method });
      assert.equal(answer.status, 405);
      assert.equal(answer.headers.get("allow"), right);
      nothingSent();
    });
  }
}

const nowhere = [
  "/",
  "/v1",
  "/v1/",
  "/v1/revocations/",
  "/v1/Revocations",
  "/v2/revocations",
  "//v1/revocations",
  "/v1//revocations",
  "/v1/revocations%20",
  "/v1/revocations;x",
  "/v1/revocation%73",
  "/v1/orders/",
  "/v1/orders/7/",
  "/v1/orders/7/attempts",
  "/healthz/",
  "/edge.wasm",
  "/.env",
  "/%2e%2e/%2e%2e/etc/passwd",
];
for (const path of nowhere) {
  test(`${path}: 404`, async () => {
    for (const request of [{ as: "operator" }, { as: "operator", body: ORDER }, {}]) {
      const answer = await world.ask(path, request);
      assert.deepEqual([answer.status, answer.kind], [404, "not-found"]);
    }
    nothingSent();
  });
}

for (const text of [
  "0",
  "007",
  "-1",
  "1.0",
  "abc",
  "9223372036854775808",
  "%37",
  "7%00",
  "7%2F",
  "1e3",
  "*",
]) {
  test(`/v1/orders/${text}: 404, since there is no such order`, async () => {
    const answer = await world.ask(`/v1/orders/${text}`, { as: "operator" });
    assert.deepEqual([answer.status, answer.kind], [404, "not-found"]);
  });
}

const accepted = [
  "*/*",
  "application/*",
  "application/json",
  "text/html, application/json;q=0.9",
  "APPLICATION/JSON",
];
for (const accept of accepted) {
  test(`Accept: ${accept} is served`, async () => {
    assert.equal((await world.ask("/v1/me", { as: "operator", headers: { accept } })).status, 200);
  });
}

for (const accept of [
  "text/html",
  "application/xml",
  "application/json;q=0",
  "application/json;q=0.000",
  "image/*",
]) {
  test(`Accept: ${accept}: 406, and a revocation is not sent`, async () => {
    for (const request of [
      world.ask("/v1/me", { as: "operator", headers: { accept } }),
      post(ORDER, { accept }),
    ]) {
      const answer = await request;
      assert.deepEqual([answer.status, answer.kind], [406, "unsupported-request"]);
    }
    nothingSent();
  });
}

test("an Idempotency-Key of 255 visible characters is taken", async () => {
  const body = JSON.stringify({ orderNumber: world.newOrder() });
  assert.equal((await post(body, { "idempotency-key": "~".repeat(255) })).status, 200);
});

for (const key of ["", "~".repeat(256), "a b", "a\tb", "ä", "a, b"]) {
  test(`Idempotency-Key ${JSON.stringify(key.slice(0, 10))} (${key.length}): 400`, async () => {
    const answer = await post(ORDER, { "idempotency-key": key });
    assert.deepEqual([answer.status, answer.kind], [400, "malformed-request"]);
    nothingSent();
  });
}

testTraces(world);
