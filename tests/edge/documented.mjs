// Holds an answer to the edge's own OpenAPI document: what it does not foresee must not happen.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { Ajv2020 } from "ajv/dist/2020.js";

/** What any answer may have, whatever it is about: of the transport, of pages of other sites, of what may be done. */
const OF_EVERY_ANSWER =
  /^(connection|content-length|content-type|date|transfer-encoding|vary|access-control-(allow-origin|expose-headers)|referrer-policy|content-security-policy)$/;
const OF_A_PREFLIGHT = /^access-control-(allow-methods|allow-headers|max-age)$/;

/** Components that answer for no operation in particular. */
const NO_SUCH_PATH = ["NotFound", "MalformedRequest", "InternalError"];
const ANOTHER_METHOD = ["MethodNotAllowed", "MalformedRequest", "InternalError"];

/**
 * @typedef {{ method: string, path: string }} Request path: as it was sent, without the query
 * @typedef {{ status: number, headers: Headers, text: string }} Answer
 */

const file = new URL("../../src/edge/openapi.json", import.meta.url);
export const document = JSON.parse(readFileSync(file, "utf8"));

const NAME = "openapi.json";
const ajv = new Ajv2020({
  allErrors: true,
  // `type` is narrowed beside the reference to a whole problem.
  strictTypes: false,
  strictRequired: false,
  formats: { "date-time": /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/ },
});
// The whole document is where its schemas are found; it is none itself.
ajv.addVocabulary(Object.keys(document));
ajv.addSchema(closed(document), NAME, false, false);

const EVENT = "#/components/schemas/JobEvent";

/** @param {string} mediaType */
export const isJson = (mediaType) => /[/+]json$/.test(mediaType);

/** @type {WeakMap<Response, Request>} */
const requests = new WeakMap();

/**
 * Keeps what a response answers, for `requestOf`.
 * @param {Response} response
 * @param {Request} request
 */
export function answering(response, request) {
  requests.set(response, request);
  return response;
}

/** @param {Response} response */
export function requestOf(response) {
  const request = requests.get(response);
  assert.ok(request, "nobody noted what this response answers: see answering() in documented.mjs");
  return request;
}

/**
 * @param {Request} request
 * @param {Answer} answer
 */
export function assertDocumented(request, answer) {
  const { method, path } = request;
  const { status, headers } = answer;
  const what = `${method} ${path}: ${status}`;
  if (method === "OPTIONS" && status === 204) {
    return assertHeaders(what, headers, document.components.responses.NotFound.headers, OF_A_PREFLIGHT);
  }
  const pointer = foreseen(request, status);
  assert.ok(pointer, `${what} is not documented`);
  const response = at(pointer);
  assertHeaders(what, headers, response.headers);
  if (!response.content) return assert.equal(answer.text, "", `${what}: a body is not documented`);
  const mediaType = (headers.get("content-type") ?? "").split(";")[0];
  const content = response.content[mediaType];
  assert.ok(content, `${what}: ${mediaType} is not documented`);
  if (method === "HEAD") return;

  const schema = `${pointer}/content/${escaped(mediaType)}/schema`;
  if (mediaType === "text/event-stream") {
    for (const event of eventsOf(answer.text)) {
      assertFits(what, schema, event);
      assertFits(what, `${EVENT}/properties/data/contentSchema`, JSON.parse(event.data));
    }
    return;
  }
  assertFits(what, schema, isJson(mediaType) ? JSON.parse(answer.text) : answer.text);
  const line = content["x-line"]?.$ref;
  if (line) {
    for (const text of answer.text.split("\n").slice(0, -1)) assertFits(what, line, JSON.parse(text));
  }
}

/** The events of a stream (the HTML standard, section 9.2.6), by their fields. @param {string} stream */
export function eventsOf(stream) {
  const events = [];
  /** @type {Record<string, any>} */
  let fields = {};
  for (const line of stream.split("\n")) {
    const [, name, value] = /^([^:]+): ?(.*)$/.exec(line) ?? [];
    if (name) fields[name] = name === "retry" ? Number(value) : value;
    if (line !== "" || fields.data === undefined) continue;
    events.push(fields);
    fields = {};
  }
  return events;
}

/**
 * Where the document has the response for this; undefined when it has none.
 * @param {Request} request
 * @param {number} status
 */
function foreseen({ method, path }, status) {
  const template = Object.keys(document.paths).find((template) => fits(path, template));
  // What is answered to HEAD at all is what GET brings (RFC 9110, section 9.3.2).
  const name = method === "HEAD" && status === 200 ? "get" : method.toLowerCase();
  const operation = template && document.paths[template][name];
  if (operation) {
    const pointer = `#/paths/${escaped(template)}/${name}/responses/${status}`;
    return operation.responses[status] && (operation.responses[status].$ref ?? pointer);
  }
  return (template ? ANOTHER_METHOD : NO_SUCH_PATH)
    .map((name) => `#/components/responses/${name}`)
    .find((pointer) => statusesOf(pointer).includes(status));
}

/** @param {string} path @param {string} template */
function fits(path, template) {
  const [given, wanted] = [path.split("/"), template.split("/")];
  return (
    given.length === wanted.length &&
    wanted.every((part, index) => part === given[index] || (part.startsWith("{") && given[index] !== ""))
  );
}

/** The statuses under which some operation has this response. @param {string} pointer */
function statusesOf(pointer) {
  const statuses = new Set();
  for (const path of Object.values(document.paths)) {
    for (const { responses } of Object.values(path)) {
      for (const [status, { $ref }] of Object.entries(responses ?? {})) {
        if ($ref === pointer) statuses.add(Number(status));
      }
    }
  }
  return [...statuses];
}

/**
 * @param {string} what
 * @param {Headers} headers
 * @param {Record<string, { $ref: string }>} documented
 * @param {RegExp} [besides]
 */
function assertHeaders(what, headers, documented, besides) {
  const names = Object.keys(documented).map((name) => name.toLowerCase());
  for (const name of headers.keys()) {
    const known = names.includes(name) || OF_EVERY_ANSWER.test(name) || besides?.test(name);
    assert.ok(known, `${what}: the header ${name} is not documented`);
  }
  for (const [name, { $ref }] of Object.entries(documented)) {
    if (!$ref) continue;
    const { required, schema } = at($ref);
    const value = headers.get(name);
    if (value === null) assert.ok(!required, `${what}: the header ${name} is missing`);
    else assertFits(`${what}: ${name}`, `${$ref}/schema`, schema.type === "integer" ? Number(value) : value);
  }
}

/**
 * Holds a value to a schema of the document.
 * @param {string} what
 * @param {string} pointer
 * @param {unknown} value
 */
export function assertFits(what, pointer, value) {
  // Compiled once, then remembered by ajv.
  const validate = ajv.getSchema(NAME + pointer);
  assert.ok(validate, `the document has no ${pointer}`);
  if (!validate(value)) assert.fail(`${what}: ${ajv.errorsText(validate.errors)}\n${JSON.stringify(value)}`);
}

/** What a pointer of the document points to. @param {string} pointer */
export const at = (pointer) =>
  pointer
    .split("/")
    .slice(1)
    .reduce((value, name) => value?.[name.replaceAll("~1", "/").replaceAll("~0", "~")], document);

/** @param {string} name as a part of a pointer (RFC 6901) */
export const escaped = (name) => name.replaceAll("~", "~0").replaceAll("/", "~1");

/**
 * Clients must expect members that are new to them, so the document's answers are open; here nothing may be undocumented.
 * @template T
 * @param {T} value
 * @returns {T}
 */
function closed(value) {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return /** @type {T} */ (value.map(closed));
  // What stands in oneOf is a part of what it stands in.
  const inner = (/** @type {[string, unknown]} */ [name, member]) => [
    name,
    name === "oneOf" ? member : closed(member),
  ];
  const copy = Object.fromEntries(Object.entries(value).map(inner));
  const isSaid = "additionalProperties" in copy || "unevaluatedProperties" in copy;
  const open = copy.type === "object" && copy.properties && !isSaid;
  return /** @type {T} */ (open ? { ...copy, unevaluatedProperties: false } : copy);
}
