// Runs the JavaScript tests by Node's own runner: files side by side, and by themselves where they measure or fill the machine.
import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { run } from "node:test";
import { inspect } from "node:util";
import { inRoot } from "../command/places.mjs";
import { say } from "../command/running.mjs";
import { ALONE_AT_ONCE, alone } from "./alone.mjs";
import { keep } from "./evidence.mjs";
import { Results } from "./results.mjs";

/** A file that takes this long stands still, on a slow machine too. */
const FILE_LIMIT_MS = 15 * 60_000;
/** They wait for other processes, and for time to pass, more than half of the time: twice the cores keep those busy. */
const SIDE_BY_SIDE = 2 * availableParallelism();
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
 * @param {Promise<unknown>} quiet waited for before those that run by themselves
 */
export async function javascriptTests(files, quiet) {
  const results = new Results();
  const gone = alone.filter((name) => !existsSync(inRoot(name)));
  for (const name of gone)
    results.fail({ name, why: "alone.mjs names it, and there is no such file", again: "npm test" });
  const beside = files.filter((name) => !alone.includes(name));
  const runs = await runFiles(beside, SIDE_BY_SIDE, results);
  const byThemselves = alone.filter((name) => files.includes(name));
  if (byThemselves.length > 0) {
    await quiet;
    runs.push(...(await runFiles(byThemselves, ALONE_AT_ONCE, results)));
  }
  const slowest = runs.sort((one, other) => other.seconds - one.seconds).slice(0, SLOWEST);
  say(
    `slowest: ${slowest.map(({ name, seconds }) => `${name.slice(6, -9)} ${seconds.toFixed(0)} s`).join(", ")}`,
  );
  return results;
}

/** What is known of a file. */
class FileRun {
  seconds = 0;
  /** Tests at its top: how many there are, and how many of them have ended. */
  announced = 0;
  ended = 0;
  output = "";
  /** The names of the test that is reported now, and of those around it. @type {string[]} */
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
 * So many files at a time, each by a run of its own: what Node tells of a test names the file in which `test()` was called,
 * which may be one that many share.
 * @param {string[]} names from the root
 * @param {number} concurrency
 * @param {Results} results
 */
export async function runFiles(names, concurrency, results) {
  if (names.length === 0) return [];
  const before = results.passed;
  const queue = [...names];
  /** @type {FileRun[]} */
  const runs = [];
  const work = async () => {
    for (let name = queue.shift(); name !== undefined; name = queue.shift())
      runs.push(await runFile(name, results));
  };
  await Promise.all(Array.from({ length: concurrency }, work));
  const how = `${concurrency} side by side`;
  say(`JavaScript, ${how}: ${results.passed - before} passed in ${names.length} files`);
  return runs;
}

/** @param {string} name from the root @param {Results} results */
async function runFile(name, results) {
  const of = new FileRun(name);
  const began = Date.now();
  for await (const { type, data } of run({ files: [inRoot(name)], concurrency: 1, timeout: FILE_LIMIT_MS })) {
    const { name: title, nesting } = /** @type {any} */ (data);
    const isFile = title === inRoot(name) || title === name;
    switch (type) {
      case "test:stdout":
      case "test:stderr":
        of.output += data.message;
        break;
      case "test:enqueue":
        if (!isFile && nesting === 0) of.announced += 1;
        break;
      case "test:start":
        of.path.splice(Number(nesting), Infinity, title);
        break;
      case "test:pass":
      case "test:fail":
        if (!isFile && nesting === 0) of.ended += 1;
        count(of, /** @type {any} */ (data), { isFile, passed: type === "test:pass", results });
    }
  }
  of.seconds = (Date.now() - began) / 1000;
  const { announced, ended, output, again } = of;
  keep("output", output);
  // Node calls a file passed that leaves before its tests have ended, if it does so with status 0.
  const why =
    announced === 0 ? "it holds no test" : `it left when ${ended} of its ${announced} tests had ended`;
  if (announced === 0 || ended < announced) results.fail({ name, why: `${why}\n${output}`, again });
  return of;
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
