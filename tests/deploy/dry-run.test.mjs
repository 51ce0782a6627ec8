// npm run deploy -- --dry-run: what would be deployed is whole, and nothing secret is in it.
// @ts-check
import assert from "node:assert/strict";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { keepFolder } from "../../scripts/test/evidence.mjs";
import { runCommand } from "../harness/command.mjs";

test("wrangler accepts the worker, its wasm and its Durable Object", async (t) => {
  const out = await mkdtemp(join(tmpdir(), "autorevoke-deploy-"));
  t.after(() => {
    keepFolder(out);
    return rm(out, { recursive: true, force: true });
  });
  const { code, stdout, stderr } = await runCommand("deploy", ["--dry-run", "--outdir", out]);
  assert.equal(code, 0, `${stdout}\n${stderr}`);
  assert.match(stdout, /LEDGER/);
  assert.match(stdout, /www\/dist/, "the dashboard is not among the assets");
  assert.match(stdout, /--dry-run: exiting now/);
  const files = await readdir(out);
  assert.ok(files.includes("worker.js"), files.join());
  assert.ok(
    files.some((name) => name.endsWith("edge.wasm")),
    files.join(),
  );
});
