// A person's limits hold for the rows of jobs that nobody else has approved: they wait, and the job says so.
// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { startWorld, testSecrets } from "../edge/world.mjs";
import { JOB_PEOPLE, jobsOf } from "./jobs.mjs";

const world = await startWorld({
  people: JOB_PEOPLE,
  variables: { APPROVAL_ABOVE: "10", RATE_LIMIT_PER_MINUTE: "6", DAILY_LIMIT: "9" },
});
const jobs = jobsOf(world);

test("a job without an approval waits for its person's limits, beside one that does not", async () => {
  const waiting = await jobs.run({ orders: jobs.orders(10) });
  const { counts, lastError } = await jobs.until(waiting.id, ({ lastError }) => lastError !== undefined);
  assert.match(lastError, /RATE_LIMIT_PER_MINUTE/);
  assert.equal(counts.revoked + counts.sending, 6);

  const drill = await jobs.run({ orders: jobs.orders(30, { test: true }) });
  assert.equal((await jobs.done(drill.id)).counts.tested, 30);
  const large = await jobs.run({ orders: jobs.orders(30) });
  assert.equal(large.state, "awaiting-approval");
  await jobs.operate(large.id, "approve", { planHash: large.planHash }, "paul");
  assert.equal((await jobs.done(large.id)).counts.revoked, 30);
  await pause(300);
  const still = await jobs.read(waiting.id);
  assert.deepEqual([still.state, still.counts.revoked, still.counts.pending], ["running", 6, 4]);
  assert.equal((await jobs.operate(waiting.id, "cancel")).counts.cancelled, 4);
});

testSecrets(world);
