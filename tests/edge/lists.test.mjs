// What an operator, an auditor and a reseller get to see of orders, jobs, breaker and audit log, and how the package asks for it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient } from "autorevoke";
import { startWorld, testTraces } from "./world.mjs";

const world = await startWorld({
  people: [
    { id: "olivia", person: "olivia", permissions: ["revoke", "test", "plan"], orders: ["*"] },
    { id: "reseller", person: "rita", permissions: ["revoke"], orders: ["200001-299999"] },
    { id: "auditor", person: "greta", permissions: ["audit"], orders: ["*"] },
    { id: "half", person: "hans", permissions: ["audit"], orders: ["1-299999"] },
    { id: "approver", person: "paul", permissions: ["approve"], orders: ["1-5"] },
    { id: "planner", person: "petra", permissions: ["plan"], orders: ["*"] },
  ],
  variables: { RESEND_WINDOW_MS: "0" },
});
const client = (/** @type {string} */ as) => createClient({ endpoint: world.url, token: world.keys[as] });
const numbers = (/** @type {{ orders: { orderNumber: string }[] }} */ { orders }) =>
  orders.map(({ orderNumber }) => orderNumber);

const revoke = (/** @type {string} */ orderNumber) =>
  world.ask("/v1/revocations", { as: "olivia", body: { orderNumber, codeReason: "keyCompromise" } });

test("unknown orders are listed with what happens next, to those who may know of them", async () => {
  for (const orderNumber of ["100001", "200001"]) {
    world.ca.faults.add({ fault: "no-answer", orderNumber, times: 100 });
    assert.equal((await revoke(orderNumber)).kind, "unknown-outcome");
  }
  await revoke("200002");
  const { status, json } = await world.ask("/v1/orders?state=unknown", { as: "olivia" });
  assert.deepEqual([status, numbers(json)], [200, ["100001", "200001"]]);
  const [{ nextProbeAt, unknownSince, sentAt, codeReason, resendUntil }] = json.orders;
  assert.ok(Date.parse(nextProbeAt) > Date.parse(unknownSince));
  assert.deepEqual([sentAt, codeReason, resendUntil], [unknownSince, 1, undefined]);

  const reseller = client("reseller");
  assert.deepEqual(numbers(await reseller.orders.list({ state: "unknown" })), ["200001"]);
  assert.deepEqual(numbers(await reseller.orders.list()), ["200001", "200002"]);
  const first = await reseller.orders.list({ limit: 1 });
  assert.deepEqual(numbers(first), ["200001"]);
  assert.deepEqual(numbers(await reseller.orders.list({ after: first.next })), ["200002"]);
  assert.equal((await world.ask("/v1/orders", { as: "auditor" })).status, 403);
  for (const query of [
    "state=tested",
    "state=",
    "limit=0",
    "limit=1001",
    "state=unknown&state=unknown",
    "order=1",
  ])
    assert.equal((await world.ask(`/v1/orders?${query}`, { as: "olivia" })).status, 400, query);
});

test("the audit log is read by order, actor, action and job, as documents and as lines", async () => {
  const { json: job } = await world.ask("/v1/jobs", {
    as: "planner",
    body: { orders: [{ orderNumber: "300001", codeReason: 4 }] },
  });
  const { audit } = client("auditor");
  const { entries: all } = await audit.list({ limit: 10_000 });
  for (const [filter, fits] of /** @type {const} */ ([
    [{ order: 200002 }, (/** @type {any} */ it) => it.orderNumber === "200002"],
    [{ actor: "key:planner" }, (/** @type {any} */ it) => it.actor === "key:planner"],
    [
      { action: "revoke", order: "100001" },
      (/** @type {any} */ it) => it.orderNumber === "100001" && it.action === "revoke",
    ],
    [{ job: job.id }, (/** @type {any} */ it) => it.jobId === job.id],
  ])) {
    const found = await audit.list(filter);
    assert.ok(found.entries.length > 0);
    assert.deepEqual(
      found.entries,
      all.filter((entry) => entry.seq <= found.entries.at(-1).seq && fits(entry)),
    );
  }
  const headers = { accept: "application/x-ndjson" };
  const lines = await world.ask("/v1/audit?action=revoke&limit=1", { as: "auditor", headers });
  const [entry] = lines.text
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  assert.equal(lines.headers.get("link"), `<?after=${entry.seq}&limit=1&action=revoke>; rel="next"`);
  assert.equal((await world.ask("/v1/audit?who=me", { as: "auditor" })).status, 400);
});

test("an auditor of all orders reads jobs, their orders, events and report, and changes none", async () => {
  const body = { orders: [{ orderNumber: "300002", codeReason: 4 }] };
  const { json: job } = await world.ask("/v1/jobs", { as: "olivia", body });
  // The stream of a job that goes on does not end.
  assert.equal((await world.ask(`/v1/jobs/${job.id}/cancel`, { as: "olivia", body: {} })).status, 202);
  for (const path of ["", "/orders", "/events", "/report"]) {
    const asked = (/** @type {string} */ as) => world.ask(`/v1/jobs/${job.id}${path}`, { as });
    assert.equal((await asked("auditor")).status, 200, path);
    assert.equal((await asked("half")).status, 403, path);
  }
  const { json } = await world.ask("/v1/jobs", { as: "auditor" });
  assert.ok(json.jobs.some((/** @type {any} */ { id }) => id === job.id));
  const { planHash, total } = job;
  for (const [operation, sent] of [
    ["start", { planHash, total }],
    ["cancel", {}],
    ["approve", { planHash }],
  ])
    assert.equal(
      (await world.ask(`/v1/jobs/${job.id}/${operation}`, { as: "auditor", body: sent })).status,
      403,
    );
});

test("the breaker is shown to those whom it stops, and to nobody else", async () => {
  for (const [as, expected] of /** @type {const} */ ([
    ["olivia", 200],
    ["reseller", 200],
    ["approver", 200],
    ["auditor", 403],
    ["planner", 403],
  ]))
    assert.equal((await world.ask("/v1/breaker", { as })).status, expected, as);
});

testTraces(world);
