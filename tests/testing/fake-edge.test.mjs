// autorevoke/testing: the fake edge says what the edge says, in one suite that both run; every answer of both is as the OpenAPI
// document has it.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { repeatable } from "autorevoke/repeat";
import { startBoth, told } from "./edges.mjs";

const APPROVAL_ABOVE = 5;
const { both } = await startBoth({
  people: [
    { id: "olivia", person: "olivia", permissions: ["plan", "revoke", "test", "approve"], orders: ["*"] },
    { id: "paul", person: "paul", permissions: ["plan", "revoke", "test", "approve"], orders: ["*"] },
    { id: "theo", person: "theo", permissions: ["plan", "test"], orders: ["*"] },
    { id: "robot", permissions: ["plan", "revoke", "approve"], orders: ["*"] },
    { id: "low", person: "lola", permissions: ["plan", "revoke", "test"], orders: ["1-99", "300"] },
    { id: "greta", person: "greta", permissions: ["operate", "audit"], orders: ["*"] },
    { id: "lister", person: "lisa", permissions: ["revoke", "plan"], orders: ["50000-50999"] },
  ],
  limits: { approvalAbove: APPROVAL_ABOVE },
});

const DEADLINE = new Date(Date.now() + 3_600_000);
let last = 10_000;
/** Numbers that no other test has; both edges get the same. @param {number} count */
const numbers = (count) => Array.from({ length: count }, () => String(++last));

/** @param {any} client @param {string} id */
async function untilDone(client, id) {
  const seen = [];
  for await (const job of client.jobs.watch(id)) seen.push(job.state);
  return [...new Set(seen)];
}

/** @param {any} client @param {object} plan */
async function run(client, plan) {
  const { id, planHash, total } = await client.jobs.create(plan);
  return client.jobs.start(id, { planHash, total });
}

{
  const [fresh, before, rejected, unissued] = numbers(4);
  both("done: revoked, already revoked, already rejected, cancelled", async (edge) => {
    edge.set({ [before]: "revoked", [rejected]: "rejected", [unissued]: "unissued" });
    const client = edge.client();
    const done = [];
    for (const orderNumber of [fresh, fresh, before, rejected, unissued, unissued])
      done.push(await client.revoke({ orderNumber, codeReason: "keyCompromise", revocationReason: "Lost" }));
    assert.deepEqual(
      done.map(({ outcome }) => outcome),
      ["revoked", "already-revoked", "already-revoked", "already-rejected", "revoked", "already-rejected"],
    );
    return [done, await client.orders.get(fresh), edge.calls(fresh).map(({ acted }) => acted)];
  });
}

{
  const [tested, refused, product] = numbers(3);
  both("a test call changes nothing, and certificates of one order are each their own", async (edge) => {
    const client = edge.client();
    edge.set({ [refused]: "expired" });
    const said = [
      await client.revoke({ orderNumber: tested, test: true }),
      await client.orders.get(tested),
      await told(client.revoke({ orderNumber: refused, test: true })),
      await client.revoke({ orderNumber: tested }),
      await client.revoke({ orderNumber: tested, test: "Y" }),
    ];
    for (const more of [{ product: 1 }, { product: 2 }, { productCode: "x" }, { productCode: "x" }])
      said.push(await client.revoke({ orderNumber: product, ...more }));
    return [
      said,
      await client.orders.get(product),
      edge.calls(tested).map(({ test, acted }) => [test, acted]),
    ];
  });
}

{
  const codes = [-2, -4, -14, -17, -23, -26, -35, -42, -43, -160, -999];
  const all = numbers(codes.length);
  both("each code of the CA", async (edge) => {
    const said = [];
    for (const [at, code] of codes.entries()) {
      edge.set({ [all[at]]: { errorCode: code, errorMessage: "No." } });
      const { error } = await told(edge.client().revoke({ orderNumber: all[at] }));
      assert.equal(error.errorCode, code);
      said.push(error, (await edge.client().orders.get(all[at])).state);
    }
    return said;
  });
}

{
  const [acted, never, refused] = numbers(3);
  both("an unknown outcome stays unknown until it is found out or sent again", async (edge) => {
    const client = edge.client();
    edge.set({ [acted]: "answer-lost", [never]: "call-lost", [refused]: ["answer-lost", -35] });
    const lost = [];
    for (const orderNumber of [acted, never, refused]) {
      const { error } = await told(client.revoke({ orderNumber }));
      assert.deepEqual([error.kind, error.mayHaveRevoked], ["unknown-outcome", true]);
      lost.push(error);
      const { state, attempts } = await client.orders.get(orderNumber);
      assert.equal(attempts[0].outcome, "unknown");
      // The edge may have probed it by itself by now.
      assert.ok(state === "unknown" || (state === "already-revoked" && orderNumber === acted));
    }
    const found = await client.orders.settle(acted);
    assert.deepEqual([found.state, found.settled], ["already-revoked", true]);
    assert.equal(
      (await client.orders.settle(never)).state,
      "unknown",
      "that it could be revoked proves nothing",
    );
    assert.equal((await client.orders.settle(never, { resend: true })).state, "revoked");
    const still = await told(client.revoke({ orderNumber: refused }));
    assert.deepEqual([still.error.kind, still.error.errorCode], ["unknown-outcome", -35]);
    return [lost, still, await client.revoke({ orderNumber: acted }), await told(client.orders.settle("1"))];
  });
}

{
  const [once, lost, busy, refused, other] = numbers(5);
  both("an idempotency key: the same answer, sent once; another payload is a mismatch", async (edge) => {
    const client = edge.client();
    edge.set({ [lost]: "call-lost", [busy]: [-42, "issued"], [refused]: [-35, "issued"] });
    const said = [];
    for (const orderNumber of [once, lost, busy, refused])
      for (let time = 0; time < 3; time += 1)
        said.push(await told(client.revoke({ orderNumber }, { idempotencyKey: `key-${orderNumber}` })));
    said.push(await told(client.revoke({ orderNumber: other }, { idempotencyKey: `key-${once}` })));
    said.push(
      await told(client.revoke({ orderNumber: once, test: true }, { idempotencyKey: `key-${once}` })),
    );
    said.push(await edge.client("paul").revoke({ orderNumber: once }, { idempotencyKey: `key-${once}` }));
    assert.deepEqual(
      said.map(({ value, error, outcome = value?.outcome }) => outcome ?? error.kind),
      [
        ...[
          "revoked",
          "revoked",
          "revoked",
          "unknown-outcome",
          "revoked",
          "revoked",
          "ca-busy",
          "revoked",
          "revoked",
        ],
        ...[
          "ca-refused",
          "ca-refused",
          "ca-refused",
          "idempotency-mismatch",
          "idempotency-mismatch",
          "already-revoked",
        ],
      ],
    );
    return [said, [once, refused].map((number) => edge.calls(number).length)];
  });
}

{
  const [held] = numbers(1);
  both("in progress: the same order, and this very call", async (edge) => {
    const client = edge.client();
    const release = edge.hold(held);
    const first = client.revoke({ orderNumber: held }, { idempotencyKey: `held-${held}` });
    await edge.called(held);
    const said = [
      await told(client.revoke({ orderNumber: held })),
      await told(client.revoke({ orderNumber: held }, { idempotencyKey: `held-${held}` })),
      await told(client.orders.settle(held)),
      (await client.orders.get(held)).state,
    ];
    release();
    assert.deepEqual(
      said.slice(0, 3).map(({ error: { kind, mayHaveRevoked } }) => [kind, mayHaveRevoked]),
      [
        ["in-progress", false],
        ["in-progress", true],
        ["in-progress", false],
      ],
    );
    return [said, await first, edge.calls(held).length];
  });
}

{
  const [lost] = numbers(1);
  both(
    "autorevoke/repeat: try again finds out what became of a lost call, and sends nothing twice",
    async (edge) => {
      const safely = repeatable(edge.client(), { storage: memory() });
      edge.set({ [lost]: "answer-lost" });
      assert.equal((await told(safely.revoke({ orderNumber: lost }))).error.kind, "unknown-outcome");
      const { outcome } = await safely.revoke({ orderNumber: lost });
      return [outcome, edge.calls(lost).filter(({ acted }) => acted).length];
    },
  );
}

function memory() {
  /** @type {Map<string, string>} */
  const items = new Map();
  return {
    getItem: async (/** @type {string} */ name) => items.get(name) ?? null,
    setItem: async (/** @type {string} */ name, /** @type {string} */ value) => void items.set(name, value),
    removeItem: async (/** @type {string} */ name) => void items.delete(name),
  };
}

both("a certificate by its serial number, or by its number", async (edge) => {
  const post = (/** @type {unknown} */ body, as = "olivia") =>
    edge.ask("/v1/revocations", { as, method: "POST", body: JSON.stringify(body) });
  const orders = [
    ...["a1:b2", "0x00a1b2"].map((serialNumber) => ({ serialNumber })),
    ...["0abc", "00:00", "x", 7].map((serialNumber) => ({ serialNumber })),
    ...["345", 345, "0345", "12345678901234567"].map((certificateID) => ({ certificateID })),
    { orderNumber: "1", serialNumber: "AA" },
    { serialNumber: "AA", certificateID: "7" },
    {},
  ];
  const said = [];
  for (const order of orders) said.push(await post(order));
  assert.deepEqual(
    said.map(({ status, json }) => json.outcome ?? status),
    [
      ...["revoked", "already-revoked", "revoked", 422, 422, 422],
      ...["revoked", "already-revoked", 422, 422, 422, 422, 422],
    ],
  );
  said.push(await post({ serialNumber: "BB" }, "low"));
  for (const name of ["serial:A1B2", "serial:a1:b2", "certificate:345", "serial:CC", "serial:", "order:7"])
    said.push(await edge.ask(`/v1/orders/${name}`, { as: "olivia" }));
  said.push(await edge.ask("/v1/orders/serial:A1B2", { as: "low" }));
  const settle = { as: "olivia", method: "POST", body: "{}" };
  said.push(await edge.ask("/v1/orders/certificate:345/settle", settle));
  const csv = "serialNumber,codeReason\r\nFF01,1\r\n0001,0\r\n";
  const headers = { "content-type": "text/csv" };
  const plan = await edge.ask("/v1/jobs", { as: "olivia", method: "POST", body: csv, headers });
  const mixed = [
    { certificateID: "99" },
    { orderNumber: "400" },
    { serialNumber: "a1b2" },
    { orderNumber: "40" },
  ];
  const json = await edge.ask("/v1/jobs", {
    as: "olivia",
    method: "POST",
    body: JSON.stringify({ orders: mixed }),
  });
  const rows = await edge.ask(`/v1/jobs/${json.json.id}/orders`, { as: "olivia" });
  const refused = await edge.ask("/v1/jobs", {
    as: "low",
    method: "POST",
    body: JSON.stringify({ orders: mixed }),
  });
  const { json: log } = await edge.ask("/v1/audit?order=serial:A1B2", { as: "greta" });
  const entries = log.entries
    .map((/** @type {any} */ { serialNumber, phase }) => [serialNumber, phase])
    // What is refused to a caller is not in the fake's log.
    .filter(([, phase]) => phase !== "refused");
  const listed = await edge.ask("/v1/orders?state=revoked&limit=1000", { as: "olivia" });
  const named = listed.json.orders.filter((/** @type {any} */ { orderNumber }) => orderNumber === undefined);
  assert.ok(entries.length >= 4 && named.length >= 3);
  return [[...said, plan, json, rows, refused].map(({ status, json }) => [status, json]), entries, named];
});

both("what cannot be read, is not there, or is wrong", async (edge) => {
  const post = (/** @type {unknown} */ body, /** @type {object} */ more = {}) =>
    edge.ask("/v1/revocations", { as: "olivia", method: "POST", body: JSON.stringify(body), ...more });
  const answers = [
    await post({}),
    await post({
      orderNumber: "007",
      codeReason: 2,
      productCode: "x".repeat(51),
      product: -1,
      test: "y",
      more: 1,
    }),
    await post({ orderNumber: 2 ** 53, revocationReason: "a\u0000b" }),
    await post({ orderNumber: "9223372036854775808" }),
    await post([]),
    await post("x", { body: "{" }),
    await post({ orderNumber: "7" }, { headers: { "content-type": "text/plain" } }),
    await post({ orderNumber: "7" }, { headers: { "idempotency-key": "with a blank" } }),
    await post({ orderNumber: "7", revocationReason: "x".repeat(70_000) }),
    await edge.ask("/v1/revocations", { as: "olivia" }),
    await edge.ask("/v1/nothing", { as: "olivia" }),
    await edge.ask("/v1/orders/7?x=1", { as: "olivia" }),
    await edge.ask("/v1/orders/x", { as: "olivia" }),
    await edge.ask("/v1/orders/9999999", { as: "olivia" }),
    await edge.ask("/v1/jobs/job_000000000000000000000000", { as: "olivia" }),
    await edge.ask("/v1/jobs?state=lost", { as: "olivia" }),
    await edge.ask("/v1/me"),
    await edge.ask("/v1/me", { as: "ark_nobody_000" }),
    await edge.ask("/healthz"),
  ];
  assert.deepEqual(edge.calls("7"), []);
  return answers.map(({ status, json }) => [status, json]);
});

{
  const [order] = numbers(1);
  both("who may do what", async (edge) => {
    const as = edge.client;
    const said = [
      await told(as("theo").revoke({ orderNumber: order })),
      await told(as("theo").revoke({ orderNumber: order, test: true })),
      await told(as("greta").revoke({ orderNumber: order })),
      await told(as("low").revoke({ orderNumber: order })),
      await told(as("low").orders.get(order)),
      await told(as("low").orders.settle(order)),
      await told(
        as("low").jobs.create({
          orders: [{ orderNumber: "300" }, { orderNumber: order }],
          defaults: { codeReason: 1 },
        }),
      ),
      await told(as("greta").jobs.list()),
      await told(as("olivia").audit.head()),
      await told(as("olivia").jobs.pauseAll()),
      await as("low").revoke({ orderNumber: "300" }),
    ];
    for (const who of ["low", "robot", "greta"]) said.push(await as(who).me());
    return said;
  });
}

{
  const all = numbers(5);
  const [known, twice, weaker, expired, lost] = all;
  both("a job: planned, started, watched; its rows, as CSV too, and its report", async (edge) => {
    const client = edge.client();
    edge.set({ [weaker]: "revoked", [expired]: "expired", [lost]: "answer-lost" });
    await client.revoke({ orderNumber: known });
    const orders = [
      ...[known, twice, weaker].map((orderNumber) => ({
        orderNumber,
        label: ` \u202e=${orderNumber}.example `,
      })),
      { orderNumber: twice, codeReason: "keyCompromise" },
      ...[expired, lost].map((orderNumber) => ({ orderNumber, codeReason: "keyCompromise", product: 7 })),
      { orderNumber: weaker, codeReason: 1, productCode: "x" },
    ];
    const planned = await client.jobs.create({
      ...{ name: "Incident 42", deadline: DEADLINE, orders },
      defaults: { codeReason: "superseded", revocationReason: "All of them" },
    });
    const { id, planHash, total } = planned;
    assert.deepEqual([total, planned.duplicates, planned.known.count], [6, 1, 1]);
    const wrong = [
      await told(client.jobs.start(id, { planHash, total: total + 1 })),
      await told(client.jobs.start(id, { planHash: "0".repeat(64), total })),
      await told(client.jobs.approve(id, { planHash })),
      await told(client.jobs.pause(id)),
      await told(edge.client("theo").jobs.start(id, { planHash, total })),
      await told(edge.client("low").jobs.get(id)),
    ];
    const started = await client.jobs.start(id, { planHash, total });
    assert.equal(started.state, "awaiting-approval");
    await edge.client("paul").jobs.approve(id, { planHash });
    const states = await untilDone(client, id);
    assert.equal(states.at(-1), "done");
    const job = await client.jobs.get(id);
    const { orders: rows } = await client.jobs.orders(id);
    const pages = [
      await client.jobs.orders(id, { limit: 2 }),
      await client.jobs.orders(id, { outcome: "refused" }),
      await client.jobs.orders(id, { after: 5 }),
    ];
    const csv = [];
    for await (const piece of client.jobs.ordersCsv(id)) csv.push(Buffer.from(piece).toString());
    const lines = csv.join("").split("\r\n");
    assert.equal(lines.length, 1 + total + 1);
    const report = await client.jobs.report(id);
    assert.match(await client.jobs.report(id, { markdown: true }), /^# /);
    assert.deepEqual(await untilDone(client, id), ["done"], "it can be watched when it is over");
    const list = await client.jobs.list({ state: "done" });
    const [{ label }, { label: ofNone }] = [
      await client.orders.get(weaker),
      await client.orders.get(expired),
    ];
    return [
      [label, ofNone],
      lines[1].split(",").at(-1),
      (await client.orders.list({ state: "already-revoked" })).orders.map((order) => order.label),
      planned,
      wrong,
      started,
      settledApart(rows),
      pages.map(settledApart),
      lines[0],
      apart(job),
      apart(report),
      apart(list.jobs[0]),
    ];
  });
}

/** The edge probes what is unknown by itself, after a second. @param {any} rows */
const settledApart = (rows) =>
  JSON.parse(
    JSON.stringify(rows, (_, value) =>
      value?.outcome === "unknown" || value?.settled ? "unknown, or settled" : value,
    ),
  );

/** Likewise of what counts them. @param {any} document */
function apart({
  counts,
  accepted,
  alreadyRevoked,
  unknown,
  unknownOrders,
  weakerReason,
  deadlineMet,
  ...rest
}) {
  return {
    ...rest,
    unknownOrAlready: counts ? counts.unknown + counts.alreadyRevoked : unknown + alreadyRevoked,
  };
}

{
  const [one, two, three, four] = numbers(4);
  both("a plan as CSV, under a key of its own, and what is wrong with plans", async (edge) => {
    const client = edge.client();
    const csv = `orderNumber,codeReason,revocationReason,product\r\n${one},1,"a ""b"", c",7\r\n${two},superseded,,\r\n`;
    const idempotencyKey = `plan-${one}`;
    const planned = await client.jobs.create({ csv, name: "By CSV" }, { idempotencyKey });
    const again = await client.jobs.create({ csv, name: "By CSV" }, { idempotencyKey });
    assert.equal(again.id, planned.id);
    const faults = [
      await told(client.jobs.create({ csv, name: "Other" }, { idempotencyKey })),
      await told(client.revoke({ orderNumber: one }, { idempotencyKey })),
      await told(client.jobs.create({ csv: "codeReason,more\n1,2\n" })),
      await told(client.jobs.create({ csv: `orderNumber,product\n${one},1\nx,2\n${two}\n` })),
      await told(client.jobs.create({ csv: `orderNumber,codeReason\n${one},1\nx,2\n${two}\n` })),
      await told(client.jobs.create({ orders: [] })),
      await told(client.jobs.create({ csv: `orderNumber,codeReason,label\n${one},1,${"a".repeat(256)}\n` })),
      await client.jobs.create({ csv: `orderNumber,codeReason,label\n${four},1,\n${four},1,the shop\n` }),
      await told(
        client.jobs.create({ csv: `orderNumber,codeReason\n${three},\n`, defaults: { codeReason: 2 } }),
      ),
      await client.jobs.create({ csv: `orderNumber\n${three}\n`, defaults: { codeReason: "superseded" } }),
    ];
    for (const body of [
      {
        orders: [{ orderNumber: three }, { orderNumber: "x" }, { orderNumber: four, codeReason: 2, more: 1 }],
      },
      {
        orders: [{ orderNumber: three }, { orderNumber: four, test: true }, { orderNumber: one }],
        defaults: { codeReason: 1 },
      },
      { orders: [{ orderNumber: three }], name: "", deadline: "soon", more: 1 },
      { orders: ["x"] },
      { orders: [{ orderNumber: three, codeReason: 1, label: 7 }] },
      { orders: {} },
    ]) {
      const init = { as: "olivia", method: "POST", body: JSON.stringify(body) };
      const { status, json } = await edge.ask("/v1/jobs", init);
      faults.push([status, json]);
    }
    const { orders: rows } = await client.jobs.orders(planned.id);
    return [planned, faults, rows];
  });
}

{
  const above = numbers(APPROVAL_ABOVE + 1);
  both("approval: by another person, who may decline as well", async (edge) => {
    const orders = above.map((orderNumber) => ({ orderNumber, codeReason: 4 }));
    const [olivia, paul, robot] = ["olivia", "paul", "robot"].map(edge.client);
    const waiting = await run(olivia, { orders });
    const { id, planHash } = waiting;
    const no = [
      await told(olivia.jobs.approve(id, { planHash })),
      await told(robot.jobs.approve(id, { planHash })),
      await told(edge.client("theo").jobs.approve(id, { planHash })),
      await told(paul.jobs.approve(id, { planHash: "0".repeat(64) })),
      await told(paul.jobs.decline(id, { planHash, comment: "" })),
      await told(olivia.jobs.decline(id, { planHash, comment: "Mine" })),
      await told(olivia.jobs.start(id, { planHash, total: waiting.total })),
      await told(olivia.jobs.resume(id)),
    ];
    assert.deepEqual(edge.calls(above[0]), []);
    const approved = await paul.jobs.approve(id, { planHash });
    assert.equal((await untilDone(olivia, id)).at(-1), "done");
    const declined = await run(olivia, { orders });
    const said = await paul.jobs.decline(declined.id, { planHash, comment: "Not these" });
    assert.equal(edge.calls(above[0]).length, 1);
    return [
      waiting,
      no,
      { ...approved, counts: 0 },
      said,
      await told(paul.jobs.approve(declined.id, { planHash })),
    ];
  });
}

{
  const [one, two, three] = numbers(3);
  both("pause, resume, cancel, and the kill switch", async (edge) => {
    const client = edge.client();
    edge.set({ [one]: "being-issued", [two]: "being-issued", [three]: ["being-issued", "issued"] });
    const { id } = await run(client, { orders: [{ orderNumber: one, codeReason: 1 }] });
    const states = [
      await client.jobs.pause(id),
      await told(client.jobs.pause(id)),
      await client.jobs.resume(id),
    ];
    const second = await run(client, { orders: [{ orderNumber: two, codeReason: 1 }] });
    const { paused } = await edge.client("greta").jobs.pauseAll();
    assert.deepEqual(paused, [id, second.id]);
    states.push(await told(client.jobs.start(id, { planHash: second.planHash, total: 1 })));
    for (const each of paused) await client.jobs.cancel(each);
    states.push(
      (await client.jobs.get(id)).state,
      await told(client.jobs.cancel(id)),
      await told(client.jobs.resume(id)),
    );
    const third = await run(client, { orders: [{ orderNumber: three, codeReason: 1 }] });
    assert.equal((await untilDone(client, third.id)).at(-1), "done", "it came again");
    const { counts } = await client.jobs.get(third.id);
    assert.deepEqual([counts.revoked, edge.calls(three).length], [1, 2]);
    return states.map((said) => (said.counts ? { ...said, counts: 0 } : said));
  });
}

{
  const drilled = numbers(APPROVAL_ABOVE + 2);
  both("a drill changes nothing, and needs nobody's approval", async (edge) => {
    const theo = edge.client("theo");
    const orders = drilled.map((orderNumber) => ({ orderNumber, codeReason: 1 }));
    const job = await run(theo, { orders, defaults: { test: true } });
    await untilDone(theo, job.id);
    const real = await theo.jobs.create({ orders });
    const no = await told(theo.jobs.start(real.id, { planHash: real.planHash, total: real.total }));
    assert.ok(drilled.every((number) => edge.calls(number).every(({ test, acted }) => test && !acted)));
    const { counts } = await theo.jobs.get(job.id);
    return [job.drill, counts, no, apart(await theo.jobs.report(job.id))];
  });
}

both("orders are listed by state, jobs for an auditor, entries by what they are about", async (edge) => {
  const [client, greta] = [edge.client("lister"), edge.client("greta")];
  edge.set({ 50002: "call-lost", 50003: "expired" });
  for (const orderNumber of ["50001", "50002", "50003"])
    await told(client.revoke({ orderNumber, codeReason: "superseded" }));
  await client.revoke({ orderNumber: "50004", test: true });
  const first = await client.orders.list({ limit: 1 });
  const numbersOf = (/** @type {any} */ { orders }) => orders.map((/** @type {any} */ it) => it.orderNumber);
  const { id } = await client.jobs.create({
    orders: [
      { orderNumber: "50005", codeReason: 1 },
      { orderNumber: "50005", codeReason: 4 },
      { orderNumber: "50006", codeReason: 4 },
    ],
  });
  const actions = async (/** @type {object} */ filter) =>
    (await greta.audit.list(filter)).entries.map(({ action, phase }) => [action, phase]);
  return [
    numbersOf(first),
    numbersOf(await client.orders.list({ after: first.next })),
    await client.orders.list({ state: "unknown" }),
    await client.orders.list({ state: "refused" }),
    await told(greta.orders.list()),
    await greta.jobs.get(id),
    await actions({ order: "50003" }),
    await actions({ job: id }),
    await actions({ actor: "key:lister", action: "plan-job" }),
    (await edge.ask("/v1/breaker", { as: "lister" })).json.state,
    // Left unknown, the edge would probe it while others look at the log.
    (await client.orders.settle("50002", { resend: true })).state,
  ];
});

both("the audit log can be verified, by a head that was kept and the key", async (edge) => {
  const greta = edge.client("greta");
  const head = await greta.audit.head();
  const { json: keys } = await edge.ask("/v1/audit/key");
  await edge.client().revoke({ orderNumber: "20000" });
  const { ok, reason, signature } = await greta.audit.verify({ head, keys });
  assert.ok(ok, reason);
  const { entries } = await greta.audit.list({ after: head.seq });
  return [
    signature,
    entries.map(({ action, phase, actor, orderNumber }) => [action, phase, actor, orderNumber]),
  ];
});

both("a watch ends when its signal fires", async (edge) => {
  const [number] = ["20001"];
  edge.set({ [number]: "being-issued" });
  const client = edge.client();
  const { id } = await run(client, { orders: [{ orderNumber: number, codeReason: 1 }] });
  const stop = new AbortController();
  const seen = [];
  const watching = (async () => {
    for await (const job of client.jobs.watch(id, { signal: stop.signal })) {
      seen.push(job.state);
      stop.abort();
    }
  })();
  const { error } = await told(watching);
  await client.jobs.cancel(id);
  return [seen[0], error.kind, error.mayHaveRevoked];
});

const limited = await startBoth({
  people: [
    { id: "olivia", person: "olivia", permissions: ["revoke", "test"], orders: ["*"] },
    { id: "olivia-too", person: "olivia", permissions: ["revoke", "test"], orders: ["*"] },
    { id: "paul", person: "paul", permissions: ["revoke", "test"], orders: ["*"] },
  ],
  limits: { minute: 4, day: 2 },
});

limited.both(
  "limits count by person: so many revocations in a day, so many calls in a minute",
  async (edge) => {
    const said = [];
    for (const [who, orderNumber, test] of /** @type {[string, string, boolean][]} */ ([
      ["olivia", "1", false],
      ["olivia-too", "2", false],
      ["olivia", "3", false],
      ["olivia", "3", true],
      ["olivia-too", "4", true],
      ["olivia", "5", true],
      ["paul", "3", false],
    ])) {
      const { status, json, headers } = await edge.ask("/v1/revocations", {
        ...{ as: who, method: "POST", body: JSON.stringify({ orderNumber, test }) },
      });
      const { retryAfter, ...rest } = json;
      said.push([status, rest, retryAfter > 0, headers.get("ratelimit-policy"), left(headers)]);
    }
    assert.deepEqual(
      said.map(([status]) => status),
      [200, 200, 429, 200, 200, 429, 200],
    );
    return [said, (await edge.client().me()).limits];
  },
);

/** What is left, without how long. @param {Headers} headers */
const left = (headers) => headers.get("ratelimit")?.replaceAll(/;t=\d+/g, "");

const stopped = await startBoth({
  people: [
    { id: "olivia", person: "olivia", permissions: ["plan", "revoke", "test"], orders: ["*"] },
    { id: "greta", person: "greta", permissions: ["operate"], orders: ["*"] },
  ],
});

stopped.both(
  "-16 stops the edge and halts its jobs, until an operator resumes and a call goes well",
  async (edge) => {
    const client = edge.client();
    edge.set({ 1: "being-issued", 2: -16 });
    const { id } = await run(client, { orders: [{ orderNumber: "1", codeReason: 1 }] });
    const said = [
      await told(client.revoke({ orderNumber: "2" })),
      await told(client.revoke({ orderNumber: "3" })),
    ];
    const breaker = (/** @type {string} */ path, /** @type {object} */ init = {}) =>
      edge.ask(path, { as: "greta", ...init });
    const states = [(await breaker("/v1/breaker")).json, (await client.jobs.get(id)).state];
    edge.set({ 1: "issued", 2: "issued" });
    states.push(await told(client.jobs.resume(id)));
    states.push((await breaker("/v1/breaker/resume", { method: "POST", body: "{}" })).json.state);
    while ((await told(client.revoke({ orderNumber: "4" }))).error) await pause(20);
    while ((await breaker("/v1/breaker")).json.state !== "closed") await pause(20);
    assert.equal((await untilDone(client, id)).at(-1), "done");
    return [said, states, edge.calls("2").length, edge.calls("3").length];
  },
);
