// A Rust that builds for wasm32-unknown-unknown: rustup's target, or else Debian's compiler that builds std itself.
import { existsSync, readdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { Failure } from "../command/faults.mjs";
import { attempt, say } from "../command/running.mjs";
import { installPackages } from "./administrator.mjs";

export const TARGET = "wasm32-unknown-unknown";

// Where the download is not reachable, rustup hangs instead of failing.
const RUSTUP_LIMIT_MS = 60_000;

/**
 * How cargo is called for wasm: `program ARGS --target wasm32-unknown-unknown ...flags`.
 * @typedef {object} WasmToolchain
 * @property {"target" | "fallback"} kind
 * @property {string} program
 * @property {string[]} flags
 * @property {Record<string, string>} env
 */

/** @type {WasmToolchain} */
const withTarget = { kind: "target", program: "cargo", flags: [], env: {} };

/** @type {WasmToolchain} */
const fallback = {
  kind: "fallback",
  program: "/usr/bin/cargo",
  flags: ["-Z", "build-std=std,panic_abort"],
  env: {
    // Without these cargo takes rustup's compiler from PATH.
    RUSTC: "/usr/bin/rustc",
    RUSTDOC: "/usr/bin/rustdoc",
    // -Z build-std is a nightly option; the flag allows it on this stable compiler.
    RUSTC_BOOTSTRAP: "1",
    CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER: "wasm-ld-22",
  },
};
// Of what is tiny, a little more than opt-level "z" inlines: 2% of what a page loads (thresholds of 1 to 150 were tried). The
// larger modules get 5% larger by it.
const INLINING = "-Cllvm-args=-inline-threshold=60";
const FALLBACK_PACKAGES = ["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm", "lld-22"];

/** @type {Promise<WasmToolchain> | undefined} */
let remembered;

/**
 * Finds or installs it. What is installed is what is remembered: a second run looks and starts at once.
 * `AUTOREVOKE_WASM_TOOLCHAIN=fallback` forces the fallback.
 */
export const ensureWasmToolchain = () => (remembered ??= find().then(placeless));

/**
 * So that modules name no folder of the machine that they are built on: panics name files from the toolchain or registry on.
 * @param {WasmToolchain} toolchain
 * @returns {Promise<WasmToolchain>}
 */
async function placeless(toolchain) {
  const sysroot = await attempt(toolchain.env.RUSTC ?? "rustc", ["--print", "sysroot"]);
  const crates = join(process.env.CARGO_HOME ?? join(homedir(), ".cargo"), "registry", "src");
  const flags = [sysroot.stdout.trim(), crates].map((folder) => `--remap-path-prefix=${folder}=`);
  return { ...toolchain, env: { ...toolchain.env, RUSTFLAGS: flags.join(" ") } };
}

/** @returns {Promise<WasmToolchain>} */
async function find() {
  const forced = process.env.AUTOREVOKE_WASM_TOOLCHAIN;
  if (forced && forced !== "fallback") {
    throw new Failure(`AUTOREVOKE_WASM_TOOLCHAIN can only be "fallback", not ${JSON.stringify(forced)}`);
  }
  if (!forced) {
    const sysroot = await attempt("rustc", ["--print", "sysroot"]);
    if (!sysroot.ok)
      throw new Failure("Rust is needed (by rustup, https://rustup.rs, or from Debian's packages)");
    const library = join(sysroot.stdout.trim(), "lib", "rustlib", TARGET, "lib");
    if (existsSync(library) && readdirSync(library).length > 0) return withTarget;
  }
  if (fallbackIsThere()) return fallback;
  if (!forced && (await rustupAddsTarget())) return withTarget;
  await installPackages(
    FALLBACK_PACKAGES,
    `Debian's Rust for ${TARGET}, as rustup's target is not to be had`,
  );
  return fallback;
}

/**
 * The same, building the standard library as well where its source is there, so that a panic is a bare trap: all the
 * formatting of messages that nobody would ever see is a tenth of what a page loads.
 * @param {{ inlining: boolean }} how
 * @returns {Promise<WasmToolchain>}
 */
export async function smallestWasmToolchain({ inlining }) {
  const toolchain = await ensureWasmToolchain();
  const env = { ...toolchain.env, RUSTC_BOOTSTRAP: "1" };
  const rustc = toolchain.env.RUSTC ?? "rustc";
  const abort = ["-Zunstable-options", "-Cpanic=immediate-abort", "-Zlocation-detail=none"];
  const [sysroot, supported] = await Promise.all([
    attempt(rustc, ["--print", "sysroot"]),
    attempt(rustc, [...abort, "--print", "cfg"], { env }),
  ]);
  const source = join(sysroot.stdout.trim(), "lib", "rustlib", "src", "rust", "library", "std");
  const there = existsSync(source) || (toolchain.kind === "target" && (await rustupAddsSource()));
  if (!supported.ok || !there) {
    say("  this compiler cannot build its own std small: the npm package gets about 2 KB larger");
    return toolchain;
  }
  // V8 11.3 (Node 20) can end the process in optimised code that has to do with references to JavaScript's values.
  const rustflags = [...abort, "-Ctarget-feature=-reference-types", ...(inlining ? [INLINING] : [])];
  return {
    ...toolchain,
    flags: ["-Z", "build-std=std,panic_abort", "-Z", "build-std-features=optimize_for_size"],
    env: { ...env, RUSTFLAGS: rustflags.join(" ") },
  };
}

/** Debian's rustc-web and rustc share their paths, so what tells them apart is looked for too. */
function fallbackIsThere() {
  const files = ["/usr/bin/rustc", "/usr/bin/cargo", "/usr/bin/wasm-ld-22", "/usr/share/doc/rustc-web"];
  return files.every((file) => existsSync(file)) && existsSync("/usr/share/doc/rust-web-src");
}

const rustupAddsTarget = () =>
  rustupAdds("target", TARGET, "it does not answer; taking Debian's compiler instead");

const rustupAddsSource = () => rustupAdds("component", "rust-src", "it does not answer");

/**
 * @param {"target" | "component"} what
 * @param {string} name
 * @param {string} late said when it takes too long
 */
async function rustupAdds(what, name, late) {
  if (!(await attempt("rustup", ["--version"])).ok) return false;
  const { ok, output, timedOut } = await attempt("rustup", [what, "add", name], {
    label: `set-up: rustup ${what} add ${name}`,
    limitMs: RUSTUP_LIMIT_MS,
  });
  if (!ok) say(timedOut ? `  ${late}` : output.trimEnd());
  return ok;
}
