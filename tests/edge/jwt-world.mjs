// The edge as it is configured for the JWTs of an issuer on loopback.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { startIssuer } from "./issuer.mjs";
import { AUDIENCE, ISSUER } from "./tokens.mjs";
import { PEOPLE, startWorld, testTraces } from "./world.mjs";

/** What the claims of the tests' tokens are worth. */
const GRANTS = [
  { claim: "groups", value: "revokers", permissions: ["revoke", "test"], orders: ["*"] },
  { claim: "groups", value: "testers", permissions: ["test"], orders: ["1-1000"] },
  { claim: "email", value: "olivia@example.com", permissions: ["audit"], orders: ["*"] },
  { claim: "common_name", value: "deploys.access", permissions: ["revoke"], orders: ["7"] },
];

/**
 * @param {import("./tokens.mjs").Key[]} keys
 * @param {Record<string, string>} [variables]
 */
export async function startJwtWorld(keys, variables = {}) {
  const issuer = await startIssuer(keys.map(({ jwk }) => jwk));
  const world = await startWorld({
    people: PEOPLE.slice(0, 1),
    variables: {
      JWT_ISSUER: ISSUER,
      JWT_AUDIENCE: AUDIENCE,
      JWT_JWKS_URL: issuer.jwksUrl,
      JWT_PERSON_CLAIM: "sub",
      GRANTS: JSON.stringify(GRANTS),
      ...variables,
    },
  });
  return { issuer, world };
}

/**
 * What the edge says to a bearer who asks who they are.
 * @param {import("./world.mjs").World} world
 * @param {string} token
 */
export const me = (world, token) => world.ask("/v1/me", { headers: { authorization: `Bearer ${token}` } });

/**
 * The bearer is told to prove who they are, and nothing of theirs reaches the CA.
 * @param {import("./world.mjs").World} world
 * @param {Record<string, string>} headers
 */
export async function assertRefused(world, headers) {
  world.ca.forgetRequests();
  for (const answer of [
    await world.ask("/v1/me", { headers }),
    await world.ask("/v1/revocations", { body: { orderNumber: "4711" }, headers }),
  ]) {
    assert.deepEqual([answer.status, answer.kind], [401, "unauthenticated"]);
    assert.equal(answer.json.mayHaveRevoked, false);
  }
  assert.deepEqual(world.ca.ledger(), []);
}

/**
 * Tests each of these tokens: the right ones are accepted, so that the wrong ones are refused for what is said of them.
 * @param {import("./world.mjs").World} world
 * @param {Record<string, { right: Record<string, string>, wrong: Record<string, string> }>} groups
 */
export function testTokens(world, groups) {
  for (const [name, { right, wrong }] of Object.entries(groups)) {
    describe(name, () => {
      for (const [how, token] of Object.entries(right)) {
        test(`${how}: accepted`, async () => assert.equal((await me(world, token)).status, 200));
      }
      for (const [how, token] of Object.entries(wrong)) {
        test(`${how}: 401`, () => assertRefused(world, { authorization: `Bearer ${token}` }));
      }
    });
  }
}

/**
 * The last tests of a file in which nobody but strangers came: they left no trace in the audit log.
 * @param {import("./world.mjs").World} world
 */
export function testUntouchedLedger(world) {
  test("an operator's call is all that the audit log has", async () => {
    assert.equal((await world.ask("/v1/me")).kind, "unauthenticated");
    assert.equal((await world.revoke({ orderNumber: world.newOrder() })).status, 200);
    await world.kill();
    await world.startProbe();
    const rows = await world.probe("/sql", "SELECT entry FROM audit ORDER BY seq");
    const calls = rows
      .map((/** @type {{ entry: string }} */ { entry }) => JSON.parse(entry))
      .filter((/** @type {{ action: string }} */ { action }) => !["open", "configure"].includes(action))
      .map((/** @type {{ actor: string, phase: string }} */ { actor, phase }) => `${actor} ${phase}`);
    assert.deepEqual(calls, ["key:operator intent", "key:operator outcome"]);
  });
  testTraces(world);
}
