// The page on errors has every kind, with the statuses that the edge gives with it, and with what may have happened.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { read, root } from "./documents.mjs";

const { prose } = read("docs/reference/errors.md");
const source = await readFile(`${root}src/problem.rs`, "utf8");

/** The kinds of src/problem.rs, and the statuses that it has for each. */
const kinds = [...source.matchAll(/^ {4}\w+ = "([a-z-]+)", \[([\d, ]*)\],/gm)].map(([, name, statuses]) => ({
  name,
  statuses: statuses.split(", ").filter(Boolean).map(Number).sort(),
}));

/** Those about which nobody may say that the order was not revoked; all others promise it. */
const MAY_HAVE_REVOKED = ["aborted", "in-progress", "unknown-outcome"];

/** @param {string} name */
function section(name) {
  const found = new RegExp(`^### ${name}\\n\\n(.+)\\n`, "m").exec(prose);
  assert.ok(found, `there is no section on ${name}`);
  return found[1];
}

test("it has each kind, and no other", () => {
  assert.ok(kinds.length > 15);
  const sections = [...prose.matchAll(/^### ([a-z-]+)$/gm)].map(([, name]) => name);
  assert.deepEqual(sections.toSorted(), kinds.map(({ name }) => name).toSorted());
});

for (const { name, statuses } of kinds) {
  test(`${name}: statuses, and mayHaveRevoked`, () => {
    const line = section(name);
    const [, said = ""] = /Edge: ([\d, ]+)\.$/.exec(line) ?? [];
    assert.deepEqual(said.split(", ").filter(Boolean).map(Number).sort(), statuses);
    assert.equal(line.startsWith("`mayHaveRevoked`: **true**"), MAY_HAVE_REVOKED.includes(name), line);
    if (!MAY_HAVE_REVOKED.includes(name)) assert.match(line, /^`mayHaveRevoked`: false\./);
  });
}

test("each says what to do", () => {
  for (const part of prose.split(/^### /m).slice(1)) assert.match(part, /^\*\*What to do:\*\* \S/m);
});
