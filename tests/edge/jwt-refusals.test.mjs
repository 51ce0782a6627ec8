// A JWT that is refused: the caller is told little, and one line of the log names the failed check and what was expected.
import assert from "node:assert/strict";
import { test } from "node:test";
import { me, startJwtWorld } from "./jwt-world.mjs";
import { rocaKey } from "./roca-key.mjs";
import { AUDIENCE, ISSUER, assembled, claims, rsaKey, signed, signers } from "./tokens.mjs";
import { testTraces } from "./world.mjs";

const [rsa, weak, roca, stranger] = [rsaKey(), rsaKey({ bits: 1024 }), rocaKey("roca"), rsaKey()];
const { issuer, world } = await startJwtWorld([rsa, weak, roca]);
const now = Math.floor(Date.now() / 1000);
const TOLD = "The JWT is not valid here, or it has expired.";

const [good, another] = [signed(rsa), signed(rsa, { sub: "mallory" })];
const byRsa = signers.RS256(rsa.privateKey);
const headed = (/** @type {object} */ more) =>
  assembled({ alg: "RS256", typ: "JWT", kid: rsa.kid, ...more }, claims(), byRsa);

/** The usual mistakes: the token, the check that it fails, what is expected, and what was found. @type {Record<string, [string, string, RegExp, string?]>} */
const MISTAKES = {
  "an issuer with a slash": [signed(rsa, { iss: `${ISSUER}/` }), "iss", RegExp(`^${ISSUER}$`), `${ISSUER}/`],
  "an issuer of another version": [
    signed(rsa, { iss: `${ISSUER}/v2.0` }),
    "iss",
    RegExp(ISSUER),
    `${ISSUER}/v2.0`,
  ],
  "another audience": [signed(rsa, { aud: ["account"] }), "aud", RegExp(`^${AUDIENCE}$`), "account"],
  "no audience": [signed(rsa, { aud: undefined }), "aud", RegExp(AUDIENCE), "nothing"],
  "another tenant's keys": [signed(stranger), "key", /JWT_JWKS_URL/],
  "a weak key": [signed(weak), "weak-key", /2048 bits/],
  "a key that ROCA breaks": [signed(roca), "weak-key", /ROCA/],
  "an expired token": [signed(rsa, { exp: now - 3_600 }), "exp", /passed 36\d\d s ago/],
  "a token without an end": [signed(rsa, { exp: undefined }), "exp", /a number/],
  "a clock that lags": [signed(rsa, { iat: now + 120 }), "iat", /at most 60 s ahead.*compare the clocks/],
  "a token that begins later": [signed(rsa, { nbf: now + 120 }), "nbf", /at most 60 s ahead/],
  "no subject": [signed(rsa, { sub: undefined }), "sub", /JWT_PERSON_CLAIM/],
  "an ID token of another type": [signed(rsa, {}, { typ: "logout+jwt" }), "typ", /at\+jwt/, "logout+jwt"],
  "an address of keys": [headed({ jku: "https://issuer.example/keys" }), "jku", /without/],
  "a key of its own": [headed({ jwk: stranger.jwk }), "jwk", /without/],
  "another algorithm": [
    assembled({ alg: "RS512", kid: rsa.kid }, claims(), signers.RS512(rsa.privateKey)),
    "alg",
    /RS256/,
    "RS512",
  ],
  "an unsigned token": [assembled({ alg: "none" }, claims(), signers.none()), "alg", /RS256/, "none"],
  "a forged token": [
    [good.split(".")[0], another.split(".")[1], good.split(".")[2]].join("."),
    "signature",
    /changed, or forged/,
  ],
  "an opaque token": ["2YotnFZFEjr1zCsicMWpAA", "opaque", /audience/],
  "an encrypted token": [
    `${Buffer.from('{"alg":"dir","enc":"A128GCM"}').toString("base64url")}..AA.AA.AA`,
    "encrypted",
    /not an encrypted one/,
  ],
};

/** Nothing of the token is in the line. @param {any} line @param {string} token */
function assertSilent(line, token) {
  const text = JSON.stringify(line);
  for (const part of token.split(".")) if (part.length > 8) assert.ok(!text.includes(part), text);
  assert.ok(text.length < 1_000);
}

test("a right token is taken, and its line names no check: the others are refused for what is wrong with them", async () => {
  const headers = { authorization: `Bearer ${good}` };
  const answer = await world.ask("/v1/revocations", { body: { orderNumber: "0" }, headers });
  assert.equal(answer.status, 422);
  assert.equal((await world.logLine(answer)).refused, undefined);
  assert.equal((await world.revoke({ orderNumber: world.newOrder() })).status, 200);
});

for (const [name, [token, check, expected, found]] of Object.entries(MISTAKES)) {
  test(`${name}: the log names the check`, async () => {
    const answer = await me(world, token);
    assert.deepEqual([answer.status, answer.json.detail], [401, TOLD]);
    const line = await world.logLine(answer);
    assert.deepEqual([line.event, line.status, line.actor], ["request", 401, null]);
    assert.equal(line.refused.check, check);
    assert.match(line.refused.expected, expected);
    assert.equal(line.refused.found, found);
    assertSilent(line, token);
  });
}

test("what a stranger writes stands in the log cut short and plain", async () => {
  const token = signed(rsa, { iss: `x\n{"event":"forged"}\u001b[2J${"words ".repeat(1_000)}` });
  const line = await world.logLine(await me(world, token));
  assert.equal(line.refused.found, `x?{"event":"forged"}?[2J${"words?".repeat(200)}`.slice(0, 120) + "...");
  assertSilent(line, token);
});

test("a key set that is empty, and one that cannot be read, are told", async () => {
  await world.kill();
  await world.startAgain();
  const published = issuer.keys;
  issuer.keys = [];
  const line = await world.logLine(await me(world, good));
  assert.deepEqual(
    [line.refused.check, line.refused.expected],
    ["key-set", "an RSA or EC key for signatures at JWT_JWKS_URL; there is none"],
  );
  await world.kill();
  await world.startAgain();
  issuer.fault = (response) => response.writeHead(404).end();
  const answer = await me(world, good);
  assert.match(answer.json.detail, /cannot be fetched/);
  const { refused } = await world.logLine(answer);
  assert.deepEqual(
    [refused.check, refused.expected],
    ["key-set", "a key set at JWT_JWKS_URL; it cannot be read"],
  );
  await world.logged('"event":"issuer-unavailable","reason":"HTTP 404"');
  issuer.fault = undefined;
  issuer.keys = published;
});

test("an API key that is refused is told likewise, and neither its text nor its id when it is no key of ours", async () => {
  const answer = await world.ask("/v1/me", { as: "ark_operator_not-the-secret" });
  const line = await world.logLine(answer);
  assert.deepEqual(line.refused, { check: "api-key", expected: "a key of API_KEYS" });
});

testTraces(world);
