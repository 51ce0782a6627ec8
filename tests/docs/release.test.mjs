// Versions, changelog, licences and addresses are in step, and the check sees where they are not.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { releaseFaults } from "../../scripts/release/checks.mjs";
import { root } from "./documents.mjs";

const original = (/** @type {string} */ path) => readFile(root + path, "utf8");
const { version } = JSON.parse(await original("pkg/package.json"));

/** With one file changed. @param {string} path @param {(text: string) => string} change @param {string} [tag] */
const faultsAfter = (path, change, tag) =>
  releaseFaults({
    tag,
    read: async (asked) => (asked === path ? change(await original(asked)) : original(asked)),
  });

test("all is in step", async () => {
  assert.deepEqual(await releaseFaults(), []);
});

const other = (/** @type {string} */ text) => text.replace(`"${version}"`, '"99.0.0"');
/** @type {[string, (text: string) => string, RegExp, number?][]} */
const cases = [
  ["Cargo.toml", other, /^Cargo\.toml has the version 99\.0\.0/],
  ["src/edge/openapi.json", other, /^src\/edge\/openapi\.json has the version 99\.0\.0/],
  [
    "Cargo.lock",
    (text) => text.replace(/(name = "autorevoke"\nversion = ")[^"]+/, "$199.0.0"),
    /^Cargo\.lock has the version 99/,
  ],
  [
    "package-lock.json",
    (text) => text.replace(/("pkg": \{\s+"name": "autorevoke",\s+"version": ")[^"]+/, "$199.0.0"),
    /^package-lock\.json has the version 99/,
  ],
  [
    "CHANGELOG.md",
    (text) => text.replace("## Unreleased", "## 98.0.0 (2026-01-01)"),
    /^CHANGELOG\.md begins with/,
  ],
  ["pkg/LICENSE-MIT", (text) => `${text}.`, /^LICENSE-MIT and pkg\/LICENSE-MIT/],
  ["create-autorevoke-edge/LICENSE-MIT", (text) => `${text}.`, /^LICENSE-MIT and create-autorevoke-edge/],
  ["create-autorevoke-edge/package.json", other, /^create-autorevoke-edge\/package\.json has the version 99/],
  ["pkg/package.json", (text) => text.replace('"MIT OR', '"GPL OR'), /different licences$/],
  [
    "Cargo.toml",
    (text) => text.replace(/^license = /m, 'repository = "https://code.example.com/a/b"\nlicense = '),
    /different repositories$/,
    2,
  ],
];
for (const [path, change, expected, count = 1] of cases)
  test(`a fault in ${path} is seen: ${expected.source}`, async () => {
    const faults = await faultsAfter(path, change);
    assert.equal(faults.length, count, faults.join("\n"));
    for (const fault of faults) assert.match(fault, expected);
  });

test("a tag of another version, a section without a date, and no repository are seen", async () => {
  const faults = await faultsAfter("CHANGELOG.md", (text) => text, "v99.0.0");
  assert.ok(faults.includes(`the tag is v99.0.0, the version ${version}`));
  assert.ok(faults.some((fault) => fault.startsWith(`CHANGELOG.md must begin with "## ${version} (`)));
});
