// How much one person may revoke in a minute and in a day, however many keys, tokens and restarts there are.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startIssuer } from "../edge/issuer.mjs";
import { AUDIENCE, ISSUER, ecKey, signed } from "../edge/tokens.mjs";
import { startWorld, testTraces } from "../edge/world.mjs";
import { until } from "../harness/until.mjs";

const issuerKey = ecKey();
const issuer = await startIssuer([issuerKey.jwk]);

const PEOPLE = [
  { id: "pat-laptop", person: "pat", permissions: ["revoke", "test"], orders: ["1-999999"] },
  { id: "pat-phone", person: "pat", permissions: ["revoke", "test"], orders: ["*"] },
  { id: "quinn", person: "quinn", permissions: ["revoke", "test"], orders: ["*"] },
  { id: "operator", person: "olivia", permissions: ["revoke", "test", "audit"], orders: ["*"] },
  { id: "rotated", permissions: ["revoke"], orders: ["*"] },
  { id: "rotated", person: "rosa", permissions: ["revoke"], orders: ["*"] },
  { id: "robot", permissions: ["revoke", "test"], orders: ["*"] },
];

/** @param {Record<string, string>} variables */
const world = (variables) =>
  startWorld({
    people: PEOPLE,
    variables: {
      JWT_ISSUER: ISSUER,
      JWT_AUDIENCE: AUDIENCE,
      JWT_JWKS_URL: issuer.jwksUrl,
      JWT_PERSON_CLAIM: "person",
      GRANTS: JSON.stringify([
        { claim: "groups", value: "revokers", permissions: ["revoke", "test"], orders: ["*"] },
      ]),
      ...variables,
    },
  });

const minute = await world({ RATE_LIMIT_PER_MINUTE: "5" });
const shared = await world({ RATE_LIMIT_PER_MINUTE: "5" });
const day = await world({ DAILY_LIMIT: "3" });
const none = await world({ RATE_LIMIT_PER_MINUTE: "0" });
const testsOnly = await world({ DAILY_LIMIT: "0" });
const both = await world({ RATE_LIMIT_PER_MINUTE: "10", DAILY_LIMIT: "20" });

/** @param {string} sub @param {string} [person] as which the subject comes */
const token = (sub, person = sub) => ({
  as: undefined,
  headers: { authorization: `Bearer ${signed(issuerKey, { sub, person: person || undefined })}` },
});

/**
 * A revocation of an order of its own.
 * @param {import("../edge/world.mjs").World} world
 * @param {Omit<import("../edge/world.mjs").Request, "body">} by
 * @param {object} [more] members
 */
const once = (world, by, more) => world.revoke({ orderNumber: world.newOrder(), ...more }, by);

/** What is left of each window, and for how many seconds. @param {import("../edge/answers.mjs").Answer} answer */
function left({ headers }) {
  const text = headers.get("ratelimit") ?? "";
  const [, minute, minuteEnds, day, dayEnds] =
    /^"minute";r=(\d+);t=(\d+), "day";r=(\d+);t=(\d+)$/.exec(text) ?? [];
  assert.ok(dayEnds, text);
  return {
    minute: Number(minute),
    minuteEnds: Number(minuteEnds),
    day: Number(day),
    dayEnds: Number(dayEnds),
  };
}

/**
 * It is refused, and nothing is sent.
 * @param {import("../edge/world.mjs").World} world
 * @param {Omit<import("../edge/world.mjs").Request, "body">} by
 * @param {number} atMost seconds until it may be tried again
 * @param {object} [more]
 */
async function refused(world, by, atMost, more) {
  world.ca.forgetRequests();
  const answer = await once(world, by, more);
  assert.deepEqual([answer.status, answer.kind, answer.json.mayHaveRevoked], [429, "rate-limited", false]);
  const wait = Number(answer.headers.get("retry-after"));
  assert.ok(wait >= 1 && wait <= atMost && wait > atMost - 30, `Retry-After: ${wait}`);
  assert.deepEqual(world.ca.ledger(), []);
  return answer;
}

/** Makes all calls of a ledger look older. @param {import("../edge/world.mjs").World} world @param {number} ms */
async function letTimePass(world, ms) {
  await world.kill();
  await world.startProbe();
  await world.probe("/sql", `UPDATE attempts SET started_at = started_at - ${ms}`);
  await world.kill();
  await world.startAgain();
}

test("each answer to a revocation tells the policy, and what is left of it", async () => {
  for (const used of [1, 2, 3]) {
    const answer = await once(both, { as: "quinn" }, { test: used === 2 });
    assert.equal(answer.status, 200);
    assert.equal(answer.headers.get("ratelimit-policy"), '"minute";q=10;w=60, "day";q=20;w=86400');
    const { minute, minuteEnds, day, dayEnds } = left(answer);
    assert.deepEqual([minute, day], [10 - used, 20 - (used === 1 ? 1 : used - 1)]);
    assert.ok(minuteEnds > 50 && minuteEnds <= 60 && dayEnds > 86_000 && dayEnds <= 86_400);
  }
});

test("/v1/me tells each limit, and what is left of it by actor and by person", async () => {
  const limits = async (/** @type {Omit<import("../edge/world.mjs").Request, "body">} */ by) =>
    (await both.ask("/v1/me", by)).json.limits;
  const untouched = {
    minute: { limit: 10, left: 10 },
    day: { limit: 20, left: 20 },
    approvalAbove: { limit: 10, left: 10 },
  };
  assert.deepEqual(await limits(token("una")), untouched);
  await once(both, token("una"));
  await once(both, token("una", "somebody"), { test: true });
  const used = { ...untouched, minute: { limit: 10, left: 8 }, day: { limit: 20, left: 19 } };
  for (const by of [token("una"), token("una", "another")]) assert.deepEqual(await limits(by), used);
  assert.equal((await limits(token("another subject", "UNA"))).day.left, 19);
  assert.deepEqual(await limits(token("stranger")), untouched);
});

test("what is not sent does not count: invalid, forbidden, malformed, unauthenticated", async () => {
  await once(both, { as: "pat-laptop" });
  await both.revoke({ orderNumber: "0" }, { as: "pat-laptop" });
  await both.revoke({ orderNumber: "9999999" }, { as: "pat-laptop" });
  await both.ask("/v1/revocations", { as: "pat-laptop", body: "{" });
  await both.ask("/v1/revocations", { as: "ark_pat-laptop_x", body: {} });
  assert.deepEqual(left(await once(both, { as: "pat-laptop" })).minute, 8);
});

test("an answer that is repeated by its Idempotency-Key does not count, and is given beyond the limit", async () => {
  const headers = { "idempotency-key": "once" };
  const order = { orderNumber: both.newOrder() };
  const by = { as: "robot", headers };
  const first = await both.revoke(order, by);
  for (let repeat = 0; repeat < 12; repeat += 1) {
    const again = await both.revoke(order, by);
    assert.deepEqual([again.status, again.json], [200, first.json]);
  }
  for (let call = 2; call <= 10; call += 1) assert.equal((await once(both, { as: "robot" })).status, 200);
  await refused(both, { as: "robot" }, 60);
  assert.deepEqual((await both.revoke(order, by)).json, first.json);
});

test("what the CA refuses, and what is lost, counts: it was sent", async () => {
  const fail = async (/** @type {{ fault: string, errorCode?: number }} */ fault) => {
    const orderNumber = both.newOrder();
    both.ca.faults.add({ ...fault, orderNumber });
    return both.revoke({ orderNumber }, { as: "operator" });
  };
  assert.equal(left(await fail({ fault: "fixed-code", errorCode: -3 })).minute, 9);
  assert.equal(left(await fail({ fault: "reset-after-reading" })).minute, 8);
});

test("stolen session: two keys and a token of one person share the minute; another person has their own", async () => {
  for (const by of [
    { as: "pat-laptop" },
    { as: "pat-phone" },
    token("pat"),
    { as: "pat-phone" },
    token("pat"),
  ]) {
    assert.equal((await once(minute, by)).status, 200);
  }
  for (const by of [{ as: "pat-laptop" }, { as: "pat-phone" }, token("pat")]) {
    assert.equal(left(await refused(minute, by, 60)).minute, 0);
  }
  for (const by of [{ as: "quinn" }, token("quinn"), { as: "robot" }]) {
    assert.equal((await once(minute, by)).status, 200);
  }
});

test("test calls count for the minute", async () => {
  await refused(minute, { as: "pat-phone" }, 60, { test: true });
});

test("reading is not limited", async () => {
  const { status } = await minute.ask("/v1/me", { as: "pat-phone" });
  assert.equal(status, 200);
});

test("neither a restart nor SIGKILL forgives any", async () => {
  for (let restart = 0; restart < 2; restart += 1) {
    await minute.kill();
    await minute.startAgain();
    await refused(minute, { as: "pat-phone" }, 60);
  }
});

test("when the minute is over there is room again, and the log says who was refused, once", async () => {
  await letTimePass(minute, 60_000);
  assert.equal((await once(minute, { as: "pat-phone" })).status, 200);
  const { json } = await minute.ask("/v1/audit?limit=10000", { as: "operator" });
  const refusals = json.entries.filter((/** @type {any} */ { phase }) => phase === "refused");
  const told = refusals.map((/** @type {any} */ { actor, person, reason }) => `${actor} ${person} ${reason}`);
  assert.deepEqual(told.sort(), [
    `jwt:${ISSUER}#pat pat rate-limited`,
    "key:pat-laptop pat rate-limited",
    "key:pat-phone pat rate-limited",
  ]);
});

test("all at the very same time: no more are sent than the limit allows", async () => {
  minute.ca.forgetRequests();
  const answers = await Promise.all(Array.from({ length: 20 }, () => once(minute, { as: "operator" })));
  const statuses = answers.map(({ status }) => status).sort();
  assert.deepEqual(statuses, [...Array(5).fill(200), ...Array(15).fill(429)]);
  assert.equal(minute.ca.ledger().length, 5);
});

test("a call that is lost with the process counts", async () => {
  await letTimePass(minute, 60_000);
  for (let call = 1; call <= 4; call += 1) await once(minute, { as: "quinn" });
  const orderNumber = minute.newOrder();
  minute.ca.faults.add({ fault: "latency", ms: 5_000, orderNumber });
  const lost = minute.revoke({ orderNumber }, { as: "quinn" }).catch(() => "lost");
  await until("the CA has the call", () => minute.sent(orderNumber).length > 0);
  await minute.kill();
  assert.equal(await lost, "lost");
  await minute.startAgain();
  const answer = await once(minute, { as: "quinn" });
  assert.equal(answer.kind, "rate-limited");
});

test("one actor under two persons: the minute counts by actor as well, over restarts", async () => {
  const rotated = shared.allKeys.filter((key) => key.startsWith("ark_rotated_"));
  for (const [what, callers] of /** @type {const} */ ([
    ["one key id with and without a person", rotated.map((as) => ({ as }))],
    ["one subject with and without the claim", [token("una", ""), token("una")]],
    ["one subject under ever new persons", ["a", "b", "c"].map((person) => token("cher", person))],
    [
      "one person in ever new spellings",
      ["Zo\u00eb", "zoe\u0308", "ZO\u00cb"].map((person, at) => token(`z${at}`, person)),
    ],
  ])) {
    for (let call = 0; call < 5; call += 1) {
      assert.equal((await once(shared, callers[call % callers.length])).status, 200, what);
      if (call === 2) {
        await shared.kill();
        await shared.startAgain();
      }
    }
    for (const by of callers) assert.equal(left(await refused(shared, by, 60)).minute, 0, what);
  }
});

test("a day has so many revocations by one person, and any number of test calls", async () => {
  for (const by of [{ as: "pat-laptop" }, token("pat"), { as: "pat-phone" }]) {
    assert.equal((await once(day, by)).status, 200);
  }
  await refused(day, { as: "pat-laptop" }, 86_400);
  await refused(day, token("pat"), 86_400);
  for (let call = 0; call < 3; call += 1) {
    const answer = await once(day, { as: "pat-phone" }, { test: true });
    assert.deepEqual([answer.status, left(answer).day], [200, 0]);
  }
  assert.equal((await once(day, { as: "quinn" })).status, 200);
});

test("the day survives a restart, and ends", async () => {
  await letTimePass(day, 80_000_000);
  await refused(day, { as: "pat-phone" }, 6_400);
  await letTimePass(day, 6_400_000);
  assert.equal((await once(day, { as: "pat-phone" })).status, 200);
});

test("a limit of 0 lets nothing through", async () => {
  for (const more of [{}, { test: true }]) await refused(none, { as: "operator" }, 60, more);
});

test("a day's limit of 0 lets test calls through alone: a brake for when a key was stolen", async () => {
  await refused(testsOnly, { as: "operator" }, 86_400);
  assert.equal((await once(testsOnly, { as: "operator" }, { test: true })).status, 200);
});

testTraces(minute, shared, day, none, testsOnly, both);
