// The package as it is packed, installed into an empty project: nothing comes with it, and its command is there.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const pkg = fileURLToPath(new URL("../../pkg", import.meta.url));

test("npm install of the packed file, and npx autorevoke", { timeout: 120_000 }, async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "autorevoke-install-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const npm = (/** @type {string[]} */ ...args) =>
    run("npm", [...args, "--silent"], { cwd: folder, timeout: 60_000 });
  await npm("pack", pkg);
  await writeFile(
    join(folder, "package.json"),
    JSON.stringify({ name: "user", private: true, type: "module" }),
  );
  const { version } = JSON.parse(await readFile(join(pkg, "package.json"), "utf8"));
  // Without a network: it depends on nothing.
  await npm("install", "--offline", `./autorevoke-${version}.tgz`);
  const lock = JSON.parse(await readFile(join(folder, "package-lock.json"), "utf8"));
  assert.deepEqual(Object.keys(lock.packages), ["", "node_modules/autorevoke"]);

  const npx = (/** @type {string[]} */ ...args) =>
    run("npx", ["--offline", "autorevoke", ...args], { cwd: folder });
  assert.match((await npx("codes", "--", "-21")).stdout, /^-21, Already revoked\n/);
  await writeFile(join(folder, "log"), "{}\n");
  const bad = await npx("audit", "verify", "log").catch((error) => error);
  assert.equal(bad.code, 1);
  assert.match(bad.stdout, /^NOT OK: the log cannot be believed from entry 1 on\.\n/);
});
