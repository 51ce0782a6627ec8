// npm test: all the tests. Its last line is what they came to.
import { readArguments } from "./command/arguments.mjs";
import { WrongUse, runCommand } from "./command/faults.mjs";
import { doBeside, say } from "./command/running.mjs";
import { ensureNpmPackages } from "./setup/npm-packages.mjs";

await runCommand(async () => {
  const { values } = readArguments({
    name: "npm test --",
    about: "Builds what is missing and runs all the tests. Set CI to make skipped tests fail.",
    options: {
      only: { value: "SUITES", about: "comma-separated: rust, wasm-node, lint, folders of tests/, ..." },
    },
  });
  await ensureNpmPackages();
  const { suites } = await import("./test/suites.mjs");
  const { Tally } = await import("./test/tally.mjs");
  const { collectEvidence } = await import("./test/leaks.mjs");
  const chosen = choose(await suites(), values.only);
  const removeEvidence = await collectEvidence();

  const total = new Tally();
  const { build, partNames } = await import("./build/parts.mjs");
  for (const part of partNames) {
    // What is not built fails here, and again in the tests that need it; the others are run all the same.
    await build([part]).catch((error) => total.fail(`build ${part}`, error.message));
  }
  const runSuite = async (/** @type {import("./test/suites.mjs").Suite} */ suite) => {
    say(`\n${suite.name}: ${suite.about}`);
    const tally = await suite.run().catch((error) => {
      const broken = new Tally();
      broken.fail(suite.name, error instanceof Error ? error.stack : String(error));
      return broken;
    });
    say(`${suite.name}: ${tally}`);
    total.add(tally);
  };
  const compiling = chosen.filter(({ beside }) => beside);
  const others = chosen.filter(({ beside }) => !beside);
  const both = compiling.length > 0 && others.length > 0;
  if (both)
    say(`\nbeside the others, told when each has ended: ${compiling.map(({ name }) => name).join(", ")}`);
  const runCompiling = async () => {
    for (const suite of compiling) await (both ? doBeside(() => runSuite(suite)) : runSuite(suite));
  };
  const runOthers = async () => {
    for (const suite of others) await runSuite(suite);
  };
  await Promise.all([runCompiling(), runOthers()]);
  await removeEvidence();
  if (total.failed.length > 0) say(`\nFailed:\n${total.failed.map((name) => `  ${name}`).join("\n")}`);
  if (total.passed + total.failed.length === 0) say("\nNo test was run.");
  console.log(`${total}`);
  return total.ok ? 0 : 1;
});

/**
 * @param {import("./test/suites.mjs").Suite[]} all
 * @param {string | undefined} only
 */
function choose(all, only) {
  if (only === undefined) return all;
  const names = only.split(",");
  const unknown = names.filter((name) => !all.some((suite) => suite.name === name));
  if (unknown.length > 0) {
    const known = all.map(({ name }) => name).join(", ");
    throw new WrongUse(unknown.map((name) => `--only: no such suite: ${name} (there are ${known})`));
  }
  return all.filter(({ name }) => names.includes(name));
}
