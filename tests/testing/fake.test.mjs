// What the fake edge has besides the edge's answers: its CA's calls, held orders, callers without a list, a signal.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient } from "autorevoke";
import { fakeEdge } from "autorevoke/testing";
import { until } from "../harness/until.mjs";

const endpoint = "https://edge.example";
/** @param {import("autorevoke/testing").FakeEdge} fetch @param {string} [token] */
const clientOf = (fetch, token = "olivia") => createClient({ endpoint, token, fetch });
const kindOf = (/** @type {Promise<unknown>} */ call) =>
  call.then(
    () => "done",
    ({ kind }) => kind,
  );

test("every fake has a ledger of its own", async () => {
  const [one, other] = [fakeEdge(), fakeEdge()];
  assert.equal((await clientOf(one).revoke({ orderNumber: 1 })).outcome, "revoked");
  assert.equal((await clientOf(one).revoke({ orderNumber: 1 })).outcome, "already-revoked");
  assert.equal((await clientOf(other).revoke({ orderNumber: 1 })).outcome, "revoked");
});

test("calls tells what the CA was sent, and whether it acted", async () => {
  const fetch = fakeEdge({ orders: { 2: "call-lost", 3: "answer-lost" } });
  const edge = clientOf(fetch);
  await edge.revoke({ orderNumber: 1, codeReason: "superseded", test: true });
  for (const orderNumber of [1, 2, 3]) await kindOf(edge.revoke({ orderNumber, revocationReason: "x" }));
  assert.deepEqual(fetch.calls, [
    { orderNumber: "1", codeReason: 4, test: true, acted: false },
    { orderNumber: "1", codeReason: 0, revocationReason: "x", test: false, acted: true },
    { orderNumber: "2", codeReason: 0, revocationReason: "x", test: false, acted: false },
    { orderNumber: "3", codeReason: 0, revocationReason: "x", test: false, acted: true },
  ]);
});

test("without a list of callers each token is a person, who may do everything", async () => {
  const fetch = fakeEdge({ limits: { approvalAbove: 0 } });
  const [olivia, paul] = ["olivia", "ark_paul_secret"].map((token) => clientOf(fetch, token));
  const { id, planHash, total } = await olivia.jobs.create({ orders: [{ orderNumber: 1, codeReason: 4 }] });
  assert.equal((await olivia.jobs.start(id, { planHash, total })).state, "awaiting-approval");
  assert.equal(await kindOf(olivia.jobs.approve(id, { planHash })), "forbidden");
  assert.deepEqual((await paul.jobs.approve(id, { planHash })).approvals[0].actor, "key:paul");
  assert.equal((await clientOf(fetch, "a.b/c+").me()).actor, "key:caller");
  assert.equal(await kindOf(createClient({ endpoint, fetch }).me()), "unauthenticated");
});

test("a signal ends the call, and what was sent is carried through", async () => {
  const fetch = fakeEdge();
  const release = fetch.hold("1");
  const stop = new AbortController();
  const call = clientOf(fetch).revoke({ orderNumber: 1 }, { signal: stop.signal });
  await until("the CA has the call", () => fetch.calls.length > 0);
  stop.abort();
  const error = await call.catch((error) => error);
  assert.deepEqual([error.kind, error.mayHaveRevoked], ["aborted", true]);
  assert.equal(await kindOf(clientOf(fetch).revoke({ orderNumber: 1 })), "in-progress");
  release();
  await until("it is answered", async () => (await clientOf(fetch).orders.get("1")).state !== "sending");
  assert.equal((await clientOf(fetch).orders.get("1")).state, "revoked");
});

test("a held order holds up a job, and nothing else", async () => {
  const fetch = fakeEdge();
  const edge = clientOf(fetch);
  const release = fetch.hold("2");
  const plan = await edge.jobs.create({
    orders: [1, 2, 3].map((orderNumber) => ({ orderNumber, codeReason: 4 })),
  });
  await edge.jobs.start(plan.id, { planHash: plan.planHash, total: plan.total });
  const counts = [];
  for await (const job of edge.jobs.watch(plan.id)) {
    counts.push([job.counts.sending, job.counts.revoked].join());
    if (fetch.calls.some(({ orderNumber }) => orderNumber === "2")) release();
  }
  assert.deepEqual(counts.at(-1), "0,3");
  assert.ok(counts.includes("1,1"));
});

test("what calls meet is checked when it is said", () => {
  for (const order of ["lost", 35, 1.5, {}, null, undefined])
    assert.throws(
      () => fakeEdge({ orders: { 7: /** @type {any} */ (order) } }),
      /fakeEdge: order 7 is none of/,
    );
});
