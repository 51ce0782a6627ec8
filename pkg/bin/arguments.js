// Reads the command's arguments. Every fault is named at once, and no value is quoted: it could be a secret.
import { parseArgs } from "node:util";

/**
 * @typedef {object} Option
 * @property {string} [value] what stands for its value in the help; without one it is a switch
 * @property {string} about one line
 *
 * @typedef {object} Arguments
 * @property {Record<string, string | true | undefined>} values
 * @property {string[]} rest what is no option
 * @property {string[]} faults
 *
 * @typedef {object} Command
 * @property {string} name as it is typed
 * @property {string} about one line
 * @property {string[]} [rest] what it takes besides options; in brackets if it need not be there
 * @property {Record<string, Option>} options
 * @property {(given: Arguments) => number | void | Promise<number | void>} run gives the exit status
 */

/** The command was called in a way that it does not understand. */
export class WrongUse extends Error {
  /** @param {string[]} faults */
  constructor(faults) {
    super(faults.join("; "));
    this.faults = faults;
  }
}

/** What every command knows. @type {Record<string, Option>} */
const everywhere = {
  json: { about: "answer as JSON on standard output" },
  help: { about: "this help" },
  version: { about: "the version" },
};

/** What every command knows that speaks to the edge. @type {Record<string, Option>} */
export const ofEdge = {
  endpoint: { value: "URL", about: "the edge; or the variable AUTOREVOKE_ENDPOINT" },
  token: {
    value: "TOKEN",
    about: "an API key or a JWT; other users of this machine can see it: prefer AUTOREVOKE_TOKEN",
  },
};

/**
 * @param {Command | undefined} command
 * @param {string[]} argv with the command's name
 * @returns {Arguments}
 */
export function readArguments(command, argv) {
  const options = { ...command?.options, ...everywhere };
  const words = command ? command.name.split(" ").length : 0;
  const { tokens } = parseArgs({
    // A negative number is no bundle of switches.
    args: argv.slice(words).map((text) => (/^-\d+$/.test(text) ? `\0${text}` : text)),
    strict: false,
    allowPositionals: true,
    tokens: true,
    options: Object.fromEntries(
      Object.entries(options).map(([name, { value }]) => [
        name,
        { type: /** @type {"string" | "boolean"} */ (value ? "string" : "boolean") },
      ]),
    ),
  });
  /** @type {Arguments} */
  const read = { values: {}, rest: [], faults: [] };
  for (const token of tokens) {
    if (token.kind === "positional") read.rest.push(token.value.replace("\0", ""));
    if (token.kind !== "option") continue;
    const option = Object.hasOwn(options, token.name) ? options[token.name] : undefined;
    const name = `--${token.name}`;
    if (!option)
      read.faults.push(`there is no option ${token.rawName.startsWith("--") ? name : "of one letter"}`);
    else if (token.name in read.values) read.faults.push(`${name} is given twice`);
    else if (!option.value && token.value !== undefined) read.faults.push(`${name} takes no value`);
    else if (option.value && token.value === undefined)
      read.faults.push(`${name} needs a value: ${option.value}`);
    else read.values[token.name] = option.value ? String(token.value).replace("\0", "") : true;
  }
  const wanted = command?.rest ?? [];
  const missing = wanted.filter((name) => !name.startsWith("[")).slice(read.rest.length);
  if (command) read.faults.push(...missing.map((name) => `${name} is missing`));
  if (command && read.rest.length > wanted.length) read.faults.push("there are more arguments than expected");
  return read;
}

/** @param {Command} command */
export function helpOf({ name, about, rest = [], options }) {
  const own = Object.entries(options).map(([name, { value }]) => `[--${name}${value ? ` ${value}` : ""}]`);
  return [
    `autorevoke ${[name, ...rest, ...own].join(" ")}`,
    "",
    about,
    "",
    ...table(
      Object.entries({ ...options, ...everywhere }).map(([name, { value, about }]) => [
        `--${name}${value ? ` ${value}` : ""}`,
        about,
      ]),
    ),
  ].join("\n");
}

/** @param {Command[]} commands */
export function generalHelp(commands) {
  return [
    "autorevoke COMMAND ... : revokes TLS certificates through an edge, one or thousands, and reads and verifies its audit",
    "log.",
    "",
    ...table(commands.map(({ name, rest = [], about }) => [[name, ...rest].join(" "), about])),
    "",
    "autorevoke COMMAND --help tells the options. The edge's URL is taken from AUTOREVOKE_ENDPOINT or --endpoint, the API",
    "key or JWT from AUTOREVOKE_TOKEN or --token. A token among the arguments can be seen by other users of the machine",
    "while the command runs, and stays in the shell's history: prefer the variable.",
    "",
    "Exit status: 0 done; 1 the CA or the edge said no, or a log cannot be believed; 2 wrong use; 3 it is not known what",
    "became of it: do not take it for a no. job watch: 0 all done; 1 some refused, or cancelled; 3 some are unknown.",
  ].join("\n");
}

/** @param {string[][]} rows */
function table(rows) {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
