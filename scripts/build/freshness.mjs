// Is what was built still what its sources say? Content is compared, not time stamps: a checkout changes those.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, readdir, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { inRoot, root } from "../command/places.mjs";

/**
 * @typedef {object} Part
 * @property {string} name
 * @property {string[]} inputs files and folders, from the root
 * @property {string[]} [except] folders below the inputs that do not matter
 * @property {string[]} outputs files and folders, from the root
 */

// Under target/, which is ignored and may be deleted at any time.
/** @param {Part} part */
const recordOf = (part) => inRoot("target", "built", `${part.name}.json`);

/** @param {Part} part */
export async function isFresh(part) {
  try {
    const record = JSON.parse(await readFile(recordOf(part), "utf8"));
    const missing = part.outputs.some((path) => !existsSync(inRoot(path)));
    return !missing && record.inputs === (await inputsOf(part)) && record.outputs === (await outputsOf(part));
  } catch {
    return false;
  }
}

/** @param {Part} part */
const outputsOf = (part) => digest(part.outputs, []);

/** Taken before building: what changes meanwhile makes the part stale again. @param {Part} part */
export const inputsOf = (part) => digest(part.inputs, part.except ?? []);

/**
 * @param {Part} part
 * @param {string} inputs
 */
export async function rememberBuilt(part, inputs) {
  await mkdir(inRoot("target", "built"), { recursive: true });
  await writeFile(recordOf(part), JSON.stringify({ inputs, outputs: await outputsOf(part) }));
}

/**
 * @param {string[]} paths
 * @param {string[]} except
 */
async function digest(paths, except) {
  const hash = createHash("sha256");
  for (const path of paths) {
    for (const file of await filesUnder(inRoot(path))) {
      const name = relative(root, file);
      if (except.some((folder) => name.startsWith(`${folder}/`))) continue;
      hash.update(`${name}\0`).update(
        createHash("sha256")
          .update(await readFile(file))
          .digest(),
      );
    }
  }
  return hash.digest("hex");
}

/**
 * @param {string} path
 * @returns {Promise<string[]>}
 */
async function filesUnder(path) {
  /** @type {import("node:fs").Dirent[]} */
  let entries;
  try {
    entries = await readdir(path, { withFileTypes: true });
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    if (code === "ENOTDIR") return [path];
    if (code === "ENOENT") return [];
    throw error;
  }
  const found = entries
    .filter((entry) => entry.name !== "node_modules")
    .map((entry) => (entry.isDirectory() ? filesUnder(join(path, entry.name)) : [join(path, entry.name)]));
  return (await Promise.all(found)).flat().sort();
}
