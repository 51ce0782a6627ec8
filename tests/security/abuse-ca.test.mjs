// Rows of the abuse table (README.md in this folder): what the CA, or somebody on the way to it, may try.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, test } from "node:test";
import { LOGIN_NAME, LOGIN_PASSWORD } from "../edge/canary.mjs";
import { startWorld, testTraces } from "../edge/world.mjs";

const TIMEOUT_MS = 4_000;
const world = await startWorld({
  // Nothing is sent again by itself, so that every call seen here is one that was asked for.
  variables: { CA_TIMEOUT_MS: String(TIMEOUT_MS), RESEND_WINDOW_MS: "0", CA_MAX_CONNECTIONS: "6" },
});

/** Somebody else's server: whatever comes there is a leak. */
let connections = 0;
const elsewhere = createServer((_, response) => response.end("errorCode=0"));
elsewhere.on("connection", () => (connections += 1));
elsewhere.listen(0, "127.0.0.1");
await once(elsewhere, "listening");
const { port } = /** @type {import("node:net").AddressInfo} */ (elsewhere.address());
after(() => {
  elsewhere.closeAllConnections();
  elsewhere.close();
});

/** The real calls for an order; the probes that settle an unknown outcome are test calls. @param {string} orderNumber */
const realCalls = (orderNumber) => world.sent(orderNumber).filter(({ test }) => !test);

/** Revokes an order whose answer is spoilt. @param {{ fault: string, [parameter: string]: unknown }} fault */
async function spoilt(fault) {
  const orderNumber = world.newOrder();
  world.ca.faults.add({ ...fault, orderNumber });
  const answer = await world.revoke({ orderNumber });
  assert.equal(realCalls(orderNumber).length, 1, JSON.stringify(fault));
  return { ...answer, orderNumber };
}

const REDIRECTS = [300, 301, 302, 303, 304, 305, 306, 307, 308, 399];
const locations = {
  "another host": `http://127.0.0.1:${port}/`,
  "another scheme": `https://127.0.0.1:${port}/`,
  "another host, scheme left out": `//127.0.0.1:${port}/`,
  "a user in front": `http://${new URL(world.ca.endpoint).host}@127.0.0.1:${port}/`,
  "a path of its own": "/products/!AutoRevokeCertificate",
};
for (const [where, location] of Object.entries(locations)) {
  test(`CA or a hop answers any 3xx, to any host: ${where}`, async () => {
    const answers = await Promise.all(
      REDIRECTS.map((status) => spoilt({ fault: "redirect", status, location })),
    );
    for (const { status, kind, json } of answers) {
      assert.deepEqual([status, kind, json.mayHaveRevoked], [502, "unknown-outcome", true]);
    }
    assert.equal(connections, 0, "the other host was called");
  });
}

for (const place of ["body", "message", "header"]) {
  for (const part of ["form", "decoded-form", "login-name", "login-password"]) {
    test(`CA echoes the form: ${part} in the ${place}, raw, percent, base64, HTML`, async () => {
      for (const encoding of ["raw", "percent", "base64", "html", "json", "hex"]) {
        // What every answer is searched for, `examined` knows; what is written, the last test and the suite `leaks`.
        const { orderNumber } = await spoilt({ fault: "echo", part, encoding, place });
        await world.history(orderNumber);
      }
    });
  }
}

for (const [name, fault] of /** @type {[string, { fault: string, [parameter: string]: unknown }][]} */ ([
  ["slow", { fault: "latency", ms: 4 * TIMEOUT_MS }],
  ["slow, a byte at a time", { fault: "slow-drip", ms: 400, part: "whole" }],
  ["without an end", { fault: "no-answer" }],
  ["huge", { fault: "oversize-body", bytes: 64 * 1024 + 1 }],
  ["huge, in chunks", { fault: "oversize-body", bytes: 4 * 1024 * 1024, framing: "chunked" }],
  ["compressed", { fault: "compressed-body", encoding: "gzip", declared: true }],
  ["compressed, and does not say so", { fault: "compressed-body", encoding: "gzip", declared: false }],
  ["a bomb", { fault: "compressed-body", encoding: "gzip", declared: true, bytes: 50 * 1024 * 1024 }],
  ["contradictory", { fault: "contradictory-fields", variant: "two-codes" }],
  ["contradictory, failure first", { fault: "contradictory-fields", variant: "two-codes-failure-first" }],
])) {
  test(`slow, huge, compressed or contradictory CA answer: ${name}`, async () => {
    const began = Date.now();
    const bad = spoilt(fault);
    // Nothing else stalls.
    for (let call = 0; call < 3; call += 1) {
      const before = Date.now();
      const good = await world.revoke({ orderNumber: world.newOrder() });
      assert.equal(good.json.outcome, "revoked");
      assert.ok(Date.now() - before < 0.9 * TIMEOUT_MS, "another call had to wait");
    }
    const { status, kind, json } = await bad;
    assert.deepEqual([status, kind, json.mayHaveRevoked], [502, "unknown-outcome", true]);
    assert.ok(Date.now() - began < 3 * TIMEOUT_MS);
  });
}

const SMUGGLERS = [
  "x&loginName=evil",
  "x&loginName=evil&loginPassword=evil",
  "x%26loginName%3Devil",
  "x;loginName=evil",
  "x&orderNumber=1",
  "x&test=N",
  "&=&=&",
  "%",
  "+ + %2B",
  "x\nloginName: evil",
  '"><form action="//evil.example">',
];
for (const value of SMUGGLERS) {
  test(`loginName smuggled in a value: ${JSON.stringify(value)}`, async () => {
    const orderNumber = world.newOrder();
    const productCode = value.replace("\n", "").slice(0, 50);
    const { json } = await world.revoke({ orderNumber, revocationReason: value, productCode, test: true });
    assert.equal(json.outcome, "tested");
    const [{ pairs, loginOk }, ...more] = world.sent(orderNumber);
    assert.deepEqual([loginOk, more], [true, []]);
    // Whoever decodes the form gets exactly these, each once.
    const expected = {
      ...{ orderNumber, revocationReason: value, productCode, codeReason: "0", test: "Y" },
      ...{ loginName: "[masked]", loginPassword: "[masked]", responseFormat: "1" },
    };
    assert.equal(pairs.length, Object.keys(expected).length);
    assert.deepEqual(Object.fromEntries(pairs), expected);
  });
}

test("caller-chosen endpoint or host: members, queries and headers reach no URL", async () => {
  const there = `http://127.0.0.1:${port}/`;
  const host = `127.0.0.1:${port}`;
  for (const name of ["endpoint", "url", "host", "CA_ENDPOINT", "callback", "redirect"]) {
    const { status, json } = await world.revoke({ orderNumber: world.newOrder(), [name]: there });
    assert.equal(status, 422);
    assert.deepEqual(Object.keys(json.fields), [name]);
  }
  const headers = {
    forwarded: `host=${host};proto=http`,
    "x-forwarded-host": host,
    "x-forwarded-for": host,
    "x-original-url": there,
    "x-rewrite-url": there,
    referer: there,
    via: `1.1 ${host}`,
    "cf-connecting-ip": host,
    "x-ca-endpoint": there,
  };
  const orderNumber = world.newOrder();
  const { json } = await world.revoke(
    { orderNumber, revocationReason: there, productCode: host },
    { headers },
  );
  assert.equal(json.outcome, "revoked");
  const [{ path, headers: sent }] = world.sent(orderNumber);
  assert.equal(path, new URL(world.ca.endpoint).pathname);
  assert.ok(!JSON.stringify(sent).includes(String(port)), "a header of the caller was passed on");
  assert.equal(
    (
      await world.ask(`/v1/revocations?endpoint=${encodeURIComponent(there)}`, {
        as: "operator",
        body: { orderNumber },
      })
    ).status,
    400,
  );
  assert.equal(connections, 0);
});

test("the login reaches the CA as it was configured: the canary is the one that is searched for", () => {
  const { CA_LOGIN_NAME, CA_LOGIN_PASSWORD } = world.configuration;
  assert.deepEqual([CA_LOGIN_NAME, CA_LOGIN_PASSWORD], [LOGIN_NAME, LOGIN_PASSWORD]);
  assert.ok(world.ca.ledger().length > 0 && world.ca.ledger().every(({ loginOk }) => loginOk));
});

testTraces(world);
