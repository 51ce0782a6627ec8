// npm run fuzz -- SECONDS: every fuzz target, one after the other.
import { existsSync } from "node:fs";
import { mkdir, readdir } from "node:fs/promises";
import { readArguments } from "./command/arguments.mjs";
import { Failure, WrongUse, runCommand } from "./command/faults.mjs";
import { inRoot } from "./command/places.mjs";
import { attempt, say } from "./command/running.mjs";
import { ensureCargoTool } from "./setup/cargo-tool.mjs";
import { installPackages } from "./setup/administrator.mjs";

const CARGO_FUZZ = { name: "cargo-fuzz", version: "0.13.1", takes: "about a minute, once for all clones" };

await runCommand(async () => {
  const { rest } = readArguments({
    command: "npm run fuzz --",
    about: "Runs every target in fuzz/fuzz_targets for SECONDS each, and ends at the first finding of each.",
    rest: "SECONDS",
  });
  if (rest.length !== 1 || !/^[1-9]\d{0,5}$/.test(rest[0])) {
    throw new WrongUse(["how many seconds for each target? npm run fuzz -- SECONDS (1 to 999999)"]);
  }
  const targets = (await readdir(inRoot("fuzz", "fuzz_targets")))
    .filter((name) => name.endsWith(".rs"))
    .map((name) => name.slice(0, -".rs".length))
    .sort();
  if (targets.length === 0) throw new Failure("there are no fuzz targets");

  // libFuzzer itself is C++ and is compiled on the spot.
  if (!(await attempt("c++", ["--version"])).ok) await installPackages(["g++"], "a C++ compiler");
  const folder = await ensureCargoTool(CARGO_FUZZ);
  const failed = [];
  for (const target of targets) {
    // What it learns is kept apart from the seeds, which are in version control.
    const learnt = inRoot("fuzz", "target", "learnt", target);
    await mkdir(learnt, { recursive: true });
    const corpora = [learnt, inRoot("fuzz", "corpus", target)].filter((folder) => existsSync(folder));
    const { ok, output } = await attempt(
      `${folder}/bin/cargo-fuzz`,
      // Without a sanitizer it runs on a stable compiler; the targets look for panics and wrong answers.
      ["fuzz", "run", "--sanitizer", "none", target, ...corpora, "--", `-max_total_time=${rest[0]}`],
      { label: `fuzz: ${target}, ${rest[0]} s and the time to compile`, env: { RUSTC_BOOTSTRAP: "1" } },
    );
    if (ok) say(`  nothing found in ${/Done (\d+) runs/.exec(output)?.[1] ?? "?"} runs`);
    else say(output.trimEnd());
    if (!ok) failed.push(target);
  }
  console.log(`${targets.length - failed.length} of ${targets.length} fuzz targets found nothing`);
  if (failed.length > 0) throw new Failure(`found something, see fuzz/artifacts: ${failed.join(", ")}`);
});
