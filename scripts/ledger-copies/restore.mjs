// Restores a backup: what is there is set aside, never deleted, and a new high-water mark makes sure that the edge notices.
import { link, mkdir, readdir, rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Failure, WrongUse } from "../command/faults.mjs";
import { LEDGER_FILE, OBJECTS, MARK_FILE, filesOf } from "../run/data-folder.mjs";
import { copy, syncFolder } from "./copying.mjs";
import { whileLocked } from "./lock.mjs";
import { BACKED_UP, examine } from "./manifest.mjs";
import { makeHighWaterMark } from "./high-water-mark.mjs";

const markFiles = filesOf(MARK_FILE);

/**
 * @typedef {object} Restored
 * @property {string} time of the backup
 * @property {string} [setAside] where the ledger is now that was there before
 */

/**
 * @param {{ from: string, data: string }} places
 * @returns {Promise<Restored>}
 */
export async function restore({ from, data }) {
  const [folder, to] = [resolve(from), resolve(data)];
  const { manifest, faults } = await examine(folder);
  if (!manifest)
    throw new Failure(["nothing was changed, since the backup is not sound:", ...faults].join("\n"));
  const objects = join(to, OBJECTS);
  try {
    await mkdir(objects, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new WrongUse([
      `--data: ${to} cannot be made (${/** @type {NodeJS.ErrnoException} */ (error).code})`,
    ]);
  }

  return whileLocked(to, async () => {
    const staging = join(to, "restoring");
    const names = await stage(folder, staging, manifest).catch((error) => {
      throw error instanceof Failure ? error : new Failure(`nothing was changed: ${reason(error)}`);
    });
    try {
      const mark = await makeHighWaterMark(staging);
      const setAside = await keepAside(to);
      // At every moment an edge finds a ledger and a mark that do not fit each other: the new mark comes first,
      // and the ledger's own file goes first and comes last.
      await remove(objects, markFiles.slice(1));
      await move(mark, staging, objects);
      await remove(objects, BACKED_UP);
      await move([...names.filter((name) => name !== LEDGER_FILE), LEDGER_FILE], staging, objects);
      await rm(staging, { recursive: true });
      return { time: manifest.time, setAside };
    } catch (error) {
      const why = error instanceof Failure ? error.message : reason(error);
      throw new Failure(`the restore was broken off, and can be begun again: ${why}`);
    }
  });
}

/** @param {unknown} error of the file system */
const reason = (error) => {
  const { code, path } = /** @type {NodeJS.ErrnoException} */ (error);
  return `${path ?? "a file"}: ${code}`;
};

/**
 * Copies the backup next to its place, and looks at it again: it may have changed since it was examined.
 * @param {string} folder
 * @param {string} staging
 * @param {import("./manifest.mjs").Manifest} manifest
 * @returns {Promise<string[]>} the files' names
 */
async function stage(folder, staging, { files }) {
  // What is left of a restore that was broken off.
  await rm(staging, { recursive: true, force: true });
  await mkdir(staging, { mode: 0o700 });
  for (const { name, bytes, sha256 } of files) {
    const copied = await copy(join(folder, name), join(staging, name));
    if (copied.bytes !== bytes || copied.sha256 !== sha256) {
      throw new Failure(`nothing was changed, since the backup changes while it is read: ${name}`);
    }
  }
  return files.map(({ name }) => name);
}

/**
 * Gives every file a second name, in a folder of its own, so that none is lost with its first one.
 * @param {string} data
 * @returns {Promise<string | undefined>} the folder, if there was anything
 */
async function keepAside(data) {
  const objects = join(data, OBJECTS);
  const present = await readdir(objects);
  const names = [...BACKED_UP, ...markFiles].filter((name) => present.includes(name));
  if (names.length === 0) return undefined;
  const aside = join(data, `set-aside-${new Date().toISOString().replaceAll(":", "-")}`);
  await mkdir(aside, { mode: 0o700 });
  for (const name of names) await link(join(objects, name), join(aside, name));
  await syncFolder(aside);
  await syncFolder(data);
  return aside;
}

/** @param {string} folder @param {string[]} names in this order */
async function remove(folder, names) {
  for (const name of names) await rm(join(folder, name), { force: true });
  await syncFolder(folder);
}

/**
 * @param {string[]} names
 * @param {string} from
 * @param {string} to
 */
async function move(names, from, to) {
  for (const name of names) await rename(join(from, name), join(to, name));
  await syncFolder(to);
}
