// The package as it is packed, installed into an empty project: nothing comes with it, and its command and entries are there.
import assert from "node:assert/strict";
import { readFile, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { installed } from "./installed.mjs";

test("npm install of the packed file, and npx autorevoke", { timeout: 120_000 }, async (t) => {
  const { folder, npx } = await installed(t);
  // It depends on nothing.
  const lock = JSON.parse(await readFile(join(folder, "package-lock.json"), "utf8"));
  assert.deepEqual(Object.keys(lock.packages), ["", "node_modules/autorevoke"]);

  assert.match((await npx("codes", "--", "-21")).stdout, /^-21, Already revoked\n/);
  await writeFile(join(folder, "log"), "{}\n");
  const bad = await npx("audit", "verify", "log").catch((error) => error);
  assert.equal(bad.code, 1);
  assert.match(bad.stdout, /^NOT OK: the log cannot be believed from entry 1 on\.\n/);
});

const FAKE = 'import { fakeEdge } from "autorevoke/testing";\n';

test("autorevoke/testing: a fake edge, which needs no wasm", { timeout: 120_000 }, async (t) => {
  const { folder, node } = await installed(t);
  const alone = await node(`${FAKE}
    // In place of the global one, with a URL and what belongs to it.
    globalThis.fetch = fakeEdge();
    const asked = await fetch(new URL("https://edge.example/v1/revocations"), {
      method: "POST",
      headers: { authorization: "Bearer olivia", "content-type": "application/json" },
      body: JSON.stringify({ orderNumber: "1" }),
    });
    console.log(asked.status, (await asked.json()).outcome);`);
  assert.equal(alone, "200 revoked\n");
  const withClient = `${FAKE}
    import { createClient } from "autorevoke";
    const fetch = fakeEdge({ orders: { 7: "expired", 8: "answer-lost" } });
    const edge = createClient({ endpoint: "https://edge.example", token: "olivia", fetch });
    const failed = async (orderNumber) => (await edge.revoke({ orderNumber }).catch((error) => error)).kind;
    console.log(await failed("7"), await failed("8"), (await edge.orders.settle("8")).state);
    console.log((await edge.me()).actor, fetch.calls.length);`;
  assert.equal(await node(withClient), "ca-refused unknown-outcome already-revoked\nkey:olivia 3\n");

  const dist = join(folder, "node_modules/autorevoke/dist");
  const modules = (await readdir(dist)).filter((name) => name.startsWith("autorevoke_"));
  assert.ok(modules.length > 3);
  for (const name of modules) await rm(join(dist, name));
  assert.equal(await node(`${FAKE} console.log(typeof fakeEdge());`), "function\n");
});
