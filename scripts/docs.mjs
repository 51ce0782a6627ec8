// npm run docs: the documentation as a site, from docs/ and from what the code says of itself.
import { cp } from "node:fs/promises";
import { join } from "node:path";
import { portFault, readArguments } from "./command/arguments.mjs";
import { runCommand } from "./command/faults.mjs";
import { inRoot, targetDirectory } from "./command/places.mjs";
import { run, say, show } from "./command/running.mjs";
import { ensureNpmPackages } from "./setup/npm-packages.mjs";

const VITEPRESS = inRoot("docs/node_modules/vitepress/bin/vitepress.js");
const SITE = inRoot("docs/.vitepress/dist");

await runCommand(async () => {
  const { values, switches } = readArguments({
    name: "npm run docs --",
    about:
      "Builds the documentation as a site: docs/.vitepress/dist. A dead link fails. Set DOCS_BASE to serve it below a path.",
    options: {
      serve: { about: "shows it on 127.0.0.1 instead, and each change at once" },
      port: { value: "N", about: "where to; default 8789", fault: portFault },
    },
  });
  await ensureNpmPackages();
  await ensureNpmPackages(inRoot("docs"));
  const { build } = await import("./build/parts.mjs");
  await build(["client"]);
  const { writePages } = await import("./docs/pages.mjs");
  await writePages();
  if (switches.has("serve")) {
    const { port = "8789" } = values;
    return show(process.execPath, [VITEPRESS, "dev", "docs", "--host", "127.0.0.1", "--port", port]);
  }
  await run(process.execPath, [VITEPRESS, "build", "docs"], { label: "docs: vitepress build" });
  await run("cargo", ["doc", "--quiet", "--no-deps", "--lib", "--features", "edge,full"], {
    label: "docs: cargo doc",
    env: { RUSTDOCFLAGS: "-D warnings" },
  });
  await cp(join(targetDirectory, "doc"), join(SITE, "rust"), { recursive: true });
  const { externalRequests } = await import("./docs/external-requests.mjs");
  const found = await externalRequests(SITE);
  for (const one of found) say(`docs: ${one}`);
  if (found.length > 0) return 1;
  say(`docs: ${SITE}`);
});
