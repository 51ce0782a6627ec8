// The command `autorevoke`, as it is installed, against the real edge before the simulated CA.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { keepFolder } from "../../scripts/test/evidence.mjs";
import { startWorld } from "../edge/world.mjs";
import { start as starting } from "./running.mjs";

const LIMIT_MS = 60_000;

const world = await startWorld({
  people: [
    { id: "operator", person: "olivia", permissions: ["revoke", "test"], orders: ["*"] },
    { id: "auditor", person: "ada", permissions: ["audit"], orders: ["*"] },
  ],
});
const folder = await mkdtemp(join(tmpdir(), "autorevoke-command-"));
after(() => {
  keepFolder(folder);
  return rm(folder, { recursive: true, force: true });
});
const inFolder = (/** @type {string} */ name) => join(folder, name);

/**
 * Runs it, to its end.
 * @param {string[]} args
 * @param {{ as?: string, env?: Record<string, string>, input?: string }} [how]
 */
async function autorevoke(args, { as, env, input } = {}) {
  const { child, ended } = start(args, { as, env });
  child.stdin.end(input);
  const said = await ended;
  for (const key of world.allKeys) assert.ok(!`${said.out}${said.err}`.includes(key), "a token is told");
  return said;
}

/**
 * @param {string[]} args
 * @param {{ as?: string, env?: Record<string, string> }} how
 */
const start = (args, { as, env }) =>
  starting(args, { AUTOREVOKE_ENDPOINT: world.url, ...(as && { AUTOREVOKE_TOKEN: world.keys[as] }), ...env });

/** @param {string[]} args @param {Parameters<typeof autorevoke>[1]} [how] */
async function wrongUse(args, how) {
  const { status, out, err } = await autorevoke(args, how);
  assert.equal(status, 2, err);
  assert.equal(out, "");
  return err;
}

const revoking = (/** @type {string[]} */ ...args) => [
  "revoke",
  ...args,
  ...["--reason", "keyCompromise", "--yes"],
];

test("a revocation: told in words, and as JSON", async () => {
  const order = world.newOrder();
  const first = await autorevoke(revoking(order, "--comment=-Found in a repository"), { as: "operator" });
  assert.deepEqual([first.status, first.err], [0, ""]);
  assert.match(first.out, new RegExp(`^order ${order}: revoked \\(audit entry \\d+\\)\n`));
  const [{ pairs, test }] = world.sent(order);
  const sent = Object.fromEntries(pairs);
  assert.deepEqual([sent.codeReason, sent.revocationReason, test], ["1", "-Found in a repository", false]);

  const again = await autorevoke(["revoke", order, "--reason", "4", "--yes", "--json"], { as: "operator" });
  assert.equal(again.status, 0);
  const { outcome, orderNumber } = JSON.parse(again.out);
  assert.deepEqual([outcome, orderNumber], ["already-revoked", order]);
});

test("a test call changes nothing", async () => {
  const order = world.newOrder();
  const { status, out } = await autorevoke(revoking(order, "--test"), { as: "operator" });
  assert.equal(status, 0);
  assert.match(out, /tested.*\n.*nothing was changed/);
  assert.deepEqual(
    world.sent(order).map(({ test }) => test),
    [true],
  );
});

test("a refusal of the CA is status 1, with its code and advice", async () => {
  const order = world.newOrder();
  world.ca.orders.set({ orderNumber: order, state: "expired" });
  const { status, out, err } = await autorevoke(revoking(order), { as: "operator" });
  assert.deepEqual([status, out], [1, ""]);
  assert.match(err, /-35, Expired: Nothing was changed/);
  const json = await autorevoke(revoking(order, "--json"), { as: "operator" });
  assert.equal(json.status, 1);
  const { kind, errorCode, mayHaveRevoked } = JSON.parse(json.out);
  assert.deepEqual([kind, errorCode, mayHaveRevoked], ["ca-refused", -35, false]);
});

test("a refusal of the edge is status 1", async () => {
  const nobody = await autorevoke(revoking("7"));
  assert.equal(nobody.status, 1);
  assert.match(nobody.err, /AUTOREVOKE_TOKEN/);
  const auditor = await autorevoke(revoking("7"), { as: "auditor" });
  assert.equal(auditor.status, 1);
  const wrong = await autorevoke(["audit", "head"], { as: "operator" });
  assert.deepEqual([wrong.status, wrong.out], [1, ""]);
});

test("an outcome that nobody knows is status 3", async () => {
  const order = world.newOrder();
  world.ca.faults.add({ fault: "reset-after-reading", orderNumber: order });
  const { status, out, err } = await autorevoke(revoking(order), { as: "operator" });
  assert.deepEqual([status, out], [3, ""]);
  assert.match(err, /not known/);
});

test(
  "no edge at all is status 3 as well, and interrupting tells what is known",
  { timeout: LIMIT_MS },
  async (t) => {
    const silent = createServer(() => {}).listen(0, "127.0.0.1");
    await once(silent, "listening");
    t.after(() => silent.closeAllConnections());
    t.after(() => silent.close());
    const { port } = /** @type {import("node:net").AddressInfo} */ (silent.address());
    const env = { AUTOREVOKE_ENDPOINT: `http://127.0.0.1:${port}` };
    for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
      const { child, ended } = start(revoking("7"), { env });
      await once(silent, "request");
      child.kill(signal);
      const { status, err } = await ended;
      assert.equal(status, 3, `${signal}: ${err}`);
      assert.match(err, /aborted after its request had left/);
    }
    silent.closeAllConnections();
    silent.close();
    await once(silent, "close");
    const gone = await autorevoke(revoking("7"), { env });
    assert.equal(gone.status, 3);
  },
);

test("wrong use is status 2, names every fault, and sends nothing", async () => {
  assert.match(await wrongUse([]), /which command/);
  assert.match(await wrongUse(["revok", "7"]), /which command/);
  assert.match(await wrongUse(["audit"]), /which command/);
  const both = await wrongUse(["revoke", "7"], { as: "operator" });
  for (const fault of [/--reason is missing/, /nobody can be asked here/]) assert.match(both, fault);
  assert.match(await wrongUse(revoking()), /named once: by ORDER/);
  assert.match(await wrongUse(revoking("7", "8")), /more arguments/);
  const many = await wrongUse([
    "revoke",
    "--tokn=ark_x_SECRET",
    "-x",
    "--test=1",
    "--comment",
    "a",
    "--comment=b",
  ]);
  for (const fault of [
    /no option --tokn/,
    /of one letter/,
    /--test takes no value/,
    /--comment is given twice/,
  ]) {
    assert.match(many, fault);
  }
  assert.ok(!many.includes("SECRET"));
  const bad = ["007", "--reason", "2", "--comment", "x".repeat(1025), "--yes"];
  const fields = await wrongUse(["revoke", ...bad], { as: "operator" });
  for (const fault of [/ORDER must be /, /--reason must be /, /--comment .*1024/])
    assert.match(fields, fault);
  assert.match(await wrongUse(revoking("7"), { env: { AUTOREVOKE_ENDPOINT: "" } }), /AUTOREVOKE_ENDPOINT/);
  assert.match(await wrongUse(revoking("7", "--endpoint", "http://edge.example")), /https:/);
  assert.match(await wrongUse(["audit", "export", "--after", "-1"]), /--after/);
  assert.match(await wrongUse(["audit", "verify", "x", "--key", "y"]), /--key needs --head/);
  assert.match(await wrongUse(["audit", "verify", inFolder("none")]), /no file that can be read/);
  assert.match(await wrongUse(["audit", "verify", folder]), /no file that can be read/);
  assert.match(await wrongUse(["codes", "x"]), /CODE must be a number/);
  assert.deepEqual(world.sent("7"), []);
});

test("help and version go to standard output", async () => {
  const help = await autorevoke(["--help"]);
  assert.equal(help.status, 0);
  for (const words of [
    "revoke [ORDER]",
    "audit export",
    "audit head",
    "audit verify FILE",
    "codes [CODE]",
    "AUTOREVOKE_TOKEN",
    "can be seen by other users",
  ]) {
    assert.ok(help.out.includes(words), words);
  }
  assert.match((await autorevoke(["audit", "verify", "--help"])).out, /--head FILE.*\n.*--key FILE/);
  const { version } = JSON.parse(await readFile(new URL("../../pkg/package.json", import.meta.url), "utf8"));
  assert.equal((await autorevoke(["--version"])).out, `${version}\n`);
});

test("codes, one and all", async () => {
  assert.match((await autorevoke(["codes", "-16"])).out, /^-16, Login refused\n/);
  assert.equal(JSON.parse((await autorevoke(["codes", "-99", "--json"])).out).title, "Refused");
  const all = await autorevoke(["codes"]);
  assert.match(all.out, / -21 {2}Already revoked\n/);
  assert.match(all.out, / 1 {2}keyCompromise: /);
});

test("the log is exported, verified against a head that was kept, and found wanting when it was touched", async () => {
  const head = await autorevoke(["audit", "head"], { as: "auditor" });
  assert.deepEqual([head.status, head.err], [0, ""]);
  const kept = JSON.parse(head.out);
  await autorevoke(revoking(world.newOrder()), { as: "operator" });
  const { status, out, err } = await autorevoke(["audit", "export"], { as: "auditor" });
  assert.deepEqual([status, err], [0, ""]);
  const lines = out.trimEnd().split("\n");
  assert.ok(lines.length > kept.seq);
  const rest = await autorevoke(["audit", "export", "--after", "2"], { as: "auditor" });
  // The log may have grown in between: an order of a test before this one is being settled.
  assert.ok(rest.out.startsWith(`${lines.slice(2).join("\n")}\n`));

  const key = await (await fetch(`${world.url}/v1/audit/key`)).text();
  const files = {
    log: out,
    head: head.out,
    key,
    cut: lines.slice(0, kept.seq - 1).join("\n"),
    changed: out.replace("keyCompromise", "superseded").replace('"codeReason":1', '"codeReason":4'),
    "other-key": JSON.stringify({ ...JSON.parse(key), x: "A".repeat(43) }),
    forged: JSON.stringify({ ...kept, time: "2000-01-01T00:00:00.000Z" }),
  };
  for (const [name, text] of Object.entries(files)) await writeFile(inFolder(name), text);
  /** @param {string} log @param {string[]} options @param {string} [input] */
  const verify = async (log, options = [], input = undefined) => {
    const args = options.map((option) => (option.startsWith("--") ? option : inFolder(option)));
    // No edge and no token are needed.
    const env = { AUTOREVOKE_ENDPOINT: "" };
    return autorevoke(["audit", "verify", log === "-" ? log : inFolder(log), ...args], { env, input });
  };
  const whole = await verify("log");
  assert.equal(whole.status, 0);
  assert.match(whole.out, new RegExp(`^OK: ${lines.length} entries.*\n.*only a head`));
  assert.match((await verify("log", ["--head", "head"])).out, /^OK.*\n.*was not checked/);
  const full = await verify("log", ["--head", "head", "--key", "key"]);
  assert.deepEqual([full.status, full.err], [0, ""]);
  assert.match(full.out, /^OK.*\n.*signature is valid/);
  assert.equal((await verify("-", ["--head", "head"], out)).status, 0);

  for (const [log, ...options] of [
    ["cut", "--head", "head"],
    ["changed"],
    ["log", "--head", "head", "--key", "other-key"],
    ["log", "--head", "forged", "--key", "key"],
    ["log", "--head", "log"],
    ["head"],
  ]) {
    const bad = await verify(log, options);
    assert.equal(bad.status, 1, [log, ...options].join(" "));
    assert.match(bad.out, /^NOT OK: .*\n.+\.\n$/);
  }
  const json = await verify("cut", ["--head", "head", "--json"]);
  assert.equal(json.status, 1);
  const verdict = JSON.parse(json.out);
  assert.deepEqual([verdict.ok, verdict.entries, verdict.firstBad], [false, kept.seq - 1, kept.seq]);
});

test("who stops reading ends it quietly", async () => {
  const { child, ended } = start(["audit", "export"], { as: "auditor" });
  child.stdout.destroy();
  const { err } = await ended;
  assert.equal(err, "");
});
