// Requests as no client would send them, each with what it must get.

/** Stands wherever a shape is odd: no answer and no line of the log may repeat it. */
export const ODD = "odd-c41f";

const CHUNKED = "Transfer-Encoding: chunked";
const ME = "GET /v1/me HTTP/1.1";

/** @param {string} body */
export const length = (body) => `Content-Length: ${body.length}`;
/** @param {string} body */
const chunk = (body, size = body.length.toString(16)) => `${size}\r\n${body}\r\n0\r\n\r\n`;
/** @param {string[]} lines @param {string} [body] */
const message = (lines, body = "") => [...lines, "", body].join("\r\n");
/** @param {string} target */
const at = (target) => `POST ${target} HTTP/1.1`;

/**
 * A revocation, but for what is said to be otherwise.
 * @callback Revocation
 * @param {string} body
 * @param {{ start?: string, host?: string, more?: string[] }} [how]
 * @returns {string}
 */

/** Requests of the caller with this header. @param {string} auth */
export const requestsOf = (auth) => ({
  /** @type {Revocation} */
  revocation: (
    body,
    { start = "POST /v1/revocations HTTP/1.1", host = "Host: edge", more = [length(body)] } = {},
  ) => message([start, host, auth, "Content-Type: application/json", ...more].filter(Boolean), body),
  /** @param {string} start @param {...string} more */
  bare: (start, ...more) => message([start, "Host: edge", auth, ...more]),
});

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
export const refused = { status: 400, workerd: true, closes: true };
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

/**
 * Names, and what to send: `o` is the order's JSON; `h` is a whole request for another order, hidden where it is none.
 * @param {string} auth the caller's header
 * @returns {[string, (o: string, h: string) => string, Must][]}
 */
export function rawShapes(auth) {
  const { revocation, bare } = requestsOf(auth);
  /** @param {string} start @param {string} host @returns {(o: string) => string} */
  const revocationBy =
    (start, host, version = "1.1") =>
    (o) =>
      revocation(o, { start: `${start} HTTP/${version}`, host: `Host: ${host}` });
  /** @param {string} body */
  const inChunks = (body) => revocation(body, { more: [CHUNKED] });
  return [
    // Host
    ["a plain request", (o) => revocation(o), revoked],
    ["two Hosts", (o) => revocation(o, { host: `Host: edge\r\nHost: ${ODD}` }), malformed],
    ["the same Host twice", (o) => revocation(o, { host: "Host: edge\r\nHost: edge" }), malformed],
    ["no Host", (o) => revocation(o, { host: "" }), { status: 400, workerd: true }],
    ["an empty Host", (o) => revocation(o, { host: "Host: " }), { status: 400, workerd: true }],
    ["a Host with a blank", (o) => revocation(o, { host: `Host: a ${ODD}` }), malformed],
    ["another's Host", (o) => revocation(o, { host: "Host: evil.example" }), revoked],
    ["a Host with a default port", (o) => revocation(o, { host: "Host: edge:80" }), revoked],
    ["a Host in capitals, with a dot behind", (o) => revocation(o, { host: "Host: EDGE." }), revoked],
    ["a Host in IPv6", (o) => revocation(o, { host: "Host: [::1]:8787" }), revoked],
    ["a Host with a port beyond 16 bits", (o) => revocation(o, { host: "Host: edge:99999" }), malformed],
    ["a Host with a user", (o) => revocation(o, { host: `Host: ${ODD}@edge` }), malformed],
    ["a Host with an escape", (o) => revocation(o, { host: "Host: ed%67e" }), malformed],
    ["two names in one Host", (o) => revocation(o, { host: `Host: edge,${ODD}` }), malformed],
    // Whoever lets some paths through, and looks at the target alone, would let these through as well.
    ["a path in the Host", revocationBy("POST /revocations", "edge/v1"), malformed],
    ["a path and a fragment in the Host", revocationBy("POST /healthz", "edge/v1/revocations#"), malformed],
    ["a path and a query in the Host", revocationBy("POST /healthz", "edge/v1/revocations?"), malformed],
    ["a path with backslashes in the Host", revocationBy("POST /healthz", "e\\v1\\revocations#"), malformed],
    ["a path in the Host, by HTTP/1.0", revocationBy("POST /x", "edge/v1/revocations#", "1.0"), brokenOff],

    // Content-Length
    ["the same Content-Length twice", (o) => revocation(o, { more: [length(o), length(o)] }), revoked],
    ["two Content-Lengths", (o) => revocation(o, { more: [length(o), "Content-Length: 2"] }), refused],
    ["a list of lengths", (o) => revocation(o, { more: [`${length(o)}, ${o.length}`] }), refused],
    ["a negative length", (o) => revocation(o, { more: ["Content-Length: -1"] }), refused],
    ["a length with a plus", (o) => revocation(o, { more: [`Content-Length: +${o.length}`] }), refused],
    ["a hexadecimal length", (o) => revocation(o, { more: ["Content-Length: 0x18"] }), refused],
    ["a length with a fraction", (o) => revocation(o, { more: [`${length(o)}.0`] }), refused],
    [
      "a length beyond 64 bits",
      (o) => revocation(o, { more: [`Content-Length: ${"9".repeat(23)}`] }),
      refused,
    ],
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
    ["chunks", (o) => inChunks(chunk(o)), revoked],
    ["chunks in capitals", (o) => revocation(chunk(o), { more: ["Transfer-Encoding: CHUNKED"] }), revoked],
    ["a chunk extension", (o) => inChunks(chunk(o, `${o.length.toString(16)};${ODD}=1`)), revoked],
    [
      "trailers, an Authorization among them",
      (o) =>
        revocation(`${o.length.toString(16)}\r\n${o}\r\n0\r\nAuthorization: Bearer ${ODD}\r\n\r\n`, {
          more: [CHUNKED, "Trailer: Authorization"],
        }),
      revoked,
    ],
    ["a chunk that is too short", (o) => inChunks(chunk(o, "5")), brokenOff],
    ["a negative chunk", (o) => inChunks(chunk(o, "-5")), brokenOff],
    ["a chunk of 0x18", (o) => inChunks(chunk(o, "0x18")), brokenOff],
    ["a chunk beyond 64 bits", (o) => inChunks(chunk(o, "f".repeat(18))), brokenOff],
    ["chunks with bare line feeds", (o) => inChunks(`18\n${o}\n0\n\n`), brokenOff],
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
      (o) => revocation(chunk(o), { more: [CHUNKED, "Transfer-Encoding: identity"] }),
      refused,
    ],
    [
      "Transfer-Encoding with a blank before its colon",
      (o) => revocation(chunk(o), { more: ["Transfer-Encoding : chunked", length(o)] }),
      refused,
    ],
    [
      "a length beside chunks: the chunks count",
      (o) => revocation(chunk(o), { more: [length(o), CHUNKED] }),
      { ...revoked, closes: true },
    ],

    // A request within a request
    [
      "hidden behind the last chunk, within the length",
      (_, h) => revocation(`0\r\n\r\n${h}`, { more: [length(`0\r\n\r\n${h}`), CHUNKED] }),
      brokenOff,
    ],
    [
      "hidden behind the length, within the chunks",
      (_, h) => revocation(chunk(h), { more: ["Content-Length: 4", CHUNKED] }),
      brokenOff,
    ],
    ["hidden in the body", (_, h) => revocation(h), malformed],
    ["hidden in the body of a GET", (_, h) => message([ME, "Host: edge", auth, length(h)], h), read],
    ["hidden in a header", (_, h) => bare(ME, `X: ${encodeURIComponent(h)}`), read],
    [
      "hidden in trailers",
      (o, h) => inChunks(`${o.length.toString(16)}\r\n${o}\r\n0\r\n${h}\r\n\r\n`),
      { ...brokenOff },
    ],

    // Header syntax
    ["bare line feeds in the head", (o) => revocation(o).replaceAll("\r\n", "\n"), revoked],
    ["a bare carriage return", (o) => revocation(o, { more: [length(o), `X: a\rX-B: ${ODD}`] }), refused],
    ["a folded header", (o) => revocation(o, { more: [length(o), `X: a\r\n ${ODD}`] }), refused],
    ["a folded Authorization", () => bare(ME).replace("Authorization:", "Authorization:\r\n"), refused],
    ["a folded first header", () => `${ME}\r\n Host: edge\r\n${auth}\r\n\r\n`, refused],
    ["a blank before the colon", (o) => revocation(o, { more: [length(o), `X-${ODD} : a`] }), refused],
    ["a zero byte in a value", (o) => revocation(o, { more: [length(o), `X: ${ODD}\0b`] }), refused],
    ["a zero byte in a name", (o) => revocation(o, { more: [length(o), `${ODD}\0: b`] }), refused],
    ["a header without a colon", (o) => revocation(o, { more: [length(o), ODD] }), refused],
    ["a header without a name", (o) => revocation(o, { more: [length(o), `: ${ODD}`] }), refused],
    ["bytes that are no text", (o) => revocation(o, { more: [length(o), `X: ${ODD}\xff\xfe`] }), revoked],
    [
      "a key with such a byte",
      () => bare(ME).replace(auth, `${auth}\xff`),
      { status: 401, kind: "unauthenticated" },
    ],
    [
      "a vertical tab for a blank",
      () => bare(ME).replace("Bearer ", "Bearer\x0b"),
      { status: 401, kind: "unauthenticated" },
    ],
    ["two Authorizations", (o) => revocation(o, { more: [length(o), auth] }), malformed],
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
    [
      "CONNECT",
      () => bare(`CONNECT ${ODD}.example:80 HTTP/1.1`),
      { status: 500, workerd: true, closes: true },
    ],
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
    [
      "an order number of 60,000 digits",
      () => bare(`GET /v1/orders/${"7".repeat(60_000)} HTTP/1.1`),
      notFound,
    ],

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
}
