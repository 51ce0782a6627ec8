// npm test notices a file that ends before its tests have, or that has none.
// @ts-check
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { json } from "node:stream/consumers";
import { after, test } from "node:test";
import { root } from "../../scripts/command/places.mjs";

const folder = await mkdtemp(join(root, "target", "tests-that-leave-"));
after(() => rm(folder, { recursive: true, force: true }));

const runner = `
  const { runFiles } = await import(${JSON.stringify(new URL("../../scripts/test/javascript.mjs", import.meta.url))});
  const { Results } = await import(${JSON.stringify(new URL("../../scripts/test/results.mjs", import.meta.url))});
  const results = new Results();
  await runFiles([process.argv[2]], 1, results);
  console.log(JSON.stringify({ ok: results.ok, passed: results.passed, report: results.report }));`;
await writeFile(join(folder, "runner.mjs"), runner);

/** @param {string} name @param {string} content @param {boolean} passes @param {RegExp} [why] */
async function check(name, content, passes, why = /^/) {
  const file = join(folder, `${name}.test.mjs`);
  await writeFile(file, `import { test } from "node:test";\nimport assert from "node:assert";\n${content}`);
  // Under this variable Node's runner takes itself for a test's own child, and runs nothing.
  const { NODE_TEST_CONTEXT, ...env } = process.env;
  const args = [join(folder, "runner.mjs"), relative(root, file)];
  const child = spawn(process.execPath, args, { env, stdio: ["ignore", "pipe", "ignore"], timeout: 60_000 });
  const results = /** @type {any} */ (await json(child.stdout));
  assert.equal(results.ok, passes, results.report);
  assert.match(results.report, why);
  return results;
}

const wait = "await new Promise((done) => setTimeout(done, 10));";

test("a file whose tests pass", async () => {
  const { passed } = await check(
    "passing",
    `test("one", async () => { ${wait} });\ntest("two", () => {});`,
    true,
  );
  assert.equal(passed, 2);
});

for (const status of [0, 3])
  test(`a file that leaves half-way with status ${status}`, async () => {
    const content = `test("one", async () => { ${wait} });
      test("two", async () => { ${wait} process.exit(${status}); });
      test("three", () => assert.fail());`;
    await check(`leaving-${status}`, content, false, /it left when 1 of its 3 tests had ended/);
  });

test("a file that leaves before its first test", () =>
  check("empty", "process.exit(0);", false, /it holds no test/));

test("a file that fails, and how to run it alone", () =>
  check("failing", `test("one", () => assert.fail("no"));`, false, /: one\n +npm test -- --only target\//));
