// How much one batch may do, as the CA sees it.
// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { startWorld } from "../edge/world.mjs";
import { JOB_PEOPLE, jobsOf, NO_APPROVAL } from "./jobs.mjs";

const MAX_CONNECTIONS = 3;
/** The platform's own limit is 50 for each time that an alarm rings. */
const MAX_CALLS_A_BATCH = 40;

// Of its own: no order of another test is probed meanwhile.
const world = await startWorld({
  people: JOB_PEOPLE,
  variables: { ...NO_APPROVAL, CA_MAX_CONNECTIONS: String(MAX_CONNECTIONS) },
});
const { ca } = world;
const jobs = jobsOf(world);

test("a batch makes 40 calls at most, of as many jobs as there are, and no more are at the CA at once than may be", async () => {
  ca.faults.add({ fault: "latency", ms: 5 });
  const started = [];
  for (let number = 0; number < 3; number += 1) started.push(await jobs.run({ orders: jobs.orders(70) }));
  for (const { id } of started) await jobs.done(id);
  const calls = ca.ledger().length;
  assert.equal(calls, 210);
  const batches = () =>
    world.log
      .split("\n")
      .filter((line) => line.includes('"event":"batch"') && line.endsWith("}"))
      .map((line) => JSON.parse(line));
  const sum = () => batches().reduce((all, { calls }) => all + calls, 0);
  for (const deadline = Date.now() + 10_000; sum() < calls && Date.now() < deadline;) await pause(25);
  // The edge says where its batches end, and the CA how many calls came meanwhile: no call is in none of them.
  assert.equal(sum(), calls);
  assert.equal(Math.max(...batches().map(({ calls }) => calls)), MAX_CALLS_A_BATCH);
  const ends = batches().map(({ time }) => Date.parse(time));
  for (const [at, end] of ends.entries()) {
    const since = ends[at - 1] ?? 0;
    const received = ca.ledger().filter(({ receivedAt }) => receivedAt > since && receivedAt <= end);
    // Those that the batch before has begun, and that waited for a connection, come besides.
    assert.ok(received.length <= MAX_CALLS_A_BATCH + 2 * MAX_CONNECTIONS, `${received.length} in one batch`);
  }
  const most = Math.max(...ca.ledger().map(({ concurrent }) => concurrent));
  assert.ok(most <= MAX_CONNECTIONS, `${most} at once`);
});
