// The manifest of a backup: what is in it, and what is wrong with one that was changed or is not whole.
import { lstat, open, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { ALARMS_FILE, LEDGER_FILE, filesOf } from "../run/data-folder.mjs";
import { read } from "./copying.mjs";

export const MANIFEST = "manifest.json";
const FORMAT = "autorevoke-ledger-backup";
const FORMAT_VERSION = 1;

/** What a backup may hold: the ledger and its alarms. The high-water mark is no part of it. */
export const BACKED_UP = [...filesOf(LEDGER_FILE), ...filesOf(ALARMS_FILE)];

/**
 * @typedef {{ name: string } & import("./copying.mjs").Content} Entry
 * @typedef {object} Manifest
 * @property {string} time RFC 3339
 * @property {string} version of the software that made it
 * @property {Entry[]} files
 */

/**
 * Written last: a backup without one is not whole.
 * @param {string} folder
 * @param {Manifest} manifest
 */
export async function writeManifest(folder, manifest) {
  const file = await open(join(folder, MANIFEST), "wx", 0o600);
  try {
    const content = { format: FORMAT, formatVersion: FORMAT_VERSION, ...manifest };
    await file.writeFile(`${JSON.stringify(content, undefined, 2)}\n`);
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Compares a backup with its manifest.
 * @param {string} folder
 * @returns {Promise<{ manifest?: Manifest, faults: string[] }>} without faults, the manifest
 */
export async function examine(folder) {
  const present = await readdir(folder).catch(() => undefined);
  if (!present) return { faults: [`${folder} cannot be read`] };
  if (!present.includes(MANIFEST)) {
    return { faults: [`${folder} has no ${MANIFEST}: it is no backup, or not a whole one`] };
  }
  const manifest = await readManifest(folder);
  if (typeof manifest === "string") return { faults: [manifest] };

  const listed = manifest.files.map(({ name }) => name);
  const twice = listed.filter((name, at) => listed.indexOf(name) !== at);
  const faults = [
    ...listed
      .filter((name) => !BACKED_UP.includes(name))
      .map((name) => `${MANIFEST} lists a file that no ledger has: ${name}`),
    ...twice.map((name) => `${MANIFEST} lists a file twice: ${name}`),
    ...(listed.includes(LEDGER_FILE) ? [] : [`${MANIFEST} does not list the ledger: ${LEDGER_FILE}`]),
    ...present
      .filter((name) => name !== MANIFEST && !listed.includes(name))
      .map((name) => `not in ${MANIFEST}: ${name}`),
  ];
  for (const entry of manifest.files.filter(({ name }) => BACKED_UP.includes(name))) {
    const fault = await faultOf(join(folder, entry.name), entry);
    if (fault) faults.push(`${entry.name} ${fault}`);
  }
  return faults.length > 0 ? { faults } : { manifest, faults };
}

/**
 * @param {string} file
 * @param {import("./copying.mjs").Content} expected
 */
async function faultOf(file, expected) {
  const found = await lstat(file).catch(() => undefined);
  if (!found) return "is missing";
  if (!found.isFile()) return "is not a file";
  if (found.size !== expected.bytes) return `has ${found.size} bytes instead of ${expected.bytes}`;
  const { sha256 } = await read(file);
  return sha256 === expected.sha256 ? undefined : "was changed: its SHA-256 is another one";
}

/** @param {string} folder @returns {Promise<Manifest | string>} or what is wrong with it */
async function readManifest(folder) {
  let content;
  try {
    content = JSON.parse(await readFile(join(folder, MANIFEST), "utf8"));
  } catch {
    return `${MANIFEST} cannot be read as JSON`;
  }
  if (content?.format !== FORMAT) return `${MANIFEST} is not that of a backup of a ledger`;
  if (content.formatVersion !== FORMAT_VERSION) {
    return `${MANIFEST} is of version ${content.formatVersion}, which this software does not know`;
  }
  const { time, version, files } = content;
  const sound = typeof time === "string" && typeof version === "string" && Array.isArray(files);
  return sound && files.every(isEntry) ? { time, version, files } : `${MANIFEST} is damaged`;
}

/** @param {any} entry */
const isEntry = (entry) =>
  typeof entry?.name === "string" && Number.isSafeInteger(entry.bytes) && /^[0-9a-f]{64}$/.test(entry.sha256);
