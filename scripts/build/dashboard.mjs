// www/dist: the dashboard, built by Vite from www/ and the npm package. The same, for those without a clone, in pkg/dist/dashboard.
import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { inRoot } from "../command/places.mjs";
import { run } from "../command/running.mjs";

/** @type {import("./freshness.mjs").Part} */
export const dashboard = {
  name: "dashboard",
  inputs: ["www", "pkg", "package-lock.json", "scripts/build/dashboard.mjs"],
  // The edge is no part of it.
  except: ["www/dist", "pkg/dist/dashboard", "pkg/dist/worker"],
  outputs: ["www/dist", "pkg/dist/dashboard", "pkg/dist/dashboard.LICENSE.txt"],
};

/** What the built files have in them of others. */
const BUNDLED = ["lit", "@lit/context", "@lit/task", "@tanstack/virtual-core", "intl-messageformat"];

export async function buildDashboard() {
  await run(process.execPath, [inRoot("node_modules/vite/bin/vite.js"), "build", "--logLevel", "warn"], {
    label: "build: the dashboard",
    cwd: inRoot("www"),
  });
  await rm(inRoot("pkg/dist/dashboard"), { recursive: true, force: true });
  await cp(inRoot("www/dist"), inRoot("pkg/dist/dashboard"), { recursive: true });
  const licences = BUNDLED.map(async (name) => `${name}\n\n${(await licenceOf(name)).trim()}\n`);
  await writeFile(inRoot("pkg/dist/dashboard.LICENSE.txt"), (await Promise.all(licences)).join("\n---\n\n"));
}

/** @param {string} name of a package */
const licenceOf = (name) =>
  readFile(inRoot("node_modules", name, "LICENSE"), "utf8").catch(() =>
    readFile(inRoot("node_modules", name, "LICENSE.md"), "utf8"),
  );
