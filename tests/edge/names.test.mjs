// A certificate is named by its order's number, by its own serial number, or by the CA's number of it: by whichever was sent, in
// the vendor's form and in all that the edge says, and by no other.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { createClient, RevocationError } from "autorevoke";
import { startWorld, testTraces } from "./world.mjs";

const PARAMETERS = ["orderNumber", "serialNumber", "certificateID"];

const world = await startWorld({
  people: [
    {
      id: "operator",
      permissions: ["revoke", "test", "plan", "audit", "operate"],
      orders: ["*"],
      person: "olivia",
    },
    {
      id: "ranged",
      permissions: ["revoke", "test", "plan"],
      orders: ["1-9223372036854775807"],
      person: "rob",
    },
  ],
});

const pem = await readFile(new URL("../front/certificates/leaf.pem", import.meta.url), "utf8");
const der = await readFile(new URL("../front/certificates/leaf.der", import.meta.url));
const SERIAL = "0D0E";

let last = 0x5e_0000;
/** What has not been spoken of yet, by each of the names. */
const names = () => {
  const serial = (last += 1).toString(16).toUpperCase();
  return [
    { member: "orderNumber", given: { orderNumber: String(last) }, value: String(last), text: String(last) },
    {
      member: "serialNumber",
      given: { serialNumber: `0x00${serial.toLowerCase()}` },
      value: serial,
      text: `serial:${serial}`,
    },
    {
      member: "certificateID",
      given: { certificateID: last },
      value: String(last),
      text: `certificate:${last}`,
    },
  ];
};

/** @param {any} document @param {{ member: string, value: string }} name */
function assertNamed(document, { member, value }) {
  for (const parameter of PARAMETERS)
    assert.equal(document[parameter], parameter === member ? value : undefined, JSON.stringify(document));
}

/** What the CA received of a name: pairs of calls. @param {{ member: string, value: string }} name */
const received = ({ member, value }) =>
  world.ca
    .ledger()
    .map(({ pairs }) => pairs.filter(([name]) => PARAMETERS.includes(name)))
    .filter((pairs) => pairs.some(([name, sent]) => name === member && sent === value));

test("the vendor's form has the one name, once, and so has all that is said of the call", async () => {
  for (const name of names()) {
    const { status, json } = await world.revoke({ ...name.given, codeReason: 1 });
    assert.equal(status, 200);
    assertNamed(json, name);
    assert.deepEqual(received(name), [[[name.member, name.value]]]);
    const history = await world.history(name.text);
    assertNamed(history, name);
    assert.equal(history.state, "revoked");
    const audit = await world.ask(`/v1/audit?after=${json.auditSeq - 2}&limit=2`, { as: "operator" });
    assert.equal(audit.json.entries.length, 2);
    for (const entry of audit.json.entries) assertNamed(entry, name);
    const again = await world.ask(`/v1/orders/${name.text}/settle`, { as: "operator", body: {} });
    assertNamed(again.json, name);
    // However it is written in the path, it is the same.
    const spelt = encodeURIComponent(name.text.replace(name.value, name.value.toLowerCase()));
    assertNamed((await world.ask(`/v1/orders/${spelt}`, { as: "operator" })).json, name);
  }
});

test("names of other kinds and malformed ones are not found", async () => {
  for (const name of [
    "serial:",
    "serial:xyz",
    "serial:0",
    "certificate:007",
    "certificate:12345678901234567",
    "order:1",
  ])
    assert.equal((await world.ask(`/v1/orders/${name}`, { as: "operator" })).status, 404, name);
});

test("two names, or none, are an invalid order", async () => {
  const [number, serial, id] = names();
  for (const [order, fields] of /** @type {[object, string[]][]} */ ([
    [{}, ["orderNumber"]],
    [{ ...number.given, ...serial.given }, ["serialNumber"]],
    [{ ...id.given, ...serial.given }, ["certificateID"]],
    [{ ...number.given, ...serial.given, ...id.given }, ["serialNumber", "certificateID"]],
    [{ ...serial.given, certificate: pem }, ["certificate"]],
    [{ certificate: "none" }, ["certificate"]],
    [{ certificate: 7, codeReason: 99 }, ["certificate", "codeReason"]],
    [{ serialNumber: 7 }, ["serialNumber"]],
  ])) {
    const { status, json } = await world.revoke(order);
    assert.equal(status, 422);
    assert.deepEqual(Object.keys(json.fields).sort(), fields.sort());
  }
  for (const name of [number, serial, id]) assert.deepEqual(received(name), []);
});

test("grants over numbers cover no other name, a certificate neither; the plan says which", async () => {
  const [number, serial, id] = names();
  assert.equal((await world.revoke({ ...number.given, codeReason: 1 }, { as: "ranged" })).status, 200);
  for (const name of [serial, id]) {
    const refused = await world.revoke({ ...name.given, codeReason: 1 }, { as: "ranged" });
    assert.equal(refused.status, 403);
    assertNamed(refused.json, name);
    assert.match(refused.json.detail, /\*/);
    assert.equal((await world.ask(`/v1/orders/${name.text}`, { as: "ranged" })).status, 404);
    assert.deepEqual(received(name), []);
  }
  assert.equal((await world.revoke({ certificate: pem, test: true }, { as: "ranged" })).status, 403);
  const orders = [number, serial, id].map(({ given }) => ({ ...given, codeReason: 1 }));
  const plan = await world.ask("/v1/jobs", { as: "ranged", body: { orders } });
  assert.equal(plan.status, 403);
  assert.deepEqual(plan.json.orders, [serial.text, id.text]);
});

test("a job goes through all three; the CA knows that two of them are one certificate, and the row says so", async () => {
  const all = names();
  const [number, serial] = all;
  world.ca.orders.set({ orderNumber: number.value, serialNumber: serial.value, state: "issued" });
  const orders = all.map(({ given }) => given);
  const { status, json: job } = await world.ask("/v1/jobs", {
    as: "operator",
    body: { orders, defaults: { codeReason: 1 } },
  });
  assert.equal(status, 201);
  const start = { planHash: job.planHash, total: 3 };
  assert.equal((await world.ask(`/v1/jobs/${job.id}/start`, { as: "operator", body: start })).status, 202);
  const edge = createClient({ endpoint: world.url, token: world.keys.operator });
  for await (const { state } of edge.jobs.watch(job.id)) if (state === "done") break;
  const page = await edge.jobs.orders(job.id);
  for (const [at, row] of page.orders.entries()) assertNamed(row, all[at]);
  const outcomes = page.orders.map(({ outcome }) => outcome);
  assert.deepEqual(outcomes.slice(0, 2).sort(), ["already-revoked", "revoked"]);
  assert.equal(outcomes[2], "revoked");
});

test("a certificate is revoked by its serial number, over HTTP and by the client, in PEM and in DER", async () => {
  const http = await world.revoke({ certificate: pem, codeReason: 4 });
  assert.equal(http.status, 200);
  assertNamed(http.json, { member: "serialNumber", value: SERIAL });
  const edge = createClient({ endpoint: world.url, token: world.keys.operator });
  for (const certificate of [pem, new Uint8Array(der), der]) {
    const done = await edge.revoke({ certificate, codeReason: "superseded" });
    assertNamed(done, { member: "serialNumber", value: SERIAL });
    assert.equal(done.outcome, "already-revoked");
  }
  for (const pairs of received({ member: "serialNumber", value: SERIAL }))
    assert.deepEqual(pairs, [["serialNumber", SERIAL]]);
  assertNamed(await edge.orders.get(`serial:${SERIAL}`), { member: "serialNumber", value: SERIAL });
});

test("bytes that change after the call has begun are not what is read", async () => {
  const edge = createClient({ endpoint: world.url, token: world.keys.operator });
  const certificate = new Uint8Array(der);
  const done = edge.revoke({ certificate, codeReason: 4 });
  certificate.fill(0);
  assertNamed(await done, { member: "serialNumber", value: SERIAL });
});

test("what is no certificate is named and not sent", async () => {
  const edge = createClient({ endpoint: world.url, token: world.keys.operator });
  const before = world.ca.ledger().length;
  for (const certificate of ["", "none", new Uint8Array(3), new DataView(der.buffer), 7, null, {}, [pem]]) {
    const error = await edge
      .revoke(/** @type {any} */ ({ certificate, codeReason: 4 }))
      .catch((thrown) => thrown);
    assert.ok(error instanceof RevocationError && error.kind === "invalid-order", String(error));
    assert.deepEqual(Object.keys(/** @type {any} */ (error).fields), ["certificate"]);
  }
  assert.equal(world.ca.ledger().length, before);
});

testTraces(world);
