// What stays in the memory of the edge's wasm after calls of every kind: neither the CA's login nor a caller's secret.
import assert from "node:assert/strict";
import { test } from "node:test";
import { LOGIN_NAME, LOGIN_PASSWORD } from "../edge/canary.mjs";
import { startIssuer } from "../edge/issuer.mjs";
import { AUDIENCE, ISSUER, ecKey, signed } from "../edge/tokens.mjs";
import { startWorld, testTraces } from "../edge/world.mjs";

const issuerKey = ecKey();
const issuer = await startIssuer([issuerKey.jwk]);
const world = await startWorld({
  variables: {
    JWT_ISSUER: ISSUER,
    JWT_AUDIENCE: AUDIENCE,
    JWT_JWKS_URL: issuer.jwksUrl,
    GRANTS: JSON.stringify([
      { claim: "groups", value: "revokers", permissions: ["revoke", "test"], orders: ["*"] },
    ]),
    CA_TIMEOUT_MS: "500",
    RESEND_WINDOW_MS: "0",
  },
});
await world.startAgain("tests/security/watched.capnp");

/** Which of these texts are in the memory. @param {string[]} texts */
async function inMemory(texts) {
  const body = texts.map((text) => Buffer.from(text).toString("base64")).join("\n");
  const response = await fetch(`${world.url}/memory`, { method: "POST", body });
  const { bytes, found } = await response.json();
  assert.ok(bytes > 1024 * 1024, `${bytes} bytes`);
  return found.map((/** @type {string} */ text) => Buffer.from(text, "base64").toString());
}

const form = (/** @type {string} */ text) => new URLSearchParams([["", text]]).toString().slice(1);
const secrets = [LOGIN_NAME, LOGIN_PASSWORD].flatMap((secret) => [
  ...[secret, form(secret), encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)],
  // Half of it is too much as well.
  ...[secret.slice(0, 10), secret.slice(-10)],
]);

test("the look into memory finds what is there", async () => {
  await world.revoke({ orderNumber: "7" });
  const { CA_ENDPOINT } = world.configuration;
  assert.deepEqual(await inMemory([CA_ENDPOINT, "no such text at all"]), [CA_ENDPOINT]);
});

test("after calls that went well, were refused, lost, or never sent: no login", async () => {
  const { ca } = world;
  /** @type {object[]} */
  const faults = [
    { fault: "fixed-code", errorCode: -3, errorMessage: `Wrong: ${LOGIN_PASSWORD}` },
    { fault: "echo", part: "form", encoding: "raw", place: "body" },
    { fault: "echo", part: "form", encoding: "base64", place: "message" },
    { fault: "reset-after-reading" },
    { fault: "no-answer" },
    { fault: "redirect", status: 307, location: "/" },
    { fault: "oversize-body", bytes: 100_000 },
  ];
  for (const fault of [undefined, ...faults]) {
    for (const test of [true, false]) {
      const orderNumber = world.newOrder();
      if (fault) ca.faults.add({ .../** @type {any} */ (fault), orderNumber });
      await world.revoke({ orderNumber, test, revocationReason: "x".repeat(500) });
      await world.history(orderNumber);
      assert.deepEqual(await inMemory(secrets), [], JSON.stringify(fault));
    }
  }
  await world.revoke({ orderNumber: "0" });
  await world.revoke({ orderNumber: world.newOrder() }, { as: "nobody" });
  assert.deepEqual(await inMemory(secrets), []);
});

test("many calls at once: no login", async () => {
  const orders = Array.from({ length: 60 }, () => world.newOrder());
  await Promise.all(orders.map((orderNumber) => world.revoke({ orderNumber })));
  assert.deepEqual(await inMemory(secrets), []);
});

test("neither a caller's key nor a token stays, right or wrong", async () => {
  const token = signed(issuerKey);
  const wrong = `${world.keys.operator.slice(0, -1)}~`;
  for (const bearer of [world.keys.operator, world.keys.tester, token, wrong, `${token}x`]) {
    await world.ask("/v1/me", { headers: { authorization: `Bearer ${bearer}` } });
    await world.ask("/v1/revocations", {
      body: { orderNumber: world.newOrder(), test: true },
      headers: { authorization: `Bearer ${bearer}` },
    });
  }
  await world.ask("/v1/me", { headers: { "cf-access-jwt-assertion": token } });
  const [, , signature] = token.split(".");
  // A secret may have underscores of its own.
  const secret = (/** @type {string} */ key) => key.split("_").slice(2).join("_");
  const texts = [secret(world.keys.operator), secret(world.keys.tester), secret(wrong), signature, token];
  assert.deepEqual(await inMemory(texts), []);
});

testTraces(world);
