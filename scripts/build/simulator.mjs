// pkg/dist/simulator.js: the CA's stand-in in one file, for users of the package.
import { build } from "esbuild";
import { inRoot } from "../command/places.mjs";

/** @type {import("./freshness.mjs").Part} */
export const simulator = {
  name: "simulator",
  inputs: ["simulator", "scripts/build/simulator.mjs", "package-lock.json"],
  outputs: ["pkg/dist/simulator.js"],
};

export async function buildSimulator() {
  await build({
    entryPoints: [inRoot("simulator/index.js")],
    outfile: inRoot("pkg/dist/simulator.js"),
    bundle: true,
    format: "esm",
    platform: "node",
    target: "node20",
    banner: { js: "// Written by the build from simulator/; do not edit.\n// @ts-nocheck" },
    logLevel: "warning",
  });
}
