// The states of a job: which operation is taken in which of them, and what each leaves in the audit log.
// @ts-check
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { startWorld, testTraces } from "../edge/world.mjs";
import { JOB_PEOPLE, jobsOf } from "./jobs.mjs";

const THRESHOLD = 5;
/** Calls that are under way: as many as CA_MAX_CONNECTIONS. */
const UNDER_WAY = 4;

const world = await startWorld({
  people: [...JOB_PEOPLE, { id: "auditor", permissions: ["audit", "test"], orders: ["*"] }],
  variables: { APPROVAL_ABOVE: String(THRESHOLD) },
});
const { ca } = world;
const jobs = jobsOf(world);

beforeEach(() => {
  ca.login.unlock();
  ca.orders.clear();
  ca.faults.clear();
  ca.forgetRequests();
});

/** A job of which no row ever ends: the CA is issuing them. @param {number} [count] */
function issuing(count = 1) {
  const orders = jobs.orders(count);
  for (const { orderNumber } of orders) ca.orders.set({ orderNumber, state: "being-issued" });
  return orders;
}

/** @param {any} job @param {string} operation @param {object} body @param {string} as */
const ask = ({ id }, operation, body = {}, as = "olivia") =>
  world.ask(`/v1/jobs/${id}/${operation}`, { as, body });

/** The approver's and the starter's own words. @param {any} job @returns {[string, object, string][]} */
const operations = ({ planHash, total }) => [
  ["start", { planHash, total }, "olivia"],
  ["approve", { planHash }, "paul"],
  ["decline", { planHash, comment: "Not these" }, "paul"],
  ["pause", {}, "olivia"],
  ["resume", {}, "olivia"],
  ["cancel", {}, "olivia"],
];

/** How a job comes into each state, and which operations are refused there. @type {Record<string, [() => Promise<any>, string[]]>} */
const STATES = {
  planned: [() => jobs.plan({ orders: jobs.orders(1) }), ["approve", "decline", "pause", "resume"]],
  "awaiting-approval": [() => jobs.run({ orders: jobs.orders(THRESHOLD + 1) }), ["start", "pause", "resume"]],
  running: [
    async () => {
      const job = await jobs.run({ orders: issuing(THRESHOLD + 1) });
      return jobs.operate(job.id, "approve", { planHash: job.planHash }, "paul");
    },
    ["start", "approve", "decline", "resume"],
  ],
  paused: [
    async () => {
      const job = await jobs.run({ orders: issuing(THRESHOLD + 1) });
      await jobs.operate(job.id, "approve", { planHash: job.planHash }, "paul");
      return jobs.operate(job.id, "pause");
    },
    ["start", "approve", "decline", "pause"],
  ],
  done: [
    async () => {
      const { id } = await jobs.run({ orders: jobs.orders(1, { test: true }) });
      return jobs.done(id);
    },
    ["start", "approve", "decline", "pause", "resume", "cancel"],
  ],
  cancelled: [
    async () => jobs.operate((await jobs.plan({ orders: jobs.orders(1) })).id, "cancel"),
    ["start", "approve", "decline", "pause", "resume", "cancel"],
  ],
};

for (const [state, [prepare, refused]] of Object.entries(STATES)) {
  test(`${state}: what does not fit is refused, and changes nothing`, async () => {
    const job = await prepare();
    assert.equal(job.state, state);
    for (const [operation, body, as] of operations(job).filter(([name]) => refused.includes(name))) {
      const { status, kind, json } = await ask(job, operation, body, as);
      assert.deepEqual([status, kind], [409, "illegal-state"], operation);
      assert.ok(json.detail.includes(state), json.detail);
    }
    const { state: after, approvals } = await jobs.read(job.id);
    assert.deepEqual([after, approvals.length], [state, ["running", "paused"].includes(state) ? 1 : 0]);
    if (!["done", "cancelled"].includes(state)) await jobs.operate(job.id, "cancel");
    const { state: end } = await jobs.read(job.id);
    assert.equal(end, state === "done" ? "done" : "cancelled");
  });
}

test("a start must name the plan's hash and total", async () => {
  const { id, planHash, total } = await jobs.plan({ orders: jobs.orders(2) });
  for (const body of [
    { planHash, total: total + 1 },
    { planHash: planHash.toUpperCase(), total },
    { planHash: "0".repeat(64), total },
    { planHash: "", total },
  ]) {
    const { status, kind } = await ask({ id }, "start", body);
    assert.deepEqual([status, kind], [409, "plan-mismatch"], JSON.stringify(body));
  }
  for (const [body, fields] of /** @type {[object, string[]][]} */ ([
    [{}, ["planHash", "total"]],
    [{ planHash: 1, total: "2" }, ["planHash", "total"]],
    [{ planHash, total: 1.5 }, ["total"]],
    [{ planHash, total, force: true }, ["force"]],
  ])) {
    const { status, json } = await ask({ id }, "start", body);
    assert.equal(status, 422);
    assert.deepEqual(Object.keys(json.fields).sort(), fields);
  }
  assert.equal((await ask({ id }, "pause", { now: true })).status, 422);
  assert.equal((await jobs.read(id)).state, "planned");
  assert.deepEqual(ca.ledger(), []);
  assert.equal((await ask({ id: `job_${"0".repeat(24)}` }, "start", { planHash, total })).status, 404);
  assert.equal((await ask({ id }, "start", { planHash, total }, "auditor")).status, 403);
  assert.equal((await ask({ id }, "start", { planHash, total }, "theo")).status, 403);
});

test("another person may decline, with the plan's hash and a word why; nothing is sent then", async () => {
  const job = await jobs.run({ orders: jobs.orders(THRESHOLD + 1) });
  const { planHash } = job;
  const comment = "One of them is the *mail gateway's*";
  for (const [as, body, status, what] of /** @type {[string, object, number, string][]} */ ([
    ["olivia", { planHash, comment }, 403, "forbidden"],
    ["theo", { planHash, comment }, 403, "forbidden"],
    ["paul", { planHash: "0".repeat(64), comment }, 409, "plan-mismatch"],
    ["paul", { planHash }, 422, "invalid-order"],
    ["paul", { planHash, comment: "" }, 422, "invalid-order"],
    ["paul", { planHash, comment: 7 }, 422, "invalid-order"],
    ["paul", { planHash, comment: "a\u0000b" }, 422, "invalid-order"],
    ["paul", { planHash, comment: "x".repeat(1025) }, 422, "invalid-order"],
  ])) {
    const answer = await ask(job, "decline", body, as);
    assert.deepEqual([answer.status, answer.kind], [status, what], `${as} ${JSON.stringify(body)}`);
  }
  assert.equal((await jobs.read(job.id)).state, "awaiting-approval");
  const { state, declined, counts, approvals } = await jobs.operate(
    job.id,
    "decline",
    { planHash, comment },
    "paul",
  );
  assert.deepEqual([state, approvals, counts.cancelled], ["cancelled", [], THRESHOLD + 1]);
  const { time, ...who } = declined;
  assert.deepEqual(who, { person: "paul", actor: "key:paul", comment });
  assert.ok(Number.isFinite(Date.parse(time)));
  const entry = (await jobs.log(job.id)).at(-1);
  assert.deepEqual([entry.action, entry.person, entry.comment], ["decline-job", "paul", comment]);
  const headers = { accept: "text/markdown" };
  const { text } = await world.ask(`/v1/jobs/${job.id}/report`, { as: "olivia", headers });
  assert.match(text, /Declined by paul \(key:paul\) at .*: One of them is the \\\*mail gateway's\\\*/);
  assert.deepEqual(ca.ledger(), []);
});

test("who may only test starts drills, and nothing else", async () => {
  const drill = await jobs.run({ orders: jobs.orders(THRESHOLD + 3, { test: true }) }, "theo");
  assert.equal(drill.state, "running");
  assert.equal((await jobs.done(drill.id)).counts.tested, THRESHOLD + 3);
  const real = await jobs.plan({ orders: jobs.orders(1) }, { as: "theo" });
  assert.equal(real.drill, false);
  const { status, kind } = await ask(real, "start", { planHash: real.planHash, total: real.total }, "theo");
  assert.deepEqual([status, kind], [403, "forbidden"]);
  assert.ok(ca.ledger().every((call) => call.test));
});

test("all of it is in the audit log, with the state before and after", async () => {
  const orders = issuing(THRESHOLD + 1);
  const { id, planHash } = await jobs.run({ orders });
  await jobs.operate(id, "approve", { planHash }, "paul");
  await jobs.operate(id, "pause", {}, "paul");
  await jobs.operate(id, "resume");
  await jobs.operate(id, "cancel", {}, "paul");
  const entries = await jobs.log(id);
  assert.deepEqual(
    entries.map(({ action, priorState, state, person }) => [action, priorState, state, person]),
    [
      ["plan-job", undefined, "planned", "olivia"],
      ["start-job", "planned", "awaiting-approval", "olivia"],
      ["approve-job", "awaiting-approval", "running", "paul"],
      ["pause-job", "running", "paused", "paul"],
      ["resume-job", "paused", "running", "olivia"],
      ["cancel-job", "running", "cancelled", "paul"],
    ],
  );
  for (const entry of entries) assert.deepEqual([entry.planHash, entry.total], [planHash, THRESHOLD + 1]);
});

test("-16 halts every job; after a resume of the breaker one call goes out first, and the jobs go on", async () => {
  ca.faults.add({ fault: "latency", ms: 20 });
  const drill = { test: true };
  const first = await jobs.run({ orders: jobs.orders(60, drill) });
  const second = await jobs.run({ orders: jobs.orders(60, drill) });
  await ca.waitForRequests(10);
  ca.login.lock();
  for (const { id } of [first, second]) {
    const { lastError } = await jobs.until(id, ({ state }) => state === "halted");
    assert.match(lastError, /-16|login/);
  }
  await jobs.until(first.id, ({ counts }) => counts.sending === 0);
  await jobs.until(second.id, ({ counts }) => counts.sending === 0);
  const refused = ca.ledger().filter(({ answered }) => answered?.code === -16).length;
  assert.ok(refused >= 1 && refused <= UNDER_WAY, `${refused} calls were refused`);
  const sent = ca.requests;
  await pause(1_000);
  assert.equal(ca.requests, sent, "a refused login is not tried again");
  assert.equal((await ask(first, "resume")).kind, "illegal-state");

  // Still locked: one call finds that out.
  await world.ask("/v1/breaker/resume", { as: "greta", body: {} });
  await ca.waitForRequests(sent + 1);
  await pause(1_000);
  assert.equal(ca.requests, sent + 1);
  assert.equal((await jobs.read(first.id)).state, "halted");

  ca.login.unlock();
  ca.faults.clear();
  ca.faults.add({ fault: "latency", ms: 2_000 });
  await world.ask("/v1/breaker/resume", { as: "greta", body: {} });
  await ca.waitForRequests(sent + 2);
  await pause(150);
  assert.equal(ca.requests, sent + 2, "one call goes out first");
  ca.faults.clear();
  for (const { id } of [first, second]) {
    const { counts } = await jobs.done(id);
    assert.equal(counts.tested, 60, "a refused login costs no row");
    const moves = (await jobs.log(id)).map(
      ({ action, priorState, state }) => `${action} ${priorState} ${state}`,
    );
    assert.deepEqual(moves.slice(2), [
      "halt-job running halted",
      "resume-job halted running",
      "finish-job running done",
    ]);
  }
});

test("pause-all while the breaker has halted a job: its closing does not start the job again", async () => {
  ca.faults.add({ fault: "latency", ms: 20 });
  const halted = await jobs.run({ orders: jobs.orders(60, { test: true }) });
  await ca.waitForRequests(5);
  ca.login.lock();
  await jobs.until(halted.id, ({ state, counts }) => state === "halted" && counts.sending === 0);
  const { status, json } = await world.ask("/v1/jobs/pause-all", { as: "greta", body: {} });
  assert.deepEqual([status, json.paused.includes(halted.id)], [202, true]);
  ca.login.unlock();
  await world.ask("/v1/breaker/resume", { as: "greta", body: {} });
  const one = await world.revoke(jobs.orders(1)[0], { as: "olivia" });
  assert.equal(one.status, 200);
  assert.equal((await world.ask("/v1/breaker", { as: "greta" })).json.state, "closed");
  const sent = ca.requests;
  await pause(700);
  assert.equal(ca.requests, sent);
  assert.equal((await jobs.read(halted.id)).state, "halted");
  await jobs.operate(halted.id, "resume");
  assert.equal((await jobs.done(halted.id)).counts.tested, 60);
});

test("pause-all needs operate", async () => {
  for (const as of ["olivia", "theo"]) {
    const { status } = await world.ask("/v1/jobs/pause-all", { as, body: {} });
    assert.equal(status, 403);
  }
});

testTraces(world);
