// pkg/dist: the client's wasm modules with their glue, and the tables that JavaScript needs without loading wasm.
import { readFile, writeFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { inRoot } from "../command/places.mjs";
import { run } from "../command/running.mjs";
import { buildWasm, generator } from "./wasm.mjs";

/** @type {import("./freshness.mjs").Part} */
export const client = {
  name: "client",
  inputs: [
    "Cargo.toml",
    "Cargo.lock",
    "src",
    "scripts/bindgen",
    "scripts/build",
    "scripts/setup/wasm-target.mjs",
    "package-lock.json",
  ],
  except: ["src/edge", "scripts/bindgen/target"],
  outputs: [
    ...[
      "pkg/dist/autorevoke_small.wasm",
      "pkg/dist/autorevoke_small.js",
      "pkg/dist/autorevoke_small.inline.js",
    ],
    ...["pkg/dist/autorevoke_full.wasm", "pkg/dist/autorevoke_full.js", "pkg/dist/autorevoke_full.inline.js"],
    ...["pkg/dist/autorevoke_lists.wasm", "pkg/dist/autorevoke_lists.js"],
    "pkg/dist/tables.js",
  ],
};

/**
 * What the small module must never reach, as it stands in the names of its functions: each comes in by one careless line,
 * and is larger than all that a page needs of it.
 */
const NEVER_REACHED = ["flt2dec", "Unexpected", "_4idna", "_3url", "10serde_json", "10autorevoke4edge"];

export async function buildClient() {
  // What a page loads to revoke goes through the edge alone. All else is in the other: servers load it at once, and a
  // page when it asks for it. What reads lists is for the command, which has the files beside it.
  for (const [name, features] of [
    ["small", "client"],
    ["full", "full"],
    ["lists", "lists"],
  ]) {
    await buildWasm({
      name,
      features,
      smallest: true,
      inlining: name === "small",
      never: name === "small" ? NEVER_REACHED : [],
      wasm: `pkg/dist/autorevoke_${name}.wasm`,
      glue: `pkg/dist/autorevoke_${name}.js`,
    });
    if (name !== "lists") await writeInline(`pkg/dist/autorevoke_${name}`);
  }
  const json = await run(await generator("tables"), []);
  const tables = JSON.stringify(JSON.parse(json), null, 2);
  await writeFile(
    inRoot("pkg/dist/tables.js"),
    `// Written by the build from src/protocol; do not edit.\nexport default ${tables};\n`,
  );
}

/**
 * The module as text of JavaScript. Compressed first: base64 of the module itself is twice as long, and what a server makes of
 * it on the way is longer, too.
 * @param {string} path of the module, without its ending
 */
async function writeInline(path) {
  const packed = gzipSync(await readFile(inRoot(`${path}.wasm`)), { level: 9 });
  // The same on every machine: zlib writes there which system it runs on.
  packed[9] = 0xff;
  await writeFile(inRoot(`${path}.inline.js`), `export default "${packed.toString("base64")}";\n`);
}
