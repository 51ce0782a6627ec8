// Runs Rust tests by cargo, natively or as wasm, and counts what its test harness reports.
import { attempt } from "../command/running.mjs";
import { Tally } from "./tally.mjs";

const LIMIT_MS = 30 * 60_000;

/**
 * @param {object} what
 * @param {string} what.name for the reader
 * @param {string} [what.program] cargo, or the one of another toolchain
 * @param {string[]} what.args
 * @param {Record<string, string>} [what.env]
 * @returns {Promise<Tally>}
 */
export async function cargoTests({ name, program = "cargo", args, env }) {
  const label = `  ${name}: cargo test`;
  const { ok, output: all } = await attempt(program, args, { label, env, limitMs: LIMIT_MS });
  // Cargo's --quiet would reach the tests too, and take their names away.
  const output = all.replace(/^ *(Compiling|Downloading|Downloaded|Updating|Locking|Blocking) .*\n/gm, "");
  const tally = count(output, name);
  // It did not build, or a test took the whole process with it: the harness has no line for that.
  if (!ok && tally.failed.length === 0) tally.fail(name, output);
  if (ok && tally.passed === 0) tally.fail(name, `no test was run\n${output}`);
  return tally;
}

/**
 * @param {string} output
 * @param {string} name
 */
export function count(output, name) {
  const tally = new Tally();
  let failed = 0;
  for (const [, passes, failures, ignored] of output.matchAll(
    /^test result: \w+\. (\d+) passed; (\d+) failed; (\d+) ignored/gm,
  )) {
    tally.passed += Number(passes);
    failed += Number(failures);
    for (let index = 0; index < Number(ignored); index += 1) tally.skip(name, "ignored by its author");
  }
  if (failed > 0) {
    // libtest's wording, then wasm-bindgen-test's.
    const names = [...output.matchAll(/^test (.+?) \.\.\. (?:FAILED|FAIL)$/gm)].map(([, test]) => test);
    for (let index = 0; index < failed; index += 1) {
      tally.fail(
        `${name}: ${names[index] ?? "(its name is in the output)"}`,
        index === 0 ? output : undefined,
      );
    }
  }
  return tally;
}
