// A restore that is interrupted at any step loses nothing, and leaves nothing that an edge could take for its own ledger.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { WrongUse } from "../../scripts/command/faults.mjs";
import { backUp } from "../../scripts/ledger-copies/backup.mjs";
import { restore } from "../../scripts/ledger-copies/restore.mjs";
import { LEDGER_FILE, OBJECTS, MARK_FILE } from "../../scripts/run/data-folder.mjs";

const WAL = `${LEDGER_FILE}-wal`;
const NAMES = [LEDGER_FILE, WAL, "metadata.sqlite", MARK_FILE, `${MARK_FILE}-wal`];
const WITHIN_MS = 20_000;
/** What a restore does to the disk, at least: each file copied, linked, removed and moved. */
const LEAST_STEPS = 20;
const MOST_STEPS = 200;

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

/**
 * Restores in another process, in which `before(name, args)` is called before each step that changes the disk.
 * @param {string} data
 * @param {string} before the body of that function
 */
async function restoring(data, before, from = backup) {
  const module = new URL("../../scripts/ledger-copies/restore.mjs", import.meta.url);
  const work = `
    import { appendFileSync, promises } from "node:fs";
    import { syncBuiltinESMExports } from "node:module";
    let steps = 0;
    const before = (name, args) => { ${before} };
    for (const name of ["link", "mkdir", "open", "rename", "rm"]) {
      const real = promises[name];
      promises[name] = async (...args) => {
        const reads = name === "open" && args[1] === "r";
        if (!reads) before(name, args, ++steps);
        return real(...args);
      };
    }
    syncBuiltinESMExports();
    const { restore } = await import(${JSON.stringify(module)});
    await restore(${JSON.stringify({ from, data })}).catch((error) => {
      console.error(error.message);
      process.exit(1);
    });`;
  const child = spawn(process.execPath, ["--input-type=module", "--eval", work], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (said += text));
  const [status, signal] = await once(child, "close");
  return { status, signal, said };
}

await backUp({ data: await dataFolder("source", "backup"), to: backup });

test("interrupted before any of its steps: nothing is lost, and a restored ledger is recognised", async () => {
  let step = 1;
  for (; step < MOST_STEPS; step += 1) {
    const data = await dataFolder(`data-${step}`, "old");
    const { status, signal, said } = await restoring(
      data,
      `if (steps === ${step}) process.kill(process.pid, "SIGKILL");`,
    );
    if (status === 0) break;
    assert.equal(signal, "SIGKILL", `it failed by itself: ${said}`);
    await checkInterrupted(data).catch((error) => {
      throw new Error(`interrupted before step ${step}: ${error.message}`, { cause: error });
    });
    await rm(data, { recursive: true });
  }
  assert.ok(step > LEAST_STEPS, `a restore has only ${step - 1} steps`);
});

/** The lock is held until what the interrupted one had started has noticed its end. @param {string} data */
async function restoreAgain(data) {
  for (const deadline = Date.now() + WITHIN_MS; ; await pause(20)) {
    try {
      return await restore({ from: backup, data });
    } catch (error) {
      const isLocked = error instanceof WrongUse && error.message.includes("an edge is at work");
      if (!isLocked || Date.now() > deadline) throw error;
    }
  }
}

/** @param {string} data */
async function checkInterrupted(data) {
  const kept = await texts(data);
  for (const file of NAMES) assert.ok(kept.includes(`old ${file}`), `${file} is lost`);
  const [ledger, wal, mark] = await Promise.all(
    [LEDGER_FILE, WAL, MARK_FILE].map((file) => text(join(data, OBJECTS, file))),
  );
  assert.notEqual(mark, "", "there is no high-water mark");
  // Either all of the old one, with any mark; or a new mark, with whatever there is of a ledger.
  if (ledger.startsWith("old")) assert.ok(wal.startsWith("old"), "half of a ledger");
  else assert.ok(!mark.startsWith("old"), "a restored ledger with the old mark");
  if (ledger.startsWith("backup")) assert.equal(wal, `backup ${WAL}`, "half of the restored ledger");

  await restoreAgain(data);
  assert.equal(await text(join(data, OBJECTS, LEDGER_FILE)), `backup ${LEDGER_FILE}`);
  assert.equal(await text(join(data, OBJECTS, WAL)), `backup ${WAL}`);
  assert.ok(!(await readdir(data)).includes("restoring"), "the restore left its own folder");
}

/** @param {string} data */
async function unchanged(data) {
  for (const file of NAMES) assert.equal(await text(join(data, OBJECTS, file)), `old ${file}`);
}

test("where the old ledger cannot be kept, nothing is restored", async () => {
  const data = await dataFolder("no-links", "old");
  const { status, said } = await restoring(
    data,
    `if (name === "link") throw Object.assign(new Error("no links"), { code: "EPERM", path: args[0] });`,
  );
  assert.equal(status, 1);
  assert.match(said, /EPERM/);
  await unchanged(data);
});

test("a backup that changes while it is read is not restored", async () => {
  const changing = join(place, "changing");
  await cp(backup, changing, { recursive: true });
  const data = await dataFolder("changed", "old");
  const file = join(changing, LEDGER_FILE);
  const { status, said } = await restoring(
    data,
    `if (name === "mkdir" && args[0].endsWith("restoring")) appendFileSync(${JSON.stringify(file)}, "x");`,
    changing,
  );
  assert.equal(status, 1);
  assert.match(said, /the backup changes while it is read/);
  await unchanged(data);
});
