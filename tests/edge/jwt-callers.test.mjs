// People and services that call with a JWT: who the edge takes them for, and what they may do.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertRefused, me, startJwtWorld } from "./jwt-world.mjs";
import { AUDIENCE, ISSUER, ecKey, rsaKey, signed } from "./tokens.mjs";
import { testTraces } from "./world.mjs";

const [rsa, ec] = [rsaKey(), ecKey()];
const { issuer, world } = await startJwtWorld([rsa, ec]);
const { world: byEmail } = await startJwtWorld([rsa], { JWT_PERSON_CLAIM: "email" });

const EMAIL = "olivia@example.com";
const REVOKERS = { permissions: ["revoke", "test"], orders: ["*"] };
const TESTERS = { permissions: ["test"], orders: ["1-1000"] };
const AUDITORS = { permissions: ["audit"], orders: ["*"] };
const bearing = (/** @type {string} */ token) => ({ authorization: `Bearer ${token}` });
const fromAccess = (/** @type {string} */ token) => ({ "cf-access-jwt-assertion": token });

test("a person with a token by RS256 or ES256 is known by the subject", async () => {
  for (const key of [rsa, ec]) {
    const { status, json } = await me(world, signed(key));
    assert.equal(status, 200);
    assert.deepEqual(json, { actor: `jwt:${ISSUER}#olivia`, person: "olivia", grants: [REVOKERS] });
  }
});

test("an access token, an audience among others and a token without a type, a kid or times of beginning are taken", async () => {
  for (const token of [
    signed(rsa, {}, { typ: "at+jwt" }),
    signed(rsa, {}, { typ: undefined }),
    signed(rsa, {}, { kid: undefined }),
    signed(ec, {}, { kid: undefined }),
    signed(rsa, { aud: ["somebody else", AUDIENCE] }),
    signed(rsa, { iat: undefined }),
  ]) {
    assert.equal((await me(world, token)).status, 200);
  }
});

test("the bearer of a grant revokes, and the history tells who it was", async () => {
  const orderNumber = world.newOrder();
  const headers = bearing(signed(rsa));
  const { status, json } = await world.ask("/v1/revocations", { body: { orderNumber }, headers });
  assert.deepEqual([status, json.outcome], [200, "revoked"]);
  assert.equal((await world.history(orderNumber)).attempts[0].actor, `jwt:${ISSUER}#olivia`);
});

test("who comes through Cloudflare Access is known by its header alone: a person", async () => {
  // As Access writes them: an audience tag in an array, an address, no nbf in older ones.
  const token = signed(rsa, { aud: [AUDIENCE], email: EMAIL, type: "app", country: "NL", groups: undefined });
  const { json } = await world.ask("/v1/me", { headers: fromAccess(token) });
  assert.deepEqual(json, { actor: `jwt:${ISSUER}#olivia`, person: "olivia", grants: [AUDITORS] });
});

test("who comes through Cloudflare Access is known by its header alone: a service token", async () => {
  const token = signed(rsa, { sub: "", common_name: "deploys.access", type: "app", groups: undefined });
  const actor = `jwt:${ISSUER}#service:deploys.access`;
  const { json } = await world.ask("/v1/me", { headers: fromAccess(token) });
  assert.deepEqual(json, { actor, person: actor, grants: [{ permissions: ["revoke"], orders: ["7"] }] });

  const revoking = { body: { orderNumber: "7" }, headers: fromAccess(token) };
  assert.equal((await world.ask("/v1/revocations", revoking)).json.outcome, "revoked");
  const another = { body: { orderNumber: "8" }, headers: fromAccess(token) };
  assert.equal((await world.ask("/v1/revocations", another)).kind, "forbidden");
});

test("a client that got a token for itself is a service, not a person", async () => {
  const actor = `jwt:${ISSUER}#service:robot`;
  const { json } = await me(world, signed(rsa, { sub: "robot", client_id: "robot" }, { typ: "at+jwt" }));
  assert.deepEqual(json, { actor, person: actor, grants: [REVOKERS] });
});

test("a person cannot have a name that would make a service of them", () =>
  assertRefused(world, bearing(signed(rsa, { sub: "service:deploys.access" }))));

test("grants come from a claim that is the value, or an array that contains it", async () => {
  for (const [groups, grants] of /** @type {[unknown, object[]][]} */ ([
    ["revokers", [REVOKERS]],
    [["staff", "revokers"], [REVOKERS]],
    [
      ["testers", "revokers"],
      [REVOKERS, TESTERS],
    ],
    ["testers", [TESTERS]],
    ["revokers testers", []],
    [["Revokers"], []],
    [{ revokers: true }, []],
    [[["revokers"]], []],
  ])) {
    assert.deepEqual((await me(world, signed(rsa, { groups }))).json.grants, grants, JSON.stringify(groups));
  }
});

test("no grant, no permission: known by name, and may do nothing", async () => {
  const headers = bearing(signed(rsa, { groups: ["staff"] }));
  assert.deepEqual((await world.ask("/v1/me", { headers })).json.grants, []);
  world.ca.forgetRequests();
  for (const body of [{ orderNumber: "7" }, { orderNumber: "7", test: true }]) {
    const answer = await world.ask("/v1/revocations", { body, headers });
    assert.deepEqual([answer.status, answer.kind], [403, "forbidden"]);
  }
  const answer = await world.ask("/v1/orders/7", { headers });
  assert.deepEqual([answer.status, answer.kind], [403, "forbidden"]);
  assert.deepEqual(world.ca.ledger(), []);
});

test("grants of a token bind to their orders", async () => {
  const headers = bearing(signed(rsa, { groups: "testers" }));
  const ask = (/** @type {object} */ body) => world.ask("/v1/revocations", { body, headers });
  assert.equal((await ask({ orderNumber: "1000", test: true })).json.outcome, "tested");
  assert.equal((await ask({ orderNumber: "1001", test: true })).kind, "forbidden");
  assert.equal((await ask({ orderNumber: "1000" })).kind, "forbidden");
});

test("JWT_PERSON_CLAIM names the person; the actor stays the subject", async () => {
  const { json } = await me(byEmail, signed(rsa, { email: EMAIL, email_verified: true }));
  assert.deepEqual(json, { actor: `jwt:${ISSUER}#olivia`, person: EMAIL, grants: [REVOKERS, AUDITORS] });
});

test("an address that the issuer has not verified names nobody and grants nothing", async () => {
  const actor = `jwt:${ISSUER}#olivia`;
  for (const email_verified of [false, "true", 1]) {
    const { json } = await me(byEmail, signed(rsa, { email: EMAIL, email_verified }));
    assert.deepEqual(json, { actor, person: actor, grants: [REVOKERS] });
  }
});

test("without the claim there is an actor, and no person", async () => {
  const actor = `jwt:${ISSUER}#olivia`;
  for (const email of [undefined, "", 7, [EMAIL], "a\nb", `${EMAIL}\u2060`, ` ${EMAIL}`]) {
    assert.equal((await me(byEmail, signed(rsa, { email }))).json.person, actor);
  }
});

test("a line of the log names the actor, and nothing else of the token", async () => {
  const token = signed(rsa, { email: "words-of-the-address@example.com", groups: ["words-of-a-group"] });
  const answer = await world.ask("/v1/orders/7", { headers: bearing(token) });
  const line = await world.logLine(answer);
  assert.equal(line.actor, `jwt:${ISSUER}#olivia`);
  for (const part of ["words-of", ...token.split(".")]) assert.ok(!world.log.includes(part));
});

test("all this took one look at the issuer's keys", () => assert.equal(issuer.fetches, 1));

testTraces(world);
