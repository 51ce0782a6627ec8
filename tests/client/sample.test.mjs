// The vendor's sample request, through revoke(): what the CA receives is what the vendor prints.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { createServer } from "node:http";
import { revoke } from "autorevoke";
import { startSimulator } from "autorevoke-simulator";

const ca = await startSimulator({ loginName: "yourLoginName", loginPassword: "yourPassword" });
after(() => ca.close());

/** A server that keeps the bodies it is sent, to the byte. */
const bodies = [];
const listener = createServer(async (request, response) => {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  bodies.push({ ...request.headers, method: request.method, body: Buffer.concat(chunks).toString("latin1") });
  response.end("errorCode=0");
});
before(() => new Promise((resolve) => listener.listen(0, "127.0.0.1", () => resolve(undefined))));
after(() => listener.close());
const endpoint = () => `http://127.0.0.1:${/** @type {any} */ (listener.address()).port}/revoke`;

test("the sample's pairs arrive, each once, each encoded once, and the CA revokes", async () => {
  const done = await revoke(
    { orderNumber: 123456, codeReason: 1, revocationReason: "Key compromised", responseFormat: 0 },
    { endpoint: ca.endpoint, credentials: { loginName: "yourLoginName", loginPassword: "yourPassword" } },
  );
  assert.deepEqual(done, { orderNumber: "123456", outcome: "revoked", errorCode: 0, test: false });
  const [request] = ca.ledger({ orderNumber: "123456" });
  assert.equal(request.acted, true);
  assert.deepEqual(request.loginMatches, { name: true, password: true });
  assert.deepEqual(
    new Map(request.pairs.filter(([name]) => !name.startsWith("login"))),
    new Map([
      ["orderNumber", "123456"],
      ["codeReason", "1"],
      ["revocationReason", "Key compromised"],
      ["responseFormat", "0"],
    ]),
  );
  assert.equal(request.pairs.length, 6);
  assert.equal(request.method, "POST");
  assert.equal(request.headers["content-type"], "application/x-www-form-urlencoded");
});

test("a password of every troublesome kind arrives intact, and can smuggle nothing in", async () => {
  for (const loginPassword of [
    '&+%=/ü€"',
    "a&loginName=evil",
    "%26%3D",
    "x=y&test=Y",
    "🔑 +",
    "é".repeat(128),
  ]) {
    bodies.length = 0;
    await revoke(
      { orderNumber: "7", revocationReason: "a&orderNumber=8\n\tb" },
      { endpoint: endpoint(), credentials: { loginName: "n&m=1", loginPassword } },
    );
    assert.equal(bodies.length, 1);
    assert.match(bodies[0].body, /^[\x21-\x7e]+$/, "form encoding is ASCII");
    assert.deepEqual(
      [...new URLSearchParams(bodies[0].body)],
      [
        ["loginName", "n&m=1"],
        ["loginPassword", loginPassword],
        ["orderNumber", "7"],
        ["codeReason", "0"],
        ["revocationReason", "a&orderNumber=8\n\tb"],
        ["responseFormat", "1"],
      ],
    );
  }
});

test("every member goes out by its own name, and the CA is asked not to compress", async () => {
  bodies.length = 0;
  const order = {
    orderNumber: "9223372036854775807",
    codeReason: "cessationOfOperation",
    revocationReason: "shut down",
    accountID: 9007199254740991,
    productCode: "287",
    product: 488,
    test: true,
    responseFormat: 1,
  };
  const credentials = { loginName: "a", loginPassword: "b" };
  const done = await revoke(/** @type {any} */ (order), { endpoint: endpoint(), credentials });
  assert.equal(done.outcome, "tested");
  const [{ body, method, ...headers }] = bodies;
  assert.equal(method, "POST");
  assert.equal(
    body,
    "loginName=a&loginPassword=b&orderNumber=9223372036854775807&accountID=9007199254740991&codeReason=5" +
      "&revocationReason=shut+down&productCode=287&product=488&test=Y&responseFormat=1",
  );
  assert.equal(headers["content-type"], "application/x-www-form-urlencoded");
  assert.equal(headers["accept-encoding"], "identity");
  assert.ok(!("authorization" in headers) && !("idempotency-key" in headers) && !("cookie" in headers));
});

test("the order counts as it was when revoke() was called", async () => {
  bodies.length = 0;
  const order = { orderNumber: "1" };
  const credentials = { loginName: "a", loginPassword: "b" };
  const calls = [];
  for (const orderNumber of ["11", "12", "13"]) {
    order.orderNumber = orderNumber;
    calls.push(revoke(order, { endpoint: endpoint(), credentials }));
  }
  credentials.loginPassword = "changed";
  assert.deepEqual(
    (await Promise.all(calls)).map((done) => done.orderNumber),
    ["11", "12", "13"],
  );
  const sent = bodies.map(({ body }) => new URLSearchParams(body));
  assert.deepEqual(sent.map((form) => form.get("orderNumber")).sort(), ["11", "12", "13"]);
  assert.ok(sent.every((form) => form.get("loginPassword") === "b"));
});
