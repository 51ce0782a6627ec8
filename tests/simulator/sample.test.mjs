// The vendor's own sample, byte for byte, and both spellings of the answer and of the path.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { startSimulator } from "autorevoke-simulator";
import { exchange, form, post, requestBytes } from "./calls.mjs";

let ca;
before(async () => {
  ca = await startSimulator({ loginName: "yourLoginName", loginPassword: "yourPassword" });
});
beforeEach(() => ca.reset());
after(() => ca.close());

const account = { loginName: "yourLoginName", loginPassword: "yourPassword" };

// What curl sends for the vendor's sample, as recorded with --trace-ascii.
const sampleBody =
  "loginName=yourLoginName&loginPassword=yourPassword&orderNumber=123456&codeReason=1" +
  "&revocationReason=Key%20compromised&responseFormat=0";
const sampleBytes = (connection) =>
  "POST /products/!AutoRevokeCertificate HTTP/1.1\r\nHost: secure.trust-provider.com\r\nUser-Agent: curl/7.88.1\r\n" +
  "Accept: */*\r\nContent-Type: application/x-www-form-urlencoded\r\n" +
  `Content-Length: ${sampleBody.length}\r\n${connection}\r\n${sampleBody}`;

test("the vendor's sample request revokes the order, and is told so in plain text", async () => {
  const { head, body } = await exchange(ca, sampleBytes("Connection: close\r\n"));
  assert.match(head, /^HTTP\/1\.1 200 OK\r\n/);
  assert.match(head, /\r\nContent-Type: text\/plain\r\n/);
  assert.match(head, /\r\nContent-Length: 2\r\n/);
  assert.equal(body, "0\n");
  assert.equal(ca.orders.list("123456")[0].state, "revoked");
});

test("the sample answer that the page shows can be had too", async () => {
  ca.faults.add({ fault: "other-format", label: "asked" });
  const { head, body } = await exchange(ca, sampleBytes("Connection: close\r\n"));
  assert.match(head, /\r\nContent-Type: text\/plain\r\n/);
  assert.equal(body, "errorCode=0");
});

test("a failure in plain text: the code, then the message, a line each", async () => {
  const { type, body } = await post(ca, { ...account, orderNumber: undefined, responseFormat: "0" });
  assert.equal(type, "text/plain");
  assert.equal(body, "-3\nThe 'orderNumber' argument is missing!\n");
});

test("without responseFormat the answer is plain text", async () => {
  assert.equal((await post(ca, { ...account, responseFormat: undefined })).body, "0\n");
});

test("responseFormat 1: URL-encoded, without a message when the code is 0", async () => {
  const done = await post(ca, account);
  assert.equal(done.type, "application/x-www-form-urlencoded");
  assert.equal(done.body, "errorCode=0");
  const failed = await post(ca, { ...account, orderNumber: undefined });
  assert.equal(failed.type, "application/x-www-form-urlencoded");
  assert.equal(failed.body, "errorCode=-3&errorMessage=The+%27orderNumber%27+argument+is+missing%21");
});

for (const path of [
  "/products/!autoRevokeCertificate",
  "/products/!AutoRevokeCertificate",
  "/products/%21autoRevokeCertificate",
  "/products/%21AutoRevokeCertificate",
]) {
  test(`${path} is the endpoint`, async () => {
    const { body } = await exchange(ca, requestBytes(form(account), { path }));
    assert.equal(body, "errorCode=0");
  });
}

for (const path of [
  "/",
  "/products/!AUTOREVOKECERTIFICATE",
  "/products/AutoRevokeCertificate",
  "/!AutoRevokeCertificate",
]) {
  test(`${path} is not, and is in the ledger all the same`, async () => {
    const { head } = await exchange(ca, requestBytes(form(account), { path }));
    assert.match(head, /^HTTP\/1\.1 404 /);
    const [entry] = ca.ledger();
    assert.equal(entry.path, path);
    assert.equal(entry.answered, null);
    assert.equal(entry.acted, false);
  });
}

test("there are no CORS headers", async () => {
  const { headers } = await post(ca, account, {
    headers: { Origin: "https://dashboard.example.com", "Content-Type": "application/x-www-form-urlencoded" },
  });
  assert.equal(headers.get("access-control-allow-origin"), null);
});
