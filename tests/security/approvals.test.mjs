// Above a threshold another person must approve a job: another person, not another key; and small jobs add up.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startIssuer } from "../edge/issuer.mjs";
import { AUDIENCE, ISSUER, ecKey, signed } from "../edge/tokens.mjs";
import { startWorld, testTraces } from "../edge/world.mjs";
import { withReason } from "../jobs/jobs.mjs";

const ALL = ["plan", "revoke", "test", "approve"];
const issuerKey = ecKey();
const issuer = await startIssuer([issuerKey.jwk]);
const world = await startWorld({
  people: [
    { id: "olivia", person: "olivia", permissions: ALL, orders: ["*"] },
    { id: "olivias-other-key", person: "olivia", permissions: ALL, orders: ["*"] },
    { id: "sam", person: "sam", permissions: ALL, orders: ["*"] },
    { id: "rita", person: "rita", permissions: ["approve"], orders: ["*"] },
    { id: "nobody", permissions: ALL, orders: ["*"] },
    { id: "one", person: "one-key", permissions: ALL, orders: ["*"] },
    { id: "two-a", person: "two-keys", permissions: ALL, orders: ["*"] },
    { id: "two-b", person: "two-keys", permissions: ALL, orders: ["*"] },
    { id: "both", person: "key-and-jwt", permissions: ALL, orders: ["*"] },
    { id: "front-man", person: "front-man", permissions: ALL, orders: ["*"] },
    { id: "driller", person: "driller", permissions: ALL, orders: ["*"] },
    { id: "rotated", permissions: ALL, orders: ["*"] },
    { id: "rotated", person: "rosa", permissions: ALL, orders: ["*"] },
    { id: "shared", person: "sean", permissions: ALL, orders: ["*"] },
    { id: "shared", person: "tess", permissions: ALL, orders: ["*"] },
    { id: "twice", permissions: ALL, orders: ["*"] },
    { id: "twice", person: "twice-named", permissions: ALL, orders: ["*"] },
    { id: "spelt", person: "Zo\u00eb", permissions: ALL, orders: ["*"] },
    { id: "watcher", person: "wanda", permissions: ["audit", "operate"], orders: ["*"] },
  ],
  variables: {
    JWT_ISSUER: ISSUER,
    JWT_AUDIENCE: AUDIENCE,
    JWT_JWKS_URL: issuer.jwksUrl,
    JWT_PERSON_CLAIM: "person",
    GRANTS: JSON.stringify([{ claim: "groups", value: "operators", permissions: ALL, orders: ["*"] }]),
  },
});

/** The default of APPROVAL_ABOVE. */
const THRESHOLD = 10;

/** @typedef {import("../edge/world.mjs").Request} Caller */

/** A person of the subject's name, unless the claims say otherwise. @param {string} sub @param {object} [others] claims @returns {Caller} */
const jwt = (sub, others) => ({
  headers: {
    authorization: `Bearer ${signed(issuerKey, { sub, person: sub, groups: ["operators"], ...others })}`,
  },
});

/** The keys of an id that stands there twice, in their order. @param {string} id @returns {Caller[]} */
const keysOf = (id) => world.allKeys.filter((key) => key.startsWith(`ark_${id}_`)).map((as) => ({ as }));

/** @param {Caller} caller @param {number} orders @param {object} [more] members of each */
async function plan(caller, orders, more) {
  const body = {
    orders: Array.from({ length: orders }, () => ({ orderNumber: world.newOrder(), codeReason: 1, ...more })),
  };
  const answer = await world.ask("/v1/jobs", { ...caller, body });
  assert.equal(answer.status, 201, answer.text);
  return answer.json;
}

/** @param {Caller} caller @param {any} job */
async function start(caller, { id, planHash, total }) {
  const answer = await world.ask(`/v1/jobs/${id}/start`, { ...caller, body: { planHash, total } });
  assert.equal(answer.status, 202, answer.text);
  return answer.json;
}

/** @param {Caller} caller @param {any} job */
const approve = (caller, { id, planHash }) =>
  world.ask(`/v1/jobs/${id}/approve`, { ...caller, body: { planHash } });

/** @type {typeof approve} */
const decline = (caller, { id, planHash }) =>
  world.ask(`/v1/jobs/${id}/decline`, { ...caller, body: { planHash, comment: "Not these" } });

/** @param {any} job */
const read = async ({ id }) => (await world.ask(`/v1/jobs/${id}`, { as: "sam" })).json;

/** @param {any} job */
async function ended(job) {
  for (;;) {
    const now = await read(job);
    if (now.state === "done") return now;
    assert.equal(now.state, "running");
  }
}

test("a second key instead of a second person: neither who created a job nor who started it approves it", async () => {
  const planned = await plan({ as: "olivia" }, THRESHOLD + 1);
  const job = await start({ as: "sam" }, planned);
  assert.equal(job.state, "awaiting-approval");
  /** @type {[string, Caller][]} */
  const refused = [
    ["who created it", { as: "olivia" }],
    ["the same, by another key", { as: "olivias-other-key" }],
    ["the same, by a JWT", jwt("olivia")],
    ["who started it", { as: "sam" }],
    ["the same, by a JWT", jwt("sam")],
    ["a key without a person", { as: "nobody" }],
    ["a service", jwt("service", { client_id: "service" })],
    ["another service", jwt("", { common_name: "service.access" })],
  ];
  for (const [who, caller] of refused) {
    for (const judge of [approve, decline]) {
      const { status, kind } = await judge(caller, job);
      assert.deepEqual([status, kind], [403, "forbidden"], who);
    }
  }
  const { state, approvals } = await read(job);
  assert.deepEqual([state, approvals], ["awaiting-approval", []]);
  assert.deepEqual(world.ca.ledger(), []);

  const another = await approve({ as: "rita" }, { ...job, planHash: "0".repeat(64) });
  assert.equal(another.kind, "plan-mismatch");
  const { status, json } = await approve({ as: "rita" }, job);
  assert.equal(status, 202);
  assert.deepEqual(
    json.approvals.map((/** @type {any} */ { person, actor }) => [person, actor]),
    [["rita", "key:rita"]],
  );
  assert.equal((await ended(job)).counts.revoked, THRESHOLD + 1);
  assert.equal((await approve({ as: "rita" }, job)).kind, "illegal-state");

  const { json: log } = await world.ask("/v1/audit?limit=10000", { as: "watcher" });
  const about = log.entries.filter(
    (/** @type {any} */ { jobId, phase }) => jobId === job.id && phase !== "intent",
  );
  const [created, started, approved] = about.map((/** @type {any} */ { action, person }) => [action, person]);
  assert.deepEqual(
    [created, started, approved],
    [
      ["plan-job", "olivia"],
      ["start-job", "sam"],
      ["approve-job", "rita"],
    ],
  );
});

const [rotated, rotatedWithPerson] = keysOf("rotated");
const [sharedBySean, sharedByTess] = keysOf("shared");

/** Who comes first, and who comes then: one actor, or one person. @type {[string, Caller, Caller][]} */
const ONE = [
  ["one key id, without a person and then with one", rotated, rotatedWithPerson],
  ["one key id, of one person and then of another", sharedBySean, sharedByTess],
  ["one subject, without the claim and then with it", jwt("una", { person: undefined }), jwt("una")],
  [
    "one subject, with an address that has changed",
    jwt("cher", { person: "c@a.example" }),
    jwt("cher", { person: "c@b.example" }),
  ],
  ["one subject, as a machine and then as a person", jwt("mo", { azp: "mo" }), jwt("mo")],
  [
    "two subjects of one person in another case",
    jwt("s1", { person: "ANDR\u00c9" }),
    jwt("s2", { person: "andr\u00e9" }),
  ],
  [
    "two subjects of one person in another Unicode form",
    jwt("s3", { person: "Jos\u00e9" }),
    jwt("s4", { person: "Jose\u0301" }),
  ],
  [
    "two subjects of one person in another case and form",
    jwt("s5", { person: "STRASSE \u03a3" }),
    jwt("s6", { person: "stra\u00dfe \u03c2" }),
  ],
  ["a key and a JWT of one person in another form", { as: "spelt" }, jwt("s7", { person: "ZOE\u0308" })],
  [
    "a token without a subject and one with",
    jwt("", { person: "Nora", azp: "app" }),
    jwt("s8", { person: "nora" }),
  ],
];

for (const [what, first, second] of ONE) {
  test(`one actor under two persons, or one person under two actors: ${what}`, async () => {
    world.ca.forgetRequests();
    const helper = jwt("helper");
    for (const [planner, starter] of [
      [first, first],
      [first, helper],
      [helper, first],
    ]) {
      const job = await start(starter, await plan(planner, THRESHOLD + 1));
      assert.equal(job.state, "awaiting-approval");
      for (const caller of [second, first]) {
        for (const judge of [approve, decline]) {
          const { status, kind } = await judge(caller, job);
          assert.deepEqual([status, kind], [403, "forbidden"]);
        }
      }
      assert.deepEqual((await read(job)).approvals, []);
    }
    assert.deepEqual(world.ca.ledger(), []);
  });
}

test("one actor under two persons: whoever is another actor and another person approves", async () => {
  const job = await start(rotated, await plan(rotated, THRESHOLD + 1));
  assert.equal((await approve(sharedByTess, job)).status, 202);
  await ended(job);
});

test("a job of as many orders as the threshold needs no approval", async () => {
  const job = await start({ as: "sam" }, await plan({ as: "sam" }, THRESHOLD));
  assert.notEqual(job.state, "awaiting-approval");
  assert.equal((await ended(job)).counts.revoked, THRESHOLD);
});

const twice = keysOf("twice");

/** Who plans and who starts each of fifty jobs of ten orders. @type {[string, (n: number) => [Caller, Caller]][]} */
const DODGES = [
  ["one key", () => [{ as: "one" }, { as: "one" }]],
  ["two keys of one person", (n) => [{ as: n % 2 ? "two-a" : "two-b" }, { as: n % 2 ? "two-b" : "two-a" }]],
  [
    "a key and a JWT of one person",
    (n) => (n % 2 ? [{ as: "both" }, jwt("key-and-jwt")] : [jwt("key-and-jwt"), { as: "both" }]),
  ],
  ["one key id with and without a person", (n) => (n % 2 ? [twice[0], twice[1]] : [twice[1], twice[0]])],
  [
    "one subject under ever new persons",
    (n) => [jwt("chameleon", { person: `p${n}` }), jwt("chameleon", { person: `q${n}` })],
  ],
  [
    "one person in ever new spellings",
    (n) => {
      const person = [..."spelling"]
        .map((letter, at) => ((n >> at) & 1 ? letter.toUpperCase() : letter))
        .join("");
      return [jwt(`one-of-many-${n}`, { person }), jwt(`another-of-many-${n}`, { person })];
    },
  ],
  ["what others have planned", (n) => [jwt(`accomplice-${n}`), { as: "front-man" }]],
];

for (const [what, callers] of DODGES) {
  test(`many small jobs to dodge the threshold: fifty of ten orders, by ${what}`, async () => {
    world.ca.forgetRequests();
    const jobs = [];
    for (let n = 0; n < 50; n += 1) {
      const [planner, starter] = callers(n);
      jobs.push(await start(starter, await plan(planner, THRESHOLD)));
    }
    const { json: me } = await world.ask("/v1/me", callers(0)[1]);
    assert.deepEqual(me.limits.approvalAbove, { limit: THRESHOLD, left: 0 });
    const held = jobs.filter(({ state }) => state === "awaiting-approval");
    assert.equal(held.length, 49);
    await ended(jobs[0]);
    assert.equal(world.ca.ledger().length, THRESHOLD);
  });
}

test("two that are started in the same moment do not slip through together", async () => {
  const callers = Array.from({ length: 20 }, () => jwt("hasty"));
  const planned = [];
  for (const caller of callers) planned.push(await plan(caller, THRESHOLD));
  const jobs = await Promise.all(planned.map((job, n) => start(callers[n], job)));
  assert.equal(jobs.filter(({ state }) => state === "awaiting-approval").length, 19);
});

test("a job that was cancelled after its start still counts; one that was never started does not", async () => {
  const caller = jwt("canceller");
  const never = await plan(caller, THRESHOLD);
  assert.equal((await world.ask(`/v1/jobs/${never.id}/cancel`, { ...caller, body: {} })).status, 202);
  const first = await plan(caller, THRESHOLD);
  for (const { orderNumber } of (await world.ask(`/v1/jobs/${first.id}/orders`, caller)).json.orders) {
    // Nothing of it is ever finished.
    world.ca.orders.set({ orderNumber, state: "being-issued" });
  }
  assert.equal((await start(caller, first)).state, "running");
  assert.equal((await world.ask(`/v1/jobs/${first.id}/cancel`, { ...caller, body: {} })).status, 202);
  assert.equal((await start(caller, await plan(caller, 1))).state, "awaiting-approval");
});

test("a drill needs no approval, however large, and makes no other job need one", async () => {
  world.ca.forgetRequests();
  const drill = await start({ as: "driller" }, await plan({ as: "driller" }, 100, { test: true }));
  assert.equal((await ended(drill)).counts.tested, 100);
  assert.ok(world.ca.ledger().every(({ test }) => test === true));
  const job = await start({ as: "driller" }, await plan({ as: "driller" }, THRESHOLD));
  assert.notEqual(job.state, "awaiting-approval");
  await ended(job);
});

test("a single real order among test calls makes no drill: such a plan is refused", async () => {
  const orders = Array.from({ length: THRESHOLD + 1 }, (_, n) => ({
    orderNumber: world.newOrder(),
    codeReason: 1,
    test: n > 0,
  }));
  const { status, json } = await world.ask("/v1/jobs", { ...jwt("sly"), body: withReason({ orders }) });
  assert.deepEqual([status, json.rows], [422, [1]]);
});

testTraces(world);
