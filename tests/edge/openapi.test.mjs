// GET /openapi.json: it is what the tests hold every answer to, it is valid, and its examples are.
import assert from "node:assert/strict";
import { createPublicKey, verify } from "node:crypto";
import { test } from "node:test";
import { Validator } from "@seriousme/openapi-schema-validator";
import { PERMISSIONS } from "../../scripts/keys/api-key.mjs";
import { assertDocumented, assertFits, at, document, escaped } from "./documented.mjs";
import { startWorld } from "./world.mjs";

const world = await startWorld({ people: [{ id: "all", permissions: PERMISSIONS, orders: ["*"] }] });

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

test("every operation, parameter, response and schema is described", () => {
  const described =
    /^#\/(paths\/[^/]+\/(get|post)|components\/(parameters|headers|responses|schemas)\/[^/]+)$/;
  const names = everything.filter(([pointer]) => described.test(pointer));
  assert.ok(names.length > 70);
  for (const [pointer, { $ref, description }] of names) assert.ok($ref || description?.length > 5, pointer);
});

/** A request that each operation answers with 200. @type {Record<string, import("./world.mjs").Request[]>} */
const REQUESTS = {
  "POST /v1/revocations": [{ body: { orderNumber: "7" } }],
  "GET /v1/orders/{orderNumber}": [{}],
  "POST /v1/orders/{orderNumber}/settle": [{ body: {} }, { body: { resend: true } }],
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

for (const [operation, requests] of Object.entries(REQUESTS)) {
  test(`${operation} answers as documented`, async () => {
    const [method, path] = operation.split(" ");
    for (const request of requests) {
      const answer = await world.ask(path.replace("{orderNumber}", "7"), { as: "all", method, ...request });
      assert.equal(answer.status, 200, answer.text);
      assert.ok(answer.text.length > 0);
    }
  });
}

test("each operation was asked, for each media type of its answer", () => {
  for (const [path, item] of Object.entries(document.paths)) {
    for (const [method, { responses }] of Object.entries(item).filter(([name]) => name !== "parameters")) {
      const types = Object.keys(at(responses["200"].$ref).content);
      const asked = REQUESTS[`${method.toUpperCase()} ${path}`];
      assert.ok(asked, `${method} ${path}`);
      for (const type of types.slice(1))
        assert.ok(
          asked.some(({ headers }) => headers?.accept === type),
          type,
        );
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
  assert.throws(() => assertDocumented({ ...request, path: "/health" }, right), /not documented/);
  assert.throws(() => assertDocumented({ ...request, method: "POST" }, right), /not documented/);
});
