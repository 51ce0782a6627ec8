// Checks that are either right or wrong as a whole, each counted as one test: formatting, lints, types, documentation.
import { existsSync } from "node:fs";
import { inRoot } from "../command/places.mjs";
import { attempt } from "../command/running.mjs";
import { TARGET, ensureWasmToolchain } from "../setup/wasm-target.mjs";
import { Results } from "./results.mjs";
import { clientTargets } from "./wasm.mjs";

const node = process.execPath;
const TYPED_FOLDERS = [".", "tests", "pkg", "simulator", "worker", "www"];
const LIMIT_MS = 15 * 60_000;

/**
 * @typedef {object} Check
 * @property {string} name
 * @property {string} program
 * @property {string[]} args
 * @property {Record<string, string>} [env]
 * @property {string} [lacking] why it cannot be run here
 */

/** @returns {Promise<Check[]>} */
async function lints() {
  const warnings = ["--", "-D", "warnings"];
  const native = await component("clippy");
  const format = await component("fmt");
  const wasm = await clippyForWasm();
  return [
    {
      name: "prettier",
      program: node,
      args: [inRoot("node_modules/prettier/bin/prettier.cjs"), "--check", "."],
    },
    { name: "cargo fmt", ...format, args: [...format.args, "--all", "--check"] },
    { name: "clippy", ...native, args: [...native.args, "--workspace", "--all-targets", ...warnings] },
    {
      name: "clippy (all features)",
      ...native,
      args: [...native.args, "--all-targets", "--features", "edge,full,lists,openapi", ...warnings],
    },
    { name: "clippy (client, wasm)", ...wasm, args: [...wasm.args, "--features", "client", ...warnings] },
    {
      name: "clippy (full, wasm)",
      ...wasm,
      args: [...wasm.args, "--features", "full", ...(await clientTargets()), ...warnings],
    },
    { name: "clippy (lists, wasm)", ...wasm, args: [...wasm.args, "--features", "lists", ...warnings] },
    { name: "clippy (edge, wasm)", ...wasm, args: [...wasm.args, "--features", "edge", ...warnings] },
    ...TYPED_FOLDERS.filter((folder) => existsSync(inRoot(folder, "tsconfig.json"))).map((folder) => ({
      name: `types (${folder === "." ? "scripts" : folder})`,
      program: node,
      args: [inRoot("node_modules/typescript/bin/tsc"), "--project", inRoot(folder), "--noEmit"],
    })),
  ];
}

/** @param {"clippy" | "fmt"} name */
async function component(name) {
  const { ok } = await attempt("cargo", [name, "--version"]);
  const lacking = ok
    ? undefined
    : `cargo ${name} is missing (rustup component add ${name === "fmt" ? "rustfmt" : name})`;
  const args = name === "fmt" ? [name] : [name, "--quiet"];
  return { program: "cargo", args, lacking };
}

async function clippyForWasm() {
  const { kind, flags, env } = await ensureWasmToolchain();
  const args = ["clippy", "--quiet", "--lib", "--target", TARGET, ...flags];
  if (kind === "target") return { ...(await component("clippy")), args, env };
  // Through `cargo clippy` rustup's would be taken, whose compiler lacks the target.
  const program = "/usr/bin/cargo-clippy";
  const lacking = existsSync(program) ? undefined : `${program} is missing (apt-get install rust-web-clippy)`;
  return { program, args, env: { ...env, CARGO: "/usr/bin/cargo" }, lacking };
}

/** @returns {Check[]} */
function documentation() {
  return [
    {
      name: "cargo doc",
      program: "cargo",
      args: ["doc", "--quiet", "--no-deps", "--features", "edge,full,lists,openapi"],
      env: { RUSTDOCFLAGS: "-D warnings" },
    },
  ];
}

export const lintTests = async () => runChecks("lint", await lints());
export const documentationTests = async () => runChecks("docs", documentation());

/** @param {string} suite @param {Check[]} checks */
async function runChecks(suite, checks) {
  const results = new Results();
  const again = `npm test -- --only ${suite}`;
  const inTurn = async (/** @type {Check[]} */ some) => {
    for (const { name, program, args, env, lacking } of some) {
      if (lacking) {
        results.skip({ name, why: lacking, again });
        continue;
      }
      const { ok, output } = await attempt(program, args, { env, limitMs: LIMIT_MS });
      if (ok) results.pass();
      else results.fail({ name, why: output, again });
    }
  };
  // Those of cargo would only wait for each other.
  await Promise.all([
    inTurn(checks.filter(({ program }) => program === node)),
    inTurn(checks.filter(({ program }) => program !== node)),
  ]);
  return results;
}
