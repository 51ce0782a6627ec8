// npm run build: the npm package, the edge bundle, the dashboard.
import { readArguments } from "./command/arguments.mjs";
import { runCommand } from "./command/faults.mjs";
import { say } from "./command/running.mjs";
import { ensureNpmPackages } from "./setup/npm-packages.mjs";

await runCommand(async () => {
  const { switches, rest } = readArguments({
    name: "npm run build --",
    about:
      "Builds what is not up to date: pkg/dist (client, elements, simulator), worker/dist (edge), www/dist (dashboard).",
    options: { force: { about: "build even what is up to date" } },
    rest: ["[client|edge|elements|simulator|dashboard|all]..."],
  });
  await ensureNpmPackages();
  const { build } = await import("./build/parts.mjs");
  const built = await build(rest, { force: switches.has("force") });
  say(built.length > 0 ? `build: done (${built.join(", ")})` : "build: everything is up to date");
});
