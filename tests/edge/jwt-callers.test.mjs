// People and services that call with a JWT: who the edge takes them for, and what they may do.
import assert from "node:assert/strict";
import { test } from "node:test";
import { assertRefused, me, startJwtWorld } from "./jwt-world.mjs";
import { AUDIENCE, ISSUER, ecKey, rsaKey, signed } from "./tokens.mjs";
import { testTraces } from "./world.mjs";

const [rsa, ec] = [rsaKey(), ecKey()];
const { issuer, world } = await startJwtWorld([rsa, ec]);
const { world: byEmail } = await startJwtWorld([rsa], { JWT_PERSON_CLAIM: "email" });
const { world: byNothing } = await startJwtWorld([rsa], { JWT_PERSON_CLAIM: "" });

const EMAIL = "olivia@example.com";
const REVOKERS = { permissions: ["revoke", "test"], orders: ["*"] };
const TESTERS = { permissions: ["test"], orders: ["1-1000"] };
const AUDITORS = { permissions: ["audit"], orders: ["*"] };
/** Who the caller is, without the limits. @param {any} me */
const unlimited = ({ limits, ...others }) => {
  assert.deepEqual(Object.keys(limits).sort(), ["approvalAbove", "day", "minute"]);
  return others;
};
const reasonOf = (/** @type {string} */ mark) => `The token is a machine's: ${mark}.`;
const bearing = (/** @type {string} */ token) => ({ authorization: `Bearer ${token}` });
const fromAccess = (/** @type {string} */ token) => ({ "cf-access-jwt-assertion": token });

test("a person with a token by RS256 or ES256 is known by the subject", async () => {
  for (const key of [rsa, ec]) {
    const { status, json } = await me(world, signed(key));
    assert.equal(status, 200);
    assert.deepEqual(unlimited(json), {
      actor: `jwt:${ISSUER}#olivia`,
      person: "olivia",
      grants: [REVOKERS],
    });
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
  assert.deepEqual(unlimited(json), { actor: `jwt:${ISSUER}#olivia`, person: "olivia", grants: [AUDITORS] });
});

test("who comes through Cloudflare Access is known by its header alone: a service token", async () => {
  const token = signed(rsa, { sub: "", common_name: "deploys.access", type: "app", groups: undefined });
  const actor = `jwt:${ISSUER}#service:deploys.access`;
  const { json } = await world.ask("/v1/me", { headers: fromAccess(token) });
  assert.deepEqual(unlimited(json), {
    actor,
    person: null,
    personReason: reasonOf("it is a service token of Cloudflare Access (a common_name, and no sub)"),
    grants: [{ permissions: ["revoke"], orders: ["7"] }],
  });

  const revoking = { body: { orderNumber: "7" }, headers: fromAccess(token) };
  assert.equal((await world.ask("/v1/revocations", revoking)).json.outcome, "revoked");
  const another = { body: { orderNumber: "8" }, headers: fromAccess(token) };
  assert.equal((await world.ask("/v1/revocations", another)).kind, "forbidden");
});

test("a client that got a token for itself is a service, not a person", async () => {
  const actor = `jwt:${ISSUER}#service:robot`;
  const { json } = await me(world, signed(rsa, { sub: "robot", client_id: "robot" }, { typ: "at+jwt" }));
  assert.deepEqual(unlimited(json), {
    actor,
    person: null,
    personReason: reasonOf("its sub is its client_id, the client itself"),
    grants: [REVOKERS],
  });
});

test("a machine's mark makes a service of the bearer, whatever claim names the person", async () => {
  const person = { email: EMAIL, email_verified: true };
  for (const marks of [
    { idtyp: "app" },
    { gty: "client-credentials" },
    { sub: "robot@clients" },
    { azp: "olivia" },
    { preferred_username: "service-account-robot" },
    { repository: "o/r", run_id: "1", job_workflow_ref: "o/r/w.yml@refs/heads/main" },
  ]) {
    const { json } = await me(byEmail, signed(rsa, { ...person, ...marks }));
    assert.match(json.actor, /#service:/, JSON.stringify(marks));
    assert.equal(json.person, null);
    assert.match(json.personReason, /^The token is a machine's: /);
  }
});

test("a person cannot have a name that would make a service of them, or somebody named by a claim", async () => {
  for (const sub of ["service:deploys.access", `person:${EMAIL}`]) {
    await assertRefused(world, bearing(signed(rsa, { sub })));
  }
});

test("without JWT_PERSON_CLAIM nobody who comes by JWT is a person", async () => {
  const { json } = await me(byNothing, signed(rsa, { email: EMAIL }));
  assert.deepEqual(unlimited(json), {
    actor: `jwt:${ISSUER}#olivia`,
    person: null,
    personReason: "JWT_PERSON_CLAIM is not set, so nobody who comes by JWT is a person.",
    grants: [REVOKERS, AUDITORS],
  });
});

test("a token without a subject stands for the person it names, or else for its client", async () => {
  const lightweight = { sub: undefined, azp: "dashboard" };
  const named = (await me(byEmail, signed(rsa, { ...lightweight, email: EMAIL }))).json;
  assert.deepEqual([named.actor, named.person], [`jwt:${ISSUER}#person:${EMAIL}`, EMAIL]);
  const unnamed = (await me(byEmail, signed(rsa, lightweight))).json;
  assert.deepEqual([unnamed.actor, unnamed.person], [`jwt:${ISSUER}#service:dashboard`, null]);
});

test("a subject of 1,024 characters is taken", async () => {
  const sub = `repo:o/${"é".repeat(1_017)}`;
  assert.equal((await me(world, signed(rsa, { sub }))).json.actor, `jwt:${ISSUER}#${sub}`);
});

test("a token that was issued up to a minute ahead of the edge's clock is taken", async () => {
  const ahead = Math.floor(Date.now() / 1000) + 55;
  assert.equal((await me(world, signed(rsa, { iat: ahead, nbf: ahead }))).status, 200);
});

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
  assert.deepEqual(unlimited(json), {
    actor: `jwt:${ISSUER}#olivia`,
    person: EMAIL,
    grants: [REVOKERS, AUDITORS],
  });
});

test("an address that the issuer has not verified names nobody and grants nothing", async () => {
  const actor = `jwt:${ISSUER}#olivia`;
  for (const email_verified of [false, "false", 1]) {
    const { json } = await me(byEmail, signed(rsa, { email: EMAIL, email_verified }));
    const personReason = "The token's email is not verified: see its email_verified.";
    assert.deepEqual(unlimited(json), { actor, person: null, personReason, grants: [REVOKERS] });
  }
  // As Entra and Cognito write it.
  const { json } = await me(byEmail, signed(rsa, { email: EMAIL, email_verified: "true" }));
  assert.deepEqual(unlimited(json), { actor, person: EMAIL, grants: [REVOKERS, AUDITORS] });
});

test("without the claim there is an actor, and no person", async () => {
  for (const email of [undefined, "", 7, [EMAIL], "a\nb", `${EMAIL}\u2060`, ` ${EMAIL}`]) {
    const { person, personReason } = (await me(byEmail, signed(rsa, { email }))).json;
    assert.equal(person, null);
    assert.match(personReason, email === undefined ? /has no email/ : /is no name of a person/);
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
