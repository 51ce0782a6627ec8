// pkg/dist: the client as wasm with its glue, and the tables that JavaScript needs without loading wasm.
import { writeFile } from "node:fs/promises";
import { inRoot } from "../command/places.mjs";
import { run } from "../command/running.mjs";
import { buildWasm } from "./wasm.mjs";

/** @type {import("./freshness.mjs").Part} */
export const client = {
  name: "client",
  inputs: [
    "Cargo.toml",
    "Cargo.lock",
    "src",
    "examples/tables.rs",
    "scripts/bindgen",
    "scripts/build",
    "package-lock.json",
  ],
  except: ["src/edge", "scripts/bindgen/target"],
  outputs: ["pkg/dist/autorevoke_client.wasm", "pkg/dist/autorevoke_client.js", "pkg/dist/tables.js"],
};

export async function buildClient() {
  await buildWasm({
    feature: "client",
    wasm: "pkg/dist/autorevoke_client.wasm",
    glue: "pkg/dist/autorevoke_client.js",
  });
  const json = await run("cargo", ["run", "--quiet", "--example", "tables"], {
    label: "build: the tables of codes and reasons",
  });
  const tables = JSON.stringify(JSON.parse(json), null, 2);
  await writeFile(
    inRoot("pkg/dist/tables.js"),
    `// Written by the build from src/protocol; do not edit.\nexport default ${tables};\n`,
  );
}
