// The npm packages of the lock file. Uses node's own modules only: nothing else is there yet.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "../command/faults.mjs";
import { root } from "../command/places.mjs";
import { run } from "../command/running.mjs";

/** @typedef {Record<string, { version?: string, link?: boolean, optional?: boolean, devOptional?: boolean }>} Packages */

/** Installs what the lock file says unless it is there already. @param {string} [folder] */
export async function ensureNpmPackages(folder = root) {
  const [major, minor] = process.versions.node.split(".").map(Number);
  if (major < 20 || (major === 20 && minor < 11)) {
    throw new Failure(`Node 20.11 or newer is needed; this is ${process.version}`);
  }
  if (await installed(folder)) return;
  await run("npm", ["ci", "--no-audit", "--no-fund"], {
    label: "set-up: npm packages",
    cwd: folder,
    // Under `npm run` in the root these would make npm look there and not in `folder`.
    env: { npm_config_local_prefix: folder, INIT_CWD: folder },
  });
}

/**
 * npm writes what it has installed into node_modules/.package-lock.json: the two are compared package by package,
 * which stays right where time stamps do not (a clone, a restored cache).
 * @param {string} folder
 */
async function installed(folder) {
  const wanted = await packages(join(folder, "package-lock.json"));
  const there = await packages(join(folder, "node_modules", ".package-lock.json"));
  if (!wanted) throw new Failure(`${join(folder, "package-lock.json")} is missing or broken`);
  if (!there) return false;
  return Object.entries(wanted).every(([path, entry]) => {
    if (!path.includes("node_modules/")) return true;
    const found = there[path];
    // Optional packages may be for another platform.
    if (!found) return Boolean(entry.optional || entry.devOptional);
    return found.version === entry.version && Boolean(found.link) === Boolean(entry.link);
  });
}

/**
 * @param {string} file
 * @returns {Promise<Packages | undefined>}
 */
async function packages(file) {
  try {
    return JSON.parse(await readFile(file, "utf8")).packages;
  } catch {
    return undefined;
  }
}
