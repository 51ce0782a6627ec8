// The table of attacks (README.md in this folder) is true: every row has a test of its name, in the file it names.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

const readme = new URL("README.md", import.meta.url);
const rows = (await readFile(readme, "utf8"))
  .split("\n")
  .filter((line) => line.startsWith("| "))
  .slice(2)
  .map((line) => line.split("|").map((cell) => cell.trim().replaceAll("\\_", "_")))
  .map(([, attack, , triedIn, inDepth]) => ({ attack, files: [linked(triedIn), linked(inDepth)] }));

/** @param {string} cell */
function linked(cell) {
  return [...cell.matchAll(/\]\(([^)]+)\)/g)].map(([, path]) => path);
}

test("the table is there", () => assert.ok(rows.length > 20));

for (const { attack, files } of rows) {
  test(`${attack}: there is such a test`, async () => {
    const [triedIn, inDepth] = await Promise.all(
      files.map((paths) => Promise.all(paths.map((path) => readFile(new URL(path, readme), "utf8")))),
    );
    assert.equal(triedIn.length, 1);
    const names = /** @type {string[]} */ ([]);
    for (const [, name] of triedIn[0].matchAll(
      /\b(?:test|describe)\(\s*["`]((?:\\.|[^"])*?)(?:["`],|\$\{)/g,
    )) {
      // What stands before `${...}` in a name must say something.
      if (name.length > 3) names.push(name.replaceAll("\\`", "`"));
    }
    assert.ok(names.length > 0);
    assert.ok(
      names.some((name) => attack.startsWith(name.trim()) || name.startsWith(attack)),
      `no test of that name among:\n${names.join("\n")}`,
    );
    for (const text of inDepth) assert.match(text, /\btest(Tokens)?\(/);
  });
}
