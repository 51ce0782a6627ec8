// The built elements as a package's file: small, with their licences, silent on servers, and complete in both languages.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readdir, readFile } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { codeReasons } from "autorevoke";
import { rows } from "../../benches/element-size.bench.mjs";
import tables from "../../pkg/dist/tables.js";
import de from "../../pkg/element/words/de.js";
import en from "../../pkg/element/words/en.js";

const file = fileURLToPath(new URL("../../pkg/dist/element.js", import.meta.url));

test("they weigh at most 25 KB, brotli, beside the client", async () => {
  const [{ value, limit }] = await rows();
  assert.ok(value > 5 && value <= limit, `${value.toFixed(1)} KB`);
});

test("they bring Lit along with its licence, and import nothing but the package's own files", async () => {
  const text = await readFile(file, "utf8");
  const imports = [...text.matchAll(/(?:from|import)\s*\(?"([^"]+)"/g)].map(([, name]) => name);
  assert.deepEqual([...new Set(imports)].sort(), ["../repeat.js", "../web.js"]);
  assert.match(text, /SPDX-License-Identifier: BSD-3-Clause/);
  const licence = await readFile(new URL("../../pkg/dist/element.LICENSE.txt", import.meta.url), "utf8");
  assert.match(licence, /Redistributions in binary form must reproduce/);
});

test("a server that renders pages can import them", async () => {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      "--input-type=module",
      "--eval",
      `const { AutorevokeForm, AutorevokeButton } = await import("autorevoke/element");
     console.log(typeof AutorevokeForm, typeof AutorevokeButton, typeof globalThis.customElements);`,
    ],
    { cwd: fileURLToPath(new URL("../..", import.meta.url)) },
  );
  assert.equal(stdout.trim(), "function function undefined");
});

test("both languages have the same texts", () => {
  const shape = (/** @type {any} */ texts) =>
    Object.entries(texts)
      .filter(([name]) => name !== "codes")
      .flatMap(([name, value]) =>
        value !== null && typeof value === "object" && !Array.isArray(value)
          ? shape(value).map((/** @type {string} */ inner) => `${name}.${inner}`)
          : [`${name}: ${Array.isArray(value) ? value.length : typeof value}`],
      )
      .sort();
  assert.deepEqual(shape(de), shape(en));
});

test("each code of the CA and each reason has its words", () => {
  for (const { code } of tables.codes)
    if (code !== 0) assert.ok(de.codes?.[code]?.title && de.codes[code].text, `code ${code} in German`);
  assert.ok(de.codes?.other);
  for (const { name } of codeReasons)
    for (const texts of [de, en]) assert.ok(texts.reasons[/** @type {"superseded"} */ (name)]?.when, name);
});

test("their types say what a page may write, and hold by themselves", async () => {
  const root = fileURLToPath(new URL("../..", import.meta.url));
  const compiler = "node_modules/typescript/bin/tsc";
  // With the declarations themselves checked, which a user may do, too.
  const run = promisify(execFile)(process.execPath, [compiler, "--project", "tests/element/types"], {
    cwd: root,
  });
  const { stdout } = await run.catch((error) => error);
  assert.equal(stdout, "");
});

test("the docs name each custom property and each part that there is", async () => {
  const folder = new URL("../../pkg/element/", import.meta.url);
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".js"));
  const source = (await Promise.all(names.map((name) => readFile(new URL(name, folder), "utf8")))).join("");
  const docs = await readFile(new URL("../../docs/elements.md", import.meta.url), "utf8");
  const [, theme] = docs.split("## Theme");
  const properties = [...source.matchAll(/var\(--autorevoke(-[\w-]+)/g)].map(([, name]) =>
    name.replace(/-ground$/, ""),
  );
  const parts = [...source.matchAll(/ part="([a-z]+)/g)].map(([, name]) => name);
  assert.ok(properties.length > 20 && parts.length > 20);
  const missing = [...properties, ...parts].filter((name) => !theme.includes(`${name}\``));
  assert.deepEqual(missing, []);
});
