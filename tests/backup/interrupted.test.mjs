// A restore that is killed at any moment loses nothing, and leaves nothing that an edge could take for its own ledger.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { backUp } from "../../scripts/ledger-copies/backup.mjs";
import { restore } from "../../scripts/ledger-copies/restore.mjs";
import { LEDGER_FILE, OBJECTS, WITNESS_FILE } from "../../scripts/run/data-folder.mjs";

const WITHIN_MS = 20_000;
const WAL = `${LEDGER_FILE}-wal`;
const NAMES = [LEDGER_FILE, WAL, "metadata.sqlite", WITNESS_FILE, `${WITNESS_FILE}-wal`];
/** After so many changes of what lies in the data folder; there are about ten. */
const MOMENTS = [5, 7, 8, 9];

const place = await mkdtemp(join(tmpdir(), "autorevoke-interrupted-"));
const backup = join(place, "backup");
after(() => rm(place, { recursive: true, force: true }));

/** A data folder whose files tell whose they are. @param {string} name @param {string} whose */
async function dataFolder(name, whose) {
  const data = join(place, name);
  await mkdir(join(data, OBJECTS), { recursive: true });
  for (const file of NAMES) await writeFile(join(data, OBJECTS, file), `${whose} ${file}`);
  return data;
}

const text = (/** @type {string} */ file) => readFile(file, "latin1").catch(() => "");

/** What all the files below a folder hold. @param {string} folder */
async function texts(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  return Promise.all(files.map((file) => text(join(file.parentPath ?? file.path, file.name))));
}

/** Restores in another process, and kills that after so many changes. @param {string} data @param {number} changes */
async function killed(data, changes) {
  const module = new URL("../../scripts/ledger-copies/restore.mjs", import.meta.url);
  const work = `import { restore } from ${JSON.stringify(module)}; await restore(${JSON.stringify({ from: backup, data })});`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", work], { stdio: "ignore" });
  const over = once(child, "close");
  let last = "";
  let left = changes + 1;
  for (const deadline = Date.now() + WITHIN_MS; Date.now() < deadline && child.exitCode === null;) {
    const now = [await readdir(data), await readdir(join(data, OBJECTS))].join();
    if (now !== last && --left === 0) break;
    last = now;
  }
  child.kill("SIGKILL");
  await over;
}

await backUp({ data: await dataFolder("source", "backup"), to: backup });

for (const moment of MOMENTS) {
  test(`killed after ${moment} changes: nothing is lost, and a restored ledger is recognised`, async () => {
    const data = await dataFolder(`data-${moment}`, "old");
    await killed(data, moment);

    const kept = await texts(data);
    for (const file of NAMES) assert.ok(kept.includes(`old ${file}`), `${file} is lost`);
    const [ledger, wal, witness] = await Promise.all(
      [LEDGER_FILE, WAL, WITNESS_FILE].map((file) => text(join(data, OBJECTS, file))),
    );
    assert.notEqual(witness, "", "there is no witness");
    // Either all of the old one, with whatever witness; or a new witness, with whatever there is of a ledger.
    if (ledger.startsWith("old")) assert.ok(wal.startsWith("old"), "half of a ledger");
    else assert.ok(!witness.startsWith("old"), "a restored ledger with the old witness");

    await restore({ from: backup, data });
    assert.equal(await text(join(data, OBJECTS, LEDGER_FILE)), `backup ${LEDGER_FILE}`);
    assert.equal(await text(join(data, OBJECTS, WAL)), `backup ${WAL}`);
    assert.deepEqual(
      (await readdir(data)).filter((name) => name === "restoring"),
      [],
    );
  });
}
