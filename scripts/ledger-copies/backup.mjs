// Makes a backup: copies the ledger while no edge runs on it, and lists what was copied.
import { mkdir, readFile, readdir, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Failure, WrongUse } from "../command/faults.mjs";
import { inRoot } from "../command/places.mjs";
import { LEDGER_FILE, OBJECTS } from "../run/data-folder.mjs";
import { copy, syncFolder } from "./copying.mjs";
import { whileLocked } from "./lock.mjs";
import { BACKED_UP, writeManifest } from "./manifest.mjs";

/**
 * @param {{ data: string, to: string }} places
 * @returns {Promise<import("./manifest.mjs").Manifest>}
 */
export async function backUp({ data, to }) {
  const [from, folder] = [resolve(data), resolve(to)];
  const objects = join(from, OBJECTS);
  const faults = [await ledgerFault(from), await targetFault(folder)].filter((fault) => fault !== undefined);
  if (faults.length > 0) throw new WrongUse(faults);

  return whileLocked(from, async () => {
    const present = await readdir(objects);
    const files = [];
    try {
      for (const name of BACKED_UP.filter((name) => present.includes(name))) {
        files.push({ name, ...(await copy(join(objects, name), join(folder, name))) });
      }
      const manifest = { time: new Date().toISOString(), version: await softwareVersion(), files };
      await writeManifest(folder, manifest);
      await syncFolder(folder);
      return manifest;
    } catch (error) {
      const { code } = /** @type {NodeJS.ErrnoException} */ (error);
      throw new Failure(`${folder} could not be written (${code}): what is there now is not a backup`);
    }
  });
}

/** @param {string} data */
async function ledgerFault(data) {
  const has = (/** @type {string} */ folder) =>
    stat(join(folder, OBJECTS, LEDGER_FILE)).then(
      (found) => found.isFile(),
      () => false,
    );
  if (await has(data)) return undefined;
  const hint = (await has(join(data, "ledger"))) ? `; there is one in ${join(data, "ledger")}` : "";
  return `--data: there is no ledger in ${data}${hint}`;
}

/** Makes it if it is missing. @param {string} folder */
async function targetFault(folder) {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    return (await readdir(folder)).length > 0 ? `--to: ${folder} is not empty` : undefined;
  } catch (error) {
    return `--to: ${folder} cannot be made or read (${/** @type {NodeJS.ErrnoException} */ (error).code})`;
  }
}

/** That of the npm package: the edge has none of its own. */
async function softwareVersion() {
  return JSON.parse(await readFile(inRoot("pkg/package.json"), "utf8")).version;
}
