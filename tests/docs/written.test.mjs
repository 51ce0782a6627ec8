// The pages that the build writes have all of what they are about, and lead nowhere that is not there.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { codeReasons } from "autorevoke";
import tables from "../../pkg/dist/tables.js";
import { commands } from "../../pkg/bin/main.js";
import { codesPage } from "../../scripts/docs/codes.mjs";
import { commandPage } from "../../scripts/docs/command.mjs";
import { externalRequests } from "../../scripts/docs/external-requests.mjs";
import { httpApiPage } from "../../scripts/docs/http-api.mjs";
import { writtenElsewhere } from "../../scripts/docs/project-pages.mjs";
import { root } from "./documents.mjs";

test("codes: each code and each reason", async () => {
  const page = await codesPage();
  for (const { code, title, meaning, advice } of tables.codes) {
    assert.ok(
      page.includes(`\n## ${code}: ${title}\n\n${meaning}\n\n**What to do:** ${advice}\n`),
      `${code}`,
    );
  }
  for (const { name, whenToChoose } of codeReasons) assert.ok(page.includes(`\`${name}\` | ${whenToChoose}`));
});

test("command: each command with its options", () => {
  const page = commandPage();
  for (const { name, options = {} } of commands) {
    assert.ok(page.includes(`\n## ${name}\n`), name);
    for (const option of Object.keys(options))
      assert.ok(page.includes(`\`--${option}`), `${name} --${option}`);
  }
});

test("HTTP API: each operation and each document, once, and no link to another", async () => {
  const page = await httpApiPage();
  const { paths, components } = JSON.parse(await readFile(`${root}src/edge/openapi.json`, "utf8"));
  const operations = Object.values(paths).flatMap((item) =>
    Object.values(item)
      .map(({ operationId }) => operationId)
      .filter(Boolean),
  );
  const documents = Object.keys(components.schemas).map((name) => `document-${name.toLowerCase()}`);
  const anchors = [...page.matchAll(/^### .* \{#(.+)\}$/gm)].map(([, anchor]) => anchor);
  assert.ok(operations.length > 20 && documents.length > 20);
  assert.deepEqual(anchors.toSorted(), [...operations, ...documents].toSorted());
  for (const [, anchor] of page.matchAll(/\]\(#([^)]+)\)/g)) assert.ok(anchors.includes(anchor), anchor);
});

test("documents from elsewhere: their links lead to the same files", async () => {
  const pages = await writtenElsewhere();
  const security = pages.find(({ path }) => path === "project/security.md");
  assert.ok(security?.text.includes("](../permissions.md)"));
  assert.ok(security.text.includes("](../../tests/security/README.md)"));
});

test("what a page would load from elsewhere is found, and what a reader follows is not", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "autorevoke-docs-"));
  t.after(() => rm(folder, { recursive: true }));
  const harmless = `<a href="https://x.example">x</a><img src="/a.png"><link rel="stylesheet" href="/a.css">
    <link rel="canonical" href="https://x.example/"><svg xmlns="http://www.w3.org/2000/svg"></svg>`;
  const harmful = [
    `<script type="module" src="https://x.example/a.js"></script>`,
    `<img alt="x" src="//x.example/a.png">`,
    `<link rel="stylesheet" href="https://x.example/a.css">`,
    `<link href="https://x.example" rel="preconnect">`,
    `<style>@import "https://x.example/a.css";</style>`,
    `<p style="background: url(https://x.example/a.png)">`,
  ];
  await writeFile(join(folder, "page.html"), harmless);
  assert.deepEqual(await externalRequests(folder), []);
  for (const [index, text] of harmful.entries()) await writeFile(join(folder, `${index}.html`), text);
  const found = await externalRequests(folder);
  assert.deepEqual(
    found.map((line) => line.split(".html")[0]).toSorted(),
    harmful.map((_, index) => String(index)),
  );
});
