// What cargo compiled of other people's crates, kept outside the clone: a fresh clone compiles its own code only.
//
// Not a shared target folder: cargo tells what is fresh of a clone's own crates by time stamps, and would take one
// clone's for another's. Those are left out here, and what is kept is keyed by all that decides about the rest.
import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { cp, readFile, readdir, rename, rm, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { inCache, inRoot, targetDirectory } from "../command/places.mjs";
import { attempt, run, say } from "../command/running.mjs";

/** The parts of a profile's folder that hold units of single crates. */
const KINDS = [".fingerprint", "build", "deps"];
/** Other lock files and compilers: those of the clones that were worked on last. */
const KEPT = 3;

const place = inCache("dependencies");

/** @returns {Promise<string | undefined>} nothing where there is no compiler to ask */
async function key() {
  const { ok, stdout } = await attempt("rustc", ["--version", "--verbose"]);
  if (!ok) return undefined;
  const hash = createHash("sha256").update(stdout);
  for (const file of ["Cargo.lock", "Cargo.toml", "scripts/setup/wasm-target.mjs", "scripts/build/wasm.mjs"])
    hash.update(await readFile(inRoot(file)));
  return hash.digest("hex").slice(0, 16);
}

/** @type {Promise<void> | undefined} */
let restored;

/** Into a clone that has compiled nothing yet; once, however many parts are built. */
export const restoreDependencies = () => (restored ??= restore());

async function restore() {
  if (existsSync(join(targetDirectory, "debug"))) return;
  const name = await key();
  if (!name || !existsSync(join(place, name))) return;
  await cp(join(place, name), targetDirectory, { recursive: true, preserveTimestamps: true });
  say("set-up: compiled dependencies are taken from the cache");
}

/** After all suites have compiled what they need. */
export async function keepDependencies() {
  const name = await key();
  if (!name || existsSync(join(place, name))) return;
  const aside = join(place, `${name}.${process.pid}`);
  const own = await ownCrates();
  try {
    for (const profile of await profileFolders(targetDirectory)) {
      const to = join(aside, relative(targetDirectory, profile));
      for (const unit of await unitsOf(profile, own))
        await cp(join(profile, unit), join(to, unit), { recursive: true, preserveTimestamps: true });
    }
    // Moved into place at once: what is there is whole, and another clone may have been faster.
    await rename(aside, join(place, name)).catch(() => {});
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  await prune();
}

/** The crates whose sources are in the clone. */
async function ownCrates() {
  const metadata = await run("cargo", ["metadata", "--no-deps", "--format-version", "1"]);
  return new Set(JSON.parse(metadata).packages.map((/** @type {{ name: string }} */ { name }) => name));
}

/** @param {string} folder @returns {Promise<string[]>} where a profile's units are */
async function profileFolders(folder) {
  const entries = await readdir(folder, { withFileTypes: true });
  const names = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
  if (names.includes(".fingerprint")) return [folder];
  return (await Promise.all(names.map((name) => profileFolders(join(folder, name))))).flat();
}

/**
 * What belongs to other people's crates: cargo names each file by its crate and the hash of its unit.
 * @param {string} profile
 * @param {Set<string>} own
 */
async function unitsOf(profile, own) {
  const named = /^(.+)-([0-9a-f]{16})(\..+)?$/;
  const fingerprints = (await readdir(join(profile, ".fingerprint"))).map((name) => named.exec(name) ?? []);
  const hashes = new Set(fingerprints.filter(([, crate]) => !own.has(crate)).map(([, , hash]) => hash));
  const entries = KINDS.map(async (kind) => {
    const names = await readdir(join(profile, kind)).catch(() => []);
    return names.filter((name) => hashes.has(named.exec(name)?.[2] ?? "")).map((name) => join(kind, name));
  });
  return (await Promise.all(entries)).flat();
}

async function prune() {
  const names = await readdir(place);
  const ages = await Promise.all(
    names.map(async (name) => ({ name, at: (await stat(join(place, name))).ctimeMs })),
  );
  const old = ages.sort((one, other) => other.at - one.at).slice(KEPT);
  for (const { name } of old) await rm(join(place, name), { recursive: true, force: true });
}
