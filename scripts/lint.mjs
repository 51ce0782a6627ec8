// npm run lint: formatting, clippy with warnings as errors, types.
import { readArguments } from "./command/arguments.mjs";
import { runCommand } from "./command/faults.mjs";
import { ensureNpmPackages } from "./setup/npm-packages.mjs";

await runCommand(async () => {
  readArguments({ name: "npm run lint", about: "Checks formatting, runs clippy, checks types." });
  await ensureNpmPackages();
  const { build } = await import("./build/parts.mjs");
  await build(["client", "edge"]); // their glue has types that others are checked against
  const { lintTests } = await import("./test/checks.mjs");
  const results = await lintTests();
  if (!results.ok) console.error(results.report);
  console.log(`${results}`);
  return results.ok ? 0 : 1;
});
