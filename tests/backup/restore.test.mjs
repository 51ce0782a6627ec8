// A restored ledger is recognised, and says no more than it knows: what it has not seen may have happened all the same.
import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { WrongUse } from "../../scripts/command/faults.mjs";
import { backUp } from "../../scripts/ledger-copies/backup.mjs";
import { restore } from "../../scripts/ledger-copies/restore.mjs";
import { LEDGER_FILE, OBJECTS, MARK_FILE, filesOf } from "../../scripts/run/data-folder.mjs";
import { keepFolder } from "../../scripts/test/evidence.mjs";
import { revealed } from "../edge/canary.mjs";
import { PEOPLE, startWorld, testSecrets } from "../edge/world.mjs";

const RESTORED = '"event":"ledger-restored"';
const TIMEOUT_MS = 2_000;
/** The edge takes ten seconds at most. */
const MARK_WITHIN_MS = 11_000;

const world = await startWorld({
  people: [...PEOPLE, { id: "auditor", permissions: ["audit"], orders: ["*"] }],
  variables: { CA_TIMEOUT_MS: String(TIMEOUT_MS), RESEND_WINDOW_MS: "60000" },
});
const { ca } = world;
const objects = join(world.data, OBJECTS);
const copies = await mkdtemp(join(tmpdir(), "autorevoke-backups-"));
after(() => {
  keepFolder(copies);
  return rm(copies, { recursive: true, force: true });
});

/** One that is left alone after its last revocation, for as long as the other tests take. */
const quiet = await startWorld();
const quietObjects = join(quiet.data, OBJECTS);

/** @param {string} name */
const copyNamed = (name) => join(copies, name);
const audit = async () => (await world.ask("/v1/audit?limit=10000", { as: "auditor" })).json.entries;

/** Starts the edge; whether it takes its ledger for a restored one, as its log and the audit log say. */
async function recognised() {
  const [began, logged] = [new Date().toISOString(), world.log.length];
  await world.startAgain();
  const noted = (await audit()).some(
    (/** @type {any} */ { action, time }) => action === "restore" && time >= began,
  );
  const told = () => world.log.slice(logged).includes(RESTORED);
  // The log comes through a pipe.
  for (let wait = 0; wait < 100 && told() !== noted; wait += 1) await pause(10);
  assert.equal(told(), noted);
  return noted;
}

/** An order that the CA answers so, and what the edge says of it then. @param {object} answer @param {string} state */
async function orderOf(answer, state) {
  const orderNumber = world.newOrder();
  ca.orders.set({ orderNumber, ...answer });
  await world.revoke({ orderNumber });
  assert.equal((await world.history(orderNumber)).state, state);
  return orderNumber;
}

const remove = async (/** @type {string} */ file) => {
  for (const name of filesOf(file)) await rm(join(objects, name), { force: true });
};
const contents = async (/** @type {string} */ folder) => {
  const names = (await readdir(folder)).sort();
  return Promise.all(names.map(async (name) => [name, await readFile(join(folder, name))]));
};

await quiet.revoke({ orderNumber: quiet.newOrder() });
await quiet.kill();
await cp(quietObjects, copyNamed("by hand"), { recursive: true });
await quiet.startAgain();
const lastOrder = quiet.newOrder();
await quiet.revoke({ orderNumber: lastOrder });
const leftAlone = Date.now();

const revoked = await orderOf({ state: "issued" }, "revoked");
const refused = await orderOf({ state: "expired" }, "refused");
const unknown = await orderOf({ errorCode: -14 }, "unknown");
let later = "";

test("while the edge runs there is no backup", async () => {
  const to = copyNamed("refused");
  await assert.rejects(backUp({ data: world.data, to }), (error) => {
    assert.ok(error instanceof WrongUse);
    assert.match(error.message, /an edge is at work/);
    return true;
  });
  assert.deepEqual(await readdir(to), []);
});

test("an edge that is stopped, or killed, and started again has its own ledger", async () => {
  assert.equal(await recognised(), false);
  await world.kill();
  assert.equal(await recognised(), false);
});

test("a backup after a kill is whole, and the high-water mark is no part of it", async () => {
  await world.kill();
  const { files } = await backUp({ data: world.data, to: copyNamed("first") });
  const names = files.map(({ name }) => name);
  assert.ok(names.includes(LEDGER_FILE));
  assert.ok((await readdir(objects)).includes(MARK_FILE), "its file has another name by now");
  assert.ok(!names.some((name) => name.startsWith(MARK_FILE)));
});

test("while the edge runs there is no restore", async () => {
  await world.startAgain();
  await assert.rejects(restore({ from: copyNamed("first"), data: world.data }), (error) => {
    assert.ok(error instanceof WrongUse);
    assert.match(error.message, /an edge is at work/);
    return true;
  });
  assert.ok(!(await readdir(world.data)).some((name) => /restoring|set-aside/.test(name)));
  await world.kill();
});

test("a backup holds no credential; but who did what", async () => {
  const { d } = JSON.parse(world.configuration.AUDIT_SIGNING_KEY);
  const files = await contents(copyNamed("first"));
  for (const [name, bytes] of files) {
    assert.equal(revealed(bytes), undefined, String(name));
    for (const secret of [...world.allKeys, d]) assert.ok(!bytes.includes(secret), String(name));
  }
  assert.ok(files.some(([, bytes]) => bytes.includes("key:operator") && bytes.includes("olivia")));
});

test("revocations after the backup, and then the restore: recognised, and set aside is what was there", async () => {
  await world.startAgain();
  later = await orderOf({ state: "issued" }, "revoked");
  ca.orders.set({ orderNumber: refused, state: "issued" });
  assert.equal((await world.revoke({ orderNumber: refused })).json.outcome, "revoked");
  ca.orders.set({ orderNumber: unknown, state: "issued" });
  await world.kill();
  const before = await contents(objects);

  await assert.rejects(restore({ from: copyNamed("first"), data: join(objects, LEDGER_FILE) }), WrongUse);
  const { setAside } = await restore({ from: copyNamed("first"), data: world.data });
  assert.deepEqual(await contents(String(setAside)), before);
  ca.forgetRequests();
  assert.equal(await recognised(), true);
});

test("what the restored ledger does not know, it does not call unsent", async () => {
  const { status, kind, json } = await world.ask(`/v1/orders/${later}`, { as: "operator" });
  assert.deepEqual([status, kind], [404, "not-found"]);
  assert.match(json.detail, /does not say that it was never sent/);
  assert.equal((await world.revoke({ orderNumber: later })).json.outcome, "already-revoked");
});

test("what was refused or unknown is unknown, and only ever probed", async () => {
  assert.equal((await world.history(revoked)).state, "revoked");
  // Refused in the backup, revoked since: a probe finds that out, when a person asks for one.
  const left = await world.history(refused);
  assert.deepEqual([left.state, left.unknownSinceRestore, left.waitsForPerson], ["unknown", true, true]);
  assert.deepEqual(world.sent(refused), []);
  const asked = await world.ask(`/v1/orders/${refused}/settle`, { body: {}, as: "operator" });
  assert.deepEqual([asked.json.state, asked.json.settled], ["already-revoked", true]);
  // The other one could still be revoked, and the time has come in which it would be sent again.
  await pause(2 * TIMEOUT_MS + 500);
  assert.equal((await world.history(unknown)).state, "unknown");
  assert.ok(world.sent(unknown).length > 1);
  for (const orderNumber of [refused, unknown]) {
    for (const call of world.sent(orderNumber)) assert.ok(call.test && !call.acted);
  }
});

test("it is recognised once, and not again after the next start", async () => {
  await world.kill();
  assert.equal(await recognised(), false);
});

test("a restore is recognised on a machine that never had a ledger, too", async () => {
  await world.kill();
  await rm(objects, { recursive: true });
  const { setAside } = await restore({ from: copyNamed("first"), data: world.data });
  assert.equal(setAside, undefined);
  assert.equal(await recognised(), true);
  assert.equal((await world.history(revoked)).state, "revoked");
});

test("a ledger that was removed: another one begins, and it knows that it is not the first", async () => {
  await world.kill();
  await remove(LEDGER_FILE);
  assert.equal(await recognised(), true);
  const [opened, restored] = (await audit()).filter((/** @type {any} */ { action }) =>
    ["open", "restore"].includes(action),
  );
  assert.notEqual(restored.seenLedger, opened.ledger);
  assert.ok(restored.seenSeq > 0);
  const { status, json } = await world.ask(`/v1/orders/${revoked}`, { as: "operator" });
  assert.equal(status, 404);
  assert.match(json.detail, /does not say that it was never sent/);
});

test("a missing high-water mark: the ledger is taken as it is, and there is a mark again", async () => {
  await world.kill();
  await remove(MARK_FILE);
  assert.equal(await recognised(), false);
  await world.kill();
  await remove(LEDGER_FILE);
  assert.equal(await recognised(), true);
});

test("a damaged high-water mark: the log says so, and the edge works", async () => {
  await world.kill();
  await remove(MARK_FILE);
  await writeFile(join(objects, MARK_FILE), Buffer.alloc(8192, "garbage "));
  const logged = world.log.length;
  await world.startAgain();
  assert.equal((await world.revoke({ orderNumber: world.newOrder() })).json.outcome, "revoked");
  await world.logged('"event":"failure","where":"high-water-mark"', logged);
});

test("a ledger of the first version of its tables is brought up to date", async () => {
  await world.kill();
  await remove(LEDGER_FILE);
  await remove(MARK_FILE);
  await world.startProbe();
  const dump = await readFile(new URL("../ledger/versions/1.sql", import.meta.url), "utf8");
  // workerd has its own transactions, and forbids what SQLite keeps for itself.
  const lines = dump.split("\n").filter((line) => !/^(BEGIN|COMMIT|.*"sqlite_sequence")/.test(line));
  // Its ids of requests are none that an edge gives.
  const id = "urn:uuid:00000000-0000-4000-8000-000000000000";
  await world.probe("/sql", lines.join("\n").replaceAll("urn:uuid:test", id));
  await world.kill();
  ca.reset();
  assert.equal(await recognised(), false);
  const entries = await audit();
  const migrated = entries.filter((/** @type {any} */ { action }) => action === "migrate");
  assert.equal(migrated.length, 1);
  assert.equal(migrated[0].priorVersion, 1);
  for (const [orderNumber, state] of [
    ["1", "revoked"],
    ["3", "refused"],
    ["5", "already-revoked"],
  ]) {
    assert.equal((await world.history(orderNumber)).state, state);
  }
  assert.equal((await world.history("2")).state, "unknown");
  assert.equal((await world.revoke({ orderNumber: world.newOrder() })).json.outcome, "revoked");
});

test("a ledger of a version to come: the log says so, and nothing is sent", async () => {
  await world.kill();
  await world.startProbe();
  await world.probe("/sql", "UPDATE ledger SET version = 999");
  await world.kill();
  await world.startAgain();
  ca.forgetRequests();
  const { status, kind } = await world.revoke({ orderNumber: world.newOrder() });
  assert.deepEqual([status, kind], [500, "internal"]);
  await world.logged('"event":"ledger-not-opened","reason":"the ledger was written by a newer version');
  assert.deepEqual(ca.ledger(), []);
});

test("an older ledger that was put in place by hand: the mark has even the last revocation", async () => {
  await pause(Math.max(0, leftAlone + MARK_WITHIN_MS - Date.now()));
  await quiet.kill();
  for (const name of filesOf(LEDGER_FILE)) {
    await rm(join(quietObjects, name), { force: true });
    await cp(join(copyNamed("by hand"), name), join(quietObjects, name)).catch(() => {});
  }
  await quiet.startAgain();
  assert.equal((await quiet.ask(`/v1/orders/${lastOrder}`, { as: "operator" })).status, 404);
  await quiet.logged(RESTORED);
});

testSecrets(world, quiet);
