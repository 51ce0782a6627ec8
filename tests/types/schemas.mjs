// The members of a document of the edge, as openapi.json has them.

/**
 * @param {any} document the OpenAPI document
 * @param {string} name of a schema
 * @returns {{ values?: unknown[], members: Map<string, boolean> }} its values, or its members, each with whether it is always there
 */
export function membersOf(document, name) {
  const schema = document.components.schemas[name];
  if (!schema) throw new Error(`openapi.json has no schema ${name}`);
  const values =
    schema.enum ?? (schema.oneOf?.[0].const && schema.oneOf.map((/** @type {any} */ each) => each.const));
  if (values) return { values, members: new Map() };
  /** @type {Map<string, boolean>} */
  const members = new Map();
  const read = (/** @type {any} */ part) => {
    if (part.$ref) read(document.components.schemas[part.$ref.split("/").at(-1)]);
    for (const each of part.allOf ?? []) read(each);
    // One of several has no member that is always there.
    for (const each of [...(part.oneOf ?? []), ...(part.anyOf ?? [])]) read({ ...each, required: [] });
    for (const name of Object.keys(part.properties ?? {})) members.set(name, members.get(name) ?? false);
    for (const name of part.required ?? []) members.set(name, true);
  };
  read(schema);
  return { members };
}
