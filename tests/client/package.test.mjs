// The npm package as its users meet it: packed, typed, bundled by Vite, in plain Node and in workerd.

import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, readFile, readdir, rm, symlink, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { test } from "node:test";
import { promisify } from "node:util";
import { signedLog } from "../audit/logs.mjs";

const run = promisify(execFile);
const root = fileURLToPath(new URL("../..", import.meta.url));
const here = fileURLToPath(new URL(".", import.meta.url));
const bin = (name) => join(root, "node_modules", ".bin", name);

/** A folder inside of the workspace, where the package is found by its name. */
async function project(t, files) {
  const folder = await mkdtemp(join(here, ".project-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content);
  return folder;
}

/** Runs a module in a fresh Node without any flag. */
async function inNode(t, source) {
  const folder = await project(t, { "main.mjs": source });
  const { stdout, stderr } = await run(process.execPath, ["main.mjs"], {
    cwd: folder,
    env: {},
    timeout: 60_000,
  });
  assert.equal(stderr, "", "no warning");
  return stdout;
}

const CALL = `const fetch = async () => new Response("errorCode=0");
const options = { credentials: { loginName: "name", loginPassword: "password" }, fetch };
`;

test("the packed package holds exactly this", async () => {
  const args = ["pack", "--dry-run", "--json", "--workspace", "pkg"];
  const { stdout } = await run("npm", args, {
    cwd: root,
    env: { ...process.env, npm_config_loglevel: "silent" },
  });
  const [{ files }] = JSON.parse(stdout);
  const expected = [
    ...["LICENSE-APACHE", "LICENSE-MIT", "README.md", "autorevoke.js", "codes.js"],
    ...[
      "bin/arguments.js",
      "bin/autorevoke.js",
      "bin/confirmation.js",
      "bin/edge.js",
      "bin/ending.js",
      "bin/main.js",
      "bin/output.js",
      "bin/version.js",
    ],
    ...["bin/commands/audit-export.js", "bin/commands/audit-head.js", "bin/commands/audit-verify.js"],
    ...["codes", "key", "revoke", "simulator"].map((name) => `bin/commands/${name}.js`),
    ...["api-key", "key-pair", "signing-key"].map((name) => `bin/keys/${name}.js`),
    ...["create", "decline", "hold", "list", "orders", "report", "show", "start", "watch"].map(
      (name) => `bin/commands/job-${name}.js`,
    ),
    ...["confirmation", "plan-file", "progress", "read-list", "table", "words"].map(
      (name) => `bin/jobs/${name}.js`,
    ),
    ...[
      ...["dashboard.js", "edge.wasm", "jose.LICENSE.txt"],
      ...["worker.js", "workerd-dashboard.capnp", "workerd.capnp"],
    ].map((name) => `dist/worker/${name}`),
    ...["audit", "ca", "callers", "http", "index", "job-answers", "jobs", "ledger", "orders", "plan"].map(
      (name) => `testing/${name}.js`,
    ),
    ...["audit", "failures", "jobs", "options", "orders", "runtime"].map((name) => `types/${name}.d.ts`),
    ...["small", "full"].flatMap((name) =>
      [".inline.js", ".js", ".wasm"].map((ending) => `dist/autorevoke_${name}${ending}`),
    ),
    ...[
      "dist/dashboard.LICENSE.txt",
      "dist/element.LICENSE.txt",
      ...["dist/autorevoke_lists.js", "dist/autorevoke_lists.wasm"],
      "dist/element.js",
      "dist/simulator.js",
      "dist/tables.js",
      "element.d.ts",
      "index.d.ts",
      "inline.js",
      "instance.js",
      "jobs.js",
      "node.js",
      "package.json",
      "repeat.d.ts",
      "repeat.js",
      "revocation-error.js",
      "simulator.d.ts",
      "testing.d.ts",
      "unpacked.js",
      "worker.d.ts",
      "wasm-source.d.ts",
      "web.js",
      "workerd.js",
    ],
  ];
  const paths = files.map(({ path }) => path);
  const isDashboard = (/** @type {string} */ path) => path.startsWith("dist/dashboard/");
  assert.deepEqual(paths.filter((path) => !isDashboard(path)).sort(), expected.sort());
  // Vite names its files by what is in them.
  const built = (await readdir(join(root, "www/dist"), { recursive: true, withFileTypes: true })).filter(
    (entry) => entry.isFile(),
  );
  const folder = (/** @type {string} */ path) => path.slice(join(root, "www/dist").length);
  assert.deepEqual(
    paths.filter(isDashboard).sort(),
    built.map(({ parentPath, name }) => `dist/dashboard${folder(parentPath)}/${name}`).sort(),
  );
});

test("the licences in it are the repository's", async () => {
  for (const name of ["LICENSE-APACHE", "LICENSE-MIT"])
    assert.equal(await readFile(join(root, "pkg", name), "utf8"), await readFile(join(root, name), "utf8"));
});

test("the conditions stand in the order in which runtimes must meet them", async () => {
  const { exports } = JSON.parse(await readFile(join(root, "pkg/package.json"), "utf8"));
  const conditions = ["types", "workerd", "deno", "bun", "node", "browser", "default"];
  assert.deepEqual(Object.keys(exports["."]), conditions);
});

test("every entry point offers the same, in Node: the first call loads the module", async (t) => {
  const names = [
    ...["RevocationError", "codeReasons", "createClient", "describeErrorCode", "load"],
    ...["revoke", "verifyAuditLog"],
  ];
  for (const entry of ["autorevoke", "autorevoke/node", "autorevoke/inline"]) {
    const source = `import * as all from "${entry}"; ${CALL}
      console.log(Object.keys(all).join(), (await all.revoke({ orderNumber: 1 }, options)).outcome);`;
    assert.equal(await inNode(t, source), `${names} revoked\n`);
  }
  const files = ["index", "types/failures"].map((name) => readFile(join(root, `pkg/${name}.d.ts`), "utf8"));
  const types = (await Promise.all(files)).join("\n");
  for (const name of names)
    assert.match(types, new RegExp(`^export (?:function|class|const) ${name}\\b`, "m"));
});

test("the wasm files are exported, for asset rules", async (t) => {
  const source = `for (const name of ["small", "full"]) console.log(import.meta.resolve(\`autorevoke/wasm/\${name}.wasm\`));`;
  const urls = (await inNode(t, source)).trim().split("\n");
  for (const [i, name] of ["small", "full"].entries())
    assert.deepEqual(
      await readFile(new URL(urls[i])),
      await readFile(join(root, `pkg/dist/autorevoke_${name}.wasm`)),
    );
});

test("a load that fails is forgotten: the next one works", async (t) => {
  const source = `import { load, revoke, RevocationError } from "autorevoke"; ${CALL}
    const html = new Response("<html>", { headers: { "content-type": "application/wasm" } });
    const bad = [new Uint8Array([1, 2, 3]), html, new URL("file:///nowhere.wasm"), 7, null];
    for (const source of bad) {
      const error = await load(source).then(() => "loaded", (error) => error);
      console.log(error instanceof RevocationError, error.kind, error.mayHaveRevoked, error.cause instanceof Error);
    }
    await Promise.all([load(), load()]);
    console.log((await revoke({ orderNumber: 1 }, options)).outcome);`;
  assert.equal(await inNode(t, source), `${"true not-sent false true\n".repeat(5)}revoked\n`);
});

test("load() takes bytes, a compiled module, and a Response", async (t) => {
  const file = JSON.stringify(join(root, "pkg/dist/autorevoke_small.wasm"));
  for (const make of [
    "bytes",
    "new WebAssembly.Module(bytes)",
    "new Response(bytes, { headers: { 'content-type': 'application/wasm' } })",
  ]) {
    const source = `import { load, revoke } from "autorevoke/web"; import { readFileSync } from "node:fs"; 
      const bytes = readFileSync(${file}); await load(${make});
      // Through an edge: in a page, calls with credentials load a module of their own.
      const answer = { orderNumber: "1", outcome: "revoked", errorCode: 0, test: false };
      const options = { endpoint: "https://edge.example", fetch: async () => Response.json(answer) };
      console.log((await revoke({ orderNumber: 1 }, options)).outcome);`;
    assert.equal(await inNode(t, source), "revoked\n", make);
  }
});

test("describing codes loads no wasm", async (t) => {
  const source = `import { describeErrorCode, codeReasons } from "autorevoke";
    WebAssembly.instantiate = WebAssembly.compile = () => { throw new Error("wasm"); };
    console.log(describeErrorCode(-21).title, codeReasons.length);`;
  assert.equal(await inNode(t, source), "Already revoked 5\n");
});

test("Vite builds a page of five lines, and emits the wasm as a file", async (t) => {
  const { build } = await import("vite");
  const folder = await project(t, {
    "index.html": '<!doctype html><script type="module" src="./page.js"></script>',
    "page.js": 'import { revoke } from "autorevoke";\nglobalThis.revoke = revoke;\n',
  });
  await build({ root: folder, logLevel: "error" });
  const assets = await readdir(join(folder, "dist/assets"));
  const wasm = assets.filter((name) => name.endsWith(".wasm")).sort();
  // The other comes with calls of its own.
  assert.deepEqual(
    wasm.map((name) => name.split("-")[0]),
    ["autorevoke_full", "autorevoke_small"],
  );
  const script = await readFile(
    join(
      folder,
      "dist/assets",
      assets.find((name) => name.startsWith("index") && name.endsWith(".js")),
    ),
    "utf8",
  );
  assert.ok(script.includes(wasm[1]) && !script.includes("watch_job"), "the glue of the other comes with it");
  assert.ok(
    !script.includes("data:application/wasm") && !script.includes("whenToChoose"),
    "only what is used",
  );
  assert.deepEqual(
    await readFile(join(folder, "dist/assets", wasm[1])),
    await readFile(join(root, "pkg/dist/autorevoke_small.wasm")),
  );
});

test("the glue asks for no code from strings: it works under a strict policy", async () => {
  const glue = await readFile(join(root, "pkg/dist/autorevoke_small.js"), "utf8");
  assert.ok(!/\bnew Function\b|\beval\(/.test(glue));
});

test("the declarations compile alone and say no to what is wrong", { timeout: 120_000 }, async (t) => {
  const source = `import { createClient, revoke, RevocationError, type Revocation } from "autorevoke";
    const client = createClient({ endpoint: "https://edge.example", token: async () => "token" });
    const done: Revocation = await client.revoke({ orderNumber: 1, codeReason: "keyCompromise" });
    if (done.outcome === "revoked") { const code: 0 = done.errorCode; void code; }
    try { await client.me(); } catch (error) { if (error instanceof RevocationError) error.kind satisfies string; }
    const credentials = { loginName: "a", loginPassword: "b" };
    await revoke({ orderNumber: "1", accountID: 2 }, { credentials });
    const plan = await client.jobs.create({ orders: [{ orderNumber: 1 }], deadline: new Date() });
    await client.jobs.start(plan.id, { planHash: plan.planHash, total: plan.total });
    for await (const { counts, eta } of client.jobs.watch(plan.id)) { counts.unknown satisfies number; void eta; }
    (await client.jobs.report(plan.id, { markdown: true })).trim();
    (await client.jobs.report(plan.id)).checkpoint.seq satisfies number;
    // @ts-expect-error: what was seen must be said
    await client.jobs.start(plan.id);
    // @ts-expect-error: one of the two
    await client.jobs.create({ csv: "orderNumber", orders: [] });
    // @ts-expect-error: one of the two
    await revoke({ orderNumber: "1" }, { credentials, token: "x" });
    // @ts-expect-error: neither of them
    await revoke({ orderNumber: "1" }, {});
    // @ts-expect-error: the edge has its own
    await revoke({ orderNumber: "1", accountID: 2 }, { endpoint: "https://edge.example" });
    // @ts-expect-error: no such reason
    await revoke({ orderNumber: "1", codeReason: 2 }, { credentials });
    `;
  const compilerOptions = {
    ...{ strict: true, noEmit: true, target: "es2022", module: "nodenext", skipLibCheck: false },
    ...{ lib: ["es2022", "dom"], types: [], exactOptionalPropertyTypes: true },
  };
  const folder = await project(t, {
    "main.mts": source,
    "tsconfig.json": JSON.stringify({ compilerOptions, include: ["main.mts"] }),
  });
  await run(bin("tsc"), ["-p", folder]).catch(({ stdout }) => assert.fail(stdout));
});

test("workerd: from an imported module, and it is taken for no page", { timeout: 120_000 }, async (t) => {
  const folder = await project(t, {
    "main.js": `import { createClient, revoke, verifyAuditLog } from "autorevoke";
      ${CALL}
      const signed = ${JSON.stringify(signedLog())};
      export default {
        async test() {
          const direct = await revoke({ orderNumber: 1 }, options);
          if (direct.outcome !== "revoked") throw new Error(JSON.stringify(direct));
          const json = { orderNumber: "2", outcome: "tested", errorCode: 0, test: true };
          const answer = async (request) => {
            if (request.redirect !== "manual") throw new Error(request.redirect);
            return Response.json(json);
          };
          const edge = createClient({ endpoint: "https://edge.example", token: "token", fetch: answer });
          const tested = await edge.revoke({ orderNumber: 2, test: true });
          if (tested.outcome !== "tested") throw new Error(JSON.stringify(tested));
          const drill = createClient({ endpoint: "https://edge.example", fetch: async () => Response.json({ jobs: [] }) });
          if ((await drill.jobs.list()).jobs.length !== 0) throw new Error("jobs");
          const { ndjson, head, keys } = signed;
          for (const [at, right] of [[head.hash, true], ["0".repeat(64), false]]) {
            const verdict = await verifyAuditLog(ndjson, { head: { ...head, hash: at }, keys });
            if (verdict.ok !== right) throw new Error(JSON.stringify(verdict));
            if (right && verdict.signature !== "valid") throw new Error(JSON.stringify(verdict));
          }
        },
      };`,
    "workerd.capnp": `using Workerd = import "/workerd/workerd.capnp";
      const config :Workerd.Config = (services = [(name = "main", worker = .main)]);
      const main :Workerd.Worker = (
        modules = [
          (name = "bundle.js", esModule = embed "bundle.js"),
          (name = "autorevoke_full.wasm", wasm = embed "autorevoke_full.wasm"),
        ],
        compatibilityDate = "2026-01-01",
      );`,
  });
  const { build } = await import("esbuild");
  await build({
    entryPoints: [join(folder, "main.js")],
    outfile: join(folder, "bundle.js"),
    bundle: true,
    format: "esm",
    conditions: ["workerd"],
    plugins: [
      {
        name: "wasm-beside",
        setup: (build) =>
          build.onResolve({ filter: /\.wasm$/ }, ({ path }) => ({ path: basename(path), external: true })),
      },
    ],
  });
  await symlink(join(root, "pkg/dist/autorevoke_full.wasm"), join(folder, "autorevoke_full.wasm"));
  await run(bin("workerd"), ["test", join(folder, "workerd.capnp")], { timeout: 60_000 }).catch(
    ({ stderr, message }) => assert.fail(stderr || message),
  );
});
