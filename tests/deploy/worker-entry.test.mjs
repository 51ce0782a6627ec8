// autorevoke/worker from the packed tarball: two files are a whole Worker, by wrangler and on workerd, and the package's own
// configuration serves the edge without a clone.
// @ts-check
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { test } from "node:test";
import { promisify } from "node:util";
import { createClient } from "autorevoke";
import { startSimulator } from "autorevoke-simulator";
import { root } from "../../scripts/command/places.mjs";
import { quiet, wranglerCommand } from "../../scripts/deploy/wrangler.mjs";
import { newApiKey } from "../../pkg/bin/keys/api-key.js";
import { newSigningKey } from "../../pkg/bin/keys/signing-key.js";
import { startEdge } from "../../scripts/run/edge.mjs";
import { installed } from "../package/installed.mjs";

const run = promisify(execFile);
const IN_PACKAGE = "node_modules/autorevoke/dist/worker";

const WORKER = 'export { default, Ledger } from "autorevoke/worker";\n';
const WRANGLER = `{
  "name": "revoke",
  "main": "worker.js",
  "compatibility_date": "2026-10-01",
  "durable_objects": { "bindings": [{ "name": "LEDGER", "class_name": "Ledger" }] },
  "migrations": [{ "tag": "v1", "new_sqlite_classes": ["Ledger"] }],
}
`;

/** A configuration that serves these modules, otherwise as the edge is served. @param {string[]} modules */
const served = (modules) => `using Workerd = import "/workerd/workerd.capnp";
using Edge = import "${IN_PACKAGE}/workerd.capnp";

const config :Workerd.Config = (
  services = [
    ( name = "edge", worker = .edge ),
    ( name = "ledger", disk = ( path = "must-be-given", writable = true, allowDotfiles = false ) ),
    ( name = "internet", network = ( allow = ["public", "private"] ) ),
  ],
  sockets = [ ( name = "http", address = "127.0.0.1:0", http = (), service = "edge" ) ],
);

const edge :Workerd.Worker = (
  modules = [ ${modules.join(", ")} ],
  compatibilityDate = "2026-10-01",
  bindings = Edge.bindings,
  globalOutbound = "internet",
  durableObjectNamespaces = Edge.objects,
  durableObjectStorage = ( localDisk = "ledger" ),
);
`;

/**
 * Serves what is in a file, and revokes an order through it.
 * @param {import("node:test").TestContext} t
 * @param {string} config
 */
async function revokesBy(t, config) {
  const ca = await startSimulator();
  t.after(() => ca.close());
  const data = await mkdtemp(join(tmpdir(), "autorevoke-entry-"));
  t.after(() => rm(data, { recursive: true, force: true }));
  const { key, entry } = newApiKey({ id: "alice", permissions: ["revoke", "plan"], orders: ["*"] });
  const edge = await startEdge({
    variables: {
      CA_ENDPOINT: ca.endpoint,
      CA_LOGIN_NAME: "demo-reseller",
      CA_LOGIN_PASSWORD: "demo-password",
      API_KEYS: JSON.stringify([entry]),
      AUDIT_SIGNING_KEY: JSON.stringify(newSigningKey()),
    },
    data,
    config: relative(root, config),
  });
  t.after(() => edge.stop());
  const client = createClient({ endpoint: edge.url, token: key });
  const { outcome } = await client.revoke({ orderNumber: "7", codeReason: "superseded" });
  const job = await client.jobs.create({ orders: [{ orderNumber: "8", codeReason: "superseded" }] });
  await client.jobs.start(job.id, { planHash: job.planHash, total: job.total });
  let last;
  for await (const seen of client.jobs.watch(job.id)) last = seen;
  const acted = ca.ledger().filter((call) => call.acted);
  assert.deepEqual([outcome, last?.counts.revoked], ["revoked", 1]);
  assert.deepEqual(
    acted.map(({ orderNumber }) => orderNumber),
    ["7", "8"],
  );
}

test("two files are a whole Worker: wrangler takes them, and what it makes of them revokes", async (t) => {
  const { folder } = await installed(t);
  await writeFile(join(folder, "worker.js"), WORKER);
  await writeFile(join(folder, "wrangler.jsonc"), WRANGLER);
  const [node, program] = await wranglerCommand();
  const args = [program, "deploy", "--dry-run", "--outdir", "dist"];
  const env = { ...quiet, PATH: process.env.PATH, HOME: folder, CI: "1" };
  const { stdout } = await run(node, args, { cwd: folder, env, timeout: 120_000 });
  assert.match(stdout, /env\.LEDGER \(Ledger\)/);
  assert.match(stdout, /--dry-run: exiting now/);
  const files = await readdir(join(folder, "dist"));
  const wasm = files.find((name) => name.endsWith("edge.wasm"));
  assert.ok(wasm && files.includes("worker.js"), files.join());
  const modules = [
    '( name = "worker.js", esModule = embed "dist/worker.js" )',
    `( name = "${wasm}", wasm = embed "dist/${wasm}" )`,
  ];
  await writeFile(join(folder, "dist.capnp"), served(modules));
  await revokesBy(t, join(folder, "dist.capnp"));
});

test("the two files on workerd as they are, without a bundler", async (t) => {
  const { folder } = await installed(t);
  await writeFile(join(folder, "worker.js"), WORKER);
  const modules = [
    '( name = "worker.js", esModule = embed "worker.js" )',
    `( name = "autorevoke/worker", esModule = embed "${IN_PACKAGE}/worker.js" )`,
    `( name = "autorevoke/edge.wasm", wasm = embed "${IN_PACKAGE}/edge.wasm" )`,
  ];
  await writeFile(join(folder, "own.capnp"), served(modules));
  await revokesBy(t, join(folder, "own.capnp"));
});

test("the package's own configuration for workerd serves the edge", async (t) => {
  const { folder } = await installed(t);
  await revokesBy(t, join(folder, IN_PACKAGE, "workerd.capnp"));
});
