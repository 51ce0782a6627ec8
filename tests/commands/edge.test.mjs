// npm run edge: configured from a file, alone on its data, and gone when the command is gone.
// @ts-check
import assert from "node:assert/strict";
import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { createServer as createHttpServer } from "node:http";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, afterEach, before, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { newApiKey } from "../../pkg/bin/keys/api-key.js";
import { newSigningKey } from "../../pkg/bin/keys/signing-key.js";
import { OBJECTS } from "../../scripts/run/data-folder.mjs";
import { keepFolder } from "../../scripts/test/evidence.mjs";
import { LOGIN_NAME, LOGIN_PASSWORD } from "../edge/canary.mjs";
import { allGone, descendants, endCommands, runCommand, startCommand } from "../harness/command.mjs";
import { until } from "../harness/until.mjs";

const PASSWORD = `${LOGIN_PASSWORD} it's "quoted" # and $HOME`;
const { key, entry } = newApiKey({ id: "ops", permissions: ["test"], orders: ["*"] });

/** @type {string} */
let folder;
/** @type {string} */
let envFile;

before(async () => {
  folder = await mkdtemp(join(tmpdir(), "autorevoke-commands-"));
  envFile = join(folder, "edge.env");
  await writeFile(
    envFile,
    [
      "# all three quotes of dotenv",
      `CA_LOGIN_NAME="${LOGIN_NAME}"`,
      `CA_LOGIN_PASSWORD=\`${PASSWORD}\``,
      "CA_ENDPOINT=http://127.0.0.1:9/nobody-there",
      `API_KEYS='${JSON.stringify([entry])}'`,
      `AUDIT_SIGNING_KEY='${JSON.stringify(newSigningKey())}'`,
      "COLOUR=red",
    ].join("\n"),
  );
});
afterEach(endCommands);
after(async () => {
  // The login belongs into that file, and nowhere else.
  await rm(envFile);
  keepFolder(folder);
  await rm(folder, { recursive: true, force: true });
});

const READY = /^ready (http:\/\/127\.0\.0\.1:\d+)$/m;

/** @param {string} data */
const args = (data, env = envFile) => ["--env", env, "--port", "0", "--data", join(folder, data)];

/** @param {import("../harness/command.mjs").Command} command */
async function workerdOf(command) {
  const found = (await descendants(command.pid)).filter(({ name }) => name === "workerd");
  assert.equal(found.length, 1);
  return found[0].pid;
}

test("it is ready when it answers, knows its keys, and tells of names it does not know", async () => {
  const command = startCommand("edge", args("answers"));
  const [, url] = await command.says(READY);
  const me = await fetch(`${url}/v1/me`, { headers: { authorization: `Bearer ${key}` } });
  assert.equal(me.status, 200);
  assert.equal((await me.json()).actor, "key:ops");
  assert.equal((await fetch(`${url}/v1/me`)).status, 401);
  command.killGroup("SIGINT");
  const { stderr } = await command.ended;
  assert.match(stderr, /edge\.env: the edge knows no COLOUR/);
});

test("with --dashboard the page is at / of the same origin, under its policy; without it nothing is", async () => {
  const command = startCommand("edge", [...args("page"), "--dashboard"]);
  const [, url] = await command.says(READY);
  const page = await fetch(url);
  assert.equal(page.status, 200);
  assert.equal(page.headers.get("content-type"), "text/html; charset=utf-8");
  assert.match(String(page.headers.get("content-security-policy")), /script-src 'self' 'wasm-unsafe-eval';/);
  const [, script] = /<script[^>]* src="([^"]+)"/.exec(await page.text()) ?? [];
  assert.equal((await fetch(new URL(String(script), `${url}/`))).status, 200);
  const me = await fetch(`${url}/v1/me`, { headers: { authorization: `Bearer ${key}` } });
  assert.equal((await me.json()).actor, "key:ops");
  command.killGroup("SIGINT");
  await command.ended;

  const alone = startCommand("edge", args("no-page"));
  const [, other] = await alone.says(READY);
  assert.equal((await fetch(other)).status, 404);
  alone.killGroup("SIGINT");
  await alone.ended;
});

test("keys of an issuer of JWTs that cannot be read, or are none to be used, are told at start", async () => {
  let answer = "<html>";
  const issuer = createHttpServer((_, response) => response.end(answer));
  await new Promise((resolve) => issuer.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (issuer.address());
  const file = join(folder, "jwt.env");
  await writeFile(
    file,
    (await readFile(envFile, "utf8")) +
      `\nJWT_ISSUER=https://issuer.example\nJWT_AUDIENCE=edge\nJWT_JWKS_URL=http://127.0.0.1:${port}/`,
  );
  for (const [body, warning] of /** @type {const} */ ([
    ["<html>", /warning: JWT_JWKS_URL: the issuer's keys cannot be read \(not a key set\)/],
    ['{"keys":[]}', /warning: JWT_JWKS_URL: there is no RSA or EC key/],
    [
      '{"keys":[{"kty":"RSA","n":"AQAB","e":"AQAB"}]}',
      /warning: JWT_JWKS_URL: 1 of the issuer's keys are too short/,
    ],
  ])) {
    answer = body;
    const command = startCommand("edge", ["--env", file, "--port", "0", "--data", join(folder, "jwt")]);
    await command.says(READY);
    // Beside the start: an issuer that does not answer holds nothing up.
    await until(`it warns: ${warning}`, () => warning.test(command.said().stderr));
    command.killGroup("SIGTERM");
    await command.ended;
  }
  issuer.close();
  await rm(file);
});

test("its data are for its owner only", async () => {
  const command = startCommand("edge", args("private"));
  await command.says(READY);
  assert.equal((await stat(join(folder, "private"))).mode & 0o077, 0);
  command.killGroup("SIGTERM");
  await command.ended;
});

test("in a folder made beforehand, and open to all, they are for their owner only too", async () => {
  const data = join(folder, "open-to-all");
  // As an edge of an earlier version has left it.
  await mkdir(join(data, OBJECTS), { recursive: true });
  await writeFile(join(data, OBJECTS, "old"), "");
  for (const place of [data, join(data, OBJECTS)]) await chmod(place, 0o755);
  const command = startCommand("edge", args("open-to-all"));
  const [, url] = await command.says(READY);
  await fetch(`${url}/v1/orders/7`, { headers: { authorization: `Bearer ${key}` } });
  assert.equal((await stat(join(data, OBJECTS))).mode & 0o077, 0);
  const files = (await readdir(join(data, OBJECTS))).filter((name) => name !== "old");
  assert.ok(files.length > 0);
  for (const file of files) assert.equal((await stat(join(data, OBJECTS, file))).mode & 0o077, 0, file);
  command.killGroup("SIGTERM");
  await command.ended;
});

test("a line of the env file that goes on behind its value is told at start, and its value is not", async () => {
  const file = join(folder, "cut.env");
  const lines = (await readFile(envFile, "utf8")).split("\n").filter((line) => !line.startsWith("CA_LOGIN"));
  const login = [
    "CA_LOGIN_NAME=“reseller”",
    "CA_LOGIN_PASSWORD=sesame#open",
    "CA_TIMEOUT_MS=5000",
    "CA_TIMEOUT_MS=6000",
  ];
  await writeFile(file, [...login, ...lines].join("\n"));
  const command = startCommand("edge", ["--env", file, "--port", "0", "--data", join(folder, "cut")]);
  await command.says(READY);
  command.killGroup("SIGTERM");
  const { stderr } = await command.ended;
  for (const words of [
    /^warning: .*cut\.env: line 1: the value of CA_LOGIN_NAME has typographic quotation marks/m,
    /^warning: .*cut\.env: line 2: the line of CA_LOGIN_PASSWORD goes on behind its value/m,
    /^warning: .*cut\.env: line 4: CA_TIMEOUT_MS is given twice/m,
  ]) {
    assert.match(stderr, words);
  }
  assert.doesNotMatch(stderr, /sesame|reseller”|open/);
});

test("nothing secret is in the arguments or the output", async () => {
  const command = startCommand("edge", args("secrets"));
  const [, url] = await command.says(READY);
  await fetch(`${url}/v1/me`, { headers: { authorization: `Bearer ${key}` } });
  const { stdout, stderr } = command.said();
  const below = await descendants(command.pid);
  const lines = await Promise.all(below.map(({ pid }) => readFile(`/proc/${pid}/cmdline`, "utf8")));
  command.killGroup("SIGTERM");
  await command.ended;
  const seen = [stdout, stderr, ...lines].join("\n");
  assert.ok(seen.includes("workerd"));
  for (const secret of [PASSWORD, key, entry.sha256]) assert.ok(!seen.includes(secret));
});

for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
  test(`${signal} ends workerd too`, async () => {
    const command = startCommand("edge", args(`ended-by-${signal}`));
    await command.says(READY);
    const workerd = await workerdOf(command);
    command.killGroup(signal);
    await command.ended;
    await allGone([workerd]);
  });
}

for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
  test(`${signal} to npm alone ends everything below it`, async () => {
    const command = startCommand("edge", args(`npm-${signal}`));
    await command.says(READY);
    const below = (await descendants(command.pid)).map(({ pid }) => pid);
    command.kill(signal);
    await command.ended;
    await allGone(below);
  });
}

test("SIGKILL of npm alone ends everything below it", async () => {
  const command = startCommand("edge", args("npm-killed"));
  await command.says(READY);
  const below = (await descendants(command.pid)).map(({ pid }) => pid);
  assert.ok(below.includes(await workerdOf(command)));
  command.kill("SIGKILL");
  await allGone(below);
});

test("SIGKILL of the script leaves no workerd, and the data can be used again at once", async () => {
  const command = startCommand("edge", args("script-killed"));
  await command.says(READY);
  const workerd = await workerdOf(command);
  const script = (await descendants(command.pid)).find(({ name }) => name === "node");
  assert.ok(script);
  process.kill(script.pid, "SIGKILL");
  await allGone([workerd]);
  assert.notEqual((await command.ended).code, 0);

  const again = startCommand("edge", args("script-killed"));
  await again.says(READY);
  again.killGroup("SIGTERM");
  await again.ended;
});

test("when workerd ends by itself, the command says so and fails", async () => {
  const command = startCommand("edge", args("workerd-killed"));
  await command.says(READY);
  process.kill(await workerdOf(command), "SIGKILL");
  const { code, stderr } = await command.ended;
  assert.equal(code, 1);
  assert.match(stderr, /workerd ended by itself \(SIGKILL\); the edge is down/);
});

test("a log that is read late has every line", async (context) => {
  // With nothing to be told at start, the command itself has not written to standard error yet.
  const silent = join(folder, "silent.env");
  context.after(() => rm(silent));
  await writeFile(silent, (await readFile(envFile, "utf8")).replace("COLOUR=red", ""), { mode: 0o600 });
  const command = startCommand("edge", args("read-late", silent), { byNpm: false });
  const [, url] = await command.says(READY);
  command.stderr.pause();
  /** @type {string[]} */
  const instances = [];
  const asks = async () => {
    for (let requests = 0; requests < 60; requests += 1)
      instances.push((await (await fetch(`${url}/v1/me`)).json()).instance);
  };
  const asking = Promise.all(Array.from({ length: 50 }, asks));
  await pause(2_000);
  command.stderr.resume();
  await asking;
  command.killGroup("SIGINT");
  const { stderr } = await command.ended;
  const logged = new Set(
    stderr
      .split("\n")
      .filter((line) => line.startsWith("{"))
      .map((line) => JSON.parse(line).instance),
  );
  assert.equal(instances.filter((instance) => !logged.has(instance)).length, 0);
});

test("when nobody reads its log any more, it goes on", async () => {
  const command = startCommand("edge", args("unread"), { byNpm: false });
  const [, url] = await command.says(READY);
  command.stderr.destroy();
  for (let requests = 0; requests < 5; requests += 1) {
    assert.equal((await fetch(`${url}/v1/me`)).status, 401);
    await pause(50);
  }
  command.killGroup("SIGINT");
  assert.equal((await command.ended).signal, null);
});

test("two edges are never at work on the same data", async () => {
  const first = startCommand("edge", args("shared"));
  const [, url] = await first.says(READY);
  const { code, stdout, stderr } = await runCommand("edge", args("shared"));
  assert.equal(code, 2);
  assert.equal(stdout, "");
  assert.match(stderr, /--data: another edge is at work on/);
  assert.equal((await fetch(`${url}/healthz`)).status, 200);
  first.killGroup("SIGTERM");
  await first.ended;
});

test("every fault of configuration is named, and nothing is served", async () => {
  const bad = join(folder, "bad.env");
  await writeFile(
    bad,
    'CA_ENDPOINT=http://ca.example.com\nAPI_KEYS=[\nCA_MAX_CONNECTIONS=7\nCA_LOGIN_NAME=""\n',
  );
  const taken = createServer();
  await new Promise((resolve) => taken.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (taken.address());
  const { code, stdout, stderr } = await runCommand("edge", [
    ...["--env", bad, "--port", String(port), "--data", join(envFile, "below-a-file")],
  ]);
  taken.close();
  assert.equal(code, 2);
  assert.equal(stdout, "");
  const names = ["CA_LOGIN_NAME", "CA_LOGIN_PASSWORD", "CA_ENDPOINT", "API_KEYS", "CA_MAX_CONNECTIONS"];
  for (const name of [...names, "AUDIT_SIGNING_KEY", "--data", `--port: port ${port} is taken`]) {
    assert.ok(
      stderr.split("\n").some((line) => line.startsWith(name)),
      `${name} has no line of its own in:\n${stderr}`,
    );
  }
});

test("a file that cannot be read is named", async () => {
  const { code, stderr } = await runCommand("edge", [
    ...["--env", join(folder, "nowhere.env"), "--port", "0", "--data", join(folder, "unused")],
  ]);
  assert.equal(code, 2);
  assert.match(stderr, /^--env: .*nowhere\.env cannot be read \(ENOENT\)$/m);
});

test("wrong arguments are named", async () => {
  const { code, stderr } = await runCommand("edge", ["--port", "65536", "--prot", "1"]);
  assert.equal(code, 2);
  assert.match(stderr, /--port: not a port/);
  assert.match(stderr, /there is no option --prot/);
  assert.match(stderr, /--env FILE is missing/);
  assert.match(stderr, /--data DIR is missing/);
});
