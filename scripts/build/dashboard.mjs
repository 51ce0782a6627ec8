// www/dist: the dashboard, built by Vite from www/ and the npm package.
import { inRoot } from "../command/places.mjs";
import { run } from "../command/running.mjs";

/** @type {import("./freshness.mjs").Part} */
export const dashboard = {
  name: "dashboard",
  inputs: ["www", "pkg", "package-lock.json", "scripts/build/dashboard.mjs"],
  except: ["www/dist"],
  outputs: ["www/dist"],
};

export async function buildDashboard() {
  await run(process.execPath, [inRoot("node_modules/vite/bin/vite.js"), "build", "--logLevel", "warn"], {
    label: "build: the dashboard",
    cwd: inRoot("www"),
  });
}
