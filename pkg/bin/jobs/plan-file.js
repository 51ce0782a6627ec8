// The list that a job is made of: a file of any kind, known by its bytes, standard input, or a folder of certificates.
import { readFile, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { WrongUse } from "../arguments.js";

const CERTIFICATE_FILE = /\.(pem|crt|cer|der)$/i;

/** @typedef {{ bytes: Buffer, nameOf: (place: string) => string }} FoundList `nameOf`: a place in it, as people find it */

/** @param {string} file a file, a folder, or `-` for standard input @returns {Promise<FoundList>} */
export async function listIn(file) {
  const nameOf = (/** @type {string} */ place) => place;
  if (file === "-") return { bytes: await standardInput(), nameOf };
  try {
    if ((await stat(file)).isDirectory()) return await certificatesIn(file);
    return { bytes: await readFile(file), nameOf };
  } catch (error) {
    if (error instanceof WrongUse) throw error;
    throw new WrongUse([`${file} is no file that can be read`]);
  }
}

async function standardInput() {
  const chunks = [];
  for await (const chunk of process.stdin) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** All certificates of a folder as one bundle. @param {string} folder */
async function certificatesIn(folder) {
  const files = (await readdir(folder)).filter((name) => CERTIFICATE_FILE.test(name)).sort();
  if (files.length === 0)
    throw new WrongUse([`${folder} has no certificates in it (.pem, .crt, .cer, .der)`]);
  /** Of each certificate, the file that it is in. @type {string[]} */
  const owners = [];
  const texts = [];
  for (const name of files) {
    const bytes = await readFile(join(folder, name));
    const text = bytes[0] === 0x30 && bytes[1] >= 0x80 ? pemOf(bytes) : bytes.toString();
    const begun = text.match(/^[ \t]*-----BEGIN /gm) ?? [];
    if (begun.length === 0) throw new WrongUse([`${join(folder, name)} has no certificate in it`]);
    owners.push(...begun.map(() => name));
    texts.push(text.endsWith("\n") ? text : `${text}\n`);
  }
  const nameOf = (/** @type {string} */ place) => {
    const [, number] = /^certificate (\d+)/.exec(place) ?? [];
    return number ? `${place} (in ${owners[Number(number) - 1]})` : place;
  };
  return { bytes: Buffer.from(texts.join("")), nameOf };
}

/** @param {Buffer} der */
const pemOf = (der) => `-----BEGIN CERTIFICATE-----\n${der.toString("base64")}\n-----END CERTIFICATE-----\n`;

/**
 * The plan of a list.
 * @param {Buffer} bytes
 * @param {{ name?: string, deadline?: string, columns?: string, test?: boolean, defaults?: { codeReason: string | number } }} terms these come before
 *   the list's own
 * @returns {any}
 */
export function planOf(bytes, terms) {
  const plan = jsonOf(bytes);
  if (plan === undefined) return { csv: bytes, ...terms };
  const { test, ...others } = terms;
  const defaults = test ? { ...others.defaults, test } : others.defaults;
  const over = defaults && { defaults };
  if (Array.isArray(plan)) return { orders: plan, ...others, ...over };
  return { ...plan, ...others, ...over, ...mergedDefaults(plan.defaults, defaults) };
}

/**
 * A plan as JSON, or its orders alone; nothing if it is another list, which may be JSON as well: what a search has found.
 * @param {Buffer} content
 */
function jsonOf(content) {
  const begin = content
    .subarray(0, 64)
    .toString()
    .replace(/^\uFEFF/, "")
    .trimStart()[0];
  if (begin !== "{" && begin !== "[") return undefined;
  // Certificates may have any text before them.
  if (content.includes("-----BEGIN CERTIFICATE-----\n")) return undefined;
  let text, value;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(content);
    value = JSON.parse(text);
  } catch (error) {
    const { message } = /** @type {Error} */ (error);
    // Node quotes the text; where it is wrong, is enough.
    const place = /position \d+/.exec(message)?.[0];
    throw new WrongUse([`FILE is not JSON${place ? ` (at ${place})` : ""}`]);
  }
  // Of two members with one name JSON.parse takes the last: which one was meant, nobody can tell.
  if (membersWritten(text) !== membersOf(value))
    throw new WrongUse(["FILE has an object in which a member stands twice"]);
  return begin === "[" && value.some(isFound) ? undefined : value;
}

/** An entry of crt.sh or Cert Spotter. @param {any} entry */
const isFound = (entry) =>
  ["serial_number", "cert_der", "tbs_sha256"].some((name) => Object.hasOwn(Object(entry), name));

/** How many members the objects of a well-formed JSON text are written with. @param {string} text */
const membersWritten = (text) => (text.replace(/"(?:[^"\\]|\\.)*"/g, "").match(/:/g) ?? []).length;

/** How many they have. @param {unknown} value @returns {number} */
function membersOf(value) {
  if (typeof value !== "object" || value === null) return 0;
  const own = Array.isArray(value) ? 0 : Object.keys(value).length;
  return Object.values(value).reduce((sum, member) => sum + membersOf(member), own);
}

/** Those of the command over those of the file. What is no object is left for the client to name. @param {any} [own] @param {object} [over] */
const mergedDefaults = (own, over) =>
  over && typeof own === "object" && own !== null && !Array.isArray(own)
    ? { defaults: { ...own, ...over } }
    : {};

/** A reason as the edge takes it: its name, or its number. @param {string} text */
export const reasonOf = (text) => (/^\d$/.test(text) ? Number(text) : text);

/** A deadline as the edge takes it: a date-time, or a time from now. @param {string} text */
export function deadlineOf(text) {
  const units = { m: 60_000, h: 3_600_000, d: 86_400_000 };
  const found = /^(\d{1,6})([mhd])$/.exec(text);
  if (!found) return text;
  const [, count, unit] = found;
  return new Date(Date.now() + Number(count) * units[/** @type {"m" | "h" | "d"} */ (unit)]).toISOString();
}
