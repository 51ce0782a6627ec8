// Writes the pages that say what the code says: they are made anew by each build, and are not in the repository.
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
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
  const out = inRoot("docs/reference/api");
  await rm(out, { recursive: true, force: true });
  const files = declarations.flatMap(({ file }) => ["--entryPoints", inRoot("pkg", file)]);
  await run(process.execPath, [typedoc, "--options", inRoot("docs/typedoc.json"), ...files, "--out", out], {
    label: "docs: typedoc",
    cwd: inRoot("docs"),
  });
  for (const { file, entry, page } of declarations) {
    // A single file of types has the page on which the list of several would be.
    const from = declarations.length > 1 ? basename(file, ".d.ts") : "all";
    const text = await readFile(join(out, `${from}.md`), "utf8");
    await rm(join(out, `${from}.md`));
    await writeFile(inRoot("docs", `${page}.md`), text.replace(/^# .*$/m, `# Types of ${entry}`));
  }
  await rm(join(out, "all.md"), { force: true });
}
