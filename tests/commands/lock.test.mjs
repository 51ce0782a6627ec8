// Where there is neither flock nor setpriv: still never two edges on one ledger, and no lock that outlives its holder.
// @ts-check
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, afterEach, test } from "node:test";
import { fileURLToPath } from "node:url";
import { newApiKey } from "../../pkg/bin/keys/api-key.js";
import { newSigningKey } from "../../pkg/bin/keys/signing-key.js";
import { backUp } from "../../scripts/ledger-copies/backup.mjs";
import { bySocket } from "../../scripts/run/lock.mjs";
import { allGone } from "../harness/command.mjs";

const HOST = fileURLToPath(new URL("../harness/edge-host.mjs", import.meta.url));
const folder = await mkdtemp(join(tmpdir(), "autorevoke-lock-"));
const data = join(folder, "data");
const { key, entry } = newApiKey({ id: "ops", permissions: ["test"], orders: ["*"] });
const variables = {
  CA_ENDPOINT: "http://127.0.0.1:9/nobody-there",
  CA_LOGIN_NAME: "canary-login",
  CA_LOGIN_PASSWORD: "canary-password",
  API_KEYS: JSON.stringify([entry]),
  AUDIT_SIGNING_KEY: JSON.stringify(newSigningKey()),
};
/** What is still running. @type {Set<number>} */
const pids = new Set();
afterEach(() => {
  for (const pid of pids) {
    try {
      process.kill(pid, "SIGKILL");
    } catch {
      // It is gone.
    }
  }
  pids.clear();
});
after(() => rm(folder, { recursive: true, force: true }));

/** An edge in a process of its own, which finds no program at all; or why there is none. */
async function start() {
  const host = spawn(process.execPath, [HOST], { env: { PATH: folder }, stdio: ["pipe", "pipe", "pipe"] });
  pids.add(/** @type {number} */ (host.pid));
  let said = "";
  host.stderr.setEncoding("utf8").on("data", (text) => (said += text));
  host.stdin.write(`${JSON.stringify({ variables, data })}\n`);
  const lines = createInterface(host.stdout);
  const [line] = await Promise.race([once(lines, "line"), once(host, "close").then(() => [undefined])]);
  if (line === undefined) return { refused: said };
  const { pid, url } = JSON.parse(line);
  pids.add(pid);
  // Now it has a ledger.
  await fetch(`${url}/v1/orders/7`, { headers: { authorization: `Bearer ${key}` } });
  return { host, workerd: /** @type {number} */ (pid) };
}

test("two edges are never at work on the same data, and what holds it is workerd itself", async () => {
  const { host, workerd = 0 } = await start();
  assert.ok(host);
  assert.match((await start()).refused ?? "", /another edge is at work on/);
  // The command is killed, and nothing takes workerd along.
  host.kill("SIGKILL");
  await once(host, "exit");
  assert.match((await start()).refused ?? "", /another edge is at work on/);
  process.kill(workerd, "SIGKILL");
  await allGone([workerd]);
  const again = await start();
  assert.ok(again.host, again.refused);
  // And what those left that were killed is gone.
  assert.equal((await readdir(data)).filter((name) => name.endsWith(".sock")).length, 1);
  again.host.stdin.end();
  await once(again.host, "exit");
  assert.equal((await readdir(data)).filter((name) => name.endsWith(".sock")).length, 0);
});

test("no backup is made while an edge is at work, and one is afterwards", async () => {
  const { host } = await start();
  assert.ok(host);
  const path = process.env.PATH;
  process.env.PATH = folder;
  try {
    await assert.rejects(
      backUp({ data, to: join(folder, "copy") }),
      /an edge is at work on .*: stop it first/,
    );
    host.stdin.end();
    await once(host, "exit");
    assert.ok((await backUp({ data, to: join(folder, "copy") })).files.length > 0);
  } finally {
    process.env.PATH = path;
  }
});

test("of many that begin at once at most one goes on, and who lets go leaves nothing", async () => {
  for (let round = 0; round < 20; round += 1) {
    const begun = await Promise.allSettled(Array.from({ length: 5 }, () => bySocket(folder)));
    const held = begun.flatMap((one) => (one.status === "fulfilled" ? [one.value] : []));
    assert.ok(held.length <= 1);
    await Promise.all(held.map(({ release }) => release()));
    const { release } = await bySocket(folder);
    await assert.rejects(bySocket(folder), /is in use/);
    await release();
  }
  assert.deepEqual(
    (await readdir(folder)).filter((name) => name.endsWith(".sock")),
    [],
  );
});

test("where no socket can be made nothing is started", async () => {
  const long = join(folder, "x".repeat(200));
  await assert.rejects(bySocket(long), /is not known: there is no flock/);
  const file = join(folder, "file");
  await writeFile(file, "");
  await assert.rejects(bySocket(file), /is not known/);
});
