// The circuit breaker on workerd: one refused login stops every call, over kills, until somebody does something about it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { until } from "../harness/until.mjs";
import { LOGIN_PASSWORD } from "./canary.mjs";
import { PEOPLE, startWorld, testTraces } from "./world.mjs";

const world = await startWorld({
  people: [
    ...PEOPLE,
    { id: "steward", person: "stella", permissions: ["operate"], orders: ["*"] },
    { id: "auditor", permissions: ["audit"], orders: ["*"] },
    { id: "all-but", permissions: ["revoke", "test", "plan", "approve", "audit"], orders: ["*"] },
  ],
  variables: { RESEND_WINDOW_MS: "0" },
});

/** @returns {Promise<{ state: string, since: string, reason: string | null }>} */
const breaker = async () => (await world.ask("/v1/breaker", { as: "steward" })).json;
const resume = (as = "steward") => world.ask("/v1/breaker/resume", { as, body: {} });

/** Waits until the breaker is open. */
const opens = () => until("the breaker opens", async () => (await breaker()).state === "open");

/** Nothing at all reaches the CA, whoever asks for what. @param {string} lost an order with an unknown outcome */
async function assertNothingLeaves(lost) {
  world.ca.forgetRequests();
  const settle = (/** @type {object} */ body) =>
    world.ask(`/v1/orders/${lost}/settle`, { as: "operator", body });
  const answers = [
    await world.revoke({ orderNumber: world.newOrder() }),
    await world.revoke({ orderNumber: world.newOrder() }, { as: "second" }),
    await world.revoke({ orderNumber: world.newOrder(), test: true }, { as: "tester" }),
    await settle({}),
    await settle({ resend: true }),
  ];
  for (const { status, kind, json } of answers) {
    assert.deepEqual([status, kind, json.mayHaveRevoked], [503, "ca-login-refused", false]);
    assert.match(json.detail, /-16/);
    assert.match(json.detail, /was not sent/);
    assert.equal(json.errorCode, undefined, "the CA was not asked");
  }
  assert.deepEqual(world.ca.ledger(), []);
}

/** An order whose outcome is not known: it wants to be probed one second later. */
async function lostOrder() {
  const orderNumber = world.newOrder();
  world.ca.orders.set({ orderNumber, errorCode: -14 });
  assert.equal((await world.revoke({ orderNumber })).kind, "unknown-outcome");
  return orderNumber;
}

/** The CA takes the login again, and one call tells the edge. */
async function close() {
  await resume();
  assert.equal((await world.revoke({ orderNumber: world.newOrder() })).status, 200);
  assert.equal((await breaker()).state, "closed");
}

/** Two that are not, all the time. */
const lost = await lostOrder();
const probed = await lostOrder();

for (const [what, order, as] of /** @type {[string, object, string][]} */ ([
  ["a call", {}, "operator"],
  ["a test call", { test: true }, "tester"],
])) {
  test(`-16 on ${what}: nothing leaves for anyone any more`, async () => {
    const { state, reason } = await breaker();
    assert.deepEqual([state, reason], ["closed", null]);
    const orderNumber = world.newOrder();
    world.ca.orders.set({ orderNumber, errorCode: -16 });
    const { status, kind, json } = await world.revoke({ orderNumber, ...order }, { as });
    assert.deepEqual(
      [status, kind, json.errorCode, json.mayHaveRevoked],
      [502, "ca-login-refused", -16, false],
    );
    const opened = await breaker();
    assert.equal(opened.state, "open");
    assert.match(String(opened.reason), /-16/);
    assert.ok(Math.abs(Date.parse(opened.since) - Date.now()) < 5_000);
    await assertNothingLeaves(lost);
    await close();
  });
}

test("-16 on a probe, which nobody asked for: the same; and there are no more probes", async () => {
  world.ca.orders.set({ orderNumber: probed, errorCode: -16 });
  await opens();
  world.ca.orders.set({ orderNumber: probed, errorCode: -14 });
  await assertNothingLeaves(lost);
  await pause(1_500);
  assert.deepEqual(world.ca.ledger(), []);
});

test("it stays open over kills, since when and why included", async () => {
  const before = await breaker();
  await world.kill();
  await world.startAgain();
  assert.deepEqual(await breaker(), before);
  await assertNothingLeaves(lost);
});

test("it is resumed with the permission operate over all orders; those whom it stops may read it", async () => {
  for (const as of ["all-but", "auditor", "tester"]) {
    const { status, kind } = await resume(as);
    assert.deepEqual([status, kind], [403, "forbidden"]);
  }
  for (const as of ["auditor", "tester"]) {
    const { status, kind } = await world.ask("/v1/breaker", { as });
    assert.deepEqual([status, kind], [403, "forbidden"]);
  }
  for (const as of ["all-but", "steward"])
    assert.equal((await world.ask("/v1/breaker", { as })).json.state, "open");
});

test("after a resume twenty calls at once are one trial; when it fails, none of the others leaves", async () => {
  world.ca.login.lock();
  world.ca.faults.add({ fault: "latency", ms: 2_000 });
  assert.equal((await resume()).json.state, "half-open");
  const orders = Array.from({ length: 20 }, () => world.newOrder());
  const answers = await Promise.all(orders.map((orderNumber) => world.revoke({ orderNumber })));
  const [trial, ...rest] = world.ca.ledger();
  assert.deepEqual(rest, []);
  // It may also be a probe that had to wait: then all of them are turned away.
  const tried = orders.includes(String(trial.orderNumber)) ? 1 : 0;
  assert.equal(answers.filter(({ status }) => status === 502).length, tried);
  assert.equal(answers.filter(({ status }) => status === 503).length, orders.length - tried);
  assert.equal((await breaker()).state, "open");
});

test("another password closes it: one call goes first, and all others follow", async () => {
  const password = `${LOGIN_PASSWORD} 2`;
  await world.kill();
  world.configuration.CA_LOGIN_PASSWORD = password;
  world.ca.login.change({ loginPassword: password });
  world.ca.login.unlock();
  world.ca.forgetRequests();
  await world.startAgain();
  const orders = Array.from({ length: 5 }, () => world.newOrder());
  const answers = await Promise.all(orders.map((orderNumber) => world.revoke({ orderNumber })));
  for (const { json } of answers) assert.equal(json.outcome, "revoked");
  const [trial, ...rest] = world.ca.ledger();
  assert.ok(rest.every(({ receivedAt }) => receivedAt >= Number(trial.answeredAt)));
  const { state, reason } = await breaker();
  assert.deepEqual([state, reason], ["closed", null]);
});

test("the audit log tells of every opening, resuming and closing, and of who was turned away", async () => {
  const { json } = await world.ask("/v1/audit?limit=10000", { as: "auditor" });
  /** @type {Record<string, any>[]} */
  const entries = json.entries;
  const course = entries
    .filter(({ action, phase }) => phase === "outcome" && ["breaker", "resume-breaker"].includes(action))
    .map(({ actor, state }) => `${actor} ${state}`);
  const tried = ["edge open", "key:steward half-open", "edge closed"];
  assert.deepEqual(course, [
    ...tried,
    ...tried,
    "edge open",
    "key:steward half-open",
    "edge open",
    "edge half-open",
    "edge closed",
  ]);
  const refusedFor = (/** @type {string} */ reason) =>
    new Set(
      entries.filter((entry) => entry.reason === reason).map(({ actor, action }) => `${actor} ${action}`),
    );
  assert.deepEqual(
    refusedFor("ca-login-refused"),
    new Set([
      "key:operator revoke",
      "key:second revoke",
      "key:tester revoke",
      "key:operator settle",
      "key:operator resend",
    ]),
  );
  assert.ok(refusedFor("forbidden").has("key:all-but resume-breaker"));
  const configured = entries.filter(({ action }) => action === "configure").at(-1);
  assert.deepEqual(configured?.changed, ["CA_LOGIN_PASSWORD"]);
});

test("-42: the caller is told when to come again; the edge's own calls wait, those of people do not", async () => {
  world.ca.faults.clear();
  for (const orderNumber of [lost, probed]) {
    world.ca.orders.set({ orderNumber, state: "revoked" });
    await world.ask(`/v1/orders/${orderNumber}/settle`, { as: "operator", body: {} });
  }
  const waiting = await lostOrder();
  const busy = world.newOrder();
  world.ca.orders.set({ orderNumber: busy, errorCode: -42 });
  // Each of them doubles the pause: to four seconds.
  for (let repeat = 0; repeat < 3; repeat += 1) {
    const { status, kind, headers, json } = await world.revoke({ orderNumber: busy });
    assert.deepEqual([status, kind, json.errorCode, json.mayHaveRevoked], [503, "ca-busy", -42, false]);
    assert.ok(json.retryAfter >= 1);
    assert.equal(headers.get("retry-after"), String(json.retryAfter));
  }
  const calls = world.sent(busy);
  assert.equal(calls.length, 3);
  assert.ok(calls[2].receivedAt - calls[0].receivedAt < 1_000, "they had to wait");
  const probes = () => world.sent(waiting).filter((call) => call.test);
  for (const deadline = Date.now() + 8_000; Date.now() < deadline && probes().length === 0;) await pause(50);
  const waited = probes()[0].receivedAt - calls[2].receivedAt;
  assert.ok(waited >= 3_900, `${waited} ms`);
});

testTraces(world);
