// The page of the edge's HTTP API, written from its OpenAPI document.
import { readFile } from "node:fs/promises";
import { inRoot } from "../command/places.mjs";
import { tableOf } from "./markdown.mjs";

/** @typedef {any} Node a part of the document; every reference leads to `#/components/...` */

/** @returns {Promise<string>} */
export async function httpApiPage() {
  const document = JSON.parse(await readFile(inRoot("src/edge/openapi.json"), "utf8"));
  return new Page(document).text();
}

/** What a method is called in the document; a path has other members besides. */
const METHODS = ["get", "post", "put", "patch", "delete"];

class Page {
  /** @param {Node} document */
  constructor(document) {
    this.document = document;
    this.schemas = document.components.schemas;
  }

  text() {
    const { info, tags } = this.document;
    return [
      "# HTTP API of the edge",
      "",
      "Every operation of the edge, from the OpenAPI document that the edge itself answers at `GET /openapi.json`.",
      "",
      info.description,
      "",
      ...tags.flatMap((/** @type {Node} */ tag) => this.#tag(tag)),
      "## Documents",
      "",
      "What is sent and answered, by name.",
      "",
      ...Object.keys(this.schemas).flatMap((name) => this.#schema(name)),
    ].join("\n");
  }

  /** @param {Node} tag */
  #tag({ name, description }) {
    const operations = Object.entries(this.document.paths).flatMap(([path, item]) =>
      METHODS.filter((method) => item[method]?.tags.includes(name)).flatMap((method) =>
        this.#operation(method, path, item, item[method]),
      ),
    );
    return [`## ${name[0].toUpperCase()}${name.slice(1)}`, "", `${description}.`, "", ...operations];
  }

  /** @param {string} method @param {string} path @param {Node} item @param {Node} operation */
  #operation(method, path, item, operation) {
    const parameters = [...(item.parameters ?? []), ...(operation.parameters ?? [])].map((it) =>
      this.#resolved(it),
    );
    return [
      `### ${operation.summary} {#${operation.operationId}}`,
      "",
      `\`${method.toUpperCase()} ${path}\``,
      "",
      operation.description,
      "",
      `**Permission:** ${permission(operation)}`,
      "",
      ...this.#parameters(parameters),
      ...this.#body(operation.requestBody),
      ...this.#answers(operation.responses),
    ];
  }

  /** @param {Node[]} parameters */
  #parameters(parameters) {
    if (parameters.length === 0) return [];
    const rows = parameters.map(({ name, in: place, required, description, schema }) => [
      `\`${name}\``,
      `${place}${required ? ", required" : ""}`,
      this.#type(schema),
      withDefault(description ?? this.#resolved(schema).description, schema),
    ]);
    return [...tableOf(["parameter", "in", "type", "meaning"], rows), ""];
  }

  /** @param {Node} [given] */
  #body(given) {
    const body = given && this.#resolved(given);
    if (!body) return [];
    return [
      "**Body:**",
      "",
      ...Object.entries(body.content).map(
        ([type, { schema }]) => `- \`${type}\`: ${schema ? this.#type(schema) : "any"}`,
      ),
      "",
      ...examples(body),
    ];
  }

  /** @param {Record<string, Node>} responses */
  #answers(responses) {
    const rows = Object.entries(responses).map(([status, response]) => {
      const { description, content = {} } = this.#resolved(response);
      const types = Object.entries(content).map(
        ([type, { schema }]) => `\`${type}\`${schema ? `: ${this.#type(schema)}` : ""}`,
      );
      return [status, description, types.join("<br>") || "none"];
    });
    const done = Object.entries(responses).filter(([status]) => status.startsWith("2"));
    return [
      ...tableOf(["status", "when", "body"], rows),
      "",
      ...done.flatMap(([, response]) => examples(this.#resolved(response))),
    ];
  }

  /** @param {string} name */
  #schema(name) {
    const schema = this.schemas[name];
    const parts = [`### ${name} {#${anchor(name)}}`, ""];
    if (schema.description) parts.push(schema.description, "");
    const { properties, required } = this.#members(schema);
    const names = Object.keys(properties);
    if (names.length === 0) return [...parts, `Type: ${this.#type({ ...schema, $ref: undefined })}`, ""];
    const rows = names.map((member) => [
      `\`${member}\`${required.has(member) ? "" : "?"}`,
      this.#type(properties[member]),
      withDefault(this.#described(properties[member]), properties[member]),
    ]);
    return [...parts, ...tableOf(["member", "type", "meaning"], rows), ""];
  }

  /**
   * The members of an object, those of a schema that it narrows included.
   * @param {Node} schema
   * @returns {{ properties: Record<string, Node>, required: Set<string> }}
   */
  #members(schema) {
    const of = schema.$ref ? this.#members(this.#resolved({ $ref: schema.$ref })) : undefined;
    return {
      properties: { ...of?.properties, ...schema.properties },
      required: new Set([...(of?.required ?? []), ...(schema.required ?? [])]),
    };
  }

  /** @param {Node} schema */
  #described(schema) {
    return schema.description ?? (schema.$ref ? this.#resolved(schema).description : undefined);
  }

  /** A schema in a few words. @param {Node} schema @returns {string} */
  #type(schema) {
    if (schema.$ref) {
      const name = schema.$ref.split("/").at(-1);
      return `[${name}](#${anchor(name)})`;
    }
    if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
    if (schema.enum)
      return schema.enum.map((/** @type {unknown} */ value) => `\`${JSON.stringify(value)}\``).join(", ");
    const choices = schema.anyOf ?? schema.oneOf;
    if (choices) return choices.map((/** @type {Node} */ it) => this.#type(it)).join(" or ");
    if (schema.type === "array" && schema.items) return `list of ${this.#type(schema.items)}`;
    return `${[schema.type ?? "any"].flat().join(" or ")}${limits(schema)}`;
  }

  /** @param {Node} node @returns {Node} */
  #resolved(node) {
    if (!node.$ref) return node;
    const found = node.$ref
      .split("/")
      .slice(1)
      .reduce((/** @type {Node} */ at, /** @type {string} */ name) => at?.[name], this.document);
    if (!found) throw new Error(`openapi.json: there is no ${node.$ref}`);
    return this.#resolved(found);
  }
}

/** @param {string} name */
const anchor = (name) => `document-${name.toLowerCase()}`;

/** @param {Node} operation */
function permission(operation) {
  if (operation.security?.length === 0) return "none.";
  const names = operation["x-permissions"]?.map((/** @type {string} */ name) => `\`${name}\``) ?? [];
  if (names.length === 0) return "any caller.";
  return `${names.join(" or ")}${operation["x-orders"] === "*" ? " over all orders (`*`)" : ""}.`;
}

/** @param {Node} schema */
function limits({ minimum, maximum, minLength, maxLength, minItems, maxItems }) {
  const range = (/** @type {number} */ from, /** @type {number} */ to, /** @type {string} */ what) => {
    if (from === undefined && to === undefined) return "";
    if (to === undefined) return `, at least ${from}${what}`;
    return from === undefined ? `, at most ${to}${what}` : `, ${from} to ${to}${what}`;
  };
  return (
    range(minimum, maximum, "") +
    range(minLength, maxLength, " characters") +
    range(minItems, maxItems, " items")
  );
}

/** @param {string | undefined} meaning @param {Node} schema */
function withDefault(meaning, schema) {
  const text = meaning ?? "";
  return schema.default === undefined
    ? text
    : `${text} Default: \`${JSON.stringify(schema.default)}\`.`.trim();
}

/** What a body or an answer looks like, in JSON. @param {Node} of */
function examples({ content = {} }) {
  return Object.entries(content).flatMap(([type, { example, examples: named = {} }]) => {
    if (!/[/+]json$/.test(type)) return [];
    const all = example === undefined ? Object.values(named).slice(0, 1) : [{ value: example }];
    return all.flatMap((/** @type {Node} */ { value }) => [
      "```json",
      JSON.stringify(value, null, 2),
      "```",
      "",
    ]);
  });
}
