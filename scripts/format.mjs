// npm run format: writes every file as the formatters want it.
import { readArguments } from "./command/arguments.mjs";
import { runCommand } from "./command/faults.mjs";
import { inRoot } from "./command/places.mjs";
import { run } from "./command/running.mjs";
import { ensureNpmPackages } from "./setup/npm-packages.mjs";

await runCommand(async () => {
  readArguments({
    name: "npm run format",
    about: "Formats Rust by cargo fmt, everything else by prettier.",
  });
  await ensureNpmPackages();
  await run(process.execPath, [inRoot("node_modules/prettier/bin/prettier.cjs"), "--write", "."], {
    label: "format: prettier",
  });
  await run("cargo", ["fmt", "--all"], { label: "format: cargo fmt" });
});
