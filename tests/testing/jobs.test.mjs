// autorevoke/testing: of jobs the fake edge says what the edge says.
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";
import { PEOPLE, run, startBoth, told, untilDone } from "./edges.mjs";

const APPROVAL_ABOVE = 5;
const { both } = await startBoth({ people: PEOPLE, limits: { approvalAbove: APPROVAL_ABOVE } });

const DEADLINE = new Date(Date.now() + 3_600_000);
let last = 10_000;
/** Numbers that no other test has; both edges get the same. @param {number} count */
const numbers = (count) => Array.from({ length: count }, () => String(++last));

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
