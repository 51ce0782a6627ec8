// worker/dist: the edge's decisions as wasm, and worker/src bundled into the one file that is deployed. The same, for those without a
// clone, in pkg/dist/worker.
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { inRoot } from "../command/places.mjs";
import { say } from "../command/running.mjs";
import { buildWasm } from "./wasm.mjs";

/** @type {import("./freshness.mjs").Part} */
export const edge = {
  name: "edge",
  inputs: [
    "Cargo.toml",
    "Cargo.lock",
    "src",
    "worker/src",
    "worker/package.json",
    "worker/workerd.capnp",
    "worker/workerd-dashboard.capnp",
    "scripts/bindgen",
    "scripts/build",
    "package-lock.json",
  ],
  except: ["src/client", "scripts/bindgen/target"],
  outputs: [
    ...["worker/dist/edge.wasm", "worker/dist/edge_glue.js", "worker/dist/worker.js"],
    ...[
      "worker.js",
      "edge.wasm",
      "workerd.capnp",
      "dashboard.js",
      "workerd-dashboard.capnp",
      "jose.LICENSE.txt",
    ].map((name) => `pkg/dist/worker/${name}`),
  ],
};

export async function buildEdge() {
  await buildWasm({ name: "edge", wasm: "worker/dist/edge.wasm", glue: "worker/dist/edge_glue.js" });
  await bundleWorker();
  await copyIntoPackage();
}

/** The very files that are deployed and tested, and the configuration by which `workerd` serves them. */
async function copyIntoPackage() {
  const folder = inRoot("pkg/dist/worker");
  await mkdir(folder, { recursive: true });
  for (const name of ["worker.js", "edge.wasm"])
    await copyFile(inRoot("worker/dist", name), `${folder}/${name}`);
  // Beside the edge, for those who serve the dashboard before it.
  await copyFile(inRoot("worker/src/dashboard.js"), `${folder}/dashboard.js`);
  for (const name of ["workerd.capnp", "workerd-dashboard.capnp"]) {
    const config = await readFile(inRoot("worker", name), "utf8");
    await writeFile(`${folder}/${name}`, config.replaceAll(/embed "(dist|src)\//g, 'embed "'));
  }
  // The bundle has it in itself.
  await copyFile(inRoot("node_modules/jose/LICENSE.md"), `${folder}/jose.LICENSE.txt`);
}

async function bundleWorker() {
  say("build: the worker");
  const { build } = await import("esbuild");
  await build({
    entryPoints: [inRoot("worker/src/worker.js")],
    outfile: inRoot("worker/dist/worker.js"),
    bundle: true,
    format: "esm",
    platform: "neutral",
    mainFields: ["module", "main"],
    conditions: ["workerd", "worker", "browser", "import"],
    external: ["cloudflare:*", "node:*"],
    plugins: [wasmBesideBundle],
    target: "es2022",
    logLevel: "error",
  });
}

/**
 * workerd and wrangler take the module from beside the bundle, wherever the source imports it from.
 * @type {import("esbuild").Plugin}
 */
const wasmBesideBundle = {
  name: "wasm-beside-bundle",
  setup(build) {
    build.onResolve({ filter: /(^|\/)edge\.wasm$/ }, () => ({ path: "./edge.wasm", external: true }));
  },
};
