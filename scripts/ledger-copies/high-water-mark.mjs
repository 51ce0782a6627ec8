// Makes a high-water mark that fits no ledger, so that the edge recognises this one as restored. The mark that was there
// may lack the ledger's last seconds, and would then fit an older ledger as well.
import { mkdir, readdir, rename, rm } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "../command/faults.mjs";
import { LOCK, OBJECTS, MARK_FILE, filesOf } from "../run/data-folder.mjs";
import { serve } from "../run/workerd.mjs";

const WITHIN_MS = 20_000;

/**
 * Written by workerd: it is the only one that writes the files of a Durable Object.
 * @param {string} folder gets its files
 * @returns {Promise<string[]>} their names
 */
export async function makeHighWaterMark(folder) {
  const ledger = join(folder, "mark");
  await mkdir(ledger, { mode: 0o700 });
  const served = await serve({
    config: "scripts/ledger-copies/high-water-mark.capnp",
    env: {},
    port: 0,
    directories: { ledger },
    lock: join(ledger, LOCK),
  });
  try {
    const { ok } = await fetch(`http://127.0.0.1:${served.port}`, { signal: AbortSignal.timeout(WITHIN_MS) });
    if (!ok) throw new Failure("the high-water mark could not be written");
  } finally {
    await served.stop();
  }
  const present = await readdir(join(ledger, OBJECTS));
  const names = filesOf(MARK_FILE).filter((name) => present.includes(name));
  if (!names.includes(MARK_FILE)) throw new Failure("the high-water mark could not be written");
  for (const name of names) await rename(join(ledger, OBJECTS, name), join(folder, name));
  await rm(ledger, { recursive: true });
  return names;
}
