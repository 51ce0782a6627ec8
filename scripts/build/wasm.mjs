// From the crate to a wasm module, small or fast, and its minified glue: cargo, wasm-bindgen, wasm-opt, esbuild.
import { copyFile, mkdir, readFile, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Failure } from "../command/faults.mjs";
import { inRoot, targetDirectory } from "../command/places.mjs";
import { run, say } from "../command/running.mjs";
import { TARGET, ensureWasmToolchain, smallestWasmToolchain } from "../setup/wasm-target.mjs";

// Named one by one, and never --all-features: with that binaryen 132 writes an import encoding that Node 20,
// Firefox and WebKit refuse. These are the ones that rustc and wasm-bindgen themselves make use of.
const WASM_FEATURES = [
  "mutable-globals",
  "sign-ext",
  "nontrapping-float-to-int",
  "bulk-memory",
  "multivalue",
  "reference-types",
];

// Without the limit all that is called from one place is put into it: into functions of 60 KB, for each of which V8's compiler takes
// 23 MB and a second of CPU.
const FAST = ["-O3", "--one-caller-inline-max-function-size=500"];

// Without the limit what is called from one place is put into it, and functions of many locals compress worse: 6% of the full
// module. The stack lies at the lowest addresses, so that nothing else is within the first 1,024 bytes.
const SMALLEST = ["-Oz", "--one-caller-inline-max-function-size=20", "--low-memory-unused"];

/**
 * @param {object} what
 * @param {string} what.name for the reader
 * @param {string} [what.features] of the crate, if it is not the one of this name
 * @param {boolean} [what.smallest] whether its size counts, more than the time to build it; otherwise its speed does
 * @param {boolean} [what.inlining] whether more inlining makes it smaller
 * @param {string[]} [what.never] what must not stand in the names of its functions
 * @param {string} what.wasm the module, from the root
 * @param {string} what.glue its JavaScript, from the root; its types lie beside it
 */
export async function buildWasm({
  name,
  features = name,
  wasm,
  glue,
  smallest = false,
  inlining = false,
  never = [],
}) {
  const { program, flags, env } = await (smallest
    ? smallestWasmToolchain({ inlining })
    : ensureWasmToolchain());
  // Other flags make other files of all crates: in a folder of their own, neither build undoes the other's.
  const built = smallest ? join(targetDirectory, "smallest") : targetDirectory;
  const profile = smallest ? "release" : "fast";
  const [, bindgen] = await Promise.all([
    run(
      program,
      [
        ...["build", "--quiet", "--profile", profile, "--lib", "--features", features],
        ...["--target", TARGET, ...flags],
      ],
      {
        label: `build: the ${name}, from Rust to wasm`,
        env: { ...env, CARGO_TARGET_DIR: built },
      },
    ),
    generator("autorevoke-bindgen"),
  ]);
  // All features build the same file name: this one is taken away at once.
  const work = join(targetDirectory, "glue", name);
  await rm(work, { recursive: true, force: true });
  await mkdir(work, { recursive: true });
  const compiled = join(work, "compiled.wasm");
  await copyFile(join(built, TARGET, profile, "autorevoke.wasm"), compiled);
  const names = await readFile(compiled, "latin1");
  const reached = never.filter((it) => names.includes(it));
  if (reached.length > 0) throw new Failure(`the ${name} module reaches ${reached.join(", ")}`);
  // One name for all: it is written into the wasm, which must not depend on where it was built.
  await run(bindgen, [compiled, work, "core"], {
    label: `build: glue for the ${name}`,
  });

  await Promise.all([inRoot(wasm), inRoot(glue)].map((file) => mkdir(join(file, ".."), { recursive: true })));
  await optimise(join(work, "core_bg.wasm"), inRoot(wasm), smallest ? SMALLEST : FAST);
  await minify(join(work, "core.js"), inRoot(glue), !smallest);
  await copyFile(join(work, "core.d.ts"), inRoot(glue.replace(/\.js$/, ".d.ts")));
  say(`  ${wasm}: ${Math.round((await stat(inRoot(wasm))).size / 1024)} KB`);
}

/** @type {Promise<unknown> | undefined} */
let generatorsBuilt;

/**
 * A program that the build itself runs.
 * @param {"autorevoke-bindgen" | "tables"} name
 */
export async function generator(name) {
  // In a folder of their own: one build at a time locks a folder, and the native tests are compiled meanwhile.
  const folder = join(targetDirectory, "generators");
  // Running them takes a second either way, and without optimisation they are there sooner.
  generatorsBuilt ??= run("cargo", ["build", "--quiet", "--package", "autorevoke-bindgen"], {
    label: "build: what generates glue and tables",
    env: { CARGO_TARGET_DIR: folder },
  });
  await generatorsBuilt;
  return join(folder, "debug", name);
}

/**
 * @param {string} from
 * @param {string} to
 * @param {string[]} level
 */
async function optimise(from, to, level) {
  await run(inRoot("node_modules", "binaryen", "bin", "wasm-opt"), [
    ...level,
    "--mvp-features",
    ...WASM_FEATURES.map((feature) => `--enable-${feature}`),
    "--strip-debug",
    "--strip-producers",
    "--strip-target-features",
    from,
    "--output",
    to,
  ]);
}

/**
 * @param {string} from
 * @param {string} to
 * @param {boolean} startsAtOnce whether it is started by `initSync`, as the edge is; the package loads its modules
 */
async function minify(from, to, startsAtOnce) {
  const { build } = await import("esbuild");
  const glue = await readFile(from, "utf8");
  // Finding and compiling the module is the package's own: what the glue has for it is shaken off.
  const own = "export { initSync, __wbg_init as default }";
  const parts = "export { __wbg_get_imports as imports, __wbg_finalize_init as begin }";
  if (!glue.includes(own)) throw new Failure(`the glue has no "${own}"`);
  await build({
    stdin: { contents: startsAtOnce ? glue : glue.replace(own, parts), resolveDir: dirname(from) },
    outfile: to,
    bundle: true, // wasm-bindgen puts JavaScript snippets into files of their own
    minify: true,
    format: "esm",
    target: "es2022",
    legalComments: "none",
    logLevel: "error",
  });
}
