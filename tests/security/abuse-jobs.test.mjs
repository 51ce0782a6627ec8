// Rows of the abuse table (README.md in this folder): what may be tried by jobs, and what stops them.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { beforeEach, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { startWorld, testTraces } from "../edge/world.mjs";
import { until } from "../harness/until.mjs";
import { withReason } from "../jobs/jobs.mjs";

const HOW = {
  people: [
    { id: "operator", person: "olivia", permissions: ["plan", "revoke", "test"], orders: ["*"] },
    { id: "guard", person: "greta", permissions: ["operate", "audit"], orders: ["*"] },
  ],
  variables: { APPROVAL_ABOVE: "1000000" },
};
const world = await startWorld(HOW);
/** One that soon gives up waiting for an answer. */
const hasty = await startWorld({
  ...HOW,
  variables: { ...HOW.variables, CA_TIMEOUT_MS: "2000", RESEND_WINDOW_MS: "5000" },
});
/** The default of CA_MAX_CONNECTIONS. */
const CONNECTIONS = 4;
beforeEach(() => world.ca.forgetRequests());

const MB = 1024 * 1024;

/** @param {number} count @param {object} [more] members of each */
const orders = (count, more) =>
  Array.from({ length: count }, () => ({ orderNumber: world.newOrder(), codeReason: 1, ...more }));

/** @param {object} body @returns {Promise<any>} the job, started */
async function started(body, at = world) {
  const planned = await at.ask("/v1/jobs", { as: "operator", body: withReason(body) });
  assert.equal(planned.status, 201, planned.text);
  const { id, planHash, total } = planned.json;
  const answer = await at.ask(`/v1/jobs/${id}/start`, { as: "operator", body: { planHash, total } });
  assert.equal(answer.status, 202, answer.text);
  return answer.json;
}

/** @param {{ id: string }} job */
const read = async ({ id }, at = world) => (await at.ask(`/v1/jobs/${id}`, { as: "operator" })).json;

/** @param {{ id: string }} job */
async function ended(job) {
  for (;;) {
    const now = await read(job);
    if (now.state === "done") return now;
    assert.equal(now.state, "running");
    await pause(20);
  }
}

/** What workerd holds of memory, in bytes. */
async function memory() {
  const status = await readFile(`/proc/${world.pid}/status`, "utf8");
  return 1024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]);
}

test("a million rows: refused, in bounded memory; nobody else waits for it", async (t) => {
  await world.revoke({ orderNumber: world.newOrder() });
  world.ca.forgetRequests();
  const rows = Array.from({ length: 1_000_000 }, (_, n) => 1_000_000 + n);
  const names = rows.slice(0, 500_000).map((n) => `"${n}":0`);
  const bodies = [
    { body: `orderNumber\n${rows.join("\n")}\n`, headers: { "content-type": "text/csv" } },
    // As many rows as fit, each as bad as can be.
    { body: `orderNumber\n${"x\n".repeat(4_000_000)}`, headers: { "content-type": "text/csv" } },
    // As many as a job may have, and every one of them is named.
    { body: `orderNumber\n${"x\n".repeat(100_000)}`, headers: { "content-type": "text/csv" } },
    { body: `a\n${'"\n'.repeat(2_700_000)}`, headers: { "content-type": "text/csv" } },
    { body: `{"orders":[${"{},".repeat(2_700_000)}{}]}` },
    { body: `{"orders":[${"0,".repeat(4_000_000)}0]}` },
    { body: `{"orders":[{${names}}]}` },
    { body: `{"orders":[{}],"defaults":{${names}}}` },
    { body: `{"orders":[{}],${names}}` },
    { body: ",".repeat(8 * MB), headers: { "content-type": "text/csv" } },
    // The same order in all of them, now with test and now without.
    {
      body: `orderNumber,test,codeReason\n${"5,Y,1\n5,N,1\n".repeat(50_000)}`,
      headers: { "content-type": "text/csv" },
    },
  ];
  const before = await memory();
  let most = before;
  const watch = setInterval(async () => (most = Math.max(most, await memory())), 20);
  // Whatever comes, or the process would wait for it for ever.
  t.after(() => clearInterval(watch));
  for (const { body, headers } of bodies) {
    assert.ok(body.length <= 8 * MB);
    const refused = world.ask("/v1/jobs", { as: "operator", body, headers });
    const meanwhile = await world.revoke({ orderNumber: world.newOrder() });
    assert.equal(meanwhile.status, 200);
    const { status, json, text } = await refused;
    assert.ok([400, 422].includes(status), body.slice(0, 40));
    assert.ok(json.detail.length < 2_000 && text.length < 64 * MB);
  }
  const tooLarge = await world.askTooMuch("/v1/jobs", () => ({
    as: "operator",
    body: " ".repeat(8 * MB + 1),
  }));
  assert.equal(tooLarge.status, 413);
  assert.ok(most - before < 640 * MB, `grew by ${Math.round((most - before) / MB)} MB`);
  assert.equal((await world.ask("/v1/jobs", { as: "operator" })).json.jobs.length, 0);
});

test("the kill switch: one request, and no job sends anything until it is resumed", async () => {
  world.ca.faults.add({ fault: "latency", ms: 2_000 });
  const jobs = [];
  for (const size of [200, 100, 50]) jobs.push(await started({ orders: orders(size) }));
  await world.ca.waitForRequests(CONNECTIONS);
  const { status, json } = await world.ask("/v1/jobs/pause-all", { as: "guard", body: {} });
  assert.equal(status, 202);
  assert.deepEqual(json.paused.sort(), jobs.map(({ id }) => id).sort());
  // What was under way is carried through.
  for (const job of jobs) {
    await until("nothing is under way", async () => (await read(job)).counts.sending === 0);
    assert.equal((await read(job)).state, "paused");
  }
  await pause(1_500);
  const sent = world.ca.ledger().length;
  assert.equal(sent, CONNECTIONS, "something was sent after all");
  world.ca.faults.clear();
  const urgent = await world.revoke({ orderNumber: world.newOrder() });
  assert.equal(urgent.status, 200, "a single revocation is no job");

  await world.kill();
  await world.startAgain();
  await pause(500);
  assert.equal(world.ca.ledger().length, sent + 1, "a restart is no resuming");
  const resumed = await world.ask(`/v1/jobs/${jobs[2].id}/resume`, { as: "operator", body: {} });
  assert.equal(resumed.status, 202);
  assert.equal((await ended(jobs[2])).counts.revoked, 50);
  assert.deepEqual([(await read(jobs[0])).state, (await read(jobs[1])).state], ["paused", "paused"]);
  for (const { id } of jobs.slice(0, 2)) {
    await world.ask(`/v1/jobs/${id}/cancel`, { as: "operator", body: {} });
  }
});

test("a wrong login is not tried once more by a job: no more often than calls were under way", async () => {
  hasty.ca.faults.add({ fault: "latency", ms: 300 });
  const job = await started({ orders: orders(100) }, hasty);
  await hasty.ca.waitForRequests(2 * CONNECTIONS);
  hasty.ca.login.lock();
  await until("it has stopped", async () => {
    const { state, counts } = await read(job, hasty);
    return state !== "running" && counts.sending === 0;
  });
  assert.equal((await read(job, hasty)).state, "halted");
  await pause(1_000);
  const refused = hasty.ca.ledger().filter(({ answered }) => answered?.code === -16);
  assert.equal((await hasty.revoke({ orderNumber: hasty.newOrder() })).kind, "ca-login-refused");
  await hasty.ask(`/v1/jobs/${job.id}/cancel`, { as: "operator", body: {} });
  hasty.ca.login.unlock();
  hasty.ca.faults.clear();
  await hasty.ask("/v1/breaker/resume", { as: "guard", body: {} });
  assert.equal((await hasty.revoke({ orderNumber: hasty.newOrder() })).status, 200);
  assert.ok(refused.length <= CONNECTIONS, `${refused.length} times`);
});

test("a drill that revokes: not one call without test=Y, whatever happens to it", async () => {
  hasty.ca.forgetRequests();
  for (const [fault, every] of /** @type {[string, number][]} */ ([
    ["reset-after-reading", 5],
    ["no-answer", 17],
    ["http-status", 7],
  ])) {
    hasty.ca.faults.add({ fault, every });
  }
  const plan = { name: "Yearly drill", defaults: { test: true }, orders: orders(100) };
  const job = await started(plan, hasty);
  assert.equal(job.drill, true);
  for (let kill = 0; kill < 3; kill += 1) {
    await pause(300);
    await hasty.kill();
    await hasty.startAgain();
  }
  hasty.ca.faults.clear();
  const until = Date.now() + 60_000;
  let now = await read(job, hasty);
  for (; now.state !== "done" && Date.now() < until; now = await read(job, hasty)) await pause(100);
  assert.equal(now.state, "done");
  const sent = hasty.ca.ledger();
  assert.ok(sent.length >= 100);
  assert.ok(sent.every(({ test }) => test === true));
  assert.ok(sent.every(({ acted }) => !acted));
});

test("a spreadsheet's formula in a comment: is text in the CSV", async () => {
  const formulas = ["=1+1", "+1", "-1+1", "@SUM(A1)", "\t=1", '=HYPERLINK("https://evil.example","x")'];
  const planned = orders(formulas.length).map((order, n) => ({ ...order, revocationReason: formulas[n] }));
  const { json } = await world.ask("/v1/jobs", { as: "operator", body: withReason({ orders: planned }) });
  const headers = { accept: "text/csv" };
  const { text } = await world.ask(`/v1/jobs/${json.id}/orders`, { as: "operator", headers });
  const cells = text
    .trimEnd()
    .split(/\r?\n/)
    .slice(1)
    .map((line) => line.split(",")[2]);
  assert.equal(cells.length, formulas.length);
  for (const cell of cells) assert.match(cell, /^"?'/);
});

testTraces(world, hasty);
