// npm test: the tests that every change has to pass. Its last line is what they came to.
import { randomInt } from "node:crypto";
import { readArguments } from "./command/arguments.mjs";
import { WrongUse, runCommand } from "./command/faults.mjs";
import { quietly, say } from "./command/running.mjs";
import { ensureNpmPackages } from "./setup/npm-packages.mjs";

await runCommand(async () => {
  const { values } = readArguments({
    name: "npm test --",
    about:
      "Builds what is missing and runs the tests. Set CI to make skipped tests fail. The longer hunts: npm run test:all.",
    options: {
      only: {
        value: "NAMES",
        about: "comma-separated: rust, lint, ..., folders of tests/, or files in them",
      },
    },
  });
  await ensureNpmPackages();
  const { collectEvidence, leakTests } = await import("./test/leaks.mjs");
  const { javascriptTests } = await import("./test/javascript.mjs");
  const { Results } = await import("./test/results.mjs");
  const { ensurePackages, ensureTools } = await import("./test/suites.mjs");
  const { keepDependencies, restoreDependencies } = await import("./build/dependencies.mjs");
  const { build, partNames } = await import("./build/parts.mjs");

  const { suites, files, leaks } = await choose(values.only);
  process.env.SEED ??= String(randomInt(1, 999_999_999));
  say(`seed ${process.env.SEED} (SEED=${process.env.SEED} npm test makes the same choices again)`);
  const removeEvidence = await collectEvidence();
  const total = new Results();
  /** @param {string} name @param {() => Promise<import("./test/results.mjs").Results>} work */
  const run = async (name, work) => {
    const began = Date.now();
    const results = await work().catch((error) => {
      const broken = new Results();
      broken.fail({ name, why: error?.stack ?? String(error), again: `npm test -- --only ${name}` });
      return broken;
    });
    total.add(results);
    const took = Math.round((Date.now() - began) / 1000);
    if (results.passed > 0) say(`${name}: ${results} (${took} s)`);
  };

  const names = [...suites.map(({ name }) => name), ...files];
  await ensureTools(names);
  const packages = ensurePackages(names).catch((error) =>
    total.fail({ name: "set-up", why: error.message, again: "npm run wrangler -- --version" }),
  );
  await restoreDependencies();
  const began = Date.now();
  // What is not built fails here, and again in the tests that need it; the others are run all the same.
  const built = quietly(() => build()).catch((error) =>
    total.fail({ name: "build", why: error.message, again: "npm run build" }),
  );
  // The suites of cargo begin at once: a build does not keep all cores busy.
  const cargo = (async () => {
    for (const { name, needsBuild, run: work } of suites) {
      if (needsBuild) await built;
      await run(name, () => quietly(work, { givesWay: true }));
    }
  })();
  await Promise.all([built, packages]);
  say(`built: ${partNames.join(", ")} (${Math.round((Date.now() - began) / 1000)} s)`);
  if (files.length > 0) await run("JavaScript", () => javascriptTests(files, cargo));
  await cargo;
  if (leaks) await run("leaks", () => leakTests(values.only === undefined));
  if (values.only === undefined) await keepDependencies();
  await removeEvidence();
  if (total.failed.length > 0) console.error(`\n${total.report}\n`);
  if (total.passed + total.failed.length === 0) say("No test was run.");
  console.log(`${total}`);
  return total.ok ? 0 : 1;
});

/** @param {string} [only] */
async function choose(only) {
  const { cargoSuites } = await import("./test/suites.mjs");
  const { testFiles } = await import("./test/javascript.mjs");
  const files = await testFiles();
  if (only === undefined) return { suites: cargoSuites, files, leaks: true };
  const folderOf = (/** @type {string} */ file) => file.split("/")[1];
  const names = only.split(",");
  const known = [...cargoSuites.map(({ name }) => name), ...new Set(files.map(folderOf)), "leaks"];
  const unknown = names.filter((name) => !known.includes(name) && !files.includes(name));
  if (unknown.length > 0)
    throw new WrongUse(
      unknown.map((name) => `--only: no such suite: ${name} (there are ${known.join(", ")})`),
    );
  return {
    suites: cargoSuites.filter(({ name }) => names.includes(name)),
    files: files.filter((file) => names.includes(file) || names.includes(folderOf(file))),
    leaks: names.includes("leaks"),
  };
}
