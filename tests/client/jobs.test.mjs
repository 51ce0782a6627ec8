// jobs.*: what is sent, what is believed, and whether the CA may have acted.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient } from "autorevoke";
import fc from "fast-check";
import { EDGE, answering, facts, failure, json, problem, problemResponse } from "./calls.mjs";
import { HASH, ID, done, job, planned, report, row } from "./job-documents.mjs";

const TOKEN = "ark_demo_sesame-open-sesame";
const SEEN = { planHash: HASH, total: 12 };

/** @param {...any} answers */
function edgeThatAnswers(...answers) {
  const { fetch, requests } = answering(...answers);
  const { jobs } = createClient({
    endpoint: `${EDGE}/edge/`,
    token: TOKEN,
    fetch: /** @type {any} */ (fetch),
  });
  return { jobs, requests };
}

/** Every operation on one job that changes it: how it is called, what it sends, and what is right in answer. */
const transitions = /** @type {const} */ ([
  ["start", (/** @type {any} */ jobs) => jobs.start(ID, SEEN), { planHash: HASH, total: 12 }, job()],
  ["approve", (/** @type {any} */ jobs) => jobs.approve(ID, { planHash: HASH }), { planHash: HASH }, job()],
  [
    "decline",
    (/** @type {any} */ jobs) => jobs.decline(ID, { planHash: HASH, comment: "Not ours €" }),
    { planHash: HASH, comment: "Not ours €" },
    job({ state: "cancelled" }, { pending: 0, cancelled: 12 }),
  ],
  ["pause", (/** @type {any} */ jobs) => jobs.pause(ID), {}, job({ state: "paused" })],
  ["resume", (/** @type {any} */ jobs) => jobs.resume(ID), {}, job()],
  [
    "cancel",
    (/** @type {any} */ jobs) => jobs.cancel(ID),
    {},
    job({ state: "cancelled" }, { pending: 0, cancelled: 12 }),
  ],
]);
const GOES_ON = ["start", "approve", "resume"];
const accepted = (/** @type {any} */ body) =>
  json(body, { status: 202, headers: { "content-type": "application/json" } });

test("what is sent: transitions", async () => {
  for (const [name, call, body, answer] of transitions) {
    const { jobs, requests } = edgeThatAnswers(() => accepted(answer));
    assert.deepEqual(await call(jobs), answer);
    const [request] = requests;
    assert.deepEqual([request.method, request.url], ["POST", `${EDGE}/edge/v1/jobs/${ID}/${name}`]);
    assert.deepEqual(JSON.parse(await request.text()), body);
    assert.deepEqual(
      ["content-type", "authorization", "idempotency-key", "accept"].map((it) => request.headers.get(it)),
      ["application/json", `Bearer ${TOKEN}`, null, "application/json, application/problem+json"],
    );
    assert.equal(request.redirect, "manual");
  }
});

test("what is sent: reads", async () => {
  for (const [call, path, answer] of /** @type {[(jobs: any) => Promise<any>, string, any][]} */ ([
    [(jobs) => jobs.list(), "", { jobs: [done(), planned()] }],
    [
      (jobs) => jobs.list({ state: "done", after: 7, limit: 2 }),
      "?state=done&after=7&limit=2",
      { jobs: [done()], next: 3 },
    ],
    [(jobs) => jobs.get(ID), `/${ID}`, planned()],
    [(jobs) => jobs.orders(ID), `/${ID}/orders`, { orders: [row(1), row(2)], next: 2 }],
    [
      (jobs) => jobs.orders(ID, { outcome: "refused", after: 7, limit: 2 }),
      `/${ID}/orders?outcome=refused&after=7&limit=2`,
      { orders: [row(8, { outcome: "refused", errorCode: -35 })] },
    ],
    [(jobs) => jobs.report(ID), `/${ID}/report`, report()],
  ])) {
    const { jobs, requests } = edgeThatAnswers(() => json(answer));
    assert.deepEqual(await call(jobs), answer);
    assert.deepEqual([requests[0].method, requests[0].url], ["GET", `${EDGE}/edge/v1/jobs${path}`]);
  }
  const { jobs, requests } = edgeThatAnswers(() => accepted({ paused: [ID] }));
  assert.deepEqual(await jobs.pauseAll(), { paused: [ID] });
  assert.deepEqual([requests[0].url, await requests[0].text()], [`${EDGE}/edge/v1/jobs/pause-all`, "{}"]);
});

const created = (/** @type {any} */ members) =>
  json(planned(members), { status: 201, headers: { "content-type": "application/json" } });

test("what is sent: a plan as JSON", async () => {
  const plan = {
    name: "Incident 42",
    deadline: new Date(Date.UTC(2026, 6, 30)),
    defaults: { codeReason: "keyCompromise" },
    orders: [
      { orderNumber: "9223372036854775807" },
      { orderNumber: 7, revocationReason: '“a"b”\n', test: undefined },
    ],
  };
  const { jobs, requests } = edgeThatAnswers(() => created());
  const called = jobs.create(/** @type {any} */ (plan));
  // It is as it was when it was given.
  plan.orders.pop();
  plan.name = "other";
  assert.deepEqual(await called, planned());
  assert.deepEqual(JSON.parse(await requests[0].text()), {
    name: "Incident 42",
    deadline: "2026-07-30T00:00:00.000Z",
    defaults: { codeReason: "keyCompromise" },
    orders: [{ orderNumber: "9223372036854775807" }, { orderNumber: 7, revocationReason: '“a"b”\n' }],
  });
  assert.deepEqual([requests[0].method, requests[0].url], ["POST", `${EDGE}/edge/v1/jobs`]);
  assert.equal(requests[0].headers.get("content-type"), "application/json");
  await jobs.create({ orders: [{ orderNumber: 1 }] });
  const keys = requests.map(({ headers }) => headers.get("idempotency-key"));
  assert.match(String(keys[0]), /^[0-9a-f]{32}$/);
  assert.notEqual(keys[0], keys[1], "a fresh one for each call");
  await jobs.create({ orders: [{ orderNumber: 1 }] }, { idempotencyKey: "mine" });
  assert.equal(requests[2].headers.get("idempotency-key"), "mine");
});

test("what is sent: a plan as CSV", async () => {
  const text = "orderNumber,codeReason\r\n7,1\r\n";
  for (const csv of [text, new TextEncoder().encode(text), Buffer.from(text)]) {
    const { jobs, requests } = edgeThatAnswers(() => created());
    const name = "Fehler & Co: 100 % + ü?#";
    await jobs.create({ csv, name, deadline: "2026-07-30T00:00:00+02:00" });
    assert.equal(await requests[0].text(), text);
    const { searchParams, pathname } = new URL(requests[0].url);
    assert.equal(pathname, "/edge/v1/jobs");
    assert.deepEqual(Object.fromEntries(searchParams), { name, deadline: "2026-07-30T00:00:00+02:00" });
    assert.equal(requests[0].headers.get("content-type"), "text/csv");
    await jobs.create({ csv });
    assert.equal(requests[1].url, `${EDGE}/edge/v1/jobs`);
    for (const codeReason of ["keyCompromise", 1]) {
      await jobs.create({ csv, defaults: { codeReason } });
      assert.equal(requests.at(-1)?.url, `${EDGE}/edge/v1/jobs?codeReason=${codeReason}`);
      assert.equal(await requests.at(-1)?.text(), text);
    }
    await jobs.create({ csv, defaults: { codeReason: 4, revocationReason: "for all" } });
    assert.equal(requests.at(-1)?.url, `${EDGE}/edge/v1/jobs?codeReason=4&revocationReason=for+all`);
  }
});

test("a plan of wrong shape is refused with all that is wrong, and not sent", async () => {
  const circular = /** @type {any} */ ({ orderNumber: 1 });
  circular.self = circular;
  for (const [plan, fields] of /** @type {[any, string[]][]} */ ([
    ...[undefined, null, 7, "7", [], () => {}].map((plan) => [plan, ["plan"]]),
    [{}, ["orders"]],
    [{ orders: {} }, ["orders"]],
    [{ orders: [] }, ["orders"]],
    [
      { orders: "7", name: 7, deadline: true, defaults: [], extra: 1 },
      ["name", "deadline", "defaults", "extra", "orders"],
    ],
    [{ orders: [{ orderNumber: 1n }] }, ["orders"]],
    [{ orders: [circular] }, ["orders"]],
    [{ orders: [1], deadline: new Date(NaN) }, ["deadline"]],
    [{ csv: "" }, ["csv"]],
    [{ csv: 7 }, ["csv"]],
    [{ csv: new Uint16Array(7) }, ["csv"]],
    [{ csv: "\ud800" }, ["csv"]],
    [{ csv: "a", orders: [1], defaults: {} }, ["defaults", "orders"]],
    [{ csv: "a", defaults: { codeReason: 1, test: true } }, ["defaults"]],
    [{ csv: "a", defaults: { codeReason: true } }, ["codeReason"]],
    [{ csv: "a", defaults: "keyCompromise" }, ["defaults"]],
    [{ csv: new Uint8Array(8 * 1024 * 1024 + 1) }, ["csv"]],
    [{ orders: ["x".repeat(8 * 1024 * 1024)] }, ["orders"]],
  ])) {
    const { jobs, requests } = edgeThatAnswers(() => created());
    const error = await failure(jobs.create(plan));
    assert.deepEqual([error.kind, error.mayHaveRevoked, error.status], ["invalid-order", false, undefined]);
    assert.deepEqual(Object.keys(error.fields).sort(), fields.toSorted(), String(error.message));
    assert.equal(requests.length, 0);
  }
  // Faults in the options are told with them.
  const { jobs } = edgeThatAnswers(() => created());
  const error = await failure(
    jobs.create(/** @type {any} */ ({ orders: [] }), /** @type {any} */ ({ timeout: -1, limit: 7 })),
  );
  assert.match(error.message, /orders must have one order at least.*timeout must be.*limit is not an option/);
});

test("what is confirmed, the id and the options must be right, and nothing is sent otherwise", async () => {
  const { jobs, requests } = edgeThatAnswers(() => accepted(job()));
  const wrong = /** @type {any} */ (jobs);
  for (const [call, words] of /** @type {[() => Promise<any>, RegExp][]} */ ([
    [() => wrong.start(ID), /planHash must be.*total must be/],
    [() => wrong.start(ID, { planHash: HASH }), /total must be/],
    [() => wrong.start(ID, { planHash: HASH.toUpperCase(), total: 12 }), /planHash must be/],
    [() => wrong.start(ID, { planHash: HASH, total: "12" }), /total must be/],
    [() => wrong.start(ID, { planHash: HASH, total: 0 }), /total must be/],
    [() => wrong.start(ID, { ...SEEN, force: true }), /force does not exist/],
    [() => wrong.approve(ID, SEEN), /total does not exist/],
    [() => wrong.approve(ID), /planHash must be/],
    [() => wrong.start(ID, 7), /planHash must be/],
    [() => wrong.decline(ID, { planHash: HASH }), /comment must say why/],
    ...["", "a\nb", "x".repeat(1025), 7, null].map((comment) => [
      () => wrong.decline(ID, { planHash: HASH, comment }),
      /comment must say why/,
    ]),
    [() => wrong.decline(ID, { planHash: HASH, comment: "no", total: 12 }), /total does not exist/],
    [() => wrong.approve(ID, { planHash: HASH, comment: "yes" }), /comment does not exist/],
    ...["", "a/b", "..", "a b", "ä", "x".repeat(65), 7, undefined, null, { toString: () => ID }].map((id) => [
      () => wrong.get(id),
      /id must be the id of a job/,
    ]),
    [() => wrong.orders(ID, { outcome: "done" }), /outcome must be/],
    [() => wrong.orders(ID, { after: -1, limit: 10001 }), /after must be.*limit must be/],
    [() => wrong.orders(ID, { markdown: true }), /markdown is not an option/],
    [() => wrong.report(ID, { markdown: "yes" }), /markdown must be true or false/],
    [() => wrong.get(ID, { idempotencyKey: "k" }), /idempotencyKey belongs to one call/],
    [() => wrong.start(ID, SEEN, { idempotencyKey: "k" }), /idempotencyKey belongs to one call/],
    [
      () => wrong.list({ credentials: { loginName: "a", loginPassword: "b" } }),
      /credentials are for revoke\(\) alone/,
    ],
    [() => wrong.watch(ID, { onInterruption: 7 }).next(), /onInterruption must be a function/],
    [() => wrong.watch("").next(), /id must be/],
    [() => wrong.ordersCsv(ID, { limit: 7 }).next(), /limit is not an option/],
  ])) {
    const error = await failure(call());
    assert.ok(["invalid-order", "not-sent"].includes(error.kind), error.kind);
    assert.deepEqual([error.mayHaveRevoked, error.status], [false, undefined]);
    assert.match(error.message, words);
  }
  assert.equal(requests.length, 0);
});

/** Answers that are none of the edge to any call. */
const unbelievable = () => [
  () => Promise.reject(new TypeError("fetch failed")),
  () => new Response("<html>", { headers: { "content-type": "text/html" } }),
  () => new Response(null, { status: 302, headers: { location: "/" } }),
  () => new Response(null, { status: 204 }),
  () => problemResponse({ ...problem("forbidden", 403), status: 401 }),
  () => problemResponse(problem("unheard-of", 409)),
  () => new Promise(() => {}),
];

test("what sets a job going may have revoked when its answer cannot be believed; nothing else can have", async () => {
  for (const [name, call, , right] of transitions) {
    for (const answer of [
      ...unbelievable(),
      () => json(right), // 200
      () => json(right, { status: 201, headers: { "content-type": "application/json" } }),
      () => accepted({ ...right, id: `${ID}0` }),
      () => accepted({ ...right, state: "planned" }),
      () => accepted({ ...right, total: 13 }),
      () => accepted(JSON.stringify(right).replace("{", `{"state":"planned",`)),
    ]) {
      const { fetch } = answering(answer);
      const client = createClient({ endpoint: EDGE, timeout: 100, fetch: /** @type {any} */ (fetch) });
      const error = await failure(call(client.jobs));
      const may = GOES_ON.includes(name);
      assert.deepEqual([error.kind, error.mayHaveRevoked], ["unknown-outcome", may], `${name} ${answer}`);
      assert.match(error.message, new RegExp(`^It is not known what became of the .* for job ${ID}: `));
      const goesOn = name === "decline" ? /may still be approved, and go on/ : /may go on revoking/;
      assert.match(error.message, may ? /may be revoking, or not/ : goesOn);
      assert.equal(error.orderNumber, undefined);
    }
  }
  for (const answer of unbelievable()) {
    const { fetch } = answering(answer);
    const { jobs } = createClient({ endpoint: EDGE, timeout: 100, fetch: /** @type {any} */ (fetch) });
    for (const call of [
      () => jobs.create({ orders: [{ orderNumber: 1 }] }),
      () => jobs.pauseAll(),
      ...[() => jobs.list(), () => jobs.get(ID), () => jobs.orders(ID), () => jobs.report(ID)],
      () => jobs.report(ID, { markdown: true }),
      () => jobs.ordersCsv(ID).next(),
    ]) {
      const error = await failure(call());
      assert.deepEqual([error.kind, error.mayHaveRevoked], ["unknown-outcome", false], `${call} ${answer}`);
    }
  }
});

test("a drill that was seen cannot have revoked", async () => {
  const drill = planned({ drill: true });
  for (const see of [
    (/** @type {any} */ jobs) => jobs.get(ID),
    (/** @type {any} */ jobs) => jobs.list(),
    (/** @type {any} */ jobs) => jobs.create({ orders: [{ orderNumber: 1, test: true }] }),
  ]) {
    /** @type {any} */
    let answer = ({ url, method }) =>
      method === "POST" ? created({ drill: true }) : json(url.endsWith("/jobs") ? { jobs: [drill] } : drill);
    const { jobs } = edgeThatAnswers((/** @type {any} */ request) => answer(request));
    await see(jobs);
    answer = () => new Response("?");
    for (const [name, call] of transitions) {
      if (!GOES_ON.includes(name)) continue;
      const error = await failure(call(jobs));
      assert.deepEqual([error.kind, error.mayHaveRevoked], ["unknown-outcome", false]);
      assert.match(error.message, /The job is a drill/);
    }
    const other = await failure(jobs.resume(`${ID}0`));
    assert.equal(other.mayHaveRevoked, true, "of another nothing is known");
    assert.equal(
      (await failure(edgeThatAnswers(() => new Response("?")).jobs.resume(ID))).mayHaveRevoked,
      true,
    );
  }
});

test("what the edge says no to is believed, and the rest of what it says is there", async () => {
  for (const [kind, status] of /** @type {const} */ ([
    ["plan-mismatch", 409],
    ["illegal-state", 409],
    ["forbidden", 403],
    ["not-found", 404],
    ["unauthenticated", 401],
    ["rate-limited", 429],
    ["internal", 500],
  ])) {
    for (const [, call] of transitions) {
      const error = await failure(call(edgeThatAnswers(() => problemResponse(problem(kind, status))).jobs));
      assert.deepEqual(facts(error), { kind, mayHaveRevoked: false, status });
    }
  }
  const fields = Object.fromEntries(
    Array.from({ length: 20_000 }, (_, index) => [`row ${index + 1}: codeReason`, "must be 0, 1, 3, 4 or 5"]),
  );
  const rows = Array.from({ length: 20_000 }, (_, index) => index + 1);
  const { jobs } = edgeThatAnswers(() => problemResponse(problem("invalid-order", 422, { rows, fields })));
  const error = await failure(jobs.create({ csv: "orderNumber\n1\n" }));
  assert.deepEqual([error.kind, error.status, error.mayHaveRevoked], ["invalid-order", 422, false]);
  assert.deepEqual(error.fields, fields);
  assert.equal(/** @type {any} */ (error.problem).rows.length, 20_000);
  // More of them than a call can have arguments.
  const many = Object.fromEntries(Array.from({ length: 150_000 }, (_, index) => [`${index}`, "is wrong"]));
  const told = edgeThatAnswers(() => problemResponse(problem("invalid-order", 422, { fields: many })));
  assert.equal(Object.keys((await failure(told.jobs.create({ csv: "a" }))).fields).length, 150_000);
  // It stands by what it says of an order that may have been revoked: of a job, what was not asked for is none.
  const odd = await failure(
    edgeThatAnswers(() => problemResponse(problem("forbidden", 403, { orderNumber: "7" }))).jobs.start(
      ID,
      SEEN,
    ),
  );
  assert.deepEqual([odd.kind, odd.mayHaveRevoked], ["unknown-outcome", true]);
});

test("no job is believed that contradicts itself or lacks something", async () => {
  const { counts } = job();
  for (const wrong of [
    ...Object.keys(planned())
      .filter((name) => !["name", "deadline", "expiresAt", "known", "merged", "conflicts"].includes(name))
      // An older edge says none of these.
      .filter((name) => !["creator", "reasons", "approvalNeeded"].includes(name))
      .map((name) => ({ [name]: undefined })),
    ...Object.keys(counts).map((name) => ({ counts: { ...counts, [name]: undefined } })),
    ...Object.keys(counts).map((name) => ({
      counts: { ...counts, [name]: counts[/** @type {"pending"} */ (name)] + 1 },
    })),
    { counts: { ...counts, pending: 11, failed: 1 } },
    { counts: { ...counts, pending: 13, revoked: -1 } },
    { counts: { ...counts, pending: 11.5, revoked: 0.5 } },
    ...[{ state: "Planned" }, { state: "failed" }, { state: 1 }, { state: "done" }],
    ...[
      { planHash: HASH.slice(1) },
      { planHash: "g".repeat(64) },
      { total: "12" },
      { total: 11 },
      { revision: 1.5 },
    ],
    ...[
      { drill: 1 },
      { atRisk: "no" },
      { approvals: {} },
      { approvals: ["sam"] },
      { name: 7 },
      { deadline: null },
    ],
    ...[{ rate: -1 }, { rate: "7" }, { eta: 7 }, { lastError: {} }, { id: "" }, { duplicates: -1 }],
    { state: "running", drill: true, counts: { ...counts, pending: 11, revoked: 1 } },
    { state: "running", drill: false, counts: { ...counts, pending: 0, tested: 12 } },
  ]) {
    const document = planned(wrong);
    for (const [call, answer] of /** @type {const} */ ([
      [(/** @type {any} */ jobs) => jobs.get(ID), document],
      [(/** @type {any} */ jobs) => jobs.list(), { jobs: [planned(), document] }],
    ])) {
      const error = await failure(call(edgeThatAnswers(() => json(answer)).jobs));
      assert.deepEqual(
        facts(error),
        { kind: "unknown-outcome", mayHaveRevoked: false, status: 200 },
        JSON.stringify(wrong),
      );
    }
  }
  // What it may lack, and what it may have besides.
  for (const members of [
    { name: undefined, deadline: undefined },
    { added: { later: [1] } },
    { approvals: [{}] },
  ]) {
    await edgeThatAnswers(() => json(planned(members))).jobs.get(ID);
  }
});

test("pages of jobs: of what was asked for, and each page after the one before", async () => {
  for (const [options, page] of /** @type {[any, any][]} */ ([
    [{}, { jobs: [done()], next: "3" }],
    [{}, { jobs: [done()], next: 0 }],
    [{ after: 3 }, { jobs: [], next: 3 }],
    [{ after: 3 }, { jobs: [], next: 4 }],
    [{ limit: 1 }, { jobs: [done(), planned()] }],
    [{ state: "running" }, { jobs: [done()] }],
  ])) {
    const { jobs } = edgeThatAnswers(() => json(page));
    const error = await failure(jobs.list(options));
    assert.deepEqual([error.kind, error.mayHaveRevoked], ["unknown-outcome", false], JSON.stringify(page));
  }
  for (const options of [{ state: "gone" }, { state: 7 }, { limit: 0 }, { after: -1 }]) {
    const { jobs, requests } = edgeThatAnswers(() => json({ jobs: [] }));
    const error = await failure(jobs.list(options));
    assert.deepEqual([error.kind, requests.length], ["not-sent", 0], JSON.stringify(options));
  }
});

test("pages of orders: whole, in their order, and of what was asked for", async () => {
  const orders = Array.from({ length: 10_000 }, (_, index) =>
    row(index + 1, { revocationReason: "ü".repeat(300) }),
  );
  const all = edgeThatAnswers(() => json({ orders, next: 10_000 }));
  assert.equal((await all.jobs.orders(ID, { limit: 10_000 })).orders.length, 10_000);
  for (const [options, page] of /** @type {[any, any][]} */ ([
    [{}, {}],
    [{}, { orders: {} }],
    [{}, { orders: [row(2), row(1)] }],
    [{}, { orders: [row(1), row(1)] }],
    [{}, { orders: [row(0)] }],
    [{}, { orders: [row(1)], next: "1" }],
    [{}, { orders: [row(3)], next: 2 }],
    [{ after: 5 }, { orders: [row(5)] }],
    [{ after: 5 }, { orders: [], next: 5 }],
    [{ limit: 1 }, { orders: [row(1), row(2)] }],
    [{ outcome: "refused" }, { orders: [row(1)] }],
    ...[
      ...[
        { outcome: "done" },
        { test: true },
        { outcome: "tested" },
        { errorCode: -21 },
        { outcome: "already-revoked" },
      ],
      ...[
        { orderNumber: 7 },
        { orderNumber: "007" },
        { orderNumber: "-1" },
        { attempts: undefined },
        { settled: "no" },
      ],
      ...[{ auditSeq: 0 }, { errorMessage: 7 }, { row: undefined }],
    ].map((members) => [{}, { orders: [row(1, members)] }]),
  ])) {
    const error = await failure(edgeThatAnswers(() => json(page)).jobs.orders(ID, options));
    assert.deepEqual(
      [error.kind, error.mayHaveRevoked],
      ["unknown-outcome", false],
      JSON.stringify([options, page]),
    );
  }
  assert.deepEqual(await edgeThatAnswers(() => json({ orders: [] })).jobs.orders(ID, { after: 7 }), {
    orders: [],
  });
});

test("reports: of this job, with figures that add up", async () => {
  for (const wrong of [
    ...[
      { jobId: `${ID}0` },
      { total: 13 },
      { revoked: 11 },
      { state: "over" },
      { failures: null },
      { checkpoint: {} },
    ],
    ...[{ generatedAt: 7 }, { drill: undefined }, { unknown: undefined }],
  ]) {
    const error = await failure(edgeThatAnswers(() => json(report(wrong))).jobs.report(ID));
    assert.deepEqual([error.kind, error.mayHaveRevoked], ["unknown-outcome", false], JSON.stringify(wrong));
  }
  const markdown = `# Report of ${ID}\n\n| ü | 12 |\n`;
  const text = (/** @type {any} */ body, type = "text/markdown; charset=utf-8") =>
    new Response(body, { headers: { "content-type": type } });
  const { jobs, requests } = edgeThatAnswers(() => text(markdown));
  assert.equal(await jobs.report(ID, { markdown: true }), markdown);
  assert.equal(requests[0].headers.get("accept"), "text/markdown, application/problem+json");
  for (const answer of [
    () => text(markdown, "text/html"),
    () => text("A page of a proxy"),
    () => text(new Uint8Array([...new TextEncoder().encode(markdown), 0xff])),
    () => json(report()),
  ]) {
    const error = await failure(edgeThatAnswers(answer).jobs.report(ID, { markdown: true }));
    assert.equal(error.kind, "unknown-outcome");
  }
  const refused = edgeThatAnswers(() => problemResponse(problem("not-found", 404)));
  assert.equal((await failure(refused.jobs.report(ID, { markdown: true }))).kind, "not-found");
});

test("rows as CSV come in pieces, and only an end without an error is the end", async () => {
  const csv = { "content-type": "text/csv; charset=utf-8" };
  /** @param {ReadableStreamDefaultController} to @param {string[]} pieces */
  const say = (to, pieces) => pieces.forEach((piece) => to.enqueue(new TextEncoder().encode(piece)));
  const { jobs, requests } = edgeThatAnswers(
    () =>
      new Response(
        new ReadableStream({ start: (to) => (say(to, ["orderNumber\r\n", "7\r\n"]), to.close()) }),
        { headers: csv },
      ),
  );
  const text = await new Response(ReadableStream.from(jobs.ordersCsv(ID, { outcome: "refused" }))).text();
  assert.equal(text, "orderNumber\r\n7\r\n");
  assert.equal(requests[0].url, `${EDGE}/edge/v1/jobs/${ID}/orders?outcome=refused`);
  assert.equal(requests[0].headers.get("accept"), "text/csv, application/problem+json");

  let asked = 0;
  const broken = edgeThatAnswers(
    () =>
      new Response(
        new ReadableStream(
          { pull: (to) => (++asked > 1 ? to.error(new Error("reset")) : say(to, ["orderNumber\r\n"])) },
          { highWaterMark: 0 },
        ),
        { headers: csv },
      ),
  );
  const rows = broken.jobs.ordersCsv(ID);
  assert.equal((await rows.next()).done, false);
  const error = await failure(rows.next());
  assert.deepEqual([error.kind, error.mayHaveRevoked], ["unknown-outcome", false]);

  for (const answer of [
    () => json({ orders: [] }),
    () => new Response("7", { headers: { "content-type": "text/html" } }),
  ]) {
    assert.equal((await failure(edgeThatAnswers(answer).jobs.ordersCsv(ID).next())).kind, "unknown-outcome");
  }
  const refused = edgeThatAnswers(() => problemResponse(problem("not-found", 404)));
  assert.equal((await failure(refused.jobs.ordersCsv(ID).next())).kind, "not-found");
});

test("whatever a middlebox makes of a right answer, start succeeds only with a job that was started", async () => {
  const right = JSON.stringify(job());
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(200, 201, 202, 203, 206),
      fc.constantFrom("application/json", "text/plain", "application/json; charset=utf-8", ""),
      fc.nat(right.length),
      fc.nat(3),
      fc.string({ maxLength: 3 }),
      async (status, type, at, cut, put) => {
        const body = right.slice(0, at) + put + right.slice(at + cut);
        const answer = () => new Response(body, { status, headers: { "content-type": type } });
        const called = edgeThatAnswers(answer).jobs.start(ID, SEEN);
        const error = await called.then(
          (started) => {
            assert.equal(status, 202);
            assert.match(type, /^application\/json/);
            const { id, state, planHash, total, counts } = started;
            assert.deepEqual([id, planHash, total], [ID, HASH, 12]);
            assert.notEqual(state, "planned");
            assert.equal(
              Object.values(counts).reduce((sum, count) => sum + count),
              12,
            );
          },
          (reason) => reason,
        );
        if (error) assert.deepEqual([error.kind, error.mayHaveRevoked], ["unknown-outcome", true]);
      },
    ),
    { numRuns: 500 },
  );
});
