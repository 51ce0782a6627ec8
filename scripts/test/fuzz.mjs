// A short run of every fuzz target; `npm run fuzz` does more of it.
import { Failure } from "../command/faults.mjs";
import { say } from "../command/running.mjs";
import { compile, fuzz, targetNames } from "../fuzz/target.mjs";
import { ensureCargoFuzz } from "../setup/cargo-fuzz.mjs";
import { Tally } from "./tally.mjs";

const SECONDS = 4;
/** Far less than any machine does: that it ran at all. */
const LEAST_RUNS = 1_000;

export async function fuzzTests() {
  const tally = new Tally();
  let cargoFuzz;
  try {
    cargoFuzz = await ensureCargoFuzz();
  } catch (error) {
    if (!(error instanceof Failure)) throw error;
    tally.skip("fuzz", error.message);
    return tally;
  }
  for (const target of await targetNames()) {
    const compiled = await compile(cargoFuzz, target);
    if (!compiled.ok) {
      tally.fail(`fuzz ${target}`, compiled.output);
      continue;
    }
    const { found, runs, output } = await fuzz(cargoFuzz, target, { seconds: SECONDS });
    say(`  ${runs} executions`);
    if (found || runs < LEAST_RUNS) tally.fail(`fuzz ${target}`, output);
    else tally.pass();
  }
  return tally;
}
