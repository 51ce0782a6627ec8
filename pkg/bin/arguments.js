// Reads arguments strictly, by Node's parseArgs: for the command `autorevoke`, and for the project's own scripts.
//
// Every fault is named at once, and no value is quoted: it could be a secret.
import { parseArgs } from "node:util";

/**
 * @typedef {object} Option
 * @property {string} [value] what stands for its value in the help; without one it is a switch
 * @property {string} about one line
 * @property {string} [short] its one letter
 * @property {boolean | ((given: Set<string>) => boolean)} [required] `given`: the names of the options that are there
 * @property {(text: string) => string | undefined} [fault] what is wrong with a value, if anything
 *
 * @typedef {Record<string, string | true | undefined>} Values a text for an option with a value, true for a switch
 *
 * @typedef {object} Usage
 * @property {string} name as it is typed
 * @property {string} about one line
 * @property {string[]} [rest] what it takes besides options: in brackets if it need not be there, the last one followed
 *   by `...` if there may be many
 * @property {boolean} [numbers] whether `-21` is an argument here, and not two options of one letter
 * @property {Record<string, Option>} [options]
 *
 * @typedef {object} Arguments
 * @property {Values} values empty where there are faults
 * @property {string[]} rest what is no option
 * @property {string[]} faults
 * @property {(name: string) => boolean} asks whether an option is among them, faults or not
 *
 * @typedef {Usage & { run: (given: Arguments) => number | void | Promise<number | void> }} Command `run` gives the exit
 *   status
 *
 * @typedef {Extract<ReturnType<typeof tokensOf>[number], { kind: "option" }>} OptionToken
 */

/** The command was called in a way that it does not understand: exit status 2, every fault on a line of its own. */
export class WrongUse extends Error {
  name = "WrongUse";

  /** @param {string[]} faults */
  constructor(faults) {
    super(faults.join("\n"));
    this.faults = faults;
  }
}

/** @type {Record<string, Option>} */
export const helping = { help: { about: "this help", short: "h" } };

/**
 * @param {Usage} usage
 * @param {string[]} argv
 * @returns {Arguments}
 */
export function readArguments({ options: own = {}, rest: wanted = [], numbers = false }, argv) {
  const options = { ...helping, ...own };
  const args = numbers ? numbersLast(argv) : argv;
  const tokens = tokensOf(args, options);
  const given = tokens.filter((token) => token.kind === "option");
  const rest = tokens.filter((token) => token.kind === "positional").map(({ value }) => value);
  const faults = [
    ...optionFaults(given, options),
    ...restFaults(rest, wanted),
    ...valueFaults(given, options),
    ...missingFaults(given, options),
  ];
  const asks = (/** @type {string} */ name) => given.some((token) => token.name === name);
  if (faults.length > 0) return { values: {}, rest, faults, asks };
  // Strict, so that Node refuses by itself whatever the checks above might ever let through.
  const { values } = parseArgs({ args, options: forNode(options), allowPositionals: true });
  return { values: /** @type {Values} */ (values), rest, faults, asks };
}

/**
 * What Node makes of the arguments. An option with a value takes the next argument whatever it is, `--comment --test`
 * too: there it is read once more with that value taken as missing, so that what it swallowed is seen for what it is.
 * @param {string[]} args
 * @param {Record<string, Option>} options
 * @returns {NonNullable<ReturnType<typeof parseArgs>["tokens"]>}
 */
function tokensOf(args, options) {
  const read = parseArgs({
    args,
    options: forNode(options),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const greedy = read.tokens.find(
    (token) => token.kind === "option" && token.inlineValue === false && /^-./.test(token.value),
  );
  if (!greedy) return read.tokens;
  return tokensOf(args.toSpliced(greedy.index, 1, `${args[greedy.index]}=`), options);
}

/** @param {Record<string, Option>} options */
const forNode = (options) =>
  Object.fromEntries(
    Object.entries(options).map(([name, { value, short }]) => [
      name,
      { type: /** @type {"string" | "boolean"} */ (value ? "string" : "boolean"), ...(short && { short }) },
    ]),
  );

/** Behind `--`, where Node takes nothing for an option. @param {string[]} argv */
function numbersLast(argv) {
  const end = argv.includes("--") ? argv.indexOf("--") : argv.length;
  const isNumber = (/** @type {string} */ text) => /^-\d+$/.test(text);
  const before = argv.slice(0, end);
  return [
    ...before.filter((text) => !isNumber(text)),
    "--",
    ...before.filter(isNumber),
    ...argv.slice(end + 1),
  ];
}

/**
 * @param {OptionToken[]} given
 * @param {Record<string, Option>} options
 */
function optionFaults(given, options) {
  const faults = given.map(({ name, rawName, value }, index) => {
    const option = Object.hasOwn(options, name) ? options[name] : undefined;
    if (!option) return `there is no option ${rawName.startsWith("--") ? `--${name}` : "of one letter"}`;
    if (given.findIndex((token) => token.name === name) < index) return `--${name} is given twice`;
    if (!option.value) return value === undefined ? undefined : `--${name} takes no value`;
    if (value) return undefined;
    return `--${name} needs a value: ${option.value}; one that begins with a hyphen is written --${name}=-x`;
  });
  return new Set(faults.filter((fault) => fault !== undefined));
}

/** @param {string[]} rest @param {string[]} wanted */
function restFaults(rest, wanted) {
  const faults = wanted
    .slice(rest.length)
    .filter((name) => !name.startsWith("["))
    .map((name) => `${name} is missing`);
  if (rest.length > wanted.length && !wanted.at(-1)?.endsWith("..."))
    faults.push("there are more arguments than expected");
  if (rest.includes("")) faults.push("an argument is empty");
  return faults;
}

/** @param {OptionToken[]} given @param {Record<string, Option>} options */
function valueFaults(given, options) {
  return given.flatMap(({ name, value }) => {
    const wrong = value && Object.hasOwn(options, name) && options[name].fault?.(value);
    return wrong ? [`--${name}: ${wrong}`] : [];
  });
}

/** @param {OptionToken[]} given @param {Record<string, Option>} options */
function missingFaults(given, options) {
  const names = new Set(given.map(({ name }) => name));
  return Object.entries(options)
    .filter(([name, { required }]) => {
      const needed = typeof required === "function" ? required(names) : required;
      return needed && !names.has(name);
    })
    .map(([name, { value }]) => `--${name} ${value} is missing`);
}

/** @param {Usage} usage */
export function helpOf({ name, about, rest = [], options: own = {} }) {
  const options = { ...own, ...helping };
  const written = Object.entries(own).map(([name, { value }]) => `[--${name}${value ? ` ${value}` : ""}]`);
  return [
    [name, ...rest, ...written].join(" "),
    "",
    about,
    "",
    ...table(
      Object.entries(options).map(([name, { value, short, about }]) => [
        `${short ? `-${short}, ` : ""}--${name}${value ? ` ${value}` : ""}`,
        about,
      ]),
    ),
  ].join("\n");
}

/** @param {string[][]} rows */
export function table(rows) {
  const width = Math.max(...rows.map(([left]) => left.length));
  return rows.map(([left, right]) => `  ${left.padEnd(width)}  ${right}`);
}
