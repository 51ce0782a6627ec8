// Every page has its place in the sidebar, and no link between documents is dead.
import assert from "node:assert/strict";
import { existsSync, statSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { posix } from "node:path";
import { test } from "node:test";
import { RUST } from "../../docs/.vitepress/links.mjs";
import { sections, written } from "../../docs/.vitepress/sidebar.mjs";
import { anchorsOf, documents, linksOf, pages, read, root } from "./documents.mjs";

const listed = sections().flatMap(({ entries }) => entries.map(([, path]) => path));

test("each page is in the sidebar, once", async () => {
  const expected = [...(await pages()).filter((path) => path !== "index"), ...written];
  assert.deepEqual(listed.toSorted(), expected.toSorted());
});

test("no two entries of the sidebar have the same words", () => {
  const texts = sections().flatMap(({ entries }) => entries.map(([text]) => text));
  assert.equal(new Set(texts).size, texts.length);
});

test("each page begins with one heading of the first level", async () => {
  for (const path of await pages()) {
    if (path === "index") continue;
    const titles = read(`docs/${path}.md`).prose.match(/^# .+$/gm) ?? [];
    assert.equal(titles.length, 1, `docs/${path}.md: ${titles}`);
  }
});

test("no link between documents is dead", async () => {
  const dead = [];
  for (const file of await documents()) {
    for (const { target } of linksOf(read(file).prose)) {
      const why = fault(file, target);
      if (why) dead.push(`${file}: ${target}: ${why}`);
    }
  }
  assert.deepEqual(dead, []);
});

test("no page is linked by an address of the site, where a path would lead there in the repository, too", async () => {
  for (const file of await documents()) {
    if (file === "docs/index.md") continue;
    const absolute = linksOf(read(file).prose).filter(
      ({ target }) => target.startsWith("/") && !target.startsWith(RUST),
    );
    assert.deepEqual(absolute, [], file);
  }
});

test("each picture is used, and is small", async () => {
  const used = (await documents()).flatMap((file) =>
    linksOf(read(file).prose).map(({ target }) => posix.join(posix.dirname(file), target)),
  );
  const names = await readdir(`${root}docs/pictures`, { recursive: true });
  for (const name of names.filter((name) => /\.\w+$/.test(name))) {
    const path = `docs/pictures/${name}`;
    assert.ok(used.includes(path), `${path} is in no page`);
    assert.ok(statSync(root + path).size < 120_000, `${path} is larger than 120 KB`);
  }
});

/** What is wrong with a link; nothing for one that leads elsewhere. @param {string} file @param {string} target */
function fault(file, target) {
  if (/^[a-z]+:/.test(target) || target.startsWith(RUST)) return undefined;
  const [path, anchor] = target.split("#");
  const there = path === "" ? file : posix.join(posix.dirname(file), path);
  const page = there.replace(/^docs\/|\.md$/g, "");
  // What the build writes is seen by VitePress, which ends with an error where it is not there.
  if (there.startsWith("docs/") && written.includes(page)) return undefined;
  if (!existsSync(root + there)) return "there is no such file";
  if (there.startsWith("docs/") && !there.endsWith(".md") && statSync(root + there).isDirectory())
    return "a folder is no page";
  if (anchor === undefined || !there.endsWith(".md")) return undefined;
  return anchorsOf(read(there).prose).has(anchor) ? undefined : "there is no such heading";
}
