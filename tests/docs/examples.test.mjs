// Every example in the documents compiles with the package's types, and those that say so run and print what is printed there.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { startSimulator } from "autorevoke-simulator";
import { transform } from "esbuild";
import { newApiKey } from "../../pkg/bin/keys/api-key.js";
import { newSigningKey } from "../../pkg/bin/keys/signing-key.js";
import { startEdge } from "../../scripts/run/edge.mjs";
import { documents, read, root } from "./documents.mjs";

const run = promisify(execFile);
const here = fileURLToPath(new URL(".", import.meta.url));
const LIMIT_MS = 60_000;

const blocks = (await documents()).flatMap((file) => read(file).blocks);
const scripts = blocks.filter(({ language }) => ["js", "ts", "jsx", "tsx"].includes(language));
const compiled = scripts.filter(({ language, how }) => !language.endsWith("x") && how !== "fragment");

/** @param {import("./documents.mjs").Block} block */
const nameOf = ({ file, line }) => `${file.replaceAll(/\W/g, "-")}-${line}`;

/** A folder in which the packages of the workspace are found. @param {import("node:test").TestContext} t */
async function project(t) {
  const folder = await mkdtemp(join(here, ".project-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

test("there are examples, and each says no more than it may", () => {
  assert.ok(compiled.length > 15, String(compiled.length));
  for (const { file, line, how } of scripts)
    assert.match(how, /^(run|fragment)?$/, `${file}:${line}: ${how}`);
});

test("each can be parsed", async () => {
  for (const { file, line, language, text } of scripts) {
    const loader = /** @type {import("esbuild").Loader} */ (language);
    await assert.doesNotReject(transform(text, { loader, logLevel: "silent" }), `${file}:${line}`);
  }
});

test("the scripts of pages and components can be parsed", async () => {
  const markup = blocks.filter(({ language }) => ["html", "vue", "svelte", "astro"].includes(language));
  assert.ok(markup.length > 3);
  for (const { file, line, text } of markup) {
    for (const [, attributes, script] of text.matchAll(/<script([^>]*)>(.*?)<\/script>/gs)) {
      const loader = attributes.includes("importmap") ? "json" : "js";
      await assert.doesNotReject(transform(script, { loader, logLevel: "silent" }), `${file}:${line}`);
    }
  }
});

/** JavaScript's own looseness: what is caught, or comes from the environment, is used as it is. TypeScript is strict. */
const LANGUAGES = { js: { extension: "mjs", strict: false }, ts: { extension: "mts", strict: true } };

for (const [language, { extension, strict }] of Object.entries(LANGUAGES)) {
  test(`each of ${language} compiles with the package's types`, { timeout: LIMIT_MS }, async (t) => {
    const folder = await project(t);
    for (const block of compiled.filter((block) => block.language === language)) {
      // A module each, also where it imports nothing.
      await writeFile(join(folder, `${nameOf(block)}.${extension}`), `${block.text}\nexport {};\n`);
    }
    const options = {
      extends: "../../../tsconfig.json",
      compilerOptions: { strict, noImplicitAny: strict, rootDir: "../../.." },
      include: [`*.${extension}`, "../surroundings.mts"],
    };
    await writeFile(join(folder, "tsconfig.json"), JSON.stringify(options));
    const tsc = join(root, "node_modules/typescript/bin/tsc");
    const faults = await run(process.execPath, [tsc, "--project", folder, "--noEmit"], { cwd: folder }).then(
      () => "",
      ({ stdout }) => stdout,
    );
    assert.equal(faults, "");
  });
}

test("those that run print what is printed there", { timeout: 2 * LIMIT_MS }, async (t) => {
  const running = blocks.filter(({ how }) => how === "run");
  assert.ok(running.length > 4);
  const folder = await project(t);
  for (const file of new Set(running.map((block) => block.file))) {
    const place = await startPlace(t);
    for (const block of running.filter((block) => block.file === file)) {
      const where = `${file}:${block.line}`;
      const next = blocks[blocks.indexOf(block) + 1];
      assert.ok(next?.file === file && next.how === "output", `${where}: no output stands behind it`);
      const name = `${nameOf(block)}.mjs`;
      await writeFile(join(folder, name), place.there(block.text));
      const { stdout, stderr } = await run(process.execPath, [name], { cwd: folder, timeout: LIMIT_MS });
      assert.equal(stderr, "", where);
      assert.equal(stdout, next.text, where);
    }
  }
});

test("JSON can be read", () => {
  for (const { file, line, text } of blocks.filter(({ language }) => language === "json"))
    assert.doesNotThrow(() => JSON.parse(text), `${file}:${line}`);
});

/**
 * What the pages say is there: the simulated CA on port 8788 and an edge on 8787, both anew for each page.
 * @param {import("node:test").TestContext} t
 */
async function startPlace(t) {
  const ca = await startSimulator();
  t.after(() => ca.close());
  const data = await mkdtemp(join(tmpdir(), "autorevoke-docs-"));
  t.after(() => rm(data, { recursive: true, force: true }));
  const { key, entry } = newApiKey({ id: "alice", permissions: ["revoke", "test"], orders: ["*"] });
  const edge = await startEdge({
    variables: {
      CA_ENDPOINT: ca.endpoint,
      CA_LOGIN_NAME: "demo-reseller",
      CA_LOGIN_PASSWORD: "demo-password",
      API_KEYS: JSON.stringify([entry]),
      AUDIT_SIGNING_KEY: JSON.stringify(newSigningKey()),
    },
    port: 0,
    data,
  });
  t.after(() => edge.stop());
  return {
    /** @param {string} text */
    there: (text) =>
      text
        .replaceAll("http://127.0.0.1:8788", ca.url)
        .replaceAll("http://127.0.0.1:8787", edge.url)
        .replaceAll("ark_alice_...", key),
  };
}
