// Progress as server-sent events: the job at once, then with each change, resumed by Last-Event-ID, over when the job is.
// @ts-check
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { eventsOf } from "../edge/documented.mjs";
import { startWorld, testTraces } from "../edge/world.mjs";
import { assertAddsUp, JOB_PEOPLE, jobsOf, NO_APPROVAL } from "./jobs.mjs";

const world = await startWorld({
  people: [...JOB_PEOPLE, { id: "narrow", permissions: ["plan"], orders: ["1-9"] }],
  variables: NO_APPROVAL,
});
const { ca } = world;
const jobs = jobsOf(world);
beforeEach(() => ca.faults.clear());

/** @param {string} id @param {string} [last] */
const headersFrom = (id, last) => ({
  as: "olivia",
  headers: { accept: "text/event-stream", ...(last !== undefined && { "last-event-id": last }) },
});

/** The whole stream, to its end. @param {string} id @param {string} [last] */
async function watched(id, last) {
  const answer = await world.ask(`/v1/jobs/${id}/events`, headersFrom(id, last));
  const events = answer.status === 200 ? eventsOf(answer.text) : [];
  return { ...answer, events, seen: events.map(({ data }) => JSON.parse(data)) };
}

/** The first events of a stream, which is left then. @param {string} id @param {number} count @param {string} [last] */
async function first(id, count, last) {
  const left = new AbortController();
  const response = await world.fetch(`/v1/jobs/${id}/events`, {
    ...headersFrom(id, last),
    signal: left.signal,
  });
  assert.equal(response.status, 200);
  let text = "";
  const decoder = new TextDecoder();
  for await (const piece of /** @type {any} */ (response.body)) {
    text += decoder.decode(piece, { stream: true });
    if (eventsOf(text).length >= count) break;
  }
  left.abort();
  return eventsOf(text);
}

test("a job's whole way: each event is the job, in the order of its revisions, to the last", async () => {
  ca.faults.add({ fault: "latency", ms: 40 });
  const planned = await jobs.plan({ orders: jobs.orders(250) });
  const watching = watched(planned.id);
  await jobs.start(planned);
  const { events, seen, headers } = await watching;
  assert.match(headers.get("content-type") ?? "", /^text\/event-stream/);
  assert.equal(seen[0].state, "planned", "at once");
  assert.ok(seen.length >= 3, `${seen.length} events`);
  for (const [n, { event, id }] of events.entries()) {
    assert.equal(event, "progress");
    assert.equal(id, String(seen[n].revision));
    assertAddsUp(seen[n]);
    if (n === 0) continue;
    assert.ok(seen[n].revision > seen[n - 1].revision);
    assert.ok(seen[n].counts.revoked >= seen[n - 1].counts.revoked);
  }
  assert.ok(seen.some(({ state, counts }) => state === "running" && counts.revoked > 0));
  const { known, merged, conflicts, ...job } = await jobs.read(planned.id);
  assert.deepEqual(seen.at(-1), job);
  assert.equal(job.state, "done");

  const again = await watched(planned.id);
  assert.deepEqual(again.seen, [job]);
  const before = await watched(planned.id, String(job.revision - 1));
  assert.deepEqual(before.seen, [job]);
  const over = await watched(planned.id, String(job.revision));
  assert.deepEqual([over.status, over.text], [204, ""]);
});

test("a connection that broke is resumed: what was seen does not come again", async () => {
  const job = await jobs.plan({ orders: jobs.orders(3) });
  const [event] = await first(job.id, 1);
  assert.equal(event.retry, 2000);
  const resumed = first(job.id, 1, event.id);
  const paused = await jobs.operate(job.id, "cancel");
  const [next] = await resumed;
  assert.ok(Number(next.id) > Number(event.id));
  assert.deepEqual(JSON.parse(next.data).state, "cancelled");
  assert.equal(Number(next.id), paused.revision);
  for (const odd of ["x", "-1", "1e3", "99999999999999999999"]) {
    assert.equal((await watched(job.id, odd)).seen.length, 1, odd);
  }
});

test("many watch at once, over a kill", async () => {
  ca.faults.add({ fault: "latency", ms: 40 });
  const job = await jobs.run({ orders: jobs.orders(200) });
  const watchers = Array.from({ length: 30 }, () => first(job.id, 2));
  const seen = await Promise.all(watchers);
  const last = /** @type {any} */ (seen[0].at(-1)).id;
  await world.kill();
  await world.startAgain();
  const { seen: rest } = await watched(job.id, last);
  assert.ok(rest.every(({ revision }) => revision > Number(last)));
  assert.equal(rest.at(-1).state, "done");
});

test("who may not read a job may not watch it", async () => {
  const job = await jobs.plan({ orders: jobs.orders(1) });
  const { status } = await world.ask(`/v1/jobs/${job.id}/events`, { ...headersFrom(job.id), as: "narrow" });
  assert.equal(status, 404);
});

testTraces(world);
