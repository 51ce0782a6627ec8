// The Rust tests of the client, compiled to wasm and hosted by Node or by a real browser.
import { Failure } from "../command/faults.mjs";
import { run } from "../command/running.mjs";
import { ensureChromium } from "../setup/chromium.mjs";
import { ensureTestRunner } from "../setup/wasm-bindgen-command.mjs";
import { TARGET, ensureWasmToolchain } from "../setup/wasm-target.mjs";
import { cargoTests } from "./cargo.mjs";
import { Results } from "./results.mjs";

const BROWSER_TEST_LIMIT_S = 120;

export const wasmInNode = () => hosted("wasm-node", async () => ({ WASM_BINDGEN_TEST_ONLY_NODE: "1" }));

export const wasmInChromium = () =>
  hosted("wasm-chromium", async () => {
    const { driver } = await ensureChromium();
    return {
      CHROMEDRIVER: driver,
      WASM_BINDGEN_USE_BROWSER: "1",
      WASM_BINDGEN_TEST_TIMEOUT: String(BROWSER_TEST_LIMIT_S),
    };
  });

/**
 * @param {string} name
 * @param {() => Promise<Record<string, string>>} host its environment; a Failure means that it is not to be had
 */
async function hosted(name, host) {
  const targets = await clientTargets();
  if (targets.length === 0) throw new Failure("Cargo.toml has no test target client");
  let runner, hostEnv;
  try {
    runner = await ensureTestRunner();
    hostEnv = await host();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    const results = new Results();
    results.skip({ name, why: error.message, again: `npm test -- --only ${name}` });
    return results;
  }
  const { program, flags, env } = await ensureWasmToolchain();
  return cargoTests({
    name,
    program,
    args: [...["test", "--no-fail-fast", "--features", "full", "--target", TARGET, ...flags], ...targets],
    env: { ...env, ...hostEnv, CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER: runner },
  });
}

/** The test targets of Cargo.toml that are about the client, as arguments for cargo. */
export async function clientTargets() {
  const metadata = JSON.parse(await run("cargo", ["metadata", "--no-deps", "--format-version", "1"]));
  /** @type {{ name: string, kind: string[], "required-features"?: string[] }[]} */
  const targets = metadata.packages.flatMap((/** @type {any} */ { targets }) => targets);
  return targets
    .filter((target) => target.kind.includes("test") && target.name === "client")
    .flatMap(({ name }) => ["--test", name]);
}
