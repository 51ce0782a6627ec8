// npm create autorevoke-edge, from its packed file: the folder that it makes is tried as its README says, and wrangler takes it.
// @ts-check
import assert from "node:assert/strict";
import { execFile, spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, readdir, rm, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { inRoot } from "../../scripts/command/places.mjs";
import { quiet, wranglerCommand } from "../../scripts/deploy/wrangler.mjs";

const run = promisify(execFile);
const LIMIT = { timeout: 180_000 };

/** Where both packages are packed. @param {import("node:test").TestContext} t */
async function packed(t) {
  const folder = await mkdtemp(join(tmpdir(), "autorevoke-create-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  const env = { PATH: process.env.PATH, HOME: process.env.HOME, CI: "1" };
  const npm = (/** @type {string} */ cwd, /** @type {string[]} */ ...args) =>
    run("npm", ["--silent", ...args], { cwd, env, ...LIMIT });
  for (const name of ["pkg", "create-autorevoke-edge"]) await npm(folder, "pack", inRoot(name));
  const files = await readdir(folder);
  const file = (/** @type {string} */ name) =>
    join(
      folder,
      String(files.find((found) => found.startsWith(`${name}-0`) || found.startsWith(`${name}-1`))),
    );
  return {
    folder,
    npm,
    autorevoke: file("autorevoke"),
    /** `npm create` is `npm exec` of this package. @param {string[]} args */
    create: (...args) =>
      npm(
        folder,
        "exec",
        "--offline",
        "--yes",
        `--package=${file("create-autorevoke-edge")}`,
        "--",
        "create-autorevoke-edge",
        ...args,
      ),
  };
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  await new Promise((resolve) => server.close(resolve));
  return String(port);
}

test("create, install, try, revoke: as the template's README says", LIMIT, async (t) => {
  const { folder, npm, autorevoke, create } = await packed(t);
  assert.match((await create("my-edge")).stdout, /cd my-edge\n {2}npm install\n {2}npm run try/);
  const edge = join(folder, "my-edge");
  const manifest = JSON.parse(await readFile(join(edge, "package.json"), "utf8"));
  const { version } = JSON.parse(await readFile(inRoot("pkg/package.json"), "utf8"));
  assert.deepEqual([manifest.name, manifest.dependencies], ["my-edge", { autorevoke: `^${version}` }]);
  assert.match(await readFile(join(edge, "wrangler.jsonc"), "utf8"), /"name": "my-edge"/);
  assert.match(await readFile(join(edge, ".gitignore"), "utf8"), /^secrets\.json$/m);

  // What the registry would give; wrangler is not needed to try it.
  const local = {
    [`dependencies.autorevoke`]: autorevoke,
    "devDependencies.workerd": inRoot("node_modules/workerd"),
  };
  await npm(edge, "pkg", "set", ...Object.entries(local).map(([name, path]) => `${name}=file:${path}`));
  await npm(edge, "pkg", "delete", "devDependencies.wrangler");
  await npm(edge, "install", "--offline");

  const env = { PATH: process.env.PATH, PORT: await freePort(), CA_PORT: await freePort() };
  const tried = spawn("npm", ["run", "--silent", "try"], { cwd: edge, env, detached: true });
  t.after(
    () => tried.pid && (tried.exitCode ?? tried.signalCode) === null && process.kill(-tried.pid, "SIGKILL"),
  );
  let said = "";
  await new Promise((resolve, reject) => {
    tried.stdout.setEncoding("utf8").on("data", (text) => {
      said += text;
      if (said.includes("Ctrl-C ends it")) resolve(undefined);
    });
    tried.once("exit", () => reject(new Error(`it ended: ${said}`)));
  });
  const [line] = /^ {2}export AUTOREVOKE_ENDPOINT=.*$/m.exec(said) ?? [];
  const [command] = /^ {2}npx autorevoke revoke .*$/m.exec(said) ?? [];
  assert.ok(line && command && said.startsWith(`ready http://127.0.0.1:${env.PORT}\n`), said);
  const { stdout } = await run("sh", ["-c", `${line}\n${command}`], { cwd: edge, ...LIMIT });
  assert.match(stdout, /^order 123456: revoked/);
  const ledger = await fetch(`http://127.0.0.1:${env.CA_PORT}/_simulator/ledger`).then((response) =>
    response.json(),
  );
  assert.deepEqual(
    ledger.map((/** @type {any} */ { orderNumber, acted }) => [orderNumber, acted]),
    [["123456", true]],
  );

  const page = await fetch(`http://127.0.0.1:${env.PORT}/`);
  assert.match(await page.text(), /<dashboard-app>/);
  assert.match(page.headers.get("content-security-policy") ?? "", /require-trusted-types-for 'script'/);

  const secrets = join(edge, "secrets.json");
  assert.equal((await stat(secrets)).mode & 0o777, 0o600);
  const apiKey = /ark_admin_\S+/.exec(said)?.[0] ?? assert.fail(said);
  const kept = await readFile(secrets, "utf8");
  assert.ok(!kept.includes(apiKey));
  assert.deepEqual(Object.keys(JSON.parse(kept)), [
    "CA_LOGIN_NAME",
    "CA_LOGIN_PASSWORD",
    "API_KEYS",
    "AUDIT_SIGNING_KEY",
  ]);
  const again = await npm(edge, "run", "secrets");
  assert.match(again.stdout, /as it was/);
  assert.equal(await readFile(secrets, "utf8"), kept);
  process.kill(-(/** @type {number} */ (tried.pid)), "SIGINT");
  await new Promise((resolve) => tried.once("close", resolve));
  await assert.rejects(fetch(`http://127.0.0.1:${env.PORT}/healthz`), "workerd ended with it");
});

test("wrangler takes the folder, configured as the clone's own deployment", LIMIT, async (t) => {
  const { folder, npm, autorevoke, create } = await packed(t);
  await create();
  const edge = join(folder, "autorevoke-edge");
  await npm(edge, "pkg", "delete", "devDependencies");
  await npm(edge, "pkg", "set", `dependencies.autorevoke=file:${autorevoke}`);
  await npm(edge, "install", "--offline");
  const [node, program] = await wranglerCommand();
  const env = { ...quiet, PATH: process.env.PATH, HOME: folder, CI: "1" };
  const { stdout } = await run(node, [program, "deploy", "--dry-run"], { cwd: edge, env, ...LIMIT });
  assert.match(stdout, /env\.LEDGER \(Ledger\)/);
  assert.match(stdout, /node_modules\/autorevoke\/dist\/dashboard/, "the dashboard is not among the assets");
  const headers = await readFile(join(edge, "node_modules/autorevoke/dist/dashboard/_headers"), "utf8");
  assert.equal(headers, await readFile(inRoot("www/public/_headers"), "utf8"));

  // JSON with comments is an expression of JavaScript.
  const read = async (/** @type {string} */ path) =>
    new Function(`return (${await readFile(path, "utf8")})`)();
  const own = await read(join(edge, "wrangler.jsonc"));
  const clone = await read(inRoot("worker/wrangler.jsonc"));
  const alike = [
    "compatibility_date",
    "compatibility_flags",
    "preview_urls",
    "durable_objects",
    "migrations",
    "observability",
  ];
  for (const name of alike) assert.deepEqual(own[name], clone[name], name);
});

test("a folder that is not empty, and a name that no Worker can have, are refused", LIMIT, async (t) => {
  const { folder, create } = await packed(t);
  await mkdir(join(folder, "full"));
  await writeFile(join(folder, "full/file"), "");
  for (const [args, words] of /** @type {[string[], RegExp][]} */ ([
    [["full"], /full is not empty/],
    [["My_Edge"], /lower-case letters/],
    [["a", "b"], /one folder/],
    [["--force"], /one folder/],
  ])) {
    const { code, stderr } = await create(...args).catch((error) => error);
    assert.equal(code, 2);
    assert.match(stderr, words);
  }
  assert.deepEqual(await readdir(join(folder, "full")), ["file"]);
});
