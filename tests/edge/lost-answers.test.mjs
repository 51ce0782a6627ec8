// Answers that are no answer: whatever the CA or the way to it does, what is not known is not claimed to be.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, before, test } from "node:test";
import { PEOPLE, startWorld, testTraces } from "./world.mjs";

const CONNECTIONS = 6;
const TIMEOUT_MS = 3_000;
const world = await startWorld({
  variables: { CA_MAX_CONNECTIONS: String(CONNECTIONS) },
  people: [...PEOPLE, { id: "auditor", permissions: ["audit"], orders: ["*"] }],
});
const impatient = await startWorld({
  variables: { CA_TIMEOUT_MS: String(TIMEOUT_MS), CA_MAX_CONNECTIONS: String(CONNECTIONS) },
});

/** @typedef {import("autorevoke-simulator").Simulator["faults"]} Faults */
/** @typedef {Omit<Parameters<Faults["add"]>[0], "orderNumber">} Fault */

/**
 * An order's own fault: neither done nor refused is claimed, and it was sent once.
 * @param {Fault} fault
 * @param {import("./world.mjs").World} [edge]
 */
async function staysUnknown(fault, edge = world) {
  for (const isTest of [false, true]) {
    const orderNumber = edge.newOrder();
    const about = `${JSON.stringify(fault)}, test: ${isTest}`;
    edge.ca.faults.add(
      fault.fault === "reset-before-reading" ? { ...fault, times: 1 } : { ...fault, orderNumber },
    );
    const before = edge.ca.ledger().length;
    const { status, kind, json } = await edge.revoke({ orderNumber, test: isTest });
    assert.deepEqual([status, kind, json.mayHaveRevoked], [502, "unknown-outcome", !isTest], about);
    assert.equal(json.orderNumber, orderNumber);

    const { state, attempts, auditSeqs } = await edge.history(orderNumber);
    assert.equal(state, isTest ? "pending" : "unknown", about);
    assert.deepEqual(
      attempts.map((/** @type {any} */ attempt) => [attempt.outcome, attempt.test]),
      [["unknown", isTest]],
    );
    assert.equal(auditSeqs.length, 2);
    if (fault.fault === "reset-before-reading") assert.equal(edge.ca.ledger().length, before + 1);
    else assert.equal(edge.sent(orderNumber).length, 1, about);
  }
}

/**
 * Several at a time, as many as the edge has connections.
 * @template T
 * @param {T[]} all
 * @param {(one: T) => Promise<void>} work
 */
async function each(all, work) {
  const left = [...all];
  const worker = async () => {
    for (let one = left.shift(); one !== undefined; one = left.shift()) await work(one);
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, worker));
}

/** @type {Fault[]} */
const late = [
  { fault: "no-answer" },
  { fault: "latency", ms: 3 * TIMEOUT_MS },
  { fault: "latency", ms: 3 * TIMEOUT_MS, when: "before-acting" },
  { fault: "slow-drip", ms: TIMEOUT_MS / 2 },
  { fault: "slow-drip", ms: TIMEOUT_MS / 10, part: "whole" },
  ...["", "Content-Length: 12\r\n"].map((length) => ({
    fault: "raw-socket",
    encoding: "latin1",
    bytes: `HTTP/1.1 200 OK\r\n${length}\r\nerrorCode=0`,
    ending: "hold",
  })),
];

test("no whole answer in time: unknown-outcome, sent once", () =>
  each(late, (fault) => staysUnknown(fault, impatient)));

/** @type {Record<string, Fault[]>} */
const lost = {
  "a reset before the order was read": [{ fault: "reset-before-reading" }],
  "a reset after it was read": [
    { fault: "reset-after-reading" },
    { fault: "reset-after-reading", acts: false },
  ],
  "an orderly close without an answer": [{ fault: "early-close" }],
  "no HTTP": [
    { fault: "raw-socket", encoding: "latin1", bytes: "errorCode=0" },
    { fault: "raw-socket", encoding: "latin1", bytes: "SSH-2.0-OpenSSH_9.2\r\n" },
    { fault: "raw-socket", encoding: "latin1", bytes: "HTTP/1.1 200\r\n" },
    { fault: "raw-socket", encoding: "base64", bytes: "AAAA" },
  ],
  "another HTTP status than 200": [
    201, 202, 203, 204, 205, 206, 207, 226, 299, 400, 401, 403, 404, 405, 407, 408, 409, 418, 421, 425, 429,
    451, 499, 500, 501, 502, 503, 504, 511, 599,
  ].map((status) => ({ fault: "http-status", status })),
  "a status of 500 with a refusal in it": [{ fault: "http-status", status: 500, body: "errorCode=-35" }],
  "an HTML page": [
    { fault: "html-page" },
    { fault: "html-page", status: 503 },
    { fault: "html-page", title: "0" },
  ],
  "an empty body": [{ fault: "empty-body" }, { fault: "raw", body: " \r\n" }],
  "too long a body": [
    { fault: "oversize-body" },
    { fault: "oversize-body", framing: "chunked" },
    { fault: "oversize-body", fill: "blank", framing: "chunked" },
    { fault: "oversize-body", fill: "blank", bytes: 65_537 },
    { fault: "oversize-body", bytes: 100_000_000 },
  ],
  "a compressed body": ["gzip", "deflate", "br"].flatMap((encoding) => [
    { fault: "compressed-body", encoding },
    { fault: "compressed-body", encoding, declared: false },
    { fault: "compressed-body", encoding, bytes: 10_000_000 },
  ]),
  "another character set": ["utf-16le", "utf-16be", "utf-16le-without-bom"].flatMap((charset) => [
    { fault: "wrong-charset", charset },
    { fault: "wrong-charset", charset, declared: true },
  ]),
  "fields that contradict each other": [
    "zero-with-message",
    "zero-with-detail",
    "zero-with-item",
    "zero-about-another-order",
    "zero-about-no-order",
    "zero-about-a-serial-number",
    "zero-about-a-certificate",
    "zero-about-the-other-kind",
    "already-revoked-about-another-order",
    "already-rejected-about-another-order",
    "plain-already-revoked-about-another-order",
    "two-codes",
    "two-codes-failure-first",
    "same-code-twice",
    "same-failure-twice",
    "code-in-other-case-twice",
    "zero-inside-plain-message",
    "plain-zero-with-message",
    "plain-two-codes",
  ].map((variant) => ({ fault: "contradictory-fields", variant })),
  "an echo of the form": ["raw", "percent", "base64", "hex", "html", "json"].map((encoding) => ({
    fault: "echo",
    encoding,
  })),
  "codes that are none": [
    "-0",
    "+0",
    "00",
    "0x0",
    "0.0",
    "0,",
    "1",
    "-1000000000",
    "-03",
    "%30",
    "−3",
    "０",
    "null",
    "",
    "0 errorCode=-3",
  ].flatMap((code) => [
    { fault: "raw", body: `errorCode=${code}\n` },
    { fault: "raw", body: `${code}\n`, contentType: "text/plain" },
  ]),
  "success in all the wrong places": [
    '{"errorCode":0}',
    "<p>errorCode=0</p>",
    "Error: errorCode=0",
    "x=1&message=errorCode=0",
    "status=0",
    "errorCode%3D0",
    "error%43ode=0",
    "errorCode=-3%26errorCode=0",
    "0 0",
    "OK",
  ].map((body) => ({ fault: "raw", body })),
  "a content length that is wrong": [
    { fault: "wrong-length", variant: "too-long" },
    { fault: "wrong-length", variant: "too-short" },
    { fault: "wrong-length", variant: "twice-different" },
    { fault: "wrong-length", variant: "negative" },
    { fault: "wrong-length", variant: "not-a-number" },
  ],
};

for (const [name, faults] of Object.entries(lost)) {
  test(`${name}: unknown-outcome, sent once`, () => each(faults, staysUnknown));
}

/** @type {Fault[]} */
const harmless = [
  { fault: "latency", ms: 300 },
  { fault: "slow-drip", ms: 10 },
  { fault: "wrong-content-type" },
  { fault: "wrong-content-type", contentType: "" },
  { fault: "other-format" },
  { fault: "other-format", label: "asked" },
  { fault: "wrong-charset", charset: "utf-8-with-bom" },
  { fault: "raw", body: "\r\n errorCode=0&\r\n" },
  { fault: "raw", body: "ERRORCODE=0" },
  { fault: "raw", body: "errorCode=0&status=x&errorDetail=&errorItem=&" },
  { fault: "contradictory-fields", variant: "zero-about-this-call" },
  { fault: "raw", body: "0\r", contentType: "text/plain" },
];

test("an answer that only looks odd counts: revoked", () =>
  each(harmless, async (fault) => {
    const orderNumber = world.newOrder();
    world.ca.faults.add({ ...fault, orderNumber });
    const { json, text } = await world.revoke({ orderNumber });
    assert.equal(json.outcome, "revoked", `${JSON.stringify(fault)}: ${text}`);
  }));

test("what the CA said beside its code is in the audit log, a contradicted success too", async () => {
  for (const [body, extra] of /** @type {[string, string[][]][]} */ ([
    ["errorCode=0&orderNumber=999999", [["orderNumber", "999999"]]],
    ["errorCode=0&errorDetail=Order+not+found", [["errorDetail", "Order not found"]]],
    ["errorCode=0&errorMessage=no", [["errorMessage", "no"]]],
    ["errorCode=0&serverName=a", [["serverName", "a"]]],
    ["errorCode=-3&errorItem=x&errorMessage=no", [["errorItem", "x"]]],
    ["errorCode=0", []],
  ])) {
    const orderNumber = world.newOrder();
    world.ca.faults.add({ fault: "raw", body, orderNumber, times: 1 });
    const { json } = await world.revoke({ orderNumber });
    const { json: log } = await world.ask(`/v1/audit?after=${json.auditSeq - 1}&limit=1`, { as: "auditor" });
    assert.deepEqual(log.entries[0].extra ?? [], extra, body);
  }
});

test("a failure with an encoded success inside of its message is a failure", async () => {
  const orderNumber = world.newOrder();
  world.ca.faults.add({ fault: "contradictory-fields", variant: "zero-inside-message", orderNumber });
  const { kind, json } = await world.revoke({ orderNumber });
  assert.deepEqual([kind, json.errorCode, json.errorMessage], ["ca-refused", -3, "x&errorCode=0"]);
});

test("frames of doubtful length and interim answers: done is claimed only when it was", async () => {
  await each(
    [
      ...["twice-alike", "with-chunked"].map((variant) => ({ fault: "wrong-length", variant })),
      ...[100, 102, 103].map((status) => ({ fault: "interim-answer", status, count: 2 })),
    ],
    async (fault) => {
      for (const acts of [true, false]) {
        const orderNumber = world.newOrder();
        world.ca.faults.add({ ...fault, orderNumber, acts });
        if (!acts) world.ca.orders.set({ orderNumber, state: "expired" });
        const { json, kind } = await world.revoke({ orderNumber });
        const honest = acts ? "revoked" : "ca-refused";
        assert.ok([honest, "unknown-outcome"].includes(json.outcome ?? kind), JSON.stringify(fault));
        assert.equal(world.sent(orderNumber).length, 1);
      }
    },
  );
});

/** What the CA answers, and from how many bytes on its code can be trusted although the end is not marked. */
const cutAnswers = [
  { name: "success", body: "errorCode=0", trustedFrom: 11, means: "revoked" },
  {
    name: "a refusal",
    errorCode: -35,
    errorMessage: "Expired",
    body: "errorCode=-35&errorMessage=Expired",
    trustedFrom: "errorCode=-35&".length,
    means: "ca-refused",
  },
  {
    name: "already revoked",
    errorCode: -21,
    errorMessage: "Done before",
    body: "errorCode=-21&errorMessage=Done+before",
    trustedFrom: "errorCode=-21&".length,
    means: "already-revoked",
  },
];

for (const { name, body, trustedFrom, means, ...fixed } of cutAnswers) {
  for (const framing of ["content-length", "chunked", "close-delimited"]) {
    for (const ending of ["close", "reset"]) {
      test(`${name}, ${framing}, cut at every byte by a ${ending}`, async () => {
        // Not the whole body where its length is declared: that is a right answer, on a connection that dies after it.
        const end = framing === "content-length" ? body.length - 1 : body.length;
        const cuts = Array.from({ length: end + 1 }, (_, at) => at);
        await each(cuts, async (at) => {
          const orderNumber = world.newOrder();
          if (fixed.errorCode) world.ca.orders.set({ orderNumber, ...fixed });
          world.ca.faults.add({ fault: "cut-answer", at, framing, ending, orderNumber });
          const { json, kind } = await world.revoke({ orderNumber });
          const outcome = json.outcome ?? kind;
          const trusted = framing === "close-delimited" && at >= trustedFrom;
          const allowed = [
            ...(trusted ? [means] : []),
            // A reset may overtake what came before it.
            ...(trusted && ending === "close" ? [] : ["unknown-outcome"]),
          ];
          assert.ok(allowed.includes(outcome), `cut at ${at}: ${outcome}`);
          if (outcome === "unknown-outcome") assert.equal(json.mayHaveRevoked, true);
          assert.equal(world.sent(orderNumber).length, 1);
        });
      });
    }
  }
}

test("cut at every byte of the head: unknown-outcome", async () => {
  const head =
    "HTTP/1.1 200 OK\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 11\r\n\r\n";
  const cuts = Array.from({ length: head.length - 1 }, (_, at) => at + 1);
  await each(cuts, async (at) => {
    const orderNumber = world.newOrder();
    world.ca.faults.add({ fault: "cut-head", at, ending: at % 2 ? "close" : "reset", orderNumber });
    assert.equal((await world.revoke({ orderNumber })).kind, "unknown-outcome", `cut at ${at}`);
    assert.equal(world.sent(orderNumber).length, 1);
  });
});

let connections = 0;
const elsewhere = createServer((_, response) => response.end("errorCode=0"));
elsewhere.on("connection", () => (connections += 1));
before(() => once(elsewhere.listen(0, "127.0.0.1"), "listening"));
after(() => elsewhere.close());

for (const status of [300, 301, 302, 303, 304, 305, 306, 307, 308, 399]) {
  test(`${status} to another server: not followed, unknown-outcome`, async () => {
    const { port } = /** @type {import("node:net").AddressInfo} */ (elsewhere.address());
    const own = new URL(world.ca.endpoint).pathname;
    const targets = [`http://127.0.0.1:${port}/`, `//127.0.0.1:${port}/x`, own, undefined];
    await each(
      targets.map((location) => ({ fault: "redirect", status, ...(location && { location }) })),
      staysUnknown,
    );
    assert.equal(connections, 0);
  });
}

async function closedPort() {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  server.close();
  await once(server, "close");
  return port;
}

test("nobody listens where the CA should be: unknown-outcome", async () => {
  const dead = await startWorld({ variables: { CA_ENDPOINT: `http://127.0.0.1:${await closedPort()}/x` } });
  const orderNumber = dead.newOrder();
  const { status, kind } = await dead.revoke({ orderNumber });
  assert.deepEqual([status, kind], [502, "unknown-outcome"]);
  assert.equal((await dead.history(orderNumber)).state, "unknown");
});

testTraces(world, impatient);
