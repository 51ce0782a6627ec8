// The package as it is packed, installed into an empty project: nothing comes with it, and its command and entries are there.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { once } from "node:events";
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

test("autorevoke/simulator, and npx autorevoke simulator: a CA to call", { timeout: 120_000 }, async (t) => {
  const { folder, node } = await installed(t);
  const printed = await node(`
    import { revoke } from "autorevoke";
    import { SettingError, startSimulator } from "autorevoke/simulator";
    const ca = await startSimulator();
    const options = { endpoint: ca.endpoint, credentials: { loginName: "demo-reseller", loginPassword: "demo-password" } };
    ca.faults.add({ fault: "reset-after-reading", orderNumber: "8", times: 1 });
    console.log((await revoke({ orderNumber: "7" }, options)).outcome);
    console.log((await revoke({ orderNumber: "8" }, options).catch((error) => error)).kind);
    console.log(ca.ledger().map(({ acted }) => acted).join());
    try { ca.orders.set({}); } catch (error) { console.log(error instanceof SettingError); }
    await ca.close();`);
  assert.equal(printed, "revoked\nunknown-outcome\ntrue,true\ntrue\n");

  const program = join(folder, "node_modules/autorevoke/bin/autorevoke.js");
  const served = spawn(process.execPath, [program, "simulator", "--port", "0"], {
    stdio: ["ignore", "pipe", 2],
  });
  t.after(() => served.kill("SIGKILL"));
  const [text] = await once(served.stdout.setEncoding("utf8"), "data");
  const [, url] = /^ready (http:\/\/127\.0\.0\.1:\d+)\n$/.exec(text) ?? assert.fail(text);
  const form = new URLSearchParams({
    loginName: "demo-reseller",
    loginPassword: "demo-password",
    orderNumber: "7",
  });
  const answer = await fetch(`${url}/products/!AutoRevokeCertificate`, { method: "POST", body: form });
  assert.equal((await answer.text()).trim(), "0");
  served.kill("SIGINT");
  assert.deepEqual(await once(served, "exit"), [0, null]);
});

test("npx autorevoke key: what npm run key makes", { timeout: 120_000 }, async (t) => {
  const { npx } = await installed(t);
  const { key, entry } = JSON.parse(
    (await npx("key", "--id", "alice", "--permissions", "revoke,test", "--orders", "*", "--json")).stdout,
  );
  assert.equal(createHash("sha256").update(key).digest("hex"), entry.sha256);
  assert.deepEqual(Object.keys(entry), ["id", "sha256", "permissions", "orders"]);
  const { kty, crv, d } = JSON.parse((await npx("key", "--audit", "--json")).stdout);
  assert.deepEqual([kty, crv, typeof d], ["OKP", "Ed25519", "string"]);
  const wrong = await npx("key", "--audit", "--id", "alice").catch((error) => error);
  assert.deepEqual([wrong.code, wrong.stdout], [2, ""]);
});
