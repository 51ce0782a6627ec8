// Writes the pages that say what the code says: they are made anew by each build, and are not in the repository.
import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
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

/** From the package's types, one page for each of its entries that has types of its own. */
async function apiReference() {
  const out = inRoot("docs/reference/api");
  await rm(out, { recursive: true, force: true });
  await run(
    process.execPath,
    [inRoot("docs/node_modules/typedoc/bin/typedoc"), "--options", inRoot("docs/typedoc.json"), "--out", out],
    { label: "docs: typedoc", cwd: inRoot("docs") },
  );
}
