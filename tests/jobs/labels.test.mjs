// What people call certificates, and what these say of themselves: from a list through the plan to rows, report, CSV and history.
// @ts-check
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { startWorld } from "../edge/world.mjs";
import { JOB_PEOPLE, jobsOf, NO_APPROVAL } from "./jobs.mjs";

const world = await startWorld({ people: JOB_PEOPLE, variables: { ...NO_APPROVAL, CA_TIMEOUT_MS: "3000" } });
const jobs = jobsOf(world);

const file = (/** @type {string} */ path) => readFile(new URL(path, import.meta.url), "utf8");
const leafPem = await file("../front/certificates/leaf.pem");
const bundle = await file("../files/bundle.pem");

/** @param {string} list @param {string} [query] */
async function plan(list, query = "?codeReason=1") {
  const headers = { "content-type": "text/csv" };
  const answer = await world.ask(`/v1/jobs${query}`, { as: "olivia", body: list, headers });
  assert.equal(answer.status, 201, answer.text);
  return answer.json;
}

/** @param {string} path @param {string} accept */
const text = async (path, accept) => (await world.ask(path, { as: "olivia", headers: { accept } })).text;
const json = async (/** @type {string} */ path) => (await world.ask(path, { as: "olivia" })).json;

test("certificates are told by their names everywhere, and sent by their serial numbers alone", async () => {
  const job = await plan(bundle);
  const { orders } = await json(`/v1/jobs/${job.id}/orders`);
  for (const { serialNumber, label, certificate } of orders) {
    assert.match(serialNumber, /^[0-9A-F]+$/);
    assert.equal(label, certificate.names.join(", "));
    assert.match(certificate.issuer, /CN=/);
    assert.match(certificate.notAfter, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.000Z$/);
  }
  const [leaf, shop] = orders;
  assert.deepEqual([leaf.label, shop.label], ["www.example.com, example.com", "shop.example.net"]);
  world.ca.orders.set({ serialNumber: leaf.serialNumber, state: "expired" });
  world.ca.orders.set({ serialNumber: shop.serialNumber, errorCode: -14 });
  await jobs.start(job);
  await jobs.done(job.id);
  const named = orders.map((/** @type {any} */ { serialNumber }) => `serial:${serialNumber}`);
  const report = await json(`/v1/jobs/${job.id}/report`);
  assert.deepEqual(report.labels, { [named[0]]: leaf.label, [named[1]]: shop.label });
  const markdown = await text(`/v1/jobs/${job.id}/report`, "text/markdown");
  assert.ok(markdown.includes(`${named[1]} (shop.example.net)`), markdown);
  const history = await json(`/v1/orders/${named[0]}`);
  assert.deepEqual([history.label, history.certificate], [leaf.label, leaf.certificate]);
  const { orders: unknown } = await json("/v1/orders?state=unknown");
  assert.deepEqual(
    unknown.map((/** @type {any} */ { label }) => label),
    [shop.label],
  );
  const calls = world.ca.ledger();
  assert.ok(calls.length >= orders.length);
  for (const { rawBody } of calls) assert.doesNotMatch(rawBody, /label|example/);
  // What is known is told by this plan's names.
  const again = await plan(`serialNumber,label\n${leaf.serialNumber},\n${leaf.serialNumber},the leaf\n`);
  assert.deepEqual([again.known.orders[0].label, again.merged[0].label], ["the leaf", "the leaf"]);
});

test("a job's CSV is a plan again, labels and all", async () => {
  const labels = ["www.example.com", "=1+1", '"a", b', "-1", "\u05d0\u05d1", ""];
  const orders = labels.map((label, at) => ({ orderNumber: 4_410_000 + at, label }));
  const first = await jobs.plan({ orders });
  const csv = await text(`/v1/jobs/${first.id}/orders`, "text/csv");
  assert.match(csv, /^[^\r\n]*,label\r\n/);
  assert.ok(csv.includes(",'=1+1\r\n"), csv);
  const second = await plan(csv, "");
  assert.equal(second.planHash, first.planHash);
  for (const { id } of [first, second])
    assert.deepEqual(
      (await jobs.rows(id)).map(({ label = "" }) => label),
      labels,
    );
});

test("a single call keeps what its certificate says", async () => {
  const { orders } = await json(`/v1/jobs/${(await plan(leafPem)).id}/orders`);
  const { json: done } = await world.ask("/v1/revocations", {
    as: "olivia",
    body: { certificate: leafPem, codeReason: 4 },
  });
  const history = await json(`/v1/orders/serial:${done.serialNumber}`);
  assert.deepEqual(history.certificate, orders[0].certificate);
  assert.equal(history.label, orders[0].label);
});

test("a label that is none is a fault of its row", async () => {
  const order = { orderNumber: "4420000", codeReason: 1 };
  for (const label of [7, null, "a".repeat(256)]) {
    const answer = await world.ask("/v1/jobs", {
      as: "olivia",
      body: { orders: [order, { ...order, label }] },
    });
    assert.deepEqual([answer.status, answer.json.rows], [422, [2]]);
    assert.deepEqual(Object.keys(answer.json.fields), ["row 2: label"]);
  }
  const { status, json } = await world.ask("/v1/revocations", {
    as: "olivia",
    body: { ...order, label: "x" },
  });
  assert.deepEqual([status, Object.keys(json.fields)], [422, ["label"]]);
});
