// Requests as no client would send them: what each must get, and that none of them revokes what it should not.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { examined } from "../edge/answers.mjs";
import { startWorld, testSecrets } from "../edge/world.mjs";
import { exchange } from "./connection.mjs";

const world = await startWorld();

/** Stands wherever a shape is odd: no answer and no line of the log may repeat it. */
const ODD = "odd-c41f";
const AUTH = `Authorization: Bearer ${world.keys.operator}`;
const JSON_TYPE = "Content-Type: application/json";

/** @param {string} body */
const length = (body) => `Content-Length: ${body.length}`;
/** @param {string} body */
const chunk = (body, size = body.length.toString(16)) => `${size}\r\n${body}\r\n0\r\n\r\n`;
/** @param {string[]} lines @param {string} [body] */
const message = (lines, body = "") => [...lines, "", body].join("\r\n");

/**
 * A revocation, but for what is said to be otherwise.
 * @param {string} body
 * @param {object} [how]
 * @param {string} [how.start]
 * @param {string} [how.host]
 * @param {string[]} [how.more]
 */
const revocation = (
  body,
  { start = "POST /v1/revocations HTTP/1.1", host = "Host: edge", more = [length(body)] } = {},
) => message([start, host, AUTH, JSON_TYPE, ...more].filter(Boolean), body);

/** @param {string} target */
const at = (target) => `POST ${target} HTTP/1.1`;
/** @param {string} start @param {...string} more */
const bare = (start, ...more) => message([start, "Host: edge", AUTH, ...more]);
const ME = "GET /v1/me HTTP/1.1";

/**
 * What a shape must get: an answer of the edge (a kind of problem, or done), or workerd's own refusal, or no answer at
 * all. The connection is closed where nobody can say any more where the next request begins.
 * @typedef {object} Must
 * @property {number} [status] none: no answer
 * @property {string} [kind]
 * @property {true} [revokes] the shape is a legal one: the order goes out, once
 * @property {true} [workerd] refuses it before the edge is asked
 * @property {true} [closes]
 * @property {true} [leaves] bytes behind, which workerd refuses as another request
 */

/** @type {Must} */
const revoked = { status: 200, revokes: true };
/** @type {Must} */
const read = { status: 200 };
/** @type {Must} */
const refused = { status: 400, workerd: true, closes: true };
/** @type {Must} */
const malformed = { status: 400, kind: "malformed-request" };
/** What was no part of the body is no request either. @type {Must} */
const malformedTwice = { ...malformed, leaves: true };
/** @type {Must} */
const brokenOff = { ...malformed, closes: true };
/** @type {Must} */
const notFound = { status: 404, kind: "not-found" };
/** @type {Must} */
const wrongMethod = { status: 405, kind: "unsupported-request" };

/** `o`: the order's JSON; `h`: a whole request for another order, hidden where it is no request. */
/** @type {[string, (o: string, h: string) => string, Must][]} */
const SHAPES = [
  // Host
  ["a plain request", (o) => revocation(o), revoked],
  ["two Hosts", (o) => revocation(o, { host: `Host: edge\r\nHost: ${ODD}` }), malformed],
  ["the same Host twice", (o) => revocation(o, { host: "Host: edge\r\nHost: edge" }), malformed],
  ["no Host", (o) => revocation(o, { host: "" }), { status: 400, workerd: true }],
  ["an empty Host", (o) => revocation(o, { host: "Host: " }), { status: 400, workerd: true }],
  ["a Host with a blank", (o) => revocation(o, { host: `Host: a ${ODD}` }), malformed],
  ["another's Host", (o) => revocation(o, { host: "Host: evil.example" }), revoked],

  // Content-Length
  ["the same Content-Length twice", (o) => revocation(o, { more: [length(o), length(o)] }), revoked],
  ["two Content-Lengths", (o) => revocation(o, { more: [length(o), "Content-Length: 2"] }), refused],
  ["a list of lengths", (o) => revocation(o, { more: [`${length(o)}, ${o.length}`] }), refused],
  ["a negative length", (o) => revocation(o, { more: ["Content-Length: -1"] }), refused],
  ["a length with a plus", (o) => revocation(o, { more: [`Content-Length: +${o.length}`] }), refused],
  ["a hexadecimal length", (o) => revocation(o, { more: ["Content-Length: 0x18"] }), refused],
  ["a length with a fraction", (o) => revocation(o, { more: [`${length(o)}.0`] }), refused],
  ["a length beyond 64 bits", (o) => revocation(o, { more: [`Content-Length: ${"9".repeat(23)}`] }), refused],
  ["an empty length", (o) => revocation(o, { more: ["Content-Length: "] }), refused],
  ["a length of two words", (o) => revocation(o, { more: [`${length(o)} 1`] }), refused],
  [
    "a length with a blank before its colon",
    (o) => revocation(o, { more: [`Content-Length : 24`] }),
    refused,
  ],
  ["a length of 0, and a body", (o) => revocation(o, { more: ["Content-Length: 0"] }), malformedTwice],
  ["no length, and a body", (o) => revocation(o, { more: [] }), malformedTwice],
  ["a length that is too short", (o) => revocation(o, { more: ["Content-Length: 10"] }), malformedTwice],

  // Transfer-Encoding
  ["chunks", (o) => revocation(chunk(o), { more: ["Transfer-Encoding: chunked"] }), revoked],
  ["chunks in capitals", (o) => revocation(chunk(o), { more: ["Transfer-Encoding: CHUNKED"] }), revoked],
  [
    "a chunk extension",
    (o) =>
      revocation(chunk(o, `${o.length.toString(16)};${ODD}=1`), { more: ["Transfer-Encoding: chunked"] }),
    revoked,
  ],
  [
    "trailers, an Authorization among them",
    (o) =>
      revocation(`${o.length.toString(16)}\r\n${o}\r\n0\r\nAuthorization: Bearer ${ODD}\r\n\r\n`, {
        more: ["Transfer-Encoding: chunked", "Trailer: Authorization"],
      }),
    revoked,
  ],
  [
    "a chunk that is too short",
    (o) => revocation(chunk(o, "5"), { more: ["Transfer-Encoding: chunked"] }),
    brokenOff,
  ],
  [
    "a negative chunk",
    (o) => revocation(chunk(o, "-5"), { more: ["Transfer-Encoding: chunked"] }),
    brokenOff,
  ],
  [
    "a chunk of 0x18",
    (o) => revocation(chunk(o, "0x18"), { more: ["Transfer-Encoding: chunked"] }),
    brokenOff,
  ],
  [
    "a chunk beyond 64 bits",
    (o) => revocation(chunk(o, "f".repeat(18)), { more: ["Transfer-Encoding: chunked"] }),
    brokenOff,
  ],
  [
    "chunks with bare line feeds",
    (o) => revocation(`18\n${o}\n0\n\n`, { more: ["Transfer-Encoding: chunked"] }),
    brokenOff,
  ],
  ["Transfer-Encoding: gzip", (o) => revocation(o, { more: ["Transfer-Encoding: gzip"] }), refused],
  [
    "Transfer-Encoding: identity",
    (o) => revocation(o, { more: ["Transfer-Encoding: identity", length(o)] }),
    refused,
  ],
  [
    "Transfer-Encoding: xchunked",
    (o) => revocation(o, { more: ["Transfer-Encoding: xchunked", length(o)] }),
    refused,
  ],
  [
    "two Transfer-Encodings",
    (o) => revocation(chunk(o), { more: ["Transfer-Encoding: chunked", "Transfer-Encoding: identity"] }),
    refused,
  ],
  [
    "Transfer-Encoding with a blank before its colon",
    (o) => revocation(chunk(o), { more: ["Transfer-Encoding : chunked", length(o)] }),
    refused,
  ],
  [
    "a length beside chunks: the chunks count",
    (o) => revocation(chunk(o), { more: [length(o), "Transfer-Encoding: chunked"] }),
    { ...revoked, closes: true },
  ],

  // A request within a request
  [
    "hidden behind the last chunk, within the length",
    (_, h) => revocation(`0\r\n\r\n${h}`, { more: [length(`0\r\n\r\n${h}`), "Transfer-Encoding: chunked"] }),
    brokenOff,
  ],
  [
    "hidden behind the length, within the chunks",
    (_, h) => revocation(chunk(h), { more: ["Content-Length: 4", "Transfer-Encoding: chunked"] }),
    brokenOff,
  ],
  ["hidden in the body", (_, h) => revocation(h), malformed],
  ["hidden in the body of a GET", (_, h) => message([ME, "Host: edge", AUTH, length(h)], h), read],
  ["hidden in a header", (_, h) => bare(ME, `X: ${encodeURIComponent(h)}`), read],
  [
    "hidden in trailers",
    (o, h) =>
      revocation(`${o.length.toString(16)}\r\n${o}\r\n0\r\n${h}\r\n\r\n`, {
        more: ["Transfer-Encoding: chunked"],
      }),
    { ...brokenOff },
  ],

  // Header syntax
  ["bare line feeds in the head", (o) => revocation(o).replaceAll("\r\n", "\n"), revoked],
  ["a bare carriage return", (o) => revocation(o, { more: [length(o), `X: a\rX-B: ${ODD}`] }), refused],
  ["a folded header", (o) => revocation(o, { more: [length(o), `X: a\r\n ${ODD}`] }), refused],
  ["a folded Authorization", () => bare(ME).replace("Authorization:", "Authorization:\r\n"), refused],
  ["a folded first header", () => `${ME}\r\n Host: edge\r\n${AUTH}\r\n\r\n`, refused],
  ["a blank before the colon", (o) => revocation(o, { more: [length(o), `X-${ODD} : a`] }), refused],
  ["a zero byte in a value", (o) => revocation(o, { more: [length(o), `X: ${ODD}\0b`] }), refused],
  ["a zero byte in a name", (o) => revocation(o, { more: [length(o), `${ODD}\0: b`] }), refused],
  ["a header without a colon", (o) => revocation(o, { more: [length(o), ODD] }), refused],
  ["a header without a name", (o) => revocation(o, { more: [length(o), `: ${ODD}`] }), refused],
  ["bytes that are no text", (o) => revocation(o, { more: [length(o), `X: ${ODD}\xff\xfe`] }), revoked],
  [
    "a key with such a byte",
    () => bare(ME).replace(AUTH, `${AUTH}\xff`),
    { status: 401, kind: "unauthenticated" },
  ],
  [
    "a vertical tab for a blank",
    () => bare(ME).replace("Bearer ", "Bearer\x0b"),
    { status: 401, kind: "unauthenticated" },
  ],
  ["two Authorizations", (o) => revocation(o, { more: [length(o), AUTH] }), malformed],
  [
    "two Authorizations, one of them empty",
    (o) => revocation(o, { more: [length(o), "Authorization:"] }),
    malformed,
  ],
  ["two media types", (o) => revocation(o, { more: [length(o), "Content-Type: text/plain"] }), malformed],
  ["100 KB of headers", () => bare(ME, `X: ${"a".repeat(100_000)}`), read],
  ["10,000 headers", () => bare(ME, ...Array.from({ length: 10_000 }, (_, i) => `X-${i}: a`)), read],
  [
    "a megabyte of headers",
    () => bare(ME, `X: ${"a".repeat(1_000_000)}`),
    { status: 431, workerd: true, closes: true },
  ],

  // Methods
  ["TRACE", () => bare("TRACE /v1/me HTTP/1.1", `X: ${ODD}`), wrongMethod],
  ["CONNECT", () => bare(`CONNECT ${ODD}.example:80 HTTP/1.1`), { status: 500, workerd: true, closes: true }],
  ["HEAD", () => bare("HEAD /v1/me HTTP/1.1"), { status: 405 }],
  [
    "a GET with the order in its body",
    (o) => revocation(o, { start: "GET /v1/revocations HTTP/1.1" }),
    wrongMethod,
  ],
  [
    "a GET that says it is a POST",
    (o) =>
      revocation(o, {
        start: "GET /v1/revocations HTTP/1.1",
        more: [length(o), "X-HTTP-Method-Override: POST"],
      }),
    wrongMethod,
  ],
  [
    "no known method",
    () => bare(`${ODD.replace("-", "").toUpperCase()} /v1/me HTTP/1.1`),
    { ...refused, status: 501 },
  ],
  [
    "a method in small letters",
    (o) => revocation(o, { start: "post /v1/revocations HTTP/1.1" }),
    { ...refused, status: 501 },
  ],
  [
    "a method of 5,000 letters",
    () => bare(`${"A".repeat(5_000)} /v1/me HTTP/1.1`),
    { ...refused, status: 501 },
  ],
  ["OPTIONS of everything", () => bare("OPTIONS * HTTP/1.1"), notFound],

  // Targets
  [
    "a whole address for a target",
    (o) => revocation(o, { start: at("http://edge/v1/revocations") }),
    revoked,
  ],
  [
    "another's address for a target",
    (o) => revocation(o, { start: at("http://evil.example/v1/revocations") }),
    revoked,
  ],
  ["two slashes in front", (o) => revocation(o, { start: at("//v1/revocations") }), notFound],
  ["two slashes within", (o) => revocation(o, { start: at("/v1//revocations") }), notFound],
  ["an escaped slash", (o) => revocation(o, { start: at("/v1%2Frevocations") }), notFound],
  ["an escaped letter", (o) => revocation(o, { start: at("/v1/%72evocations") }), notFound],
  ["an escaped zero", (o) => revocation(o, { start: at("/v1/revocations%00") }), notFound],
  ["a capital", (o) => revocation(o, { start: at("/V1/revocations") }), notFound],
  ["a path parameter", (o) => revocation(o, { start: at(`/v1/revocations;${ODD}=1`) }), notFound],
  [
    "dots, as every browser reads them",
    (o) => revocation(o, { start: at("/x/../v1/./revocations") }),
    revoked,
  ],
  [
    "escaped dots, as every browser reads them",
    (o) => revocation(o, { start: at("/x/%2e%2E/v1/revocations") }),
    revoked,
  ],
  ["a backslash in front", (o) => revocation(o, { start: at("\\v1\\revocations") }), refused],
  ["a zero byte in the target", (o) => revocation(o, { start: at("/v1/revocations\0") }), refused],
  ["a tab in the target", (o) => revocation(o, { start: at("/v1/revo\tcations") }), refused],
  ["a blank in the target", () => bare("GET /v1/ me HTTP/1.1"), refused],
  [
    "a byte in the target that is no text",
    (o) => revocation(o, { start: at("/v1/revocations\xe9") }),
    refused,
  ],
  ["no target", () => bare("GET HTTP/1.1"), refused],
  ["an order number of 60,000 digits", () => bare(`GET /v1/orders/${"7".repeat(60_000)} HTTP/1.1`), notFound],

  // Versions and protocols
  [
    "HTTP/1.0",
    (o) => revocation(o, { start: "POST /v1/revocations HTTP/1.0" }),
    { ...revoked, closes: true },
  ],
  ["HTTP/0.9", () => "GET /v1/me\r\n\r\n", refused],
  ["HTTP/1.2", (o) => revocation(o, { start: "POST /v1/revocations HTTP/1.2" }), refused],
  ["HTTP/2 by its first line", () => "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", { closes: true }],
  ["TLS", () => "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", refused],
  ["no HTTP at all", () => `${ODD}\r\n\r\n`, refused],
  ["empty lines first", (o) => `\r\n\r\n${revocation(o)}`, revoked],
  [
    "an upgrade to a web socket",
    (o) =>
      revocation(o, {
        more: [
          ...[length(o), "Connection: Upgrade", "Upgrade: websocket"],
          ...["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13"],
        ],
      }),
    revoked,
  ],
  [
    "an upgrade to HTTP/2",
    () =>
      bare(
        ME,
        "Connection: Upgrade, HTTP2-Settings",
        "Upgrade: h2c",
        "HTTP2-Settings: AAMAAABkAARAAAAAAAIAAAAA",
      ),
    read,
  ],
  ["Expect: 100-continue", (o) => revocation(o, { more: [length(o), "Expect: 100-continue"] }), revoked],
];

/** @type {string[]} */
const hiddenOrders = [];

for (const [name, shape, must] of SHAPES) {
  test(`${name}: ${told(must)}`, async () => {
    const [orderNumber, hiddenNumber] = [world.newOrder(), world.newOrder()];
    hiddenOrders.push(hiddenNumber);
    const order = `{"orderNumber":"${orderNumber}"}`;
    const hidden = revocation(`{"orderNumber":"${hiddenNumber}"}`);
    const mayHide = name.startsWith("hidden");
    const sent = shape(order, hidden);
    const { answers, rest, closed } = await exchange(world.url, [sent], {
      toEnd: must.closes || must.leaves || mayHide,
      silenceMs: mayHide ? 400 : 3_000,
      bodiless: name === "HEAD",
    });

    if (must.leaves) await isAsItMustBe(/** @type {Response} */ (answers.pop()), refused, asked(sent));
    assert.equal(answers.length, must.status ? 1 : 0, rest);
    assert.equal(rest, "");
    if (must.closes) assert.ok(closed, "the connection is still open");
    for (const response of answers) await isAsItMustBe(response, must, asked(sent));
    assert.equal(world.sent(orderNumber).length, must.revokes ? 1 : 0);
    assert.deepEqual(world.sent(hiddenNumber), []);
  });
}

/** @param {Must} must */
function told({ status, kind, revokes, workerd }) {
  if (revokes) return "sent, once";
  if (!status) return "no answer";
  return [String(status), kind, workerd && "by workerd"].filter(Boolean).join(" ");
}

/** The request as the edge gets to see it. @param {string} bytes */
function asked(bytes) {
  const [method, target] = bytes.trimStart().split(/[ \r\n]/, 2);
  const address = target?.startsWith("/")
    ? `http://edge${target}`
    : new URL(target || "/", "http://edge").href;
  return { method, path: new URL(address).pathname };
}

/**
 * @param {Response} response
 * @param {Must} must
 * @param {{ method: string, path: string }} request
 */
async function isAsItMustBe(response, must, request) {
  assert.equal(response.status, must.status);
  assert.ok(!JSON.stringify([...response.headers]).includes(ODD));
  assert.equal(response.headers.has("cache-control"), !must.workerd, "whose answer it is");
  if (must.workerd) {
    assert.match(await response.text(), /^[A-Za-z -.:]{0,100}$/);
    return;
  }
  const answer = await examined(response, request);
  if (answer.kind) world.note(answer);
  assert.ok(!answer.text.includes(ODD));
  assert.equal(answer.kind, must.kind);
}

test("three requests in one packet: three answers in their order", async () => {
  const orderNumber = world.newOrder();
  const one = revocation(`{"orderNumber":"${orderNumber}"}`);
  const packet = bare(ME) + one + message([ME, "Host: edge"]);
  const { answers, rest } = await exchange(world.url, [packet], { answers: 3 });
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 401],
  );
  assert.equal(rest, "");
  assert.equal(world.sent(orderNumber).length, 1);
});

test("slow callers are answered or dropped, send nothing, and hold up nobody", async () => {
  const orders = { head: world.newOrder(), body: world.newOrder(), drip: world.newOrder() };
  const order = (/** @type {string} */ orderNumber) => `{"orderNumber":"${orderNumber}"}`;
  const began = Date.now();
  const dripping = [...order(orders.drip)].map((bytes) => ({ afterMs: 900, bytes }));
  const [start, ...lines] = revocation(order(orders.head)).split("\r\n");
  const slow = Promise.all([
    exchange(world.url, [start, { afterMs: 17_000, bytes: `\r\n${lines.join("\r\n")}` }], {
      silenceMs: 2_000,
    }),
    exchange(world.url, [revocation("", { more: [length(order(orders.body))] })], { silenceMs: 15_000 }).then(
      (got) => ({ ...got, ms: Date.now() - began }),
    ),
    exchange(world.url, [revocation("", { more: [length(order(orders.drip))] }), ...dripping], {
      silenceMs: 2_000,
    }),
  ]);
  // Meanwhile others are served as ever.
  for (let asked = 0; asked < 20; asked += 1) {
    const before = Date.now();
    assert.equal((await world.revoke({ orderNumber: world.newOrder() })).status, 200);
    assert.ok(Date.now() - before < 2_000);
    await pause(100);
  }
  const [head, body, drip] = await slow;
  assert.ok(head.closed && head.answers.length <= 1, "workerd waits 15 s for a head");
  assert.equal(body.answers.length, 1);
  assert.ok(body.ms > 9_000 && body.ms < 14_000, `${body.ms} ms`);
  for (const response of [...body.answers, ...drip.answers]) {
    assert.equal(world.note(await examined(response, asked(revocation("")))).kind, "malformed-request");
  }
  for (const orderNumber of Object.values(orders)) assert.deepEqual(world.sent(orderNumber), []);
});

test("callers who leave in the middle of a head or a body: nothing is sent", async () => {
  const orderNumber = world.newOrder();
  const whole = revocation(`{"orderNumber":"${orderNumber}"}`);
  const { hostname, port } = new URL(world.url);
  for (let length = 10; length < whole.length; length += 20) {
    const socket = connect(Number(port), hostname);
    await new Promise((resolve) => socket.once("connect", resolve));
    await new Promise((resolve) => socket.write(whole.slice(0, length), resolve));
    if (length % 40 === 10) socket.resetAndDestroy();
    else socket.end();
    socket.on("error", () => {}).resume();
  }
  await pause(300);
  assert.deepEqual(world.sent(orderNumber), []);
  assert.equal((await world.revoke({ orderNumber })).json.outcome, "revoked");
});

test("a request hidden in another is never carried out, not even later", () => {
  assert.ok(hiddenOrders.length > 50);
  for (const orderNumber of hiddenOrders) assert.deepEqual(world.sent(orderNumber), []);
});

test("nothing odd is in the log, which has the id of every problem", async () => {
  await world.end();
  assert.ok(!world.log.includes(ODD));
  for (const instance of world.instances) assert.ok(world.log.includes(instance), instance);
});

testSecrets(world);
