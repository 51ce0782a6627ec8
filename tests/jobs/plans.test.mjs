// A plan from JSON: every bad row named, duplicates merged, what is known shown, and one hash over all; nothing is sent.
// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { startWorld, testTraces } from "../edge/world.mjs";
import { JOB_PEOPLE, jobsOf, NO_APPROVAL, withReason } from "./jobs.mjs";
import { planHash } from "./plan-hash.mjs";

const world = await startWorld({
  people: [
    ...JOB_PEOPLE,
    { id: "narrow", permissions: ["plan", "revoke"], orders: ["500-599", "700"] },
    { id: "two-grants", permissions: ["plan"], orders: ["500-549"] },
  ],
  variables: { ...NO_APPROVAL, MAX_JOB_ORDERS: "2000" },
});
const jobs = jobsOf(world);
const MB = 1024 * 1024;

/** @param {unknown} body @param {object} [how] */
const ask = (body, how) => world.ask("/v1/jobs", { as: "olivia", body, ...how });

test("a plan is kept, told in full, and nothing is sent", async () => {
  const deadline = "2099-01-02T03:04:05+01:00";
  const orders = [
    {
      orderNumber: "9007199254740993",
      codeReason: "keyCompromise",
      revocationReason: 'Key "found" in\na repository é \u{1f511}',
    },
    { orderNumber: 77, codeReason: 4, productCode: "488", product: 12 },
    { orderNumber: "77", codeReason: 0, productCode: "488", product: 3 },
    { orderNumber: 77, codeReason: 0, productCode: "1", product: 12 },
    { orderNumber: 77, codeReason: 0, productCode: "488" },
    { orderNumber: 77, codeReason: 0 },
    { orderNumber: 100, codeReason: "cessationOfOperation", test: "N" },
    { orderNumber: 99, codeReason: 0, test: false },
  ];
  const answer = await ask({ name: "Incident 7", deadline, orders });
  assert.equal(answer.status, 201, answer.text);
  const { id, ...job } = answer.json;
  assert.match(id, /^job_[0-9a-f]{24}$/);
  assert.equal(answer.headers.get("location"), `/v1/jobs/${id}`);
  assert.deepEqual(
    {
      name: job.name,
      state: job.state,
      deadline: job.deadline,
      total: job.total,
      duplicates: job.duplicates,
    },
    { name: "Incident 7", state: "planned", deadline: "2099-01-02T02:04:05.000Z", total: 8, duplicates: 0 },
  );
  assert.deepEqual(
    {
      createdBy: job.createdBy,
      drill: job.drill,
      approvals: job.approvals,
      atRisk: job.atRisk,
      pending: job.counts.pending,
    },
    { createdBy: "key:olivia", drill: false, approvals: [], atRisk: false, pending: 8 },
  );
  assert.equal(Date.parse(job.expiresAt) - Date.parse(job.createdAt), 86_400_000);
  assert.equal(job.planHash, planHash(/** @type {any} */ (orders)));
  assert.deepEqual([job.known, job.merged], [{ count: 0, orders: [] }, []]);
  assert.deepEqual((await jobs.read(id)).planHash, job.planHash);
  const rows = await jobs.rows(id);
  assert.deepEqual(
    rows.map(({ row, orderNumber, outcome, test, attempts, settled }) => ({
      row,
      orderNumber,
      outcome,
      test,
      attempts,
      settled,
    })),
    orders.map(({ orderNumber }, n) => ({
      ...{ row: n + 1, orderNumber: String(orderNumber), outcome: "pending", test: false },
      ...{ attempts: 0, settled: false },
    })),
  );
  assert.deepEqual(world.ca.ledger(), []);
});

test("the hash does not depend on the order of rows or on spellings, and on every member", async () => {
  const rows = Array.from({ length: 300 }, (_, n) => ({
    orderNumber: 1_000 + ((n * 7919) % 1_000),
    codeReason: [0, 1, 3, 4, 5][n % 5],
    ...(n % 3 === 0 && { productCode: String(n % 7) }),
    ...(n % 4 === 0 && { product: n % 11 }),
    ...(n % 6 === 0 && { revocationReason: `line\t${n} "<>&'\\/ \u0394\ud83d\udd11` }),
    test: true,
  }));
  const { planHash: hash, total, duplicates } = await jobs.plan({ orders: rows });
  assert.deepEqual([hash, total, duplicates], [planHash(rows), 300, 0]);
  assert.equal((await jobs.plan({ orders: [...rows].reverse(), name: "other" })).planHash, hash);
  const spelt = rows.map((row) => ({
    ...row,
    orderNumber: String(row.orderNumber),
    test: "Y",
  }));
  assert.equal((await jobs.plan({ orders: spelt })).planHash, hash);
  for (const change of [
    { codeReason: 3 },
    { productCode: "x" },
    { product: 999 },
    { revocationReason: "y" },
    { orderNumber: 3_000 },
  ]) {
    const changed = rows.map((row, n) => (n === 0 ? { ...row, ...change } : row));
    const { planHash: other } = await jobs.plan({ orders: changed });
    assert.notEqual(other, hash, JSON.stringify(change));
    assert.equal(other, planHash(changed));
  }
  const real = rows.map((row) => ({ ...row, test: false }));
  const { planHash: other } = await jobs.plan({ orders: real });
  assert.notEqual(other, hash);
  assert.equal(other, planHash(real));
});

test("defaults hold for rows that say nothing", async () => {
  const defaults = {
    codeReason: "superseded",
    revocationReason: "Replaced",
    productCode: "5",
    product: 6,
    test: true,
  };
  const orders = [{ orderNumber: 1 }, { orderNumber: 2, codeReason: 1, productCode: "7" }];
  const job = await jobs.plan({ defaults, orders });
  assert.equal(
    job.planHash,
    planHash(/** @type {any} */ (orders.map((order) => ({ ...defaults, ...order })))),
  );
  assert.equal(job.drill, true);
  const rows = await jobs.rows(job.id);
  assert.deepEqual(
    rows.map(({ revocationReason }) => revocationReason),
    ["Replaced", "Replaced"],
  );
});

test("every bad row is named, with every fault in it, and nothing is kept", async () => {
  const before = (await world.ask("/v1/jobs", { as: "olivia" })).json.jobs.length;
  const { status, kind, json } = await ask({
    orders: [
      { orderNumber: 1, codeReason: 1 },
      { orderNumber: "01", codeReason: 2 },
      "3",
      { codeReason: "keyCompromise" },
      { orderNumber: 5, codeReason: 1, test: "y", product: -1 },
      { orderNumber: 6, codeReason: 1, accountID: 7, colour: "red" },
      { orderNumber: 7, codeReason: 1, revocationReason: "x".repeat(1025), productCode: "x".repeat(51) },
      { orderNumber: 8, codeReason: 1 },
      { orderNumber: 2 ** 60, codeReason: 1 },
      { orderNumber: "010" },
    ],
  });
  assert.deepEqual([status, kind], [422, "invalid-order"]);
  assert.deepEqual(json.rows, [2, 3, 4, 5, 6, 7, 9, 10]);
  assert.deepEqual(Object.keys(json.fields).sort(), [
    "row 10: codeReason",
    "row 10: orderNumber",
    "row 2: codeReason",
    "row 2: orderNumber",
    "row 3",
    "row 4: orderNumber",
    "row 5: product",
    "row 5: test",
    "row 6: accountID",
    "row 6: colour",
    "row 7: productCode",
    "row 7: revocationReason",
    "row 9: orderNumber",
  ]);
  for (const fault of Object.values(json.fields)) assert.ok(fault.length > 0);
  assert.equal((await world.ask("/v1/jobs", { as: "olivia" })).json.jobs.length, before);
});

test("as many bad rows as there may be are all named", async () => {
  const { status, json } = await ask({
    orders: Array.from({ length: 2_000 }, () => ({ orderNumber: 0, codeReason: 1 })),
  });
  assert.equal(status, 422);
  assert.deepEqual(
    json.rows,
    Array.from({ length: 2_000 }, (_, n) => n + 1),
  );
  assert.equal(Object.keys(json.fields).length, 1_000);
});

test("what is wrong besides the rows is named, too", async () => {
  const one = [{ orderNumber: 1, codeReason: 1 }];
  /** @type {[unknown, string[]][]} */
  const cases = [
    [{}, ["orders"]],
    [{ orders: [] }, ["orders"]],
    [{ orders: {} }, ["orders"]],
    [{ orders: one, name: "" }, ["name"]],
    [{ orders: one, name: "x".repeat(201) }, ["name"]],
    [{ orders: one, name: "a\u0007b" }, ["name"]],
    [{ orders: one, name: 7, deadline: 8 }, ["deadline", "name"]],
    [{ orders: one, deadline: "tomorrow" }, ["deadline"]],
    [{ orders: one, deadline: "2026-02-30T00:00:00Z" }, ["deadline"]],
    [{ orders: one, deadLine: "x" }, ["deadLine"]],
    [{ orders: one, defaults: [] }, ["defaults"]],
    [
      { orders: one, defaults: { codeReason: 9, orderNumber: 5 } },
      ["defaults: codeReason", "defaults: orderNumber"],
    ],
    [{ orders: [{ orderNumber: "x", codeReason: 1 }], deadline: "x" }, ["deadline", "row 1: orderNumber"]],
  ];
  for (const [body, fields] of cases) {
    const { status, json, kind } = await ask(body);
    assert.deepEqual([status, kind], [422, "invalid-order"], JSON.stringify(body));
    assert.deepEqual(Object.keys(json.fields).sort(), fields, JSON.stringify(body));
  }
  for (const body of [
    "",
    "[]",
    '{"orders":[{"orderNumber":1,"orderNumber":2}]}',
    '{"orders":[{"__proto__":1}]}',
    "{",
  ]) {
    assert.equal((await ask(body)).kind, "malformed-request", body);
  }
  assert.equal((await ask({ orders: one, name: "é".repeat(200) })).status, 201);
});

test("rows for the same order are merged, the more serious reason wins, and that is said", async () => {
  // From the less to the more serious.
  const reasons = [
    "unspecified",
    "superseded",
    "cessationOfOperation",
    "affiliationChanged",
    "keyCompromise",
  ];
  const numbers = {
    unspecified: 0,
    superseded: 4,
    cessationOfOperation: 5,
    affiliationChanged: 3,
    keyCompromise: 1,
  };
  for (const [n, milder] of reasons.entries()) {
    for (const graver of reasons.slice(n)) {
      for (const [first, second] of [
        [milder, graver],
        [graver, milder],
      ]) {
        const orderNumber = "42";
        const orders = [
          { orderNumber, codeReason: first, revocationReason: first },
          { orderNumber: "43", codeReason: 0 },
          { orderNumber: 42, codeReason: second, revocationReason: second },
        ];
        const job = await jobs.plan({ orders });
        assert.deepEqual([job.total, job.duplicates], [2, 1]);
        const codeReason = numbers[/** @type {keyof typeof numbers} */ (graver)];
        assert.deepEqual(job.merged, [
          { orderNumber, rows: [1, 3], count: 2, codeReason, conflict: milder !== graver },
        ]);
        assert.deepEqual((await jobs.read(job.id)).merged, job.merged);
        const kept = [{ orderNumber, codeReason: graver, revocationReason: graver }, { orderNumber: "43" }];
        assert.equal(job.planHash, planHash(kept), `${first}, ${second}`);
      }
    }
  }
  const others = await jobs.plan({
    orders: [
      { orderNumber: 42, productCode: "1" },
      { orderNumber: 42, product: 1 },
      { orderNumber: 42 },
      { orderNumber: 42, product: 1 },
    ],
    defaults: { codeReason: "unspecified" },
  });
  assert.deepEqual([others.total, others.duplicates], [3, 1]);
  assert.deepEqual(others.merged, [
    { orderNumber: "42", product: 1, rows: [2, 4], count: 2, codeReason: 0, conflict: false },
  ]);
});

test("a plan that tests and revokes is refused, and the fewer rows are named", async () => {
  const { status, kind, json } = await ask({
    orders: [
      { orderNumber: 5, test: true },
      { orderNumber: 6 },
      { orderNumber: 5, codeReason: 1 },
      { orderNumber: 7, test: "Y" },
      { orderNumber: 8 },
    ],
    defaults: { codeReason: 0 },
  });
  assert.deepEqual([status, kind, json.rows], [422, "invalid-order", [1, 4]]);
  assert.deepEqual(Object.keys(json.fields), ["test"]);
  assert.match(json.fields.test, /2 test, 3 revoke.* row 1, row 4$/);
});

test("orders that the ledger has seen are shown with where they stand", async () => {
  const [done, refused, lost, tested, fresh] = jobs.orders(5).map(({ orderNumber }) => orderNumber);
  world.ca.orders.set({ orderNumber: refused, state: "expired" }, { orderNumber: lost, errorCode: -14 });
  for (const orderNumber of [done, refused, lost]) await world.revoke({ orderNumber }, { as: "olivia" });
  await world.revoke({ orderNumber: tested, test: true }, { as: "olivia" });
  const { known } = await jobs.plan({
    orders: [done, fresh, refused, lost, tested].map((orderNumber) => ({ orderNumber, codeReason: 1 })),
  });
  const states = Object.fromEntries(
    known.orders.map((/** @type {any} */ { orderNumber, state }) => [orderNumber, state]),
  );
  assert.equal(known.count, known.orders.length);
  assert.deepEqual(
    [states[done], states[refused], states[lost], states[fresh]],
    ["revoked", "refused", "unknown", undefined],
  );
  world.ca.orders.clear();
});

test("Idempotency-Key: the same plan gives the same job, another plan is refused", async () => {
  const body = { name: "once", deadline: "2099-01-01T00:00:00Z", orders: jobs.orders(3) };
  const headers = { "idempotency-key": "plan-1" };
  const first = await jobs.plan(body, { headers });
  const started = await jobs.start(first);
  const again = await jobs.plan(body, { headers });
  assert.equal(again.id, first.id);
  assert.ok(again.revision >= started.revision, "as it is now");
  const others = [
    { ...body, name: "other" },
    { ...body, deadline: "2099-01-01T00:00:01Z" },
    { ...body, orders: [...body.orders, body.orders[0]] },
    { ...body, orders: body.orders.slice(1) },
  ];
  for (const other of others) {
    const { status, kind } = await ask(other, { headers });
    assert.deepEqual([status, kind], [422, "idempotency-mismatch"]);
  }
  assert.notEqual((await jobs.plan(body, { headers, as: "paul" })).id, first.id, "it is the actor's own");
  const [order] = jobs.orders(1);
  assert.equal(
    (await world.revoke(order, { as: "olivia", headers: { "idempotency-key": "call-1" } })).status,
    200,
  );
  assert.equal((await ask(body, { headers: { "idempotency-key": "call-1" } })).kind, "idempotency-mismatch");
  assert.equal((await world.revoke(order, { as: "olivia", headers })).kind, "idempotency-mismatch");
  const together = { "idempotency-key": "plan-2" };
  const ten = await Promise.all(Array.from({ length: 10 }, () => jobs.plan(body, { headers: together })));
  assert.equal(new Set(ten.map(({ id }) => id)).size, 1);
});

/** @param {() => any} body */
const statusOfLarge = async (body) =>
  (await world.askTooMuch("/v1/jobs", () => ({ as: "olivia", body: body() }))).status;

test("more rows than MAX_JOB_ORDERS, and more than 8 MiB, are refused", async () => {
  const rows = Array.from({ length: 2_001 }, (_, n) => ({ orderNumber: n + 1, codeReason: 1 }));
  assert.equal((await jobs.plan({ orders: rows.slice(1) })).total, 2_000);
  const { status, json } = await ask({ orders: rows });
  assert.equal(status, 422);
  assert.deepEqual(json.rows, []);
  assert.match(json.fields.orders, /2000/);

  const text = JSON.stringify(withReason({ orders: rows.slice(1) }));
  const padded = text + " ".repeat(8 * MB - text.length);
  assert.equal((await ask(padded)).status, 201);
  assert.equal(await statusOfLarge(() => `${padded} `), 413);
  const bytes = new TextEncoder().encode(`${padded} `);
  const streamed = () =>
    new ReadableStream({
      start(controller) {
        for (let at = 0; at < bytes.length; at += MB) controller.enqueue(bytes.slice(at, at + MB));
        controller.close();
      },
    });
  assert.equal(await statusOfLarge(streamed), 413, "without a length as well");
});

test("orders that one grant does not cover are named, and rows come first", async () => {
  const orders = [
    { orderNumber: 500 },
    { orderNumber: 600 },
    { orderNumber: 700 },
    { orderNumber: 701 },
    { orderNumber: 600, productCode: "1" },
  ].map((order) => ({ ...order, codeReason: 4 }));
  const { status, kind, json } = await ask({ orders }, { as: "narrow" });
  assert.deepEqual([status, kind], [403, "forbidden"]);
  assert.deepEqual([...new Set(json.orders)], ["600", "701"]);
  assert.equal((await ask({ orders: [...orders, {}] }, { as: "narrow" })).status, 422);
  const covered = await jobs.plan({ orders: [orders[0], orders[2]] }, { as: "narrow" });
  assert.equal(covered.total, 2);
  const seen = await world.ask(`/v1/jobs/${covered.id}`, { as: "two-grants" });
  assert.deepEqual([seen.status, seen.kind], [404, "not-found"]);
  assert.deepEqual((await world.ask("/v1/jobs", { as: "two-grants" })).json.jobs, []);
  const own = (await world.ask("/v1/jobs", { as: "narrow" })).json.jobs;
  assert.ok(own.some((/** @type {any} */ { id }) => id === covered.id));
  assert.ok(!own.some((/** @type {any} */ { name }) => name === "Incident 7"));
});

testTraces(world);
