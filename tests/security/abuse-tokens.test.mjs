// Rows of the abuse table (README.md in this folder): tokens that nobody should believe, on every operation.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, test } from "node:test";
import { document } from "../edge/documented.mjs";
import { redirect, startIssuer } from "../edge/issuer.mjs";
import { rocaKey } from "../edge/roca-key.mjs";
import { AUDIENCE, ISSUER, assembled, claims, ecKey, rsaKey, signed, signers } from "../edge/tokens.mjs";
import { startWorld, testTraces } from "../edge/world.mjs";

const [rsa, ec, weak, stranger] = [rsaKey(), ecKey(), rsaKey({ bits: 1024 }), rsaKey()];
const roca = rocaKey("roca");
const issuer = await startIssuer([rsa.jwk, ec.jwk, weak.jwk, roca.jwk]);
const world = await startWorld({
  variables: {
    JWT_ISSUER: ISSUER,
    JWT_AUDIENCE: AUDIENCE,
    JWT_JWKS_URL: issuer.jwksUrl,
    GRANTS: JSON.stringify([
      {
        ...{ claim: "groups", value: "revokers", orders: ["*"] },
        permissions: ["revoke", "test", "plan", "approve", "audit", "operate"],
      },
    ]),
  },
});

/** Where a token may point for keys; nobody may come. */
let visits = 0;
const attacker = createServer((_, response) => response.end(JSON.stringify({ keys: [stranger.jwk] })));
attacker.on("connection", () => (visits += 1)).listen(0, "127.0.0.1");
await once(attacker, "listening");
after(() => {
  attacker.closeAllConnections();
  attacker.close();
});
const { port } = /** @type {import("node:net").AddressInfo} */ (attacker.address());
const attackers = `http://127.0.0.1:${port}/keys`;

/** Every operation that needs a caller, as the document has them. */
const OPERATIONS = Object.entries(document.paths).flatMap(([path, item]) =>
  ["get", "post"]
    .filter((method) => item[method] && item[method].security?.length !== 0)
    .map((method) => ({ method: method.toUpperCase(), path: path.replace(/\{[^}]+\}/, "4711") })),
);

/** Each, in either header, gets 401 everywhere, and nothing of it reaches the CA. @param {Record<string, string>} tokens */
async function nobodyIsLetIn(tokens) {
  world.ca.forgetRequests();
  for (const [name, token] of Object.entries(tokens)) {
    for (const headers of [{ authorization: `Bearer ${token}` }, { "cf-access-jwt-assertion": token }]) {
      for (const { method, path } of OPERATIONS) {
        const body = method === "POST" ? { orderNumber: "4711" } : undefined;
        const answer = await world.ask(path, { method, body, headers });
        assert.deepEqual(
          [answer.status, answer.kind],
          [401, "unauthenticated"],
          `${name}: ${method} ${path}`,
        );
      }
    }
  }
  assert.deepEqual(world.ca.ledger(), []);
}

const byRsa = signers.RS256(rsa.privateKey);
const header = (/** @type {object} */ more) => ({ alg: "RS256", typ: "JWT", kid: rsa.kid, ...more });
/** The issuer's own words, but for these claims. @param {object} others */
const saying = (others) => signed(rsa, others);
const now = Math.floor(Date.now() / 1000);

test("a right token is let in, on every operation: so the others are refused for what is wrong with them", async () => {
  assert.ok(OPERATIONS.length >= 8);
  for (const token of [signed(rsa), signed(ec)]) {
    for (const { method, path } of OPERATIONS.filter(({ method }) => method === "GET")) {
      const { status } = await world.ask(path, { headers: { authorization: `Bearer ${token}` } });
      assert.ok(status === 200 || status === 404, `${method} ${path}: ${status}`);
    }
  }
});

test("JWT: none, HS256 with the public key, another algorithm", () =>
  nobodyIsLetIn({
    none: assembled(header({ alg: "none" }), claims(), signers.none()),
    "HS256 with the public key": assembled(
      header({ alg: "HS256" }),
      claims(),
      signers.HS256(rsa.publicKey.export({ format: "pem", type: "spki" })),
    ),
    RS512: assembled(header({ alg: "RS512" }), claims(), signers.RS512(rsa.privateKey)),
    PS256: assembled(header({ alg: "PS256" }), claims(), signers.PS256(rsa.privateKey)),
  }));

test("JWT: jwk, jku, x5u and crit headers", async () => {
  const byStranger = signers.RS256(stranger.privateKey);
  await nobodyIsLetIn({
    jwk: assembled(header({ jwk: stranger.jwk, kid: undefined }), claims(), byStranger),
    jku: assembled(header({ jku: attackers, kid: stranger.kid }), claims(), byStranger),
    x5u: assembled(header({ x5u: attackers, kid: stranger.kid }), claims(), byStranger),
    crit: assembled(header({ crit: ["x"], x: 1 }), claims(), byRsa),
  });
  assert.equal(visits, 0);
});

test("JWT: wrong iss or aud", () =>
  nobodyIsLetIn({
    iss: saying({ iss: `${ISSUER}.attacker.example` }),
    "no iss": saying({ iss: undefined }),
    aud: saying({ aud: "another" }),
    "no aud": saying({ aud: undefined }),
  }));

test("JWT: exp missing, past or no time; nbf in the future or no time", () =>
  nobodyIsLetIn({
    "no exp": saying({ exp: undefined }),
    "past exp": saying({ exp: now - 1 }),
    "exp as text": saying({ exp: String(now + 600) }),
    "future nbf": saying({ nbf: now + 600 }),
    "nbf as text": saying({ nbf: String(now - 600) }),
  }));

test("JWT: weak keys", () =>
  nobodyIsLetIn({ "RSA of 1024 bits": signed(weak), "RSA that ROCA breaks": signed(roca) }));

test("JWT: floods of unknown kids: one look at the issuer's keys a minute, and redirects are not followed", async () => {
  await world.kill();
  await world.startAgain();
  issuer.fetches = 0;
  assert.equal(
    (await world.ask("/v1/me", { headers: { authorization: `Bearer ${signed(rsa)}` } })).status,
    200,
  );
  issuer.fault = redirect(307, attackers);
  for (let flood = 0; flood < 20; flood += 1) {
    const tokens = Array.from({ length: 25 }, () => signed({ ...stranger, kid: randomUUID() }));
    const answers = await Promise.all(
      tokens.map((token) => world.ask("/v1/me", { headers: { authorization: `Bearer ${token}` } })),
    );
    for (const { status } of answers) assert.equal(status, 401);
  }
  issuer.fault = undefined;
  assert.equal(issuer.fetches, 2);
  assert.equal(visits, 0);
  assert.equal(
    (await world.ask("/v1/me", { headers: { authorization: `Bearer ${signed(rsa)}` } })).status,
    200,
  );
});

testTraces(world);
