// The incident report: its figures are those of the rows, its checkpoint is a head of the audit log that verifies; and the clock.
// @ts-check
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { verifyAuditLog } from "autorevoke";
import { startWorld, testSecrets } from "../edge/world.mjs";
import { JOB_PEOPLE, jobsOf } from "./jobs.mjs";

const world = await startWorld({
  people: JOB_PEOPLE,
  variables: { APPROVAL_ABOVE: "10", CA_TIMEOUT_MS: "3000", RESEND_WINDOW_MS: "0" },
});
const { ca } = world;
const jobs = jobsOf(world);
beforeEach(() => ca.faults.clear());

const later = (/** @type {number} */ ms) => new Date(Date.now() + ms).toISOString();

/** @param {string} id */
async function report(id) {
  const answer = await world.ask(`/v1/jobs/${id}/report`, { as: "paul" });
  assert.equal(answer.status, 200, answer.text);
  return answer.json;
}

test("the figures are those of the rows, and each of them adds up", async () => {
  const orders = jobs.orders(12, { codeReason: "keyCompromise" });
  const numbers = orders.map(({ orderNumber }) => orderNumber);
  ca.orders.set(
    { orderNumber: numbers[0], state: "revoked" },
    { orderNumber: numbers[1], state: "rejected" },
    { orderNumber: numbers[2], state: "expired" },
    { orderNumber: numbers[3], state: "expired" },
    { orderNumber: numbers[4], errorCode: -160, errorMessage: "| no | *never*\n# <script>" },
    { orderNumber: numbers[5], errorCode: -14 },
  );
  const deadline = later(3_600_000);
  const plan = { name: "Leak | of *2026* <b>", deadline, orders: [...orders, orders[6]] };
  const job = await jobs.run(plan);
  assert.equal(job.state, "awaiting-approval");
  await jobs.operate(job.id, "approve", { planHash: job.planHash }, "paul");
  const done = await jobs.done(job.id);
  const told = await report(job.id);
  const { approvals, failures, unknownOrders, planned, actual, checkpoint, ...figures } = told;
  assert.deepEqual(
    {
      ...{ total: figures.total, duplicates: figures.duplicates, accepted: figures.accepted },
      ...{ revoked: figures.revoked, alreadyRevoked: figures.alreadyRevoked, failed: figures.failed },
      ...{ alreadyRejected: figures.alreadyRejected, unknown: figures.unknown, remaining: figures.remaining },
      ...{ cancelled: figures.cancelled, tested: figures.tested, weakerReason: figures.weakerReason },
      ...{ state: figures.state, drill: figures.drill, atRisk: figures.atRisk, jobId: figures.jobId },
    },
    {
      ...{
        total: 12,
        duplicates: 1,
        accepted: 8,
        revoked: 6,
        alreadyRevoked: 1,
        failed: 3,
        alreadyRejected: 1,
      },
      ...{ unknown: 1, remaining: 0, cancelled: 0, tested: 0, weakerReason: 1 },
      ...{ state: "done", drill: false, atRisk: false, jobId: job.id },
    },
  );
  assert.match(figures.statement, /accepted by the CA \(revoked, or cancelled if not issued\)/);
  assert.doesNotMatch(JSON.stringify(told), /was published|is published(?!,)/);
  assert.equal(figures.deadlineMet, null, "an unknown outcome leaves it open");
  assert.deepEqual(
    failures.map((/** @type {any} */ { errorCode, count, orderNumbers }) => [errorCode, count, orderNumbers]),
    [
      [-35, 2, [numbers[2], numbers[3]]],
      [-160, 1, [numbers[4]]],
    ],
  );
  assert.ok(failures.every((/** @type {any} */ { title, meaning, advice }) => title && meaning && advice));
  assert.deepEqual(unknownOrders, [numbers[5]]);
  assert.deepEqual(planned, {
    createdAt: done.createdAt,
    createdBy: "key:olivia",
    deadline,
    planHash: job.planHash,
  });
  assert.deepEqual(
    [actual.startedAt, actual.startedBy, actual.finishedAt],
    [done.startedAt, "key:olivia", done.finishedAt],
  );
  const calls = ca.ledger().filter(({ orderNumber, test }) => numbers.includes(String(orderNumber)) && !test);
  const answered = Math.max(...calls.map(({ answeredAt }) => answeredAt ?? 0));
  assert.ok(Math.abs(Date.parse(actual.firstSentAt) - calls[0].receivedAt) < 2_000);
  assert.ok(Date.parse(actual.firstSentAt) <= calls[0].receivedAt + 2);
  assert.ok(Date.parse(actual.lastAnswerAt) >= answered - 2);
  assert.equal(approvals.length, 1);
  assert.deepEqual([approvals[0].person, approvals[0].actor], ["paul", "key:paul"]);

  const headers = { accept: "text/markdown" };
  const { text, headers: own } = await world.ask(`/v1/jobs/${job.id}/report`, { as: "paul", headers });
  assert.match(own.get("content-type") ?? "", /^text\/markdown/);
  for (const line of [
    "# Revocation report: Leak \\| of \\*2026\\* \\<b\\>",
    "| Accepted by the CA in all | 8 |",
    "| Failed | 3 |",
    "| Unknown | 1 |",
  ]) {
    assert.ok(text.includes(`${line}\n`), `${line}\n${text}`);
  }
  for (const number of [numbers[2], numbers[3], numbers[4], numbers[5]]) assert.ok(text.includes(number));
  assert.ok(text.includes(job.planHash));
  const [, shown] = /```json\n(.*)\n```/.exec(text) ?? [];
  assert.equal(JSON.parse(shown).ledger, checkpoint.ledger);
});

test("the checkpoint is a signed head of the audit log, and covers all that the report tells", async () => {
  const job = await jobs.run({ orders: jobs.orders(5) });
  await jobs.done(job.id);
  const { checkpoint } = await report(job.id);
  // The log goes on, and the head stays in it.
  await world.revoke(jobs.orders(1)[0], { as: "olivia" });
  const { json: key } = await world.ask("/v1/audit/key");
  const log = await world.ask("/v1/audit?limit=10000", {
    as: "greta",
    headers: { accept: "application/x-ndjson" },
  });
  const verdict = await verifyAuditLog(log.text, { head: checkpoint, keys: [key] });
  assert.deepEqual([verdict.ok, verdict.signature], [true, "valid"]);
  const entries = log.text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  const finish = entries.find(({ action, jobId }) => action === "finish-job" && jobId === job.id);
  assert.ok(finish.seq <= checkpoint.seq);
  assert.equal(entries[checkpoint.seq - 1].hash, checkpoint.hash);
  for (const row of await jobs.rows(job.id)) {
    const entry = entries[row.auditSeq - 1];
    assert.deepEqual(
      [entry.orderNumber, entry.phase, entry.jobId, entry.outcome],
      [row.orderNumber, "outcome", job.id, "revoked"],
    );
    const intent = entries[entry.intentSeq - 1];
    assert.deepEqual([intent.phase, intent.jobId, intent.orderNumber], ["intent", job.id, row.orderNumber]);
  }
  const forged = { ...checkpoint, seq: checkpoint.seq - 1 };
  assert.notEqual((await verifyAuditLog(log.text, { head: forged, keys: [key] })).signature, "valid");
});

test("a drill's report is timed, and says that nothing was changed", async () => {
  const job = await jobs.run(
    { name: "Yearly", deadline: later(600_000), orders: jobs.orders(40, { test: true }) },
    "theo",
  );
  await jobs.done(job.id);
  const told = await report(job.id);
  assert.deepEqual([told.drill, told.tested, told.accepted, told.deadlineMet], [true, 40, 0, true]);
  assert.match(told.statement, /drill/);
  const { startedAt, finishedAt, durationSeconds } = told.actual;
  assert.equal(durationSeconds, (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000);
});

test("the clock: at risk as soon as the present rate misses the deadline, and not before", async () => {
  ca.faults.add({ fault: "latency", ms: 200 });
  const orders = () => jobs.orders(400, { test: true });
  // At four at once and 200 ms an answer: 20 a second at best, shared by the three.
  const [tight, roomy, none] = [
    await jobs.run({ deadline: later(15_000), orders: orders() }),
    await jobs.run({ deadline: later(3_600_000), orders: orders() }),
    await jobs.run({ orders: orders() }),
  ];
  const risky = await jobs.until(tight.id, ({ atRisk, rate }) => atRisk && rate > 0);
  assert.ok(risky.rate < risky.neededRate, JSON.stringify(risky));
  assert.ok(Date.parse(risky.eta) > Date.parse(risky.deadline));
  assert.ok(Date.now() < Date.parse(risky.deadline), "before it is too late");
  await pause(3_000);
  const calm = await jobs.read(roomy.id);
  assert.ok(calm.rate > 1 && calm.rate < 20 && calm.neededRate < 1, JSON.stringify(calm));
  assert.equal(calm.atRisk, false);
  const left = calm.counts.pending + calm.counts.sending;
  const eta = (Date.parse(calm.eta) - Date.now()) / 1000;
  assert.ok(Math.abs(eta - left / calm.rate) < 5, `${eta} s for ${left} at ${calm.rate}`);
  const free = await jobs.read(none.id);
  assert.deepEqual([free.atRisk, free.neededRate, free.eta === undefined], [false, undefined, false]);

  const halfway = await report(tight.id);
  assert.deepEqual([halfway.state, halfway.atRisk, halfway.deadlineMet], ["running", true, null]);
  assert.ok(halfway.rate > 0 && halfway.neededRate > halfway.rate && halfway.eta > halfway.planned.deadline);
  assert.equal(halfway.remaining + halfway.tested, 400);
  assert.equal(
    (await jobs.operate(roomy.id, "pause")).atRisk,
    true,
    "one that stands still is late in the end",
  );
  for (const { id } of [tight, roomy, none]) await jobs.operate(id, "cancel");
  const past = await jobs.plan({ deadline: later(-1_000), orders: jobs.orders(1) });
  assert.equal(past.atRisk, true);
  const missed = await jobs.start(past);
  await jobs.done(missed.id);
  assert.equal((await report(missed.id)).deadlineMet, false);
});

testSecrets(world);
