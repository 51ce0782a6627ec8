// autorevoke job create with lists of every kind, against the real edge: what is planned, and what a dry run shows of it.
import assert from "node:assert/strict";
import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { startWorld } from "../edge/world.mjs";
import { start } from "./running.mjs";

const world = await startWorld({
  people: [{ id: "olivia", person: "olivia", permissions: ["plan", "revoke"], orders: ["*"] }],
  variables: { APPROVAL_ABOVE: "100", RESEND_WINDOW_MS: "0" },
});
const folder = await mkdtemp(join(tmpdir(), "autorevoke-lists-"));
after(() => rm(folder, { recursive: true, force: true }));

const listed = (/** @type {string} */ name) => fileURLToPath(new URL(`../files/${name}`, import.meta.url));

/** @param {string[]} args @param {{ input?: Buffer | string, endpoint?: string }} [how] */
async function job(args, { input = "", endpoint = world.url } = {}) {
  const env = { AUTOREVOKE_ENDPOINT: endpoint, AUTOREVOKE_TOKEN: world.keys.olivia };
  const { child, ended } = start(["job", ...args], env);
  child.stdin.end(input);
  return ended;
}

/** @param {string[]} args @param {Parameters<typeof job>[1]} [how] */
async function planned(args, how) {
  const { status, out, err } = await job(["create", ...args, "--json"], how);
  assert.deepEqual([status, err], [0, ""]);
  return JSON.parse(out);
}

test("certificates, a folder of them, serial numbers and standard input are planned", async () => {
  const bundle = await planned([listed("bundle.pem"), "--reason", "keyCompromise"]);
  const certificates = join(folder, "certificates");
  await mkdtemp(`${certificates}-`).then(async (name) => {
    await copyFile(listed("bundle.pem"), join(name, "a.pem"));
    await copyFile(listed("certificate.der"), join(name, "b.der"));
    await writeFile(join(name, "notes.txt"), "no certificate");
    const whole = await planned([name, "--reason", "keyCompromise"]);
    assert.equal(whole.total + whole.duplicates, bundle.total + bundle.duplicates + 1);
    await copyFile(listed("bundle-bad-base64.pem"), join(name, "c.pem"));
    const { status, err } = await job(["create", name, "--reason", "1"]);
    assert.equal(status, 1);
    assert.match(err, /certificate \d+ \(in c\.pem\)/);
  });
  const serials = await planned([listed("serials.txt"), "--reason", "superseded"]);
  const read = await readFile(listed("serials.txt"));
  const piped = await planned(["-", "--reason", "superseded"], { input: read });
  assert.equal(piped.planHash, serials.planHash);
});

test("orders are listed by what names them and what they are called", async () => {
  const { id } = await planned([listed("bundle.pem"), "--reason", "keyCompromise"]);
  const { out } = await job(["orders", id]);
  const [head, first, ...others] = out.trimEnd().split("\n");
  assert.match(first, /serial:[0-9A-F]+ +www\.example\.com, example\.com +pending/);
  const outcomes = [head, first, ...others.slice(0, -1)].map((line) => line.search(/outcome|pending/));
  assert.equal(new Set(outcomes).size, 1, out);
  const number = world.newOrder();
  await world.revoke({ orderNumber: number, codeReason: 4 }, { as: "olivia" });
  const plan = await job(["create", "-", "--reason", "1"], {
    input: `orderNumber,label\n${number},\n${number},the \u202eshop\n`,
  });
  assert.match(plan.out, new RegExp(`known: ${number} \\(the  shop\\) is revoked`));
  assert.match(plan.out, new RegExp(`merged: ${number} \\(the  shop\\) in rows 1, 2`));
});

test("columns are named, and said", async () => {
  const file = join(folder, "portal.csv");
  await writeFile(file, "Order ID;Common Name;Owner\r\n31;www.example.com;ann\r\n");
  const { status, err } = await job(["create", file, "--reason", "superseded"]);
  assert.equal(status, 1);
  assert.match(err, /Order ID, Common Name, Owner.*--columns/);
  assert.doesNotMatch(err, /0 rows/);
  const job31 = await planned([file, "--reason", "superseded", "--columns", "Order ID=orderNumber"]);
  assert.deepEqual([job31.total, job31.reasons], [1, { superseded: 1 }]);
});

test("a workbook is named for what it is", async () => {
  const { status, err } = await job(["create", listed("workbook.xlsx")]);
  assert.equal(status, 1);
  assert.match(err, /workbook.*save it as CSV UTF-8/);
});

test("a dry run asks no server, and says what only the server knows", async () => {
  const nowhere = { endpoint: "http://127.0.0.1:9" };
  const args = ["create", listed("conflicts.csv"), "--dry-run"];
  const { status, out, err } = await job([...args, "--deadline", "24h"], nowhere);
  assert.deepEqual([status, err], [0, ""]);
  assert.match(out, /no server was asked/);
  assert.match(out, /reasons .*keyCompromise/);
  assert.match(out, /merged: .* for different reasons: \w+ counts/);
  assert.match(out, /needs .*\/s if it is started now/);
  assert.match(out, /known to the edge alone/);
  const before = (await world.ask("/v1/jobs", { as: "olivia" })).json.jobs.length;
  const reading = JSON.parse((await job([...args, "--json"])).out);
  assert.equal(reading.ok, true);
  assert.equal((await world.ask("/v1/jobs", { as: "olivia" })).json.jobs.length, before);
  const wrong = await job(["create", listed("no-reasons.csv"), "--dry-run"], nowhere);
  assert.equal(wrong.status, 1);
  assert.match(wrong.err, /codeReason is missing/);
});

test("certificates are planned as a drill, which revokes nothing", async () => {
  const args = [listed("bundle.pem"), "--reason", "keyCompromise", "--test"];
  const drill = await planned(args);
  assert.deepEqual([drill.drill, drill.approvalNeeded], [true, false]);
  const dry = JSON.parse((await job(["create", ...args, "--dry-run", "--json"])).out);
  assert.deepEqual([dry.drill, dry.total, dry.reasons], [true, drill.total, drill.reasons]);
  const json = join(folder, "plan.json");
  await writeFile(json, '{"orders":[{"orderNumber":71}],"defaults":{"codeReason":4}}');
  assert.equal((await planned([json, "--test"])).drill, true);
});

test("what was refused, and what is unknown, is planned again by the CSV of the job", async () => {
  const [refused, lost, revoked] = [world.newOrder(), world.newOrder(), world.newOrder()];
  world.ca.orders.set({ orderNumber: refused, state: "expired" });
  // Each probe as well.
  world.ca.faults.add({ fault: "reset-after-reading", orderNumber: lost });
  const file = join(folder, "again.csv");
  const lines = [refused, lost, revoked].map((order) => `${order},superseded,=1+1`);
  await writeFile(file, ["orderNumber,codeReason,revocationReason", ...lines].join("\n"));
  const { id, planHash, total } = await planned([file]);
  await job(["start", id, "--plan-hash", planHash, "--total", String(total)]);
  await job(["watch", id]);
  const csv = await job(["orders", id, "--outcome", "unknown,refused", "--csv"]);
  assert.deepEqual([csv.status, csv.out.trim().split("\r\n").length], [0, 3]);
  const again = await planned(["-"], { input: csv.out });
  assert.deepEqual([again.total, again.reasons, again.known.count], [2, { superseded: 2 }, 2]);
  world.ca.faults.clear();
});
