// Reads the arguments of a script as the command `autorevoke` reads its own; --help needs no set-up.
import { WrongUse, helpOf, readArguments as read } from "../../pkg/bin/arguments.js";

/**
 * Prints the help and ends the process when asked for it.
 * @param {import("../../pkg/bin/arguments.js").Usage} usage
 * @param {string[]} [argv]
 * @returns {{ values: Record<string, string | undefined>, switches: Set<string>, rest: string[] }}
 */
export function readArguments(usage, argv = process.argv.slice(2)) {
  const { values, rest, faults, asks } = read(usage, argv);
  if (asks("help")) {
    console.log(helpOf(usage));
    process.exit(0);
  }
  if (faults.length > 0) throw new WrongUse([...faults, `(${usage.name} --help tells more)`]);
  const names = Object.keys(values);
  const texts = names.filter((name) => values[name] !== true);
  return {
    values: Object.fromEntries(texts.map((name) => [name, String(values[name])])),
    switches: new Set(names.filter((name) => values[name] === true)),
    rest,
  };
}

/** @param {string} text */
export const portFault = (text) =>
  /^\d{1,5}$/.test(text) && Number(text) <= 65535 ? undefined : `not a port (0 to 65535): ${text}`;
