// npm run simulator: the CA stand-in alone.
// @ts-check
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { afterEach, test } from "node:test";
import { allGone, descendants, endCommands, runCommand, startCommand } from "../harness/command.mjs";

afterEach(endCommands);

test("it is ready when it answers, and ends with npm", async () => {
  const command = startCommand("simulator", ["--port", "0"]);
  const [, url] = await command.says(/^ready (http:\/\/127\.0\.0\.1:\d+)$/m);
  assert.equal((await fetch(`${url}/_simulator/ledger`)).status, 200);
  const below = (await descendants(command.pid)).map(({ pid }) => pid);
  command.kill("SIGKILL");
  await allGone(below);
});

test("a port that is taken is named", async () => {
  const taken = createServer();
  await new Promise((resolve) => taken.listen(0, "127.0.0.1", () => resolve(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (taken.address());
  const { code, stdout, stderr } = await runCommand("simulator", ["--port", String(port)]);
  taken.close();
  assert.equal(code, 2);
  assert.equal(stdout, "");
  assert.match(stderr, new RegExp(`--port: port ${port} is taken`));
});
