// What surrounds the edge's code on workerd: no variables in reach of any code, one socket, no text of an order in the
// log.
import assert from "node:assert/strict";
import { readFile, readdir, readlink } from "node:fs/promises";
import { test } from "node:test";
import { startWorld, testTraces } from "./world.mjs";

const world = await startWorld({ variables: { ALLOWED_ORIGINS: "https://dash.example.com" } });

/** Where a process listens for TCP, as /proc writes it: address and port in hexadecimal. @param {number} pid */
async function listeningSockets(pid) {
  const descriptors = await readdir(`/proc/${pid}/fd`);
  const targets = await Promise.all(
    descriptors.map((descriptor) => readlink(`/proc/${pid}/fd/${descriptor}`).catch(() => "")),
  );
  const own = new Set(targets.map((target) => /^socket:\[(\d+)\]$/.exec(target)?.[1]));
  const tables = await Promise.all(
    ["tcp", "tcp6"].map((name) => readFile(`/proc/${pid}/net/${name}`, "utf8")),
  );
  const LISTEN = "0A";
  return tables
    .flatMap((table) => table.trim().split("\n").slice(1))
    .map((line) => line.trim().split(/\s+/))
    .filter((columns) => columns[3] === LISTEN && own.has(columns[9]))
    .map((columns) => columns[1]);
}

test("it listens at one place, on loopback", { skip: process.platform !== "linux" }, async () => {
  const port = Number(new URL(world.url).port).toString(16).toUpperCase().padStart(4, "0");
  assert.deepEqual(await listeningSockets(world.pid), [`0100007F:${port}`]);
});

test("its environment has the variables of the contract, PATH, and nothing else", async () => {
  const text = await readFile(`/proc/${world.pid}/environ`, "utf8");
  const names = text
    .split("\0")
    .filter(Boolean)
    .map((line) => line.split("=")[0]);
  const expected = ["PATH", ...Object.keys(world.configuration)];
  // The shell that starts workerd sets its own.
  const shells = ["PWD", "OLDPWD", "SHLVL", "_"];
  assert.deepEqual(names.filter((name) => !shells.includes(name)).sort(), expected.sort());
});

test("its command line has no secret", async () => {
  const text = await readFile(`/proc/${world.pid}/cmdline`, "utf8");
  for (const secret of [
    world.configuration.CA_LOGIN_PASSWORD,
    world.configuration.API_KEYS,
    ...world.allKeys,
  ]) {
    assert.ok(!text.includes(secret));
  }
});

test("the caller's texts are not in the log: no comment, no order, no path, no header", async () => {
  const words = {
    comment: "words-of-the-comment",
    product: "words-of-the-product",
    key: "words-of-the-idempotency-key",
    agent: "words-of-the-user-agent",
    origin: "https://words-of-the-origin.example",
    path: "words-of-the-path",
  };
  const orderNumber = "888777666555444";
  const order = { orderNumber, revocationReason: words.comment, productCode: words.product };
  const headers = { "idempotency-key": words.key, "user-agent": words.agent };
  assert.equal((await world.revoke(order, { headers })).status, 200);
  await world.revoke(order, { headers: { origin: words.origin } });
  await world.revoke({ ...order, [words.comment]: 1 });
  await world.ask("/v1/revocations", { as: "operator", body: `{"${words.comment}"` });
  world.ca.faults.add({ fault: "reset-after-reading" });
  await world.revoke(order);
  await world.history(orderNumber);
  await world.ask(`/${words.path}?${words.path}`, { as: "operator" });
  await world.logLine(await world.ask(`/v1/orders/${words.path}`, { as: "operator" }));
  for (const text of [...Object.values(words), orderNumber]) assert.ok(!world.log.includes(text), text);
});

test("a line of the log tells who asked for what, and what came of it", async () => {
  const answer = await world.revoke({ orderNumber: "0" });
  const { time, instance, durationMs, ...rest } = await world.logLine(answer);
  assert.deepEqual(rest, {
    event: "request",
    method: "POST",
    route: "/v1/revocations",
    actor: "key:operator",
    status: 422,
  });
  assert.ok(Number.isFinite(Date.parse(time)) && durationMs >= 0 && instance === answer.json.instance);
});

// The last ones: the probe takes the edge's place.
test("an intent stands in the audit log before its outcome, in a chain from the first on", async () => {
  await world.kill();
  await world.startProbe();
  const rows = await world.probe("/sql", "SELECT entry FROM audit ORDER BY seq");
  const entries = rows.map((/** @type {{ entry: string }} */ { entry }) => JSON.parse(entry));
  assert.ok(entries.length >= 2);
  let prevHash = "0".repeat(64);
  /** @type {number[]} */
  const answered = [];
  for (const [index, { seq, phase, intentSeq, ...entry }] of entries.entries()) {
    assert.equal(seq, index + 1);
    assert.equal(entry.prevHash, prevHash);
    prevHash = entry.hash;
    if (intentSeq === undefined) continue;
    assert.equal(phase, "outcome");
    assert.equal(entries[intentSeq - 1].phase, "intent");
    answered.push(intentSeq);
  }
  const intents = entries.filter((/** @type {{ phase: string }} */ { phase }) => phase === "intent");
  assert.deepEqual(
    answered,
    intents.map((/** @type {{ seq: number }} */ { seq }) => seq),
  );
});

test("code in the isolate finds no variables of the process or of the edge, and no Node", async () => {
  const nothing = { process: "undefined", variables: {}, modules: [], importable: [] };
  assert.deepEqual(await world.probe("/reachable"), nothing);
});

test("what is deployed to Cloudflare has the same date and flags", async () => {
  const [workerd, wrangler] = await Promise.all(
    ["workerd.capnp", "wrangler.jsonc"].map((name) =>
      readFile(new URL(`../../worker/${name}`, import.meta.url), "utf8"),
    ),
  );
  const flags = /** @param {string} text @param {RegExp} list */ (text, list) =>
    [...String(list.exec(text)?.[1]).matchAll(/"([^"]+)"/g)].map(([, flag]) => flag);
  const here = flags(workerd, /compatibilityFlags :List\(Text\) = \[([^\]]*)\]/);
  assert.ok(here.length > 0);
  assert.deepEqual(flags(wrangler, /"compatibility_flags": \[([^\]]*)\]/), here);
  const date = String(/compatibilityDate :Text = ("[^"]+")/.exec(workerd)?.[1]);
  assert.ok(wrangler.includes(`"compatibility_date": ${date}`));
});

testTraces(world);
