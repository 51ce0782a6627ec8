// The frame of a long test: reads its numbers and its seed, builds what it needs, and says how to see the same again.
import { randomInt } from "node:crypto";
import { readArguments } from "../command/arguments.mjs";
import { Failure, runCommand } from "../command/faults.mjs";
import { say } from "../command/running.mjs";
import { ensureNpmPackages } from "../setup/npm-packages.mjs";

export const LARGEST_SEED = 999_999_999;
/** Findings come with the whole history of an order; the first ones tell enough. */
const SHOWN = 3;

/** @param {string} text */
export const numberFault = (text) =>
  /^[1-9]\d{0,8}$/.test(text) ? undefined : `not a number from 1: ${text}`;

/**
 * @typedef {object} Outcome
 * @property {string[]} findings each with all that there is to know about it
 * @property {string} summary what was shown, where nothing was found
 *
 * @typedef {object} LongTest
 * @property {string} name the npm script
 * @property {string} about
 * @property {Record<string, [about: string, value: number | undefined]>} numbers options, each with its default
 * @property {Record<string, import("../../pkg/bin/arguments.js").Option>} [options] others
 * @property {string[]} [parts] what has to be built
 * @property {(given: { numbers: Record<string, number>, values: Record<string, string | undefined>, switches: Set<string>, seed: number }) => Promise<Outcome>} run
 */

/** @param {LongTest} test */
export const longTest = ({ name, about, numbers, options = {}, parts = ["client", "edge"], run }) =>
  runCommand(async () => {
    const numberOptions = Object.entries(numbers).map(([option, [about, value]]) => {
      const text = value === undefined ? about : `${about}; default ${value}`;
      return [option, { value: "N", about: text, fault: numberFault }];
    });
    const { values, switches } = readArguments({
      name: `npm run ${name} --`,
      about,
      options: {
        ...Object.fromEntries(numberOptions),
        ...options,
        seed: {
          value: "N",
          about: "of an earlier run: the same choices; the timing is the machine's",
          fault: numberFault,
        },
      },
    });
    const given = Object.entries(numbers)
      .map(([option, [, value]]) => [option, Number(values[option] ?? value)])
      .filter(([, value]) => !Number.isNaN(value));
    const seed = Number(values.seed ?? randomInt(1, LARGEST_SEED));
    const others = Object.keys(options).flatMap((option) =>
      switches.has(option) ? [`--${option}`] : values[option] ? [`--${option} ${values[option]}`] : [],
    );
    const shown = [
      ...given.map(([option, value]) => `--${option} ${value}`),
      ...others,
      `--seed ${seed}`,
    ].join(" ");
    await ensureNpmPackages();
    const { build } = await import("../build/parts.mjs");
    if (parts.length > 0) await build(parts);
    say(`${name} ${shown}`);
    const { findings, summary } = await run({ numbers: Object.fromEntries(given), values, switches, seed });
    if (findings.length > 0) {
      const first = findings.slice(0, SHOWN).join("\n\n");
      throw new Failure(
        `${first}\n${name}: ${findings.length} findings; to see the same again: npm run ${name} -- ${shown}`,
      );
    }
    console.log(`${name}: ${summary}, from seed ${seed}`);
  });
