// autorevoke job ..., against the real edge before the simulated CA: from a file to a report, by two persons.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { keepFolder } from "../../scripts/test/evidence.mjs";
import { startWorld } from "../edge/world.mjs";
import { start } from "./running.mjs";

const world = await startWorld({
  people: [
    { id: "olivia", person: "olivia", permissions: ["plan", "revoke"], orders: ["*"] },
    { id: "sam", person: "sam", permissions: ["approve"], orders: ["*"] },
    { id: "theo", person: "theo", permissions: ["plan", "test"], orders: ["*"] },
    { id: "nina", person: "nina", permissions: ["plan"], orders: ["1-1000"] },
    { id: "boss", person: "bo", permissions: ["operate"], orders: ["*"] },
  ],
  // Each test starts some: only where it is wanted, a second person is needed.
  variables: { APPROVAL_ABOVE: "100", RESEND_WINDOW_MS: "0", CA_MAX_CONNECTIONS: "2" },
});
const folder = await mkdtemp(join(tmpdir(), "autorevoke-jobs-"));
after(() => {
  keepFolder(folder);
  return rm(folder, { recursive: true, force: true });
});
let files = 0;

/** @param {string} content @param {"csv" | "json"} kind */
async function file(content, kind) {
  const name = join(folder, `${++files}.${kind}`);
  await writeFile(name, content);
  return name;
}

const env = (/** @type {string} */ as) => ({
  AUTOREVOKE_ENDPOINT: world.url,
  AUTOREVOKE_TOKEN: world.keys[as],
});

/** Runs `autorevoke job ...` to its end. @param {string} as @param {...string} args */
async function job(as, ...args) {
  const { child, ended } = start(["job", ...args], env(as));
  child.stdin.end();
  const said = await ended;
  for (const key of world.allKeys) assert.ok(!`${said.out}${said.err}`.includes(key), "a token is told");
  return said;
}

/** The same, for JSON. @param {string} as @param {...string} args @returns {Promise<any>} */
async function jsonOf(as, ...args) {
  const { status, out, err } = await job(as, ...args, "--json");
  assert.deepEqual([status, err], [0, ""]);
  return JSON.parse(out);
}

/** @param {string[]} orders @param {string} [rest] */
const csvOf = (orders, rest = ",keyCompromise") =>
  file(["orderNumber,codeReason", ...orders.map((order) => `${order}${rest}`)].join("\r\n"), "csv");
const newOrders = (/** @type {number} */ count) => Array.from({ length: count }, world.newOrder);

/** A job of these orders that is going. @param {string[]} orders @returns {Promise<string>} its id */
async function running(orders) {
  const { id, planHash, total } = await jsonOf("olivia", "create", await csvOf(orders));
  const { status, err } = await job("olivia", "start", id, "--plan-hash", planHash, "--total", String(total));
  assert.equal(status, 0, err);
  return id;
}

test("a CSV becomes a plan, is started as the plan says, watched, and reported", async () => {
  const orders = newOrders(5);
  const name = await csvOf([...orders, orders[1]]);
  const planned = await job("olivia", "create", name, "--name", "Incident 42", "--deadline", "24h");
  assert.deepEqual([planned.status, planned.err], [0, ""]);
  assert.match(planned.out, /^job job_[0-9a-f]{24}, "Incident 42": planned, nothing has been sent\n/);
  for (const words of [
    /orders +5\n/,
    /duplicates +1 row merged/,
    /known +none of the orders\n/,
    /deadline .* UTC \(in (2[34] h|1 d)/,
    /plan hash +[0-9a-f]{64}\n/,
    new RegExp(`merged: ${orders[1]} in rows 2, 6\n`),
    /a second person must approve/,
  ]) {
    assert.match(planned.out, words);
  }
  assert.deepEqual(world.sent(orders[0]), []);

  // The next command, as it stands there.
  const next = /next: autorevoke job (.+)\n/.exec(planned.out)?.[1].split(" ") ?? [];
  const [, id] = next;
  const started = await job("olivia", ...next);
  assert.deepEqual([started.status, started.err], [0, ""]);
  assert.match(started.out, /: running\nnext: autorevoke job watch/);

  const watched = await job("olivia", "watch", id);
  assert.deepEqual([watched.status, watched.err], [0, ""]);
  assert.match(watched.out, /^job .*: 5 orders\n(.*\n)*\[#{20}\] {2}100% {2}5\/5 {2}done/);
  assert.match(watched.out, /done after [^\n]+:\n {2}revoked {2}5\nnext: autorevoke job report/);
  for (const order of orders) assert.equal(world.sent(order).length, 1);

  const shown = await job("olivia", "show", id);
  assert.match(shown.out, /: done\n.*\n +orders +5\n +revoked +5\n/s);
  assert.match((await job("sam", "list")).out, new RegExp(`^id .*\n${id} +done +5/5 .*Incident 42\n`));
  const { jobs } = await jsonOf("sam", "list");
  assert.equal(jobs[0].id, id);

  const rows = await job("olivia", "orders", id);
  assert.match(rows.out, new RegExp(`^row +order .*\n1 +${orders[0]} +revoked +0 +1\n(.*\n){4}5 orders\n$`));
  const lines = (await job("olivia", "orders", id, "--json")).out.trimEnd().split("\n");
  assert.deepEqual(
    lines.map((line) => JSON.parse(line).orderNumber),
    orders,
  );
  const csv = await job("olivia", "orders", id, "--csv", "--outcome", "revoked");
  assert.match(csv.out, new RegExp(`^orderNumber,codeReason,.*\r\n${orders[0]},1,`));
  assert.equal(csv.out.trimEnd().split("\r\n").length, 6);
  assert.match((await job("olivia", "orders", id, "--outcome", "refused")).out, /\n0 orders\n$/);

  const report = await job("olivia", "report", id);
  assert.match(report.out, /^# Revocation report: Incident 42\n/);
  assert.equal((await job("olivia", "report", id, "--markdown")).status, 0);
  const { jobId, revoked, checkpoint } = await jsonOf("olivia", "report", id);
  assert.deepEqual([jobId, revoked, typeof checkpoint.signature], [id, 5, "string"]);
});

test("JSON: a plan, or its orders alone; what the edge knows of them is told", async () => {
  const [known, other] = newOrders(2);
  await running([known]).then((id) => job("olivia", "watch", id));
  const plan = {
    name: "of the file",
    defaults: { codeReason: 4 },
    orders: [{ orderNumber: known }, { orderNumber: other }],
  };
  const whole = await job(
    "olivia",
    "create",
    await file(JSON.stringify(plan), "json"),
    "--name",
    "of the command",
  );
  assert.match(whole.out, /"of the command": planned/);
  assert.match(whole.out, new RegExp(`known +1 order .*\n(.*\n)*  known: ${known} is revoked\n`));
  const alone = await jsonOf(
    "olivia",
    "create",
    await file(JSON.stringify(plan.orders), "json"),
    "--reason",
    "superseded",
  );
  assert.deepEqual([alone.total, alone.known.count, alone.name], [2, 1, undefined]);
});

test("every bad row is named with its number, and nothing is kept", async () => {
  const bad = await file("orderNumber,codeReason,test\r\n7,1,N\r\n007,1,\r\n8,2,maybe\r\n9,1,N\r\n", "csv");
  const before = (await jsonOf("olivia", "list")).jobs.length;
  const { status, out, err } = await job("olivia", "create", bad, "--deadline", "tomorrow");
  assert.deepEqual([status, out], [1, ""]);
  for (const words of [
    /row 2: orderNumber/,
    /row 3: codeReason/,
    /row 3: test/,
    /deadline/,
    /2 rows are wrong: nothing was kept/,
  ])
    assert.match(err, words);
  assert.doesNotMatch(err, /row [14]:/);
  assert.equal((await jsonOf("olivia", "list")).jobs.length, before);
  const forbidden = await job("nina", "create", await csvOf(["7", "1001", "1002"]));
  assert.equal(forbidden.status, 1);
  assert.match(forbidden.err, /not yours to revoke: 1001, 1002/);
});

test("above the threshold a second person approves what was started", async () => {
  const orders = newOrders(101);
  const { id, planHash, total } = await jsonOf("olivia", "create", await csvOf(orders));
  const seen = ["--plan-hash", planHash, "--total", String(total)];
  const mismatch = await job("olivia", "start", id, "--plan-hash", "0".repeat(64), "--total", "101");
  assert.equal(mismatch.status, 1);
  assert.match(mismatch.err, /not this job's/);
  const started = await job("olivia", "start", id, ...seen);
  assert.equal(started.status, 0);
  assert.match(started.out, /waiting for another person's approval/);
  const again = await job("olivia", "start", id, ...seen);
  assert.equal(again.status, 1);
  assert.match(again.err, /waits for the approval/);
  assert.equal((await job("olivia", "approve", id, "--yes")).status, 1);
  // Whoever waits for it sees it.
  const { ended, says } = start(["job", "watch", id], env("sam"));
  await says(/waiting for another person's approval/);
  const next = /next: autorevoke job (approve .+)\n/.exec(started.out)?.[1].split(" ") ?? [];
  const approved = await job("sam", ...next);
  assert.deepEqual([approved.status, approved.err], [0, ""]);
  assert.match(approved.out, /approved, running, 101 orders/);
  const { status, out } = await ended;
  assert.equal(status, 0, out);
  assert.match(out, /100% {2}101\/101/);
});

test("a second person declines what was started, and says why", async () => {
  const { id, planHash, total } = await jsonOf("olivia", "create", await csvOf(newOrders(101)));
  await job("olivia", "start", id, "--plan-hash", planHash, "--total", String(total));
  const unsaid = await job("sam", "decline", id);
  assert.deepEqual([unsaid.status, unsaid.out], [2, ""]);
  assert.match(unsaid.err, /--comment is missing/);
  assert.equal((await job("olivia", "decline", id, "--comment", "mine")).status, 1);
  const other = await job("sam", "decline", id, "--comment", "No", "--plan-hash", "0".repeat(64));
  assert.match(other.err, /not this job's/);
  const declined = await job("sam", "decline", id, "--comment", "The mail gateway's, replaced last week");
  assert.deepEqual([declined.status, declined.err], [0, ""]);
  assert.match(declined.out, /declined, cancelled/);
  const report = await job("olivia", "report", id, "--json");
  const { person, comment } = JSON.parse(report.out).declined;
  assert.deepEqual([person, comment], ["sam", "The mail gateway's, replaced last week"]);
  assert.equal((await job("sam", "approve", id, "--yes")).status, 1);
});

test("how a job ended is the status: refused is 1, unknown is 3", async () => {
  const [expired, lost, fine] = newOrders(3);
  world.ca.orders.set({ orderNumber: expired, state: "expired" });
  const refused = await job("olivia", "watch", await running([fine, expired]));
  assert.equal(refused.status, 1);
  assert.match(refused.out, / {2}revoked {2}1\n {2}refused {2}1\n.*--outcome refused\n/);
  world.ca.faults.add({ fault: "reset-after-reading", orderNumber: lost, test: false, acts: false });
  const unknown = await job("olivia", "watch", await running([lost]));
  assert.equal(unknown.status, 3);
  assert.match(unknown.out, /It is not known what became of the unknown ones/);
  const json = await job("olivia", "watch", await running([world.newOrder(), expired]), "--json");
  assert.equal(json.status, 1);
  const last = JSON.parse(json.out.trimEnd().split("\n").at(-1) ?? "");
  assert.deepEqual([last.state, last.counts.refused], ["done", 1]);
});

test("paused, resumed, paused with all others, and cancelled", async () => {
  world.ca.faults.add({ fault: "latency", ms: 1_000 });
  const id = await running(newOrders(40));
  const paused = await job("olivia", "pause", id);
  assert.deepEqual([paused.status, paused.err], [0, ""]);
  assert.match(paused.out, /: paused\n.*waiting\n/);
  assert.match((await job("olivia", "pause", id)).err, /is paused, and can be resumed or cancelled/);
  assert.match((await job("olivia", "resume", id)).out, /: running\n/);
  assert.equal((await job("olivia", "pause-all")).status, 1);
  const all = await job("boss", "pause-all");
  assert.match(all.out, new RegExp(`^1 job paused:\n  ${id}\n`));
  assert.match((await job("boss", "pause-all")).out, /^no job was running\n/);
  const { ended, says } = start(["job", "watch", id], env("olivia"));
  await says(/paused/);
  const cancelled = await job("olivia", "cancel", id);
  assert.equal(cancelled.status, 0);
  assert.match(cancelled.out, /: cancelled\n.*not sent/);
  const { status, out } = await ended;
  // What was under way then may end yet.
  assert.ok(status === 1 || status === 3, out);
  assert.match(out, /cancelled/);
  world.ca.faults.clear();
});

test("a drill is started by who may only test, and revokes nothing", async () => {
  const orders = newOrders(120);
  const csv = await file(`orderNumber,test\n${orders.map((order) => `${order},Y`).join("\n")}\n`, "csv");
  const planned = await job("theo", "create", csv, "--reason", "keyCompromise");
  assert.match(planned.out, /drill +yes/);
  assert.doesNotMatch(planned.out, /second person/);
  const [, id] = /next: autorevoke job start (\S+)/.exec(planned.out) ?? [];
  assert.match((await job("theo", "start", id, "--yes")).out, /: running\n/);
  const watched = await job("theo", "watch", id);
  assert.equal(watched.status, 0, watched.out);
  assert.match(watched.out, /drill\n(.*\n)* {2}tested {2}120\n/);
  for (const order of orders)
    assert.deepEqual(
      world.sent(order).map(({ test }) => test),
      [true],
    );
  assert.match((await job("theo", "report", id)).out, /^# Revocation drill: /);
});

test("an edge that is killed while a job is watched: the watch goes on when it is back", async () => {
  world.ca.faults.add({ fault: "latency", ms: 100 });
  const id = await running(newOrders(30));
  // It comes back on another port; whoever watches knows one place.
  const relay = createServer((socket) => {
    const onward = connect(Number(new URL(world.url).port), "127.0.0.1");
    socket.pipe(onward).pipe(socket);
    for (const end of [socket, onward]) end.on("error", () => (socket.destroy(), onward.destroy()));
  });
  relay.listen(0, "127.0.0.1");
  await once(relay, "listening");
  after(() => relay.close());
  const { port } = /** @type {import("node:net").AddressInfo} */ (relay.address());
  const there = { ...env("olivia"), AUTOREVOKE_ENDPOINT: `http://127.0.0.1:${port}` };
  const { ended, says } = start(["job", "watch", id], there);
  await says(/ \d+\/30 /);
  await world.kill();
  await says(/no connection, trying again in/);
  await world.startAgain();
  const { status, out } = await ended;
  // What was under way then is unknown now, unless its probe has told already.
  assert.ok(status === 0 || status === 3, out);
  assert.match(out, /100% {2}30\/30/);
  world.ca.faults.clear();
});

test("wrong use is status 2, names every fault, and nothing is asked of the edge", async () => {
  const csv = await csvOf(["7"]);
  for (const [args, words] of /** @type {[string[], RegExp][]} */ ([
    [[], /There are job create, job start, /],
    [["create"], /FILE is missing/],
    [["create", join(folder, "none.csv")], /no file that can be read/],
    [["create", await mkdtemp(join(folder, "empty-"))], /has no certificates in it/],
    [["create", await file("{", "json")], /FILE is not JSON/],
    [["create", await file('[{"orderNumber":1,"orderNumber":2}]', "json")], /a member stands twice/],
    [["create", await file("[]", "json")], /orders must have one order at least/],
    [["create", await file('{"orders":[1],"nam":"x"}', "json")], /nam does not exist/],
    [["create", await file("", "csv")], /FILE must not be empty/],
    [["create", csv, "--nam", "x"], /no option --nam/],
    [["start", "job_0"], /nobody can be asked here.*--plan-hash and --total/],
    [["start", "job_0", "--total", "7", "--yes"], /--yes takes whatever plan/],
    [["approve", "job_0"], /nobody can be asked here.*--plan-hash\n/],
    [["watch", "a/b"], /ID must be the id of a job/],
    [["orders", "job_0", "--outcome", "gone"], /outcome must be/],
    [["orders", "job_0", "--csv", "--json"], /give one of them/],
    [["report", "job_0", "--markdown", "--json"], /give one of them/],
  ])) {
    const { status, out, err } = await job("olivia", ...args);
    assert.deepEqual([status, out], [2, ""], `${args}: ${err}`);
    assert.match(err, words);
  }
  const none = await job("olivia", "show", "job_000000000000000000000000");
  assert.deepEqual([none.status, none.out], [1, ""]);
  assert.match(none.err, /no such job/);
});

test("help", async () => {
  const { out } = await job("olivia", "create", "--help");
  assert.match(out, /^autorevoke job create FILE \[--name TEXT\] \[--deadline WHEN\]/);
});
