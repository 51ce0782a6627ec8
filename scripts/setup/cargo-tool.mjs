// Tools that cargo builds, kept outside the clone by name and version.
import { existsSync } from "node:fs";
import { mkdir, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { inCache } from "../command/places.mjs";
import { run } from "../command/running.mjs";

const LIMIT_MS = 20 * 60_000;

/**
 * @param {{ name: string, version: string, takes: string }} tool
 * @returns {Promise<string>} the folder that has the tool in its bin/
 */
export async function ensureCargoTool({ name, version, takes }) {
  const folder = inCache(`${name}-${version}`);
  if (existsSync(folder)) return folder;
  // Built aside and moved into place at once: what is there is whole, and two clones may do this together.
  const aside = `${folder}.${process.pid}`;
  await mkdir(dirname(folder), { recursive: true });
  try {
    // Not --locked: its lock file may name versions that the registry no longer serves.
    await run("cargo", ["install", name, "--version", version, "--root", aside], {
      label: `set-up: cargo install ${name} ${version} (${takes})`,
      env: { CARGO_TARGET_DIR: `${aside}/build` },
      limitMs: LIMIT_MS,
    });
    await rm(`${aside}/build`, { recursive: true, force: true });
    await rename(aside, folder).catch((error) => {
      if (!existsSync(folder)) throw error;
    });
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
  return folder;
}
