// npm run wrangler: everything but `wrangler dev` is passed on.
// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { isDev } from "../../scripts/deploy/wrangler.mjs";
import { runCommand } from "../harness/command.mjs";

test("the subcommand dev is refused, whatever stands before and behind it", async () => {
  for (const words of [
    "dev",
    "dev --port 1",
    "--env dev dev",
    "-e prod dev",
    "--env=prod dev",
    "--cwd x --config y dev",
    "--local dev",
    "pages dev",
    "pages --env x dev",
    "--port 0 dev",
    "unknown dev",
  ]) {
    assert.ok(isDev(words.split(" ")), words);
  }
  const { code, stderr } = await runCommand("wrangler", ["dev", "--port", "0"]);
  assert.equal(code, 2);
  assert.match(stderr, /wrangler dev is not for an edge/);
});

test("an environment, a secret or a file of that name is passed on", () => {
  for (const words of [
    "secret put X --env dev",
    "secret put dev",
    "--env dev secret put X",
    "-e dev deploy",
    "--env=dev deploy",
    "tail dev",
    "pages deploy dev",
    "--cwd dev whoami",
    "--version",
  ]) {
    assert.ok(!isDev(words.split(" ")), words);
  }
});
