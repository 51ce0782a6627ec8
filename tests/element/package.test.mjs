// The built elements as a package's file: small, with their licences, silent on servers, and complete in both languages.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { brotliCompressSync, constants } from "node:zlib";
import { build } from "esbuild";
import { codeReasons } from "autorevoke";
import tables from "../../pkg/dist/tables.js";
import de from "../../pkg/element/words/de.js";
import en from "../../pkg/element/words/en.js";

const LIMIT = 25 * 1024;
const file = fileURLToPath(new URL("../../pkg/dist/element.js", import.meta.url));

test("they weigh at most 25 KB, brotli, beside the client", async () => {
  // As a page's bundler takes them, without what `import { revoke } from "autorevoke"` brings.
  const { outputFiles } = await build({
    entryPoints: [file],
    bundle: true,
    minify: true,
    format: "esm",
    write: false,
    external: ["../web.js", "./revocation-error.js"],
  });
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11 };
  const size = brotliCompressSync(outputFiles[0].contents, { params }).length;
  assert.ok(size <= LIMIT, `${(size / 1024).toFixed(1)} KB`);
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
