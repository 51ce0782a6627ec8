// The edge's configuration: its names, the file it comes from, and what the edge itself says of it.
import { readFile } from "node:fs/promises";
import { parse } from "dotenv";
import { inRoot } from "../command/places.mjs";

export const NAMES = [
  "CA_LOGIN_NAME",
  "CA_LOGIN_PASSWORD",
  "CA_ACCOUNT_ID",
  "CA_ENDPOINT",
  "CA_TIMEOUT_MS",
  "CA_MAX_CONNECTIONS",
  "CA_MAX_PER_SECOND",
  "API_KEYS",
  "JWT_ISSUER",
  "JWT_AUDIENCE",
  "JWT_JWKS_URL",
  "JWT_PERSON_CLAIM",
  "GRANTS",
  "ALLOWED_ORIGINS",
  "RATE_LIMIT_PER_MINUTE",
  "DAILY_LIMIT",
  "MAX_JOB_ORDERS",
  "APPROVAL_ABOVE",
  "RESEND_WINDOW_MS",
  "AUDIT_SIGNING_KEY",
];

// Linux takes no single NAME=VALUE that is longer, its end mark included.
const LONGEST_VARIABLE_BYTES = 128 * 1024 - 1;

/** @typedef {Record<string, string>} Variables */

/**
 * @param {string} file
 * @returns {Promise<{ variables: Variables, unknown: string[], faults: string[] }>}
 */
export async function readEnvFile(file) {
  let text;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    return { variables: {}, unknown: [], faults: [`--env: ${file} cannot be read (${code})`] };
  }
  const all = Object.entries(parse(text));
  return {
    variables: Object.fromEntries(all.filter(([name]) => NAMES.includes(name))),
    unknown: all.map(([name]) => name).filter((name) => !NAMES.includes(name)),
    faults: [],
  };
}

/**
 * Asks the very code that the edge runs, so that the two never disagree.
 * @param {Variables} variables
 * @returns {Promise<string[]>}
 */
export async function configurationFaults(variables) {
  const glue = await import(inRoot("worker/dist/edge_glue.js"));
  glue.initSync({ module: await readFile(inRoot("worker/dist/edge.wasm")) });
  /** @type {string[]} */
  const faults = JSON.parse(glue.configurationFaults(JSON.stringify(variables)));
  for (const [name, value] of Object.entries(variables)) {
    if (Buffer.byteLength(`${name}=${value}`) > LONGEST_VARIABLE_BYTES) {
      faults.push(`${name}: longer than the 128 KiB that an environment variable can hold`);
    }
  }
  return faults;
}
