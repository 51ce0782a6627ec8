// npm run demo: ready means ready, what it prints works when pasted, and nothing of it stays behind.
// @ts-check
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readdir, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { promisify } from "node:util";
import { keepFolder } from "../../scripts/test/evidence.mjs";
import { allGone, descendants, endCommands, runCommand, startCommand } from "../harness/command.mjs";

const sh = promisify(execFile);
const READY = /^ready (http:\/\/127\.0\.0\.1:\d+)$/m;
const LEDGER = /^.*(http:\/\/127\.0\.0\.1:\d+\/_simulator\/ledger).*$/m;

/** @type {string} where it puts what it forgets */
let temporary;
before(async () => {
  temporary = await mkdtemp(join(tmpdir(), "autorevoke-commands-"));
});
afterEach(endCommands);
after(async () => {
  keepFolder(temporary);
  await rm(temporary, { recursive: true, force: true });
});

/** @param {string[]} [more] */
const startDemo = (more = []) =>
  startCommand("demo", ["--port", "0", ...more], { env: { TMPDIR: temporary } });

test("dashboard, edge and simulator are there, and the curl line revokes an order", async () => {
  const demo = startDemo();
  const [, url] = await demo.says(READY);
  const [, ledgerUrl] = await demo.says(LEDGER);

  const page = await fetch(`${url}/`);
  assert.equal(page.status, 200);
  assert.match(page.headers.get("content-type") ?? "", /^text\/html/);
  assert.equal((await fetch(`${url}/healthz`)).status, 200);

  const [curl] = await demo.says(/^ *curl .*$/m);
  const { stdout } = await sh("sh", ["-c", curl.trim()]);
  const done = JSON.parse(stdout);
  assert.equal(done.outcome, "revoked");

  const ledger = await (await fetch(ledgerUrl)).text();
  assert.ok(ledger.includes(done.orderNumber));
  assert.ok(!ledger.includes("demo-password"));

  demo.killGroup("SIGINT");
  await demo.ended;
});

test("each printed key is who it is said to be", async () => {
  const demo = startDemo();
  const [, url] = await demo.says(READY);
  await demo.says(LEDGER);
  const lines = [...demo.said().stdout.matchAll(/^ {2}(\w+): ([\w,]+) +(ark_\S+)$/gm)];
  assert.ok(lines.length >= 4);
  for (const [, person, permissions, key] of lines) {
    const me = await (await fetch(`${url}/v1/me`, { headers: { authorization: `Bearer ${key}` } })).json();
    assert.equal(me.person, person);
    assert.deepEqual(me.grants[0].permissions.sort(), permissions.split(",").sort());
  }
  demo.killGroup("SIGTERM");
  await demo.ended;
});

/** @type {[string, (demo: import("../harness/command.mjs").Command) => void][]} */
const endings = [
  ["Ctrl-C", (demo) => demo.killGroup("SIGINT")],
  ["SIGTERM to npm", (demo) => demo.kill("SIGTERM")],
];
for (const [name, end] of endings) {
  test(`${name} ends everything and removes the data`, async () => {
    const demo = startDemo();
    await demo.says(LEDGER);
    assert.equal((await readdir(temporary)).length, 1);
    const below = (await descendants(demo.pid)).map(({ pid }) => pid);
    end(demo);
    await demo.ended;
    await allGone(below);
    assert.deepEqual(await readdir(temporary), []);
  });
}

test("SIGKILL of npm ends everything", async () => {
  const demo = startDemo(["--data", join(temporary, "killed")]);
  await demo.says(LEDGER);
  const below = (await descendants(demo.pid)).map(({ pid }) => pid);
  demo.kill("SIGKILL");
  await allGone(below);
  keepFolder(temporary);
  await rm(join(temporary, "killed"), { recursive: true, force: true });
});

test("keys that were never written whole are named, with what to do", async () => {
  for (const [text, words] of /** @type {[string, RegExp][]} */ ([
    ["", /^--data: .*demo-keys\.json is empty, .*delete it/m],
    ['{"signingKey":{"kty":"OKP"', /^--data: .*demo-keys\.json is damaged, .*delete it/m],
    ["{}", /is damaged/],
    ["null", /is damaged/],
  ])) {
    const data = join(temporary, "damaged");
    await mkdir(data, { recursive: true });
    await writeFile(join(data, "demo-keys.json"), text);
    const { code, stdout, stderr } = await runCommand("demo", ["--port", "0", "--data", data]);
    assert.deepEqual([code, stdout], [2, ""], text);
    assert.match(stderr, words);
    assert.doesNotMatch(stderr, /\n +at |OKP/);
  }
});

test("--data keeps keys and ledger, for their owner only", async () => {
  const data = join(temporary, "kept");
  const first = startDemo(["--data", data]);
  const [curl] = await first.says(/^ *curl .*$/m);
  const revoked = await sh("sh", ["-c", curl.trim()]);
  first.killGroup("SIGINT");
  await first.ended;
  assert.equal((await stat(join(data, "demo-keys.json"))).mode & 0o777, 0o600);

  const second = startDemo(["--data", data]);
  const [, url] = await second.says(READY);
  await second.says(LEDGER);
  const keyOf = (/** @type {string} */ text) => /ark_demo-operator_\S+/.exec(text)?.[0];
  const key = keyOf(second.said().stdout);
  assert.equal(key, keyOf(first.said().stdout));
  const order = await fetch(`${url}/v1/orders/${JSON.parse(revoked.stdout).orderNumber}`, {
    headers: { authorization: `Bearer ${key}` },
  });
  assert.equal((await order.json()).state, "revoked");
  second.killGroup("SIGINT");
  await second.ended;
});
