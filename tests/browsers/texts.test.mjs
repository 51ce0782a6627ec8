// The dashboard's texts: every language has every one, with the same values to fill in; each that is used is there, and each that is
// there is used.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { parse, TYPE } from "@formatjs/icu-messageformat-parser";
import { inRoot } from "../../scripts/command/places.mjs";
import de from "../../www/src/texts/de.js";
import en from "../../www/src/texts/en.js";

/** What is to be filled in, with how. @param {string} text */
function values(text) {
  /** @type {Set<string>} */
  const found = new Set();
  const walk = (/** @type {any[]} */ parts) => {
    for (const part of parts) {
      if (part.type === TYPE.literal || part.type === TYPE.pound) continue;
      found.add(`${part.value}: ${TYPE[part.type]}`);
      for (const { value } of Object.values(part.options ?? {})) walk(value);
    }
  };
  walk(parse(text));
  return [...found].sort();
}

test("German has what English has, with the same values", () => {
  assert.deepEqual(Object.keys(de).sort(), Object.keys(en).sort());
  for (const [name, text] of Object.entries(en))
    assert.deepEqual(values(de[/** @type {keyof typeof en} */ (name)]), values(text), name);
});

test("no German text is left in English", () => {
  const alike = Object.entries(en).filter(
    ([name, text]) => /[a-z]{3}/.test(text) && de[/** @type {keyof typeof en} */ (name)] === text,
  );
  // Words that are the same in both.
  assert.deepEqual(
    alike.map(([name]) => name).sort(),
    [
      "home.title",
      "jobs.name",
      "nav.server",
      "server.host",
      "server.person",
      "server.title",
      "span.in",
    ].filter((name) => /** @type {any} */ (de)[name] === /** @type {any} */ (en)[name]),
  );
});

test("every text is used, and every text that is used is there", async () => {
  const folder = inRoot("www/src");
  const files = (await readdir(folder, { recursive: true })).filter(
    (name) => /\.js$/.test(name) && !/texts\/(de|en)/.test(name),
  );
  const sources = (await Promise.all(files.map((name) => readFile(join(folder, name), "utf8")))).join("\n");
  const quoted = new Set([...sources.matchAll(/"([a-zA-Z]+(?:\.[a-zA-Z0-9-]+)*)"/g)].map(([, name]) => name));
  // Names that end in what the server says: `state.${state}`.
  const begun = [...sources.matchAll(/`([a-zA-Z]+\.(?:[a-zA-Z-]+\.)*)\$\{/g)].map(([, begin]) => begin);
  const unused = Object.keys(en).filter(
    (name) => !quoted.has(name) && !begun.some((begin) => name.startsWith(begin)),
  );
  assert.deepEqual(unused, []);
  const asked = [...sources.matchAll(/\bt\(\s*"([^"]+)"/g)].map(([, name]) => name);
  assert.deepEqual(
    asked.filter((name) => !(name in en)),
    [],
  );
});
