// A running job before a CA that says everything it can say: each row ends as the CA's answer means, or is tried again.
// @ts-check
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { startWorld, testSecrets } from "../edge/world.mjs";
import { assertAddsUp, JOB_PEOPLE, jobsOf, NO_APPROVAL } from "./jobs.mjs";

const MAX_CONNECTIONS = 3;

const world = await startWorld({
  people: JOB_PEOPLE,
  variables: {
    ...NO_APPROVAL,
    CA_MAX_CONNECTIONS: String(MAX_CONNECTIONS),
    CA_TIMEOUT_MS: "3000",
    RESEND_WINDOW_MS: "20000",
  },
});
const { ca } = world;
const jobs = jobsOf(world);

beforeEach(() => {
  ca.faults.clear();
  ca.forgetRequests();
});

/** The calls that the CA received about these orders. @param {any[]} orders */
function callsFor(orders) {
  const numbers = new Set(orders.map(({ orderNumber }) => orderNumber));
  return ca.ledger().filter(({ orderNumber }) => orderNumber !== undefined && numbers.has(orderNumber));
}

const most = () => Math.max(...ca.ledger().map(({ concurrent }) => concurrent));

test("every answer of the CA, with its code and its text", async () => {
  /** @type {[setting: object | undefined, row: object][]} */
  const answers = [
    [undefined, { outcome: "revoked", errorCode: 0 }],
    [{ state: "unissued" }, { outcome: "revoked", errorCode: 0 }],
    [{ state: "revoked" }, { outcome: "already-revoked", errorCode: -21 }],
    [{ state: "rejected" }, { outcome: "already-rejected", errorCode: -20 }],
    [{ state: "expired" }, { outcome: "refused", errorCode: -35 }],
    [
      { errorCode: -160, errorMessage: "Partner says: no, <b>never</b>" },
      { outcome: "refused", errorCode: -160, errorMessage: "Partner says: no, <b>never</b>" },
    ],
    [{ errorCode: -43 }, { outcome: "refused", errorCode: -43 }],
    [
      { errorCode: -777, errorMessage: "new" },
      { outcome: "refused", errorCode: -777, errorMessage: "new" },
    ],
    [{ errorCode: -14 }, { outcome: "unknown", errorCode: -14 }],
    [{ errorCode: 7 }, { outcome: "unknown" }],
  ];
  const kinds = answers.flatMap((answer) => Array.from({ length: 2 }, () => answer));
  const orders = jobs.orders(kinds.length, { codeReason: "keyCompromise", revocationReason: "A leak" });
  kinds.forEach(([setting], n) => {
    if (setting) ca.orders.set({ orderNumber: orders[n].orderNumber, ...setting });
  });
  const job = await jobs.run({ orders });
  const { counts, finishedAt, startedAt } = await jobs.done(job.id);
  assert.deepEqual(
    { ...counts, settled: undefined },
    {
      ...{
        pending: 0,
        sending: 0,
        revoked: 4,
        alreadyRevoked: 2,
        alreadyRejected: 2,
        tested: 0,
        refused: 8,
      },
      ...{ unknown: 4, cancelled: 0, settled: undefined },
    },
  );
  assert.ok(finishedAt >= startedAt);
  const rows = await jobs.rows(job.id);
  rows.forEach((row, n) => {
    const [setting, wanted] = kinds[n];
    for (const [member, value] of Object.entries(wanted)) {
      assert.equal(row[member], value, `${JSON.stringify(setting)}: ${JSON.stringify(row)}`);
    }
    assert.equal(row.attempts, 1);
  });
  const calls = callsFor(orders).filter((call) => !call.test);
  assert.equal(calls.length, orders.length);
  for (const { pairs } of calls) {
    const form = Object.fromEntries(pairs);
    assert.deepEqual([form.codeReason, form.revocationReason, form.test], ["1", "A leak", undefined]);
  }
  assert.ok(most() <= MAX_CONNECTIONS);
  for (const outcome of ["unknown", "refused", "pending"]) {
    const some = await jobs.rows(job.id, { outcome, limit: 3 });
    assert.deepEqual(
      some.map(({ row }) => row),
      rows.filter((row) => row.outcome === outcome).map(({ row }) => row),
    );
  }
  ca.orders.clear();
});

test("what the CA is still issuing stays pending, and is tried again with growing pauses", async () => {
  const orders = jobs.orders(3);
  const [issuing, partner, never] = orders.map(({ orderNumber }) => orderNumber);
  ca.orders.set(
    { orderNumber: issuing, state: "being-issued", times: 2 },
    { orderNumber: partner, state: "being-issued", errorCode: -26, times: 1 },
    { orderNumber: never, state: "being-issued" },
  );
  // The last one is given up at the deadline.
  const deadline = new Date(Date.now() + 6_000).toISOString();
  const job = await jobs.run({ deadline, orders });
  const waiting = await jobs.until(job.id, ({ counts }) => counts.revoked >= 1);
  assert.equal(waiting.state, "running");
  const open = await jobs.rows(job.id, { outcome: "pending" });
  assert.ok(open.length > 0 && open.every(({ errorCode }) => errorCode === -23));
  const { counts, state } = await jobs.done(job.id);
  assert.deepEqual([state, counts.revoked, counts.refused], ["done", 2, 1]);
  const attempts = Object.fromEntries((await jobs.rows(job.id)).map((row) => [row.orderNumber, row]));
  assert.deepEqual([attempts[issuing].attempts, attempts[partner].attempts], [3, 2]);
  assert.deepEqual([attempts[never].outcome, attempts[never].errorCode], ["refused", -23]);
  // A test call may come first: the test before has left unknown outcomes in a row, which look like an outage.
  const real = callsFor([{ orderNumber: issuing }]).filter((call) => !call.test);
  const times = real.map(({ receivedAt }) => receivedAt);
  assert.ok(times[1] - times[0] >= 1_000 && times[2] - times[1] >= 2_000, String(times));
  const last = callsFor([{ orderNumber: never }]).at(-1)?.receivedAt ?? 0;
  assert.ok(last >= Date.parse(deadline), "it was tried until the deadline");
});

test("-42 slows a job down, and costs no row its place; a single call does not wait for that", async () => {
  const orders = jobs.orders(60);
  ca.orders.set({ orderNumber: orders[1].orderNumber, errorCode: -42, times: 1 });
  // The others that are under way then are answered well: that does not end the pause.
  ca.faults.add({ fault: "latency", ms: 50 });
  const job = await jobs.run({ orders });
  await jobs.until(job.id, ({ counts }) => counts.revoked >= 2);
  await pause(500);
  const soon = callsFor(orders).length;
  assert.ok(soon <= 3 * MAX_CONNECTIONS, `${soon} calls, and one of the first was answered -42`);
  const single = world.newOrder();
  assert.equal((await world.revoke({ orderNumber: single }, { as: "olivia" })).status, 200);
  const { counts } = await jobs.done(job.id);
  assert.equal(counts.revoked, orders.length);
  const rows = await jobs.rows(job.id);
  assert.deepEqual(
    rows.map(({ attempts }) => attempts),
    orders.map((_, n) => (n === 1 ? 2 : 1)),
  );
});

test("a CA that takes so many calls a second is not overrun", async () => {
  const orders = jobs.orders(60);
  ca.limits.set({ perSecond: 12 });
  const job = await jobs.run({ orders });
  const { counts } = await jobs.done(job.id);
  ca.limits.set({ perSecond: 0 });
  assert.equal(counts.revoked, orders.length);
  const busy = callsFor(orders).filter(({ answered }) => answered?.code === -42).length;
  assert.ok(busy <= orders.length, `${busy} calls too many`);
});

test("lost answers: unknown, and found out by themselves; nothing is carried out twice", async () => {
  const orders = jobs.orders(40);
  orders.forEach(({ orderNumber }, n) => {
    if (n % 10 === 3) ca.faults.add({ fault: "reset-after-reading", orderNumber, times: 1 });
    if (n % 10 === 6) ca.faults.add({ fault: "http-status", orderNumber, times: 1, acts: false });
    if (n % 20 === 9) ca.faults.add({ fault: "no-answer", orderNumber, times: 1, acts: n > 20 });
  });
  const job = await jobs.run({ orders });
  const ended = await jobs.done(job.id);
  assert.ok(ended.counts.unknown > 0, "it has ended before they were settled");
  const settled = await jobs.until(job.id, ({ counts }) => counts.unknown === 0);
  assert.equal(settled.state, "done");
  assert.deepEqual([settled.counts.revoked, settled.counts.alreadyRevoked], [35, 5]);
  assert.ok(settled.revision > ended.revision);
  const rows = await jobs.rows(job.id);
  orders.forEach(({ orderNumber }, n) => {
    const row = rows[n];
    const acted = n % 10 === 3 || n === 29;
    const lost = n % 10 === 6 || n === 9;
    assert.equal(row.outcome, acted ? "already-revoked" : "revoked", JSON.stringify(row));
    assert.equal(row.settled, acted);
    assert.equal(row.attempts, lost ? 2 : 1);
    assert.equal(callsFor([{ orderNumber }]).filter((call) => call.acted).length, 1);
    assert.equal(callsFor([{ orderNumber }]).filter((call) => !call.test).length, lost ? 2 : 1);
  });
});

test("orders that never bring a clear answer hold nobody up: neither their job nor another", async () => {
  const orders = jobs.orders(40);
  for (const { orderNumber } of orders.slice(5, 20)) ca.orders.set({ orderNumber, errorCode: -14 });
  const job = await jobs.run({ orders });
  const { counts } = await jobs.done(job.id);
  assert.deepEqual([counts.revoked, counts.unknown], [25, 15]);
  // They are asked about again and again meanwhile.
  await pause(4_000);
  const next = await jobs.run({ orders: jobs.orders(10) });
  await jobs.done(next.id, { withinMs: 15_000 });
  ca.orders.clear();
});

test("an order that somebody else is working on waits; it is revoked once", async () => {
  const orders = jobs.orders(20);
  ca.faults.add({ fault: "latency", ms: 150 });
  const both = await Promise.all([jobs.run({ orders }), jobs.run({ orders: [...orders].reverse() }, "paul")]);
  const single = await Promise.all(orders.slice(5, 10).map((order) => world.revoke(order, { as: "olivia" })));
  for (const { json, kind } of single) {
    assert.ok(["revoked", "already-revoked"].includes(json.outcome) || kind === "in-progress", kind);
  }
  for (const { id } of both) {
    const { counts } = await jobs.done(id);
    assert.equal(counts.revoked + counts.alreadyRevoked, orders.length);
  }
  for (const order of orders) assert.equal(callsFor([order]).filter(({ acted }) => acted).length, 1);
});

test("paused: what is under way is carried through, and nothing more; resumed; cancelled", async () => {
  const orders = jobs.orders(60);
  ca.faults.add({ fault: "latency", ms: 60 });
  const job = await jobs.run({ orders });
  await ca.waitForRequests(8);
  const paused = await jobs.operate(job.id, "pause");
  assert.equal(paused.state, "paused");
  const still = await jobs.until(job.id, ({ counts }) => counts.sending === 0);
  const sent = callsFor(orders).length;
  await pause(500);
  assert.equal(callsFor(orders).length, sent);
  assert.equal(still.counts.revoked, sent);
  assert.equal(still.rate, undefined);
  await jobs.operate(job.id, "resume", {}, "paul");
  await jobs.until(job.id, ({ counts }) => counts.revoked >= sent + 8);
  const cancelled = await jobs.operate(job.id, "cancel");
  assert.equal(cancelled.state, "cancelled");
  assert.equal(cancelled.counts.pending, 0);
  const end = await jobs.until(job.id, ({ counts }) => counts.sending === 0);
  await pause(300);
  const { counts, state } = await jobs.read(job.id);
  assert.deepEqual([state, counts], ["cancelled", end.counts]);
  assert.equal(counts.revoked + counts.cancelled, orders.length);
  const rows = await jobs.rows(job.id);
  for (const row of rows) {
    const acted = callsFor([row]).some((call) => call.acted);
    assert.equal(row.outcome, acted ? "revoked" : "cancelled");
  }
});

test("several jobs share the CA: a small one does not wait for a large one", async () => {
  ca.faults.add({ fault: "latency", ms: 15 });
  const large = await jobs.run({ orders: jobs.orders(400) });
  await ca.waitForRequests(30);
  const small = await jobs.run({ orders: jobs.orders(30) }, "paul");
  const middle = await jobs.run({ orders: jobs.orders(60) });
  await jobs.done(small.id);
  const { counts } = await jobs.read(large.id);
  assert.ok(counts.pending > 250, `${counts.pending} of the large one are left`);
  await Promise.all([jobs.done(large.id), jobs.done(middle.id)]);
  const turns = ca.ledger().map(({ orderNumber }) => orderNumber);
  const rowsOf = async (/** @type {any} */ { id }) =>
    new Set((await jobs.rows(id)).map(({ orderNumber }) => orderNumber));
  const [ofLarge, ofSmall] = [await rowsOf(large), await rowsOf(small)];
  const from = turns.findIndex((number) => ofSmall.has(number));
  const to = turns.findLastIndex((number) => ofSmall.has(number));
  const meanwhile = turns.slice(from, to + 1).filter((number) => ofLarge.has(number)).length;
  assert.ok(
    meanwhile >= 15 && meanwhile <= 60,
    `${meanwhile} of the large one during the 30 of the small one`,
  );
  assert.ok(most() <= MAX_CONNECTIONS);
});

test("a single revocation does not wait behind a job: at most two round trips go before its own", async () => {
  ca.faults.add({ fault: "latency", ms: 700 });
  const job = await jobs.run({ orders: jobs.orders(300) });
  await ca.waitForRequests(2 * MAX_CONNECTIONS);
  for (let round = 0; round < 4; round += 1) {
    const orderNumber = world.newOrder();
    const before = ca.requests;
    assert.equal((await world.revoke({ orderNumber }, { as: "olivia" })).status, 200);
    const [own] = ca.ledger({ orderNumber });
    const ahead = ca.ledger({ after: before }).filter(({ seq }) => seq < own.seq);
    assert.ok(ahead.length <= 2 * MAX_CONNECTIONS, `${ahead.length} calls of the job went before it`);
  }
  assert.equal((await jobs.read(job.id)).state, "running");
  assert.ok(most() <= MAX_CONNECTIONS);
  ca.faults.clear();
  await jobs.operate(job.id, "cancel");
});

test("a job goes on by itself after a kill: nobody asks the edge anything", async () => {
  ca.faults.add({ fault: "latency", ms: 30 });
  const orders = jobs.orders(150);
  const job = await jobs.run({ orders });
  for (const requests of [20, 60, 100]) {
    await ca.waitForRequests(requests);
    await world.kill();
    await world.startAgain();
  }
  await ca.waitForRequests(150);
  const { counts } = await jobs.done(job.id);
  assertAddsUp(await jobs.read(job.id));
  assert.ok(counts.unknown + counts.alreadyRevoked <= 3 * 2 * MAX_CONNECTIONS, JSON.stringify(counts));
  const end = await jobs.until(job.id, ({ counts }) => counts.unknown === 0);
  assert.equal(end.counts.revoked + end.counts.alreadyRevoked, orders.length);
  for (const order of orders) assert.equal(callsFor([order]).filter(({ acted }) => acted).length, 1);
  assert.ok(most() <= MAX_CONNECTIONS);
});

test("an outage costs a handful of unknown outcomes, and the job goes on by itself when it is over", async () => {
  const orders = jobs.orders(200);
  ca.faults.add({ fault: "latency", ms: 10 });
  const job = await jobs.run({ orders });
  await ca.waitForRequests(40);
  ca.faults.clear();
  ca.faults.add({ fault: "reset-before-reading" });
  await pause(4_000);
  const during = await jobs.read(job.id);
  assert.equal(during.state, "running");
  // Those under way, those that wait with their intent written, and a few that were chosen before the losses were known.
  assert.ok(during.counts.unknown <= 4 * MAX_CONNECTIONS, JSON.stringify(during.counts));
  assert.ok(during.counts.pending > 50, JSON.stringify(during.counts));
  ca.faults.clear();
  const end = await jobs.until(job.id, ({ state, counts }) => state === "done" && counts.unknown === 0);
  assert.equal(end.counts.revoked, orders.length);
  const touched = (await jobs.rows(job.id)).filter(({ attempts }) => attempts > 1);
  assert.ok(touched.length <= 4 * MAX_CONNECTIONS, `${touched.length} rows were sent again`);
  for (const order of orders) assert.equal(callsFor([order]).filter(({ acted }) => acted).length, 1);
});

testSecrets(world);
