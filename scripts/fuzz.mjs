// npm run fuzz -- SECONDS: every fuzz target, one after the other.
import { randomInt } from "node:crypto";
import { readArguments } from "./command/arguments.mjs";
import { Failure, WrongUse, runCommand } from "./command/faults.mjs";
import { say } from "./command/running.mjs";
import { compile, fuzz, targetNames } from "./fuzz/target.mjs";
import { ensureCargoFuzz } from "./setup/cargo-fuzz.mjs";
import { LARGEST_SEED, numberFault } from "./test/long.mjs";

/** @param {string} text */
const runsFault = (text) => (/^[1-9]\d{0,11}$/.test(text) ? undefined : `not a number from 1: ${text}`);

await runCommand(async () => {
  const { values, rest } = readArguments({
    name: "npm run fuzz --",
    about:
      "Runs every target in fuzz/fuzz_targets for SECONDS each, nine tenths of them with short inputs, and ends at the\n" +
      "first finding of each.",
    options: {
      target: { value: "NAME", about: "this one only" },
      runs: {
        value: "N",
        about: "instead of SECONDS: so many executions with short inputs",
        fault: runsFault,
      },
      seed: {
        value: "N",
        about: "of an earlier run: the same changes, as far as the same is learnt in the same time",
        fault: numberFault,
      },
    },
    rest: ["[SECONDS]..."],
  });
  if (values.runs ? rest.length > 0 : rest.length !== 1 || !/^[1-9]\d{0,5}$/.test(rest[0])) {
    throw new WrongUse(["how many seconds for each target? npm run fuzz -- SECONDS (1 to 999999)"]);
  }
  const amount = values.runs ? { runs: Number(values.runs) } : { seconds: Number(rest[0]) };
  const all = await targetNames();
  const { target: chosen } = values;
  const targets = chosen ? all.filter((name) => name === chosen) : all;
  if (targets.length === 0) {
    throw new WrongUse([`--target: no such target: ${chosen} (there are ${all.join(", ")})`]);
  }

  const seed = Number(values.seed ?? randomInt(1, LARGEST_SEED));
  say(`fuzz: from seed ${seed}`);
  const cargoFuzz = await ensureCargoFuzz();
  const failed = [];
  for (const target of targets) {
    const compiled = await compile(cargoFuzz, target);
    if (!compiled.ok) throw new Failure(`${compiled.output.trimEnd()}\nfuzz: ${target} does not compile`);
    const { found, runs, seconds, output } = await fuzz(cargoFuzz, target, amount, seed);
    if (found) say(output.trimEnd());
    else say(`  nothing found in ${runs} executions, ${Math.round(runs / Math.max(seconds, 1))} a second`);
    if (found) failed.push(target);
  }
  console.log(
    `${targets.length - failed.length} of ${targets.length} fuzz targets found nothing, from seed ${seed}`,
  );
  if (failed.length > 0) throw new Failure(`found something, see fuzz/artifacts: ${failed.join(", ")}`);
});
