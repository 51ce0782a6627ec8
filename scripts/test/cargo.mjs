// Runs Rust tests by cargo, natively or as wasm, and counts what its test harness reports.
import { attempt } from "../command/running.mjs";
import { Results } from "./results.mjs";

const LIMIT_MS = 60 * 60_000;

/**
 * @param {object} what
 * @param {string} what.name of the suite
 * @param {string} [what.program] cargo, or the one of another toolchain
 * @param {string[]} what.args
 * @param {Record<string, string>} [what.env]
 * @returns {Promise<Results>}
 */
export async function cargoTests({ name, program = "cargo", args, env }) {
  const { ok, output: all } = await attempt(program, args, { env, limitMs: LIMIT_MS });
  // Cargo's --quiet would reach the tests too, and take their names away.
  const output = all.replace(/^ *(Compiling|Downloading|Downloaded|Updating|Locking|Blocking) .*\n/gm, "");
  const results = new Results();
  const again = `npm test -- --only ${name}`;
  let failures = 0;
  for (const [, passes, failed, ignored] of output.matchAll(
    /^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored/gm,
  )) {
    results.pass(Number(passes));
    failures += Number(failed);
    for (let index = 0; index < Number(ignored); index += 1)
      results.skip({ name, why: "ignored by its author", again });
  }
  // libtest's wording, then wasm-bindgen-test's.
  const names = [...output.matchAll(/^test (.+?) \.\.\. (?:FAILED|FAIL)$/gm)].map(([, test]) => test);
  for (let index = 0; index < failures; index += 1) {
    const test = names[index];
    results.fail({
      name: `${name}: ${test ?? "(its name is in the output)"}`,
      why: index === 0 ? output : "(see the output of the first one)",
      again: test && name === "rust" ? `${[program, ...args].join(" ")} ${test}` : again,
    });
  }
  // It did not build, or a test took the whole process with it: the harness has no line for that.
  if (!ok && failures === 0) results.fail({ name, why: output, again });
  if (ok && results.passed === 0) results.fail({ name, why: `no test was run\n${output}`, again });
  return results;
}
