// Runs the JavaScript tests by Node's own runner: files side by side, and alone where they measure or fill the machine.
import { readdir } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { relative } from "node:path";
import { run } from "node:test";
import { inspect } from "node:util";
import { inRoot, root } from "../command/places.mjs";
import { say } from "../command/running.mjs";
import { alone } from "./alone.mjs";
import { keep } from "./evidence.mjs";
import { Results } from "./results.mjs";

const FILE_LIMIT_MS = 6 * 60_000;
/** They wait for other processes most of the time: one more than there are cores keeps those busy. */
const SIDE_BY_SIDE = availableParallelism() + 1;
const SLOWEST = 10;

/** All of them, from the root. @returns {Promise<string[]>} */
export async function testFiles() {
  const entries = await readdir(inRoot("tests"), { recursive: true });
  return entries
    .filter((name) => name.endsWith(".test.mjs"))
    .map((name) => `tests/${name}`)
    .sort();
}

/**
 * @param {string[]} files from the root
 * @param {Promise<unknown>} quiet waited for before those that run alone
 */
export async function javascriptTests(files, quiet) {
  const results = new Results();
  const byThemselves = files.filter((name) => alone.has(name));
  /** @type {FileRun[]} */
  const runs = [];
  runs.push(
    ...(await runFiles(
      files.filter((name) => !alone.has(name)),
      SIDE_BY_SIDE,
      results,
    )),
  );
  if (byThemselves.length > 0) {
    await quiet;
    runs.push(...(await runFiles(byThemselves, 1, results)));
  }
  const slowest = runs.sort((one, other) => other.seconds - one.seconds).slice(0, SLOWEST);
  say(
    `slowest: ${slowest.map(({ name, seconds }) => `${name.slice(6, -9)} ${seconds.toFixed(0)} s`).join(", ")}`,
  );
  return results;
}

/** What is known of a file while it runs. */
class FileRun {
  began = 0;
  seconds = 0;
  /** Tests at its top: how many there are, and how many of them have ended. */
  announced = 0;
  ended = 0;
  output = "";
  /** The names of the test that is told of now, and of those around it. @type {string[]} */
  path = [];

  /** @param {string} name from the root */
  constructor(name) {
    this.name = name;
  }

  /** The command that runs it alone. */
  get again() {
    return `npm test -- --only ${this.name}`;
  }
}

/**
 * @param {string[]} names from the root
 * @param {number} concurrency
 * @param {Results} results
 */
export async function runFiles(names, concurrency, results) {
  const runs = new Map(names.map((name) => [inRoot(name), new FileRun(name)]));
  if (names.length === 0) return [];
  const before = results.passed;
  for await (const { type, data } of run({ files: [...runs.keys()], concurrency, timeout: FILE_LIMIT_MS })) {
    const { file, name, nesting } = /** @type {any} */ (data);
    const of = runs.get(file);
    if (!of) continue;
    const isFile = name === file || name === relative(root, String(file));
    switch (type) {
      case "test:stdout":
      case "test:stderr":
        of.output += data.message;
        break;
      case "test:enqueue":
        if (!isFile && nesting === 0) of.announced += 1;
        break;
      case "test:dequeue":
        if (isFile) of.began = Date.now();
        break;
      case "test:complete":
        if (isFile) of.seconds = (Date.now() - of.began) / 1000;
        break;
      case "test:start":
        of.path.splice(Number(nesting), Infinity, name);
        break;
      case "test:pass":
      case "test:fail":
        if (!isFile && nesting === 0) of.ended += 1;
        count(of, /** @type {any} */ (data), { isFile, passed: type === "test:pass", results });
    }
  }
  for (const { name, announced, ended, output, again } of runs.values()) {
    keep("output", output);
    // Node calls a file passed that leaves before its tests have ended, if it does so with status 0.
    const why =
      announced === 0 ? "it holds no test" : `it left when ${ended} of its ${announced} tests had ended`;
    if (announced === 0 || ended < announced) results.fail({ name, why: `${why}\n${output}`, again });
  }
  const how = concurrency > 1 ? `${concurrency} side by side` : "one by one";
  say(`JavaScript, ${how}: ${results.passed - before} passed in ${names.length} files`);
  return [...runs.values()];
}

/**
 * @param {FileRun} of
 * @param {any} data
 * @param {{ isFile: boolean, passed: boolean, results: Results }} how
 */
function count(
  { name, path, output, again },
  { name: title, nesting, details, skip, todo },
  { isFile, passed, results },
) {
  const test = isFile ? name : `${name}: ${[...path.slice(0, nesting), title].join(" > ")}`;
  if (!passed) {
    // Its subtests have been counted themselves.
    if (details.error.failureType === "subtestsFailed") return;
    results.fail({ name: test, why: explanation(details.error) + (isFile ? `\n${output}` : ""), again });
  } else if (skip !== undefined || todo !== undefined) {
    results.skip({ name: test, why: String(skip ?? todo), again });
  } else if (!isFile && details.type !== "suite") {
    results.pass();
  }
}

/** @param {any} error */
function explanation(error) {
  const cause = error.cause ?? error;
  return cause instanceof Error ? (cause.stack ?? String(cause)) : inspect(cause);
}
