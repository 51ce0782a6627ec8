// npm run key: makes an API key, or the key that signs the audit log. Needs nothing but Node.
import { readArguments } from "./command/arguments.mjs";
import { WrongUse, runCommand } from "./command/faults.mjs";
import * as apiKey from "./keys/api-key.mjs";
import { newSigningKey } from "./keys/signing-key.mjs";

/** @param {Set<string>} given */
const required = (given) => !given.has("audit");

const usage = {
  name: "npm run key --",
  about: [
    "Makes an API key and prints it once, with the entry for API_KEYS (which holds only its hash).",
    "With --audit alone: makes an AUDIT_SIGNING_KEY.",
  ].join("\n"),
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
};

await runCommand(async () => {
  const { values, switches } = readArguments(usage);
  if (switches.has("audit")) makeSigningKey(values);
  else makeApiKey(values);
});

/** @param {Record<string, string | undefined>} values */
function makeSigningKey(values) {
  const others = Object.keys(values);
  if (others.length > 0) throw new WrongUse(others.map((name) => `--${name} does not go with --audit`));
  console.log(`The AUDIT_SIGNING_KEY, shown this once:\n${JSON.stringify(newSigningKey())}`);
}

/** @param {Record<string, string | undefined>} values */
function makeApiKey({ id, permissions, orders, person, expires }) {
  const grant = {
    id: String(id),
    permissions: apiKey.list(String(permissions)),
    orders: apiKey.list(String(orders)),
    person,
    expires,
  };
  const { key, entry } = apiKey.newApiKey(grant);
  console.log(
    `The key, shown this once:\n${key}\n\nIts entry for the array API_KEYS:\n${JSON.stringify(entry)}`,
  );
  if (grant.permissions.includes("approve") && !person) {
    console.error("\nNote: without --person this key cannot approve.");
  }
}
