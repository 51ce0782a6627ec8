// The suites of `npm test`, in the order in which they run; those that compile run beside the others.
import { cargoTests } from "./cargo.mjs";
import { documentationTests, lintTests } from "./checks.mjs";
import { javascriptTests, testFolders } from "./javascript.mjs";
import { leakTests } from "./leaks.mjs";
import { wasmInChromium, wasmInNode } from "./wasm.mjs";

/**
 * @typedef {object} Suite
 * @property {string} name
 * @property {string} about
 * @property {() => Promise<import("./tally.mjs").Tally>} run
 * @property {boolean} [beside] compiles more than anything else, and is run beside the others
 */

/** @returns {Promise<Suite[]>} */
export async function suites() {
  const folders = await testFolders();
  return [
    {
      name: "rust",
      about: "Rust tests, documentation examples included",
      beside: true,
      run: () =>
        cargoTests({
          name: "rust",
          args: ["test", "--no-fail-fast", "--features", "edge,direct,audit,jobs"],
        }),
    },
    { name: "wasm-node", about: "Rust tests of the client as wasm, in Node", beside: true, run: wasmInNode },
    {
      name: "wasm-chromium",
      about: "Rust tests of the client as wasm, in Chromium",
      beside: true,
      run: wasmInChromium,
    },
    {
      name: "docs",
      about: "the documentation builds without warnings",
      beside: true,
      run: documentationTests,
    },
    { name: "lint", about: "formatting, clippy, types", beside: true, run: lintTests },
    ...folders.map((folder) => ({
      name: folder,
      about: `tests/${folder}`,
      run: () => javascriptTests(folder),
    })),
    { name: "leaks", about: "no login in anything that the suites before saw of the edge", run: leakTests },
  ];
}
