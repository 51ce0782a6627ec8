// The suites of `npm test`: those of cargo, which run one after the other beside the JavaScript tests.
import { Failure } from "../command/faults.mjs";
import { inRoot } from "../command/places.mjs";
import { say } from "../command/running.mjs";
import { ensureChromium, ensureHeadlessShell } from "../setup/chromium.mjs";
import { ensureNpmPackages } from "../setup/npm-packages.mjs";
import { ensureSchemathesis } from "../setup/schemathesis.mjs";
import { ensureTestRunner } from "../setup/wasm-bindgen-command.mjs";
import { cargoTests } from "./cargo.mjs";
import { documentationTests, lintTests } from "./checks.mjs";
import { wasmInChromium, wasmInNode } from "./wasm.mjs";

/** @typedef {{ name: string, needsBuild?: boolean, run: () => Promise<import("./results.mjs").Results> }} Suite */

/** @type {Suite[]} */
export const cargoSuites = [
  {
    name: "rust",
    run: () =>
      cargoTests({
        name: "rust",
        args: ["test", "--no-fail-fast", "--features", "edge,full,lists,openapi"],
        // For the properties that proptest runs by itself.
        env: { PROPTEST_RNG_SEED: process.env.SEED ?? "" },
      }),
  },
  { name: "wasm-node", run: wasmInNode },
  { name: "wasm-chromium", run: wasmInChromium },
  { name: "docs", run: documentationTests },
  // The glue that is built has types that others are checked against.
  { name: "lint", needsBuild: true, run: lintTests },
];

/** Tools that tests need, by a part of the suite's or file's name. @type {[RegExp, () => Promise<unknown>][]} */
const tools = [
  [/browser|element|wasm-chromium/, ensureChromium],
  [/browser|element|package/, ensureHeadlessShell],
  [/wasm-/, ensureTestRunner],
  [/contract/, ensureSchemathesis],
];

/**
 * Installs what is missing, before any test runs. What is not to be had is said: the tests that need it are skipped.
 * @param {string[]} names of suites and files
 */
export async function ensureTools(names) {
  for (const [part, ensure] of tools) {
    if (!names.some((name) => part.test(name))) continue;
    await ensure().catch((error) => {
      if (!(error instanceof Failure)) throw error;
      say(error.message);
    });
  }
}

/** What deploys, of this clone alone: it can be installed while the build runs. @param {string[]} names of suites and files */
export async function ensurePackages(names) {
  if (names.some((name) => /deploy/.test(name))) await ensureNpmPackages(inRoot("scripts", "deploy"));
}
