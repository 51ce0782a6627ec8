// Writes the pages that say what the code says: they are made anew by each build, and are not in the repository.
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { declarations } from "../../docs/.vitepress/sidebar.mjs";
import { inRoot } from "../command/places.mjs";
import { run } from "../command/running.mjs";
import { codesPage } from "./codes.mjs";
import { commandPage } from "./command.mjs";
import { httpApiPage } from "./http-api.mjs";
import { writtenElsewhere } from "./project-pages.mjs";

export async function writePages() {
  const pages = [
    { path: "reference/codes.md", text: await codesPage() },
    { path: "reference/command.md", text: commandPage() },
    { path: "reference/http-api.md", text: await httpApiPage() },
    ...(await writtenElsewhere()),
  ];
  for (const { path, text } of pages) {
    await mkdir(dirname(inRoot("docs", path)), { recursive: true });
    await writeFile(inRoot("docs", path), text);
  }
  await apiReference();
}

/** From the package's types, a page for each file of them. */
async function apiReference() {
  const typedoc = inRoot("docs/node_modules/typedoc/bin/typedoc");
  const folder = inRoot("docs/reference/api");
  await rm(folder, { recursive: true, force: true });
  for (const { file, entry, page } of declarations) {
    const out = await mkdtemp(join(tmpdir(), "autorevoke-docs-"));
    const own = ["--entryPoints", inRoot("pkg", file), "--name", `Types of ${entry}`, "--out", out];
    await run(process.execPath, [typedoc, "--options", inRoot("docs/typedoc.json"), ...own], {
      label: `docs: typedoc ${entry}`,
      cwd: inRoot("docs"),
    });
    const path = inRoot("docs", `${page}.md`);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, await readFile(join(out, "index.md"), "utf8"));
    await rm(out, { recursive: true });
  }
}
