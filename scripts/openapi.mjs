// npm run openapi: derives src/edge/openapi.json from the types of the API and the table of routes.
import { writeFile } from "node:fs/promises";
import { readArguments } from "./command/arguments.mjs";
import { runCommand } from "./command/faults.mjs";
import { inRoot } from "./command/places.mjs";
import { run } from "./command/running.mjs";
import { ensureNpmPackages } from "./setup/npm-packages.mjs";

const FILE = inRoot("src", "edge", "openapi.json");

await runCommand(async () => {
  readArguments({
    name: "npm run openapi",
    about:
      "Derives src/edge/openapi.json from the types of src/api, the table of routes, and the kinds of problems.",
  });
  await ensureNpmPackages();
  const document = await run(
    "cargo",
    ["run", "--quiet", "--features", "edge,full,lists,openapi", "--example", "openapi"],
    {
      label: "openapi: cargo run",
    },
  );
  await writeFile(FILE, document);
  await run(process.execPath, [inRoot("node_modules/prettier/bin/prettier.cjs"), "--write", FILE], {
    label: "openapi: prettier",
  });
});
