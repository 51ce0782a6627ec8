// Makes a witness whose word fits no ledger, so that the edge sees that this one was restored. The one that was there may
// not have seen the ledger's last seconds, and then takes an older ledger for the same one.
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "../command/faults.mjs";
import { LOCK, OBJECTS, WITNESS_FILE, filesOf } from "../run/data-folder.mjs";
import { serve } from "../run/workerd.mjs";

const WITHIN_MS = 20_000;

/**
 * Only workerd can write one.
 * @param {string} folder gets its files
 * @returns {Promise<string[]>} their names
 */
export async function makeWitness(folder) {
  const ledger = join(folder, "witness");
  await mkdir(ledger, { mode: 0o700 });
  const served = await serve({
    config: "scripts/ledger-copies/witness.capnp",
    env: {},
    port: 0,
    directories: { ledger },
    lock: join(ledger, LOCK),
  });
  try {
    const { ok } = await fetch(`http://127.0.0.1:${served.port}`, { signal: AbortSignal.timeout(WITHIN_MS) });
    if (!ok) throw new Failure("a witness could not be made");
  } finally {
    await served.stop();
  }
  const present = await readdir(join(ledger, OBJECTS));
  const names = filesOf(WITNESS_FILE).filter((name) => present.includes(name));
  if (!names.includes(WITNESS_FILE)) throw new Failure("a witness could not be made");
  for (const name of names) await rename(join(ledger, OBJECTS, name), join(folder, name));
  await rm(ledger, { recursive: true });
  return names;
}
