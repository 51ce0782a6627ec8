// autorevoke key: makes an API key for an edge, or the key that signs its audit log.
import { WrongUse } from "../arguments.js";
import * as apiKey from "../keys/api-key.js";
import { newSigningKey } from "../keys/signing-key.js";
import { json, show, showLines } from "../output.js";

/** @param {Set<string>} given */
const required = (given) => !given.has("audit");

/** @type {import("../arguments.js").Command} */
export const key = {
  name: "key",
  about:
    "Makes an API key for an edge and prints it once, with the entry for API_KEYS (which holds only its hash). With --audit alone: " +
    "makes an AUDIT_SIGNING_KEY.",
  options: {
    id: { value: "ID", about: "who it is for: letters, digits, hyphens", required, fault: apiKey.idFault },
    permissions: {
      value: "LIST",
      about: `comma-separated, of ${apiKey.PERMISSIONS.join(", ")}`,
      required,
      fault: apiKey.permissionsFault,
    },
    orders: {
      value: "LIST",
      about: "comma-separated: numbers, ranges FROM-TO, or '*'",
      required,
      fault: apiKey.ordersFault,
    },
    person: {
      value: "NAME",
      about: "who holds it; a key without one cannot approve",
      fault: apiKey.personFault,
    },
    expires: {
      value: "TIME",
      about: "until when it is good, as RFC 3339 writes it",
      fault: apiKey.expiresFault,
    },
    audit: { about: "make an AUDIT_SIGNING_KEY instead" },
  },
  run({ values: { audit, json: asJson, ...values } }) {
    return audit ? makeSigningKey(values, asJson) : makeApiKey(values, asJson);
  },
};

/** @param {import("../arguments.js").Values} values @param {unknown} asJson */
function makeSigningKey(values, asJson) {
  const others = Object.keys(values).filter((name) => values[name] !== undefined);
  if (others.length > 0) throw new WrongUse(others.map((name) => `--${name} does not go with --audit`));
  const made = JSON.stringify(newSigningKey());
  return showLines(asJson ? made : `The AUDIT_SIGNING_KEY, shown this once:\n${made}`);
}

/** @param {import("../arguments.js").Values} values @param {unknown} asJson */
function makeApiKey({ id, permissions, orders, person, expires }, asJson) {
  const text = (/** @type {unknown} */ value) => (value === undefined ? undefined : String(value));
  const grant = {
    id: String(id),
    permissions: apiKey.list(String(permissions)),
    orders: apiKey.list(String(orders)),
    person: text(person),
    expires: text(expires),
  };
  const made = apiKey.newApiKey(grant);
  if (asJson) return show(json(made));
  showLines(
    `The key, shown this once:\n${made.key}\n\nIts entry for the array API_KEYS:\n${JSON.stringify(made.entry)}`,
  );
  if (grant.permissions.includes("approve") && !person)
    console.error("\nNote: without --person this key cannot approve.");
  return 0;
}
