// Reads a command's arguments; every fault is named at once, and --help needs no set-up.
import { parseArgs } from "node:util";
import { WrongUse } from "./faults.mjs";

/**
 * @typedef {object} Option
 * @property {string} [value] the placeholder of its value; without one the option is a switch
 * @property {string} about one line for --help
 * @property {boolean | ((switches: Set<string>) => boolean)} [required]
 * @property {(text: string) => string | undefined} [fault] what is wrong with a value, if anything
 *
 * @typedef {object} Usage
 * @property {string} command how it is called, up to the options
 * @property {string} about what it does, for --help
 * @property {Record<string, Option>} [options]
 * @property {string} [rest] the placeholder of the arguments that are no options; without one there are none
 */

/**
 * Prints the help and ends the process when asked for it.
 * @param {Usage} usage
 * @param {string[]} [argv]
 * @returns {{ values: Record<string, string | undefined>, switches: Set<string>, rest: string[] }}
 */
export function readArguments(usage, argv = process.argv.slice(2)) {
  const options = usage.options ?? {};
  const { tokens } = parseArgs({
    args: argv,
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: {
      help: { type: "boolean", short: "h" },
      ...Object.fromEntries(
        Object.entries(options).map(([name, { value }]) => [
          name,
          { type: /** @type {"string" | "boolean"} */ (value ? "string" : "boolean") },
        ]),
      ),
    },
  });
  if (tokens.some((token) => token.kind === "option" && token.name === "help")) {
    console.log(help(usage));
    process.exit(0);
  }
  /** @type {Record<string, string | undefined>} */
  const values = {};
  /** @type {Set<string>} */
  const switches = new Set();
  /** @type {string[]} */
  const rest = [];
  /** @type {string[]} */
  const faults = [];

  for (const token of tokens) {
    if (token.kind === "positional") {
      if (usage.rest) rest.push(token.value);
      else faults.push(`unexpected argument: ${token.value}`);
    } else if (token.kind === "option") {
      const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined;
      if (!option) faults.push(`unknown option: ${token.rawName}`);
      else if (token.name in values || switches.has(token.name))
        faults.push(`${token.rawName} is given more than once`);
      else if (!option.value) {
        if (token.value === undefined) switches.add(token.name);
        else faults.push(`${token.rawName} takes no value`);
      } else if (token.value === undefined || (!token.inlineValue && token.value.startsWith("--"))) {
        faults.push(`${token.rawName} needs a value: ${option.value}`);
        values[token.name] = undefined;
      } else {
        values[token.name] = token.value;
        const fault = option.fault?.(token.value);
        if (fault) faults.push(`--${token.name}: ${fault}`);
      }
    }
  }
  for (const [name, option] of Object.entries(options)) {
    const required = typeof option.required === "function" ? option.required(switches) : option.required;
    if (required && !(name in values)) faults.push(`--${name} ${option.value} is missing`);
  }
  if (faults.length > 0) throw new WrongUse([...faults, `(${usage.command} --help tells more)`]);
  return { values, switches, rest };
}

/** @param {Usage} usage */
function help(usage) {
  const lines = [`${usage.command} [options]${usage.rest ? ` ${usage.rest}` : ""}`, "", usage.about, ""];
  const left = Object.entries(usage.options ?? {}).map(
    ([name, { value }]) => `--${name}${value ? ` ${value}` : ""}`,
  );
  const width = Math.max(6, ...left.map((text) => text.length)) + 2;
  Object.values(usage.options ?? {}).forEach((option, index) => {
    lines.push(`  ${left[index].padEnd(width)}${option.about}`);
  });
  lines.push(`  ${"--help".padEnd(width)}this text`);
  return lines.join("\n");
}

/** @param {string} text */
export const portFault = (text) =>
  /^\d{1,5}$/.test(text) && Number(text) <= 65535 ? undefined : `not a port (0 to 65535): ${text}`;
