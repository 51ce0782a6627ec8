// Every command explains itself, and names arguments that it does not know.
// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { npmScripts, runCommand } from "../harness/command.mjs";

const TESTS = [
  ...["test", "test:all", "test:answers", "test:contract"],
  ...["test:faults", "test:histories", "test:jobs", "test:kill", "test:package"],
];
const COMMANDS = [
  ...TESTS,
  "demo",
  "build",
  "edge",
  "simulate:day",
  "simulator",
  "key",
  "backup",
  "restore",
  "bench",
  "fuzz",
  "mutants",
  "openapi",
  "lint",
  "format",
  "docs",
  "docs:pictures",
  "release",
];

/** What is said by the command itself. @param {string} name @param {string[]} args */
const direct = (name, args) => runCommand(name, args, { byNpm: false });

test("npm run starts one program for each command, with all arguments", async () => {
  for (const [name, script] of Object.entries(npmScripts))
    assert.match(script, /^exec node scripts\/[a-z-]+\.mjs( --only lint)?$/, name);
  const { code, stdout, stderr } = await runCommand("build", ["no such part", "$HOME"]);
  assert.deepEqual([code, stdout], [2, ""]);
  assert.match(stderr, /no such part: no such part .*\n.*no such part: \$HOME /);
});

for (const name of [...COMMANDS, "deploy"]) {
  test(`npm run ${name} -- --help`, async () => {
    const { code, stdout } = await direct(name, ["--help"]);
    assert.equal(code, 0);
    // The lints are a part of the tests.
    const program = ["test", "lint"].includes(name) ? "npm test" : `npm run ${name}`;
    assert.ok(stdout.startsWith(program), stdout);
  });
}

for (const name of COMMANDS) {
  test(`npm run ${name} names an option that it does not know`, async () => {
    const { code, stdout, stderr } = await direct(name, ["--no-such-option"]);
    assert.equal(code, 2);
    assert.equal(stdout, "");
    assert.match(stderr, /there is no option --no-such-option/);
  });
}

test("fuzz wants to know for how long", async () => {
  for (const args of [[], ["0"], ["ten"], ["1", "2"]]) {
    const { code, stderr } = await direct("fuzz", args);
    assert.equal(code, 2);
    assert.match(stderr, /how many seconds/);
  }
});

test("fuzz and mutants name targets, parts and numbers that do not exist", async () => {
  for (const [name, args, words] of /** @type {[string, string[], RegExp][]} */ ([
    ["fuzz", ["1", "--target", "roof"], /no such target: roof \(there are answer, /],
    ["fuzz", ["--runs", "many"], /--runs: not a number from 1: many/],
    ["fuzz", ["1", "--runs", "1"], /how many seconds/],
    ["mutants", ["--part", "roof"], /there is no such part: roof/],
  ])) {
    const { code, stderr } = await direct(name, args);
    assert.equal(code, 2);
    assert.match(stderr, words);
  }
});

test("build and test name parts and suites that do not exist", async () => {
  const build = await direct("build", ["roof"]);
  assert.equal(build.code, 2);
  assert.match(build.stderr, /no such part: roof/);
  const tests = await direct("test", ["--only", "roof"]);
  assert.equal(tests.code, 2);
  assert.match(tests.stderr, /no such suite: roof/);
});
