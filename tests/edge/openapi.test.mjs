// GET /openapi.json: it is what the tests hold every answer to, it is valid, and its examples are.
import assert from "node:assert/strict";
import { createHash, createPublicKey, verify } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { Validator } from "@seriousme/openapi-schema-validator";
import { PERMISSIONS } from "../../pkg/bin/keys/api-key.js";
import { assertDocumented, assertFits, at, document, escaped } from "./documented.mjs";
import { startWorld } from "./world.mjs";

const world = await startWorld({
  people: ["olivia", "sam"].map((person) => ({
    id: person,
    person,
    permissions: PERMISSIONS,
    orders: ["*"],
  })),
});

/** Every object in the document, with the pointer to it. @param {any} value @returns {Generator<[string, any]>} */
function* objectsIn(value, pointer = "#") {
  if (typeof value !== "object" || value === null) return;
  yield [pointer, value];
  for (const [name, member] of Object.entries(value)) yield* objectsIn(member, `${pointer}/${escaped(name)}`);
}
const everything = [...objectsIn(document)];

test("the document is served to everyone, and is the one that answers are held to", async () => {
  const { status, json } = await world.ask("/openapi.json");
  assert.equal(status, 200);
  assert.deepEqual(json, document);
});

test("the document is valid OpenAPI 3.1", async () => {
  const { valid, errors } = await new Validator().validate(structuredClone(document));
  assert.ok(valid, JSON.stringify(errors, null, 2));
});

test("every reference leads somewhere, and every component is used", () => {
  const references = new Set(everything.map(([, { $ref }]) => $ref).filter((ref) => typeof ref === "string"));
  for (const reference of references) assert.ok(at(reference), reference);
  const components = Object.entries(document.components)
    .filter(([kind]) => kind !== "securitySchemes")
    .flatMap(([kind, those]) => Object.keys(those).map((name) => `#/components/${kind}/${name}`));
  assert.ok(components.length > 50);
  for (const component of components) assert.ok(references.has(component), component);
});

test("every example is one", () => {
  const examples = everything.flatMap(([pointer, { schema, examples, example }]) => [
    ...Object.values(schema && examples ? examples : {}).map(({ value }) => [pointer, value]),
    ...(schema && example !== undefined ? [[pointer, example]] : []),
  ]);
  assert.ok(examples.length > 20);
  for (const [pointer, value] of examples) assertFits(pointer, `${pointer}/schema`, value);
});

test("the head among the examples is signed by the key among them", () => {
  const { signature, ...head } = at(
    "#/components/responses/AuditHead/content/application~1json/examples/head/value",
  );
  const jwk = at("#/components/responses/AuditKey/content/application~1json/examples/key/value");
  // RFC 8785 of flat members with ASCII names: sorted.
  const signed = Buffer.from(JSON.stringify(head, Object.keys(head).sort()));
  const key = createPublicKey({ key: jwk, format: "jwk" });
  assert.ok(verify(null, signed, key, Buffer.from(signature, "base64url")));
  assert.equal(jwk.kid, head.kid);
});

test("the plan's hash among the examples is that of the plan among them", () => {
  const { defaults, orders } = at(
    "#/paths/~1v1~1jobs/post/requestBody/content/application~1json/examples/keyCompromise/value",
  );
  const { planHash, total, merged } = at(
    "#/components/responses/Planned/content/application~1json/examples/planned/value",
  );
  assert.deepEqual(
    merged.map((/** @type {any} */ { rows }) => rows),
    [[1, 4]],
  );
  assert.equal(defaults.codeReason, "keyCompromise");
  const lines = orders
    .slice(0, total)
    .map((/** @type {any} */ { orderNumber, codeReason = 1, revocationReason }) =>
      // RFC 8785 of flat members with ASCII names: sorted.
      JSON.stringify({ codeReason, orderNumber: String(orderNumber), revocationReason, test: false }),
    );
  const text = lines.map((/** @type {string} */ line) => `${line}\n`).join("");
  assert.equal(createHash("sha256").update(text).digest("hex"), planHash);
});

test("every operation, parameter, response and schema is described", () => {
  const described =
    /^#\/(paths\/[^/]+\/(get|post)|components\/(parameters|headers|responses|schemas)\/[^/]+)$/;
  const names = everything.filter(([pointer]) => described.test(pointer));
  assert.ok(names.length > 70);
  for (const [pointer, { $ref, description }] of names) assert.ok($ref || description?.length > 5, pointer);
});

/** @param {string} path @param {import("./world.mjs").Request} [request] @returns {Promise<any>} */
async function done(path, request) {
  const answer = await world.ask(path, { as: "olivia", ...request });
  assert.ok(answer.status < 300, answer.text);
  return answer.json;
}

/** @param {number} orders @param {object} [more] members of each */
const plan = (orders, more) => ({
  orders: Array.from({ length: orders }, () => ({ orderNumber: world.newOrder(), codeReason: 1, ...more })),
});
/** @param {any} job */
const start = ({ id, planHash, total }) => done(`/v1/jobs/${id}/start`, { body: { planHash, total } });

/** Jobs in each state that an operation needs. */
const jobs = {
  planned: () => done("/v1/jobs", { body: plan(1) }),
  awaiting: async () => start(await done("/v1/jobs", { body: plan(11) })),
  async running() {
    const orders = plan(1);
    // The CA issues it just now, so the job waits for it.
    world.ca.orders.set({ orderNumber: orders.orders[0].orderNumber, state: "being-issued" });
    return start(await done("/v1/jobs", { body: orders }));
  },
  async paused() {
    const { id } = await jobs.running();
    return done(`/v1/jobs/${id}/pause`, { body: {} });
  },
  async ended() {
    const { id } = await start(await done("/v1/jobs", { body: plan(2, { test: true }) }));
    for (;;) {
      const job = await done(`/v1/jobs/${id}`);
      if (job.state === "done") return job;
    }
  },
};

/**
 * @typedef {Omit<import("./world.mjs").Request, "body"> & {
 *   job?: () => Promise<any>, body?: any, status?: number,
 * }} Asking job: what `{id}` stands for; body: also a function of that job
 */

/** A request that each operation answers with success. @type {Record<string, Asking[]>} */
const REQUESTS = {
  "POST /v1/revocations": [{ body: { orderNumber: "7" } }],
  "GET /v1/orders": [{}],
  "GET /v1/orders/{orderNumber}": [{}],
  "POST /v1/orders/{orderNumber}/settle": [{ body: {} }, { body: { resend: true } }],
  "POST /v1/jobs": [
    { body: plan(2, { codeReason: "superseded" }) },
    { body: "orderNumber,codeReason,test\n21,4,Y\n21,1,Y\n", headers: { "content-type": "text/csv" } },
    {
      body: readFileSync(new URL("../files/bundle.pem", import.meta.url)),
      query: "?codeReason=keyCompromise",
      headers: { "content-type": "application/x-pem-file" },
    },
  ],
  "GET /v1/jobs": [{}],
  "POST /v1/jobs/pause-all": [{ body: {} }],
  "GET /v1/jobs/{id}": [{ job: jobs.planned }, { job: jobs.ended }],
  "POST /v1/jobs/{id}/start": [
    { job: jobs.planned, body: (/** @type {any} */ { planHash, total }) => ({ planHash, total }) },
  ],
  "POST /v1/jobs/{id}/approve": [
    { as: "sam", job: jobs.awaiting, body: (/** @type {any} */ { planHash }) => ({ planHash }) },
  ],
  "POST /v1/jobs/{id}/decline": [
    {
      as: "sam",
      job: jobs.awaiting,
      body: (/** @type {any} */ { planHash }) => ({ planHash, comment: "Not these" }),
    },
  ],
  "POST /v1/jobs/{id}/pause": [{ job: jobs.running, body: {} }],
  "POST /v1/jobs/{id}/resume": [{ job: jobs.paused, body: {} }],
  "POST /v1/jobs/{id}/cancel": [
    { job: jobs.planned, body: {} },
    { job: jobs.awaiting, body: {} },
    { job: jobs.running, body: {} },
    { job: jobs.paused, body: {} },
  ],
  "GET /v1/jobs/{id}/orders": [{ job: jobs.running }, { job: jobs.ended, headers: { accept: "text/csv" } }],
  "GET /v1/jobs/{id}/events": [
    { job: jobs.ended },
    { job: jobs.ended, headers: { accept: "text/event-stream" } },
    // What a browser sends when it connects again to a stream that has ended.
    { job: jobs.ended, status: 204, headers: { "last-event-id": "{revision}" } },
  ],
  "GET /v1/jobs/{id}/report": [
    { job: jobs.planned },
    { job: jobs.awaiting },
    { job: jobs.running },
    { job: jobs.ended },
    { job: jobs.ended, headers: { accept: "text/markdown" } },
  ],
  "GET /v1/audit": [{}, { headers: { accept: "application/x-ndjson" } }],
  "GET /v1/audit/head": [{}],
  "GET /v1/audit/key": [{}],
  "GET /v1/breaker": [{}],
  "POST /v1/breaker/resume": [{ body: {} }],
  "GET /v1/me": [{}],
  "GET /healthz": [{}],
  "GET /openapi.json": [{}],
  "GET /metrics": [{}],
};

/** The status with which an operation succeeds, and brings what it was asked for. @param {any} responses */
const success = (responses) => ["200", "201", "202"].find((status) => responses[status]) ?? "";

for (const [operation, requests] of Object.entries(REQUESTS)) {
  test(`${operation} answers as documented`, async () => {
    const [method, path] = operation.split(" ");
    const { responses } = document.paths[path][method.toLowerCase()];
    for (const { job: made, body, query = "", headers = {}, status, ...request } of requests) {
      const job = await made?.();
      const answer = await world.ask(path.replace("{orderNumber}", "7").replace("{id}", job?.id) + query, {
        as: "olivia",
        method,
        ...request,
        body: typeof body === "function" ? body(job) : body,
        headers: Object.fromEntries(
          Object.entries(headers).map(([name, value]) => [name, value.replace("{revision}", job?.revision)]),
        ),
      });
      assert.equal(answer.status, status ?? Number(success(responses)), answer.text);
      assert.ok(answer.text.length > 0 || answer.status === 204);
    }
  });
}

test("each operation was asked, for each media type that it takes and gives", () => {
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, { requestBody, responses }] of Object.entries(item).filter(
      ([name]) => name !== "parameters",
    )) {
      const given = Object.keys(at(responses[success(responses)].$ref).content);
      const taken = Object.keys(requestBody?.content ?? {});
      const asked = REQUESTS[`${method.toUpperCase()} ${path}`];
      assert.ok(asked, `${method} ${path}`);
      for (const [header, types] of /** @type {const} */ ([
        ["accept", given],
        ["content-type", taken],
      ])) {
        for (const type of types.slice(1))
          assert.ok(
            asked.some(({ headers }) => headers?.[header] === type),
            type,
          );
      }
    }
  }
});

test("what is not documented does not pass", () => {
  const headers = (/** @type {Record<string, string>} */ more) =>
    new Headers({
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      "content-type": "application/json",
      ...more,
    });
  const request = { method: "GET", path: "/healthz" };
  const right = { status: 200, headers: headers({}), text: '{"status":"ok"}' };
  assertDocumented(request, right);
  /** @type {[string, object][]} */
  const wrong = [
    ["a status", { status: 418 }],
    ["a status that the operation never has", { status: 429 }],
    ["a value", { text: '{"status":"well"}' }],
    ["a member", { text: '{"status":"ok","version":1}' }],
    ["a member too few", { text: "{}" }],
    ["a media type", { headers: headers({ "content-type": "text/html" }) }],
    ["a header", { headers: headers({ server: "edge" }) }],
    ["a header's value", { headers: headers({ "cache-control": "no-cache" }) }],
    ["a header too few", { headers: new Headers({ "content-type": "application/json" }) }],
  ];
  for (const [what, change] of wrong) {
    assert.throws(() => assertDocumented(request, { ...right, ...change }), assert.AssertionError, what);
  }
  const job = at("#/components/responses/JobChanged/content/application~1json/examples/running/value");
  const { startedAt, ...neverStarted } = job;
  for (const wrong of [
    { ...job, known: { count: 0, orders: [] } },
    { ...job, finishedAt: startedAt },
    { ...job, expiresAt: startedAt },
    { ...job, counts: { pending: 3 } },
    neverStarted,
  ]) {
    assert.throws(
      () => assertFits("a job", "#/components/schemas/JobProgress", wrong),
      assert.AssertionError,
    );
  }
  assert.throws(() => assertDocumented({ ...request, path: "/health" }, right), /not documented/);
  assert.throws(() => assertDocumented({ ...request, method: "POST" }, right), /not documented/);
});
