// The edge's configuration: the file it comes from, and what the edge itself says of it.
import { readFile } from "node:fs/promises";
import { parse } from "dotenv";
import { fetchKeySet } from "../../worker/src/fetch-key-set.js";
import { inRoot } from "../command/places.mjs";
import { envFileNotices } from "./env-file.mjs";

// Linux takes no single NAME=VALUE that is longer, its end mark included.
const LONGEST_VARIABLE_BYTES = 128 * 1024 - 1;

/** @typedef {Record<string, string>} Variables */

/** The very code that the edge runs, so that the two never disagree. */
async function edgeCode() {
  const glue = await import(inRoot("worker/dist/edge_glue.js"));
  glue.initSync({ module: await readFile(inRoot("worker/dist/edge.wasm")) });
  return glue;
}

/**
 * @param {string} file
 * @returns {Promise<{ variables?: Variables, unknown: string[], faults: string[], notices: string[] }>}
 */
export async function readEnvFile(file) {
  let text;
  try {
    text = await readFile(file, "utf8");
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    return { unknown: [], notices: [], faults: [`--env: ${file} cannot be read (${code})`] };
  }
  /** @type {string[]} */
  const names = (await edgeCode()).configurationNames();
  const all = Object.entries(parse(text));
  return {
    variables: Object.fromEntries(all.filter(([name]) => names.includes(name))),
    unknown: all.map(([name]) => name).filter((name) => !names.includes(name)),
    notices: envFileNotices(text),
    faults: [],
  };
}

/**
 * Everything that is wrong.
 * @param {Variables} variables
 * @returns {Promise<string[]>}
 */
export async function configurationFaults(variables) {
  /** @type {string[]} */
  const faults = JSON.parse((await edgeCode()).configurationFaults(JSON.stringify(variables)));
  for (const [name, value] of Object.entries(variables)) {
    if (Buffer.byteLength(`${name}=${value}`) > LONGEST_VARIABLE_BYTES) {
      faults.push(`${name}: longer than the 128 KiB that an environment variable can hold`);
    }
  }
  return faults;
}

/**
 * What an operator should know although nothing is wrong.
 * @param {Variables} variables
 * @returns {Promise<string[]>}
 */
export const configurationNotices = async (variables) =>
  JSON.parse((await edgeCode()).configurationNotices(JSON.stringify(variables)));

/**
 * What is wrong with the keys of the issuer of JWTs, as they are now: the edge starts all the same, since they may be
 * there when the first token comes.
 * @param {Variables} variables
 * @returns {Promise<string[]>}
 */
export async function keySetNotices({ JWT_JWKS_URL: url = "" }) {
  if (!URL.canParse(url.trim())) return [];
  const found = await fetchKeySet(url.trim(), fetch);
  if ("failed" in found) {
    return [
      `JWT_JWKS_URL: the issuer's keys cannot be read (${found.failed}); until they can, no JWT is taken`,
    ];
  }
  const { keys, weak } = found;
  const notices = [];
  if (keys.length === 0) {
    notices.push("JWT_JWKS_URL: there is no RSA or EC key for signatures that can be used; no JWT is taken");
  }
  if (weak.length > 0) {
    notices.push(
      `JWT_JWKS_URL: ${weak.length} of the issuer's keys are too short, or of the kind that ROCA breaks; they are not taken`,
    );
  }
  return notices;
}
