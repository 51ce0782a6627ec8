// A backup that was changed or is not whole is not restored: every fault is named, and nothing is touched.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import {
  cp,
  mkdir,
  mkdtemp,
  readFile,
  readdir,
  rename,
  rm,
  stat,
  symlink,
  writeFile,
} from "node:fs/promises";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, beforeEach, test } from "node:test";
import { WrongUse } from "../../scripts/command/faults.mjs";
import { backUp } from "../../scripts/ledger-copies/backup.mjs";
import { examine } from "../../scripts/ledger-copies/manifest.mjs";
import { LEDGER_FILE, LOCK, OBJECTS, MARK_FILE } from "../../scripts/run/data-folder.mjs";
import { endCommands, runCommand } from "../harness/command.mjs";

const ALARMS = "metadata.sqlite";
const place = await mkdtemp(join(tmpdir(), "autorevoke-manifest-"));
after(() => rm(place, { recursive: true, force: true }));
afterEach(endCommands);

/** The file names of a folder and what is in them. @param {string} folder */
async function contents(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
  return Promise.all(files.sort().map(async (file) => [file, (await readFile(file)).toString("base64")]));
}

/** @type {string} */
let data;
/** @type {string} */
let backup;
let count = 0;

beforeEach(async () => {
  count += 1;
  data = join(place, `data-${count}`);
  backup = join(place, `backup-${count}`);
  const objects = join(data, OBJECTS);
  await mkdir(objects, { recursive: true });
  for (const name of [LEDGER_FILE, `${LEDGER_FILE}-wal`, ALARMS, MARK_FILE]) {
    await writeFile(join(objects, name), `${name} of ${count}`.repeat(1000));
  }
});

const made = () => backUp({ data, to: backup });
const backUpCommand = () => runCommand("backup", ["--data", data, "--to", backup]);
const restoreCommand = () => runCommand("restore", ["--from", backup, "--data", data]);

test("a backup has all of the ledger, for its owner's eyes only, and a manifest", async () => {
  const { code, stdout } = await backUpCommand();
  assert.equal(code, 0);
  assert.match(stdout, /^backed up 3 files, \d+ bytes, to /);
  assert.deepEqual(
    (await readdir(backup)).sort(),
    [LEDGER_FILE, `${LEDGER_FILE}-wal`, "manifest.json", ALARMS].sort(),
  );
  for (const name of await readdir(backup)) {
    assert.equal((await stat(join(backup, name))).mode & 0o077, 0);
    if (name !== "manifest.json") {
      assert.deepEqual(await readFile(join(backup, name)), await readFile(join(data, OBJECTS, name)));
    }
  }
  assert.equal((await stat(backup)).mode & 0o077, 0);
  const { time } = JSON.parse(await readFile(join(backup, "manifest.json"), "utf8"));
  assert.ok(Math.abs(Date.parse(time) - Date.now()) < 60_000);
});

test("a folder that is not empty, and no ledger: both named, nothing written", async () => {
  await mkdir(backup);
  await writeFile(join(backup, "mine"), "");
  await rm(join(data, OBJECTS, LEDGER_FILE));
  const { code, stderr } = await backUpCommand();
  assert.equal(code, 2);
  assert.match(stderr, /--data: there is no ledger in /);
  assert.match(stderr, /--to: .* is not empty/);
  assert.deepEqual(await readdir(backup), ["mine"]);
});

test("the folder of a demo: it says where the ledger is", async () => {
  await mkdir(join(data, "ledger"));
  await rename(join(data, OBJECTS), join(data, "ledger", OBJECTS));
  await assert.rejects(made(), (error) => {
    assert.ok(error instanceof WrongUse);
    assert.ok(error.message.endsWith(`there is one in ${join(data, "ledger")}`), error.message);
    return true;
  });
});

test("every fault of a damaged backup is named, and nothing is changed", async () => {
  await made();
  const before = await contents(data);
  const ledger = await readFile(join(backup, LEDGER_FILE));
  ledger[100] ^= 1;
  await writeFile(join(backup, LEDGER_FILE), ledger);
  await writeFile(join(backup, ALARMS), "short");
  await rm(join(backup, `${LEDGER_FILE}-wal`));
  await writeFile(join(backup, MARK_FILE), "not from here");
  const { code, stdout, stderr } = await restoreCommand();
  assert.deepEqual([code, stdout], [1, ""]);
  const [first, ...faults] = stderr.trim().split("\n");
  assert.match(first, /nothing was changed/);
  assert.deepEqual(
    faults.sort(),
    [
      `${LEDGER_FILE} was changed: its SHA-256 is another one`,
      `${LEDGER_FILE}-wal is missing`,
      `metadata.sqlite has 5 bytes instead of ${`${ALARMS} of ${count}`.length * 1000}`,
      `not in manifest.json: ${MARK_FILE}`,
    ].sort(),
  );
  assert.deepEqual(await contents(data), before);
});

test("a manifest that is missing, broken, of another kind or from a later version", async () => {
  await made();
  const file = join(backup, "manifest.json");
  const sound = JSON.parse(await readFile(file, "utf8"));
  const [first] = sound.files;
  for (const [manifest, fault] of /** @type {[any, RegExp][]} */ ([
    ["{", /cannot be read as JSON/],
    [[], /not that of a backup/],
    [{ ...sound, format: "another" }, /not that of a backup/],
    [{ ...sound, formatVersion: 2 }, /of version 2, which this software does not know/],
    [{ ...sound, files: "none" }, /is damaged/],
    [{ ...sound, files: [{ ...first, sha256: "" }] }, /is damaged/],
    [{ ...sound, files: [] }, /does not list the ledger/],
    [{ ...sound, files: [...sound.files, first] }, /lists a file twice/],
    [{ ...sound, files: [...sound.files, { ...first, name: "../../x" }] }, /no ledger has: \.\.\/\.\.\/x/],
    [{ ...sound, files: [...sound.files, { ...first, name: MARK_FILE }] }, /no ledger has/],
  ])) {
    await writeFile(file, typeof manifest === "string" ? manifest : JSON.stringify(manifest));
    const { manifest: believed, faults } = await examine(backup);
    assert.equal(believed, undefined);
    assert.match(faults.join("\n"), fault);
  }
  await rm(file);
  assert.match(
    (await examine(backup)).faults.join(),
    /no manifest.json: it is no backup, or not a whole one/,
  );
  assert.match((await examine(join(place, "nowhere"))).faults.join(), /cannot be read/);
});

test("a file of the backup that is a link to another one", async () => {
  await made();
  await rename(join(backup, LEDGER_FILE), join(place, `elsewhere-${count}`));
  await symlink(join(place, `elsewhere-${count}`), join(backup, LEDGER_FILE));
  assert.deepEqual((await examine(backup)).faults, [`${LEDGER_FILE} is not a file`]);
});

test("while the lock is held there is neither a backup nor a restore; afterwards both", async (t) => {
  await made();
  const holder = spawn("flock", [join(data, LOCK), "sh", "-c", "echo held; exec cat"], {
    stdio: ["pipe", "pipe", "inherit"],
  });
  t.after(() => void holder.stdin.end());
  await once(holder.stdout, "data");
  const before = await contents(data);
  const refused = await runCommand("backup", ["--data", data, "--to", `${backup}-2`]);
  assert.deepEqual(
    [refused.code, refused.stderr],
    [2, `--data: an edge is at work on ${data}: stop it first\n`],
  );
  const restored = await restoreCommand();
  assert.deepEqual([restored.code, restored.stderr], [2, refused.stderr]);
  assert.deepEqual(await contents(data), before);
  holder.stdin.end();
  await once(holder, "close");
  const { code, stdout } = await restoreCommand();
  assert.equal(code, 0);
  assert.match(stdout, /what was there before is in .*set-aside-/);
  assert.match(stdout, /Next: start the edge/);
  for (const name of [LEDGER_FILE, `${LEDGER_FILE}-wal`, ALARMS]) {
    assert.deepEqual(await readFile(join(data, OBJECTS, name)), await readFile(join(backup, name)));
  }
});
