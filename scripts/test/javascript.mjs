// Runs the JavaScript tests of one folder by Node's own test runner.
import { readdir } from "node:fs/promises";
import { relative } from "node:path";
import { run } from "node:test";
import { inspect } from "node:util";
import { inRoot, root } from "../command/places.mjs";
import { say } from "../command/running.mjs";
import { keep } from "./evidence.mjs";
import { Tally } from "./tally.mjs";

const FILE_LIMIT_MS = 12 * 60_000;

/**
 * @param {string} folder below tests/
 * @returns {Promise<string[]>} absolute paths
 */
export async function testFiles(folder) {
  const entries = await readdir(inRoot("tests", folder), { recursive: true }).catch(() => []);
  return entries
    .filter((name) => name.endsWith(".test.mjs"))
    .sort()
    .map((name) => inRoot("tests", folder, name));
}

/**
 * @param {string} folder below tests/
 * @returns {Promise<Tally>}
 */
export async function javascriptTests(folder) {
  const tally = new Tally();
  const files = await testFiles(folder);
  if (files.length === 0) tally.fail(`tests/${folder}`, "there are no tests");
  // One file after the other: they start servers and browsers, and measure time.
  for (const file of files) await runFile(file, tally);
  return tally;
}

/**
 * @param {string} file
 * @param {Tally} tally
 */
async function runFile(file, tally) {
  const name = relative(root, file);
  const began = Date.now();
  const before = tally.passed;
  let output = "";
  /** @type {string[]} */
  const path = [];
  for await (const { type, data } of run({ files: [file], concurrency: 1, timeout: FILE_LIMIT_MS })) {
    if (type === "test:stdout" || type === "test:stderr") output += data.message;
    if (type === "test:start") path.splice(data.nesting, Infinity, data.name);
    if (type !== "test:pass" && type !== "test:fail") continue;

    const isFile = data.name === file || data.name === name;
    const title = isFile ? name : `${name}: ${[...path.slice(0, data.nesting), data.name].join(" > ")}`;
    if (type === "test:fail") {
      const error = /** @type {any} */ (data.details.error);
      // Its subtests have been counted themselves.
      if (error.failureType === "subtestsFailed") continue;
      tally.fail(title, explanation(error) + (isFile ? `\n${output}` : ""));
    } else if (isFile) {
      tally.fail(name, "it holds no test");
    } else if (data.skip !== undefined || data.todo !== undefined) {
      tally.skip(title, String(data.skip ?? data.todo));
    } else if (/** @type {any} */ (data.details).type !== "suite") {
      tally.pass();
    }
  }
  keep("output", output);
  say(`  ${name}: ${tally.passed - before} passed (${((Date.now() - began) / 1000).toFixed(1)} s)`);
}

/** @param {any} error */
function explanation(error) {
  const cause = error.cause ?? error;
  return cause instanceof Error ? (cause.stack ?? String(cause)) : inspect(cause);
}

/** The folders of tests/ that hold JavaScript tests. */
export async function testFolders() {
  const entries = await readdir(inRoot("tests"), { withFileTypes: true });
  const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  const withTests = await Promise.all(folders.map(async (folder) => (await testFiles(folder)).length > 0));
  return folders.filter((_, index) => withTests[index]).sort();
}
