// Checks that are either right or wrong as a whole, each counted as one test: formatting, lints, types, documentation.
import { existsSync } from "node:fs";
import { inRoot } from "../command/places.mjs";
import { attempt } from "../command/running.mjs";
import { TARGET, ensureWasmToolchain } from "../setup/wasm-target.mjs";
import { Tally } from "./tally.mjs";

const node = process.execPath;
const TYPED_FOLDERS = [".", "tests", "pkg", "simulator", "worker", "www"];
const LIMIT_MS = 15 * 60_000;

/**
 * @typedef {object} Check
 * @property {string} name
 * @property {string} program
 * @property {string[]} args
 * @property {Record<string, string>} [env]
 */

/** @returns {Promise<Check[]>} */
async function lints() {
  const wasm = await ensureWasmToolchain();
  const clippy = (/** @type {string[]} */ args) => [
    "clippy",
    "--all-targets",
    ...args,
    "--",
    "-D",
    "warnings",
  ];
  return [
    {
      name: "prettier",
      program: node,
      args: [inRoot("node_modules/prettier/bin/prettier.cjs"), "--check", "."],
    },
    { name: "cargo fmt", program: "cargo", args: ["fmt", "--all", "--check"] },
    { name: "clippy", program: "cargo", args: clippy(["--workspace"]) },
    { name: "clippy (edge)", program: "cargo", args: clippy(["--features", "edge"]) },
    ...["client", "edge"].map((feature) => ({
      name: `clippy (${feature}, wasm)`,
      program: wasm.program,
      args: clippy(["--features", feature, "--target", TARGET, ...wasm.flags]),
      env: wasm.env,
    })),
    ...TYPED_FOLDERS.filter((folder) => existsSync(inRoot(folder, "tsconfig.json"))).map((folder) => ({
      name: `types (${folder === "." ? "scripts" : folder})`,
      program: node,
      args: [inRoot("node_modules/typescript/bin/tsc"), "--project", inRoot(folder), "--noEmit"],
    })),
  ];
}

/** @returns {Check[]} */
function documentation() {
  return [
    {
      name: "cargo doc",
      program: "cargo",
      args: ["doc", "--no-deps", "--features", "edge"],
      env: { RUSTDOCFLAGS: "-D warnings" },
    },
  ];
}

export const lintTests = async () => runChecks(await lints());
export const documentationTests = async () => runChecks(documentation());

/** @param {Check[]} checks */
async function runChecks(checks) {
  const tally = new Tally();
  for (const { name, program, args, env } of checks) {
    const { ok, output } = await attempt(program, args, { label: `  ${name}`, env, limitMs: LIMIT_MS });
    if (ok) tally.pass();
    else tally.fail(name, output);
  }
  return tally;
}
