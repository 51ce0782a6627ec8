// wasm-bindgen's command line, whose test runner hosts Rust tests in Node and in browsers. Only tests need it.
import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "../command/faults.mjs";
import { inRoot } from "../command/places.mjs";
import { ensureCargoTool } from "./cargo-tool.mjs";

/** @returns {Promise<string>} the path of the test runner */
export async function ensureTestRunner() {
  const folder = await ensureCargoTool({
    name: "wasm-bindgen-cli",
    // The very version that the tests are compiled with: the two speak one format.
    version: await wasmBindgenVersion(),
    takes: "about 3 minutes, once for all clones",
  });
  const runner = join(folder, "bin", "wasm-bindgen-test-runner");
  if (!existsSync(runner)) throw new Failure(`${runner} is missing`);
  return runner;
}

async function wasmBindgenVersion() {
  const lock = await readFile(inRoot("Cargo.lock"), "utf8");
  const found = /name = "wasm-bindgen"\nversion = "([^"]+)"/.exec(lock);
  if (!found) throw new Failure("Cargo.lock names no wasm-bindgen");
  return found[1];
}
