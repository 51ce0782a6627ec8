// No ledger, no action: when it cannot be opened or written, nothing is sent.
import assert from "node:assert/strict";
import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, test } from "node:test";
import { startWorld, testSecrets } from "./world.mjs";

const world = await startWorld();

beforeEach(() => world.ca.forgetRequests());

/** @param {() => Promise<unknown>} work */
async function behindTheScenes(work) {
  await world.kill();
  await world.startProbe();
  await work();
  await world.kill();
  await world.startAgain();
}

const sql = (/** @type {string} */ statement) => world.probe("/sql", statement);

/** An order that was revoked, so that there is a ledger. */
async function revokedOrder() {
  const orderNumber = world.newOrder();
  assert.equal((await world.revoke({ orderNumber })).json.outcome, "revoked");
  const history = await world.history(orderNumber);
  world.ca.forgetRequests();
  return { orderNumber, history };
}

test("a ledger of a newer version: internal, not sent; read again by the right version, it has all", async () => {
  const { orderNumber, history } = await revokedOrder();
  await behindTheScenes(() => sql("UPDATE ledger SET version = version + 1"));
  for (let repeat = 0; repeat < 3; repeat += 1) {
    for (const answer of [
      await world.revoke({ orderNumber: world.newOrder() }),
      await world.ask(`/v1/orders/${orderNumber}`, { as: "operator" }),
    ]) {
      assert.deepEqual([answer.status, answer.kind, answer.json.mayHaveRevoked], [500, "internal", false]);
    }
  }
  await world.logged("newer version");
  assert.deepEqual(world.ca.ledger(), []);
  await behindTheScenes(() => sql("UPDATE ledger SET version = version - 1"));
  assert.deepEqual(await world.history(orderNumber), history);
});

test("an audit log that takes no entry: internal, not sent", async () => {
  await behindTheScenes(() =>
    sql(
      "CREATE TRIGGER full BEFORE INSERT ON audit BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END",
    ),
  );
  const orderNumber = world.newOrder();
  for (const test of [true, false]) {
    const { status, kind, json } = await world.revoke({ orderNumber, test });
    assert.deepEqual([status, kind, json.mayHaveRevoked], [500, "internal", false]);
  }
  assert.deepEqual(world.ca.ledger(), []);
  assert.equal((await world.ask(`/v1/orders/${orderNumber}`, { as: "operator" })).status, 404);
  await behindTheScenes(() => sql("DROP TRIGGER full"));
  assert.equal((await world.revoke({ orderNumber })).json.outcome, "revoked");
});

test("an outcome that cannot be written: unknown, whatever the CA said, then and later", async () => {
  await behindTheScenes(() =>
    sql(
      "CREATE TRIGGER full BEFORE UPDATE ON attempts WHEN NEW.state <> 'unknown' " +
        "BEGIN SELECT RAISE(ABORT, 'database or disk is full'); END",
    ),
  );
  const orderNumber = world.newOrder();
  // Probes find nothing out, however soon they come.
  world.ca.faults.add({ fault: "http-status", status: 500, orderNumber, test: true });
  const { status, kind, json } = await world.revoke({ orderNumber });
  assert.deepEqual([status, kind, json.mayHaveRevoked], [502, "unknown-outcome", true]);
  assert.equal(world.sent(orderNumber).length, 1);
  const history = await world.history(orderNumber);
  assert.equal(history.state, "unknown");
  assert.equal(history.attempts[0].outcome, "unknown");
  const probed = world.newOrder();
  const tested = await world.revoke({ orderNumber: probed, test: true });
  assert.deepEqual([tested.kind, tested.json.mayHaveRevoked], ["unknown-outcome", false]);

  await behindTheScenes(() => sql("DROP TRIGGER full"));
  const after = await world.history(orderNumber);
  assert.equal(after.state, "unknown");
  assert.equal(after.attempts[0].outcome, "unknown");
  assert.ok(after.auditSeqs.length >= 2, "the end of the attempt is in the audit log by now");
  assert.equal((await world.revoke({ orderNumber })).json.outcome, "already-revoked");
});

test("a ledger of garbage: not sent, and not said to be revoked; put back, it has all that it had", async () => {
  const { orderNumber, history } = await revokedOrder();
  await world.kill();
  const names = (await readdir(world.data, { recursive: true })).filter((name) =>
    /[0-9a-f]{64}\.sqlite/.test(name),
  );
  const files = names.map((name) => join(world.data, name));
  const kept = await Promise.all(files.map(async (file) => ({ file, bytes: await readFile(file) })));
  for (const { file } of kept) {
    if (file.endsWith(".sqlite")) await writeFile(file, Buffer.alloc(8192, "garbage "));
    else await rm(file);
  }

  await world.startAgain();
  // workerd fails before the ledger's code runs, and does not say when: the edge cannot rule out that it was sent.
  const { status, kind } = await world.revoke({ orderNumber: world.newOrder() });
  assert.deepEqual([status, kind], [502, "unknown-outcome"]);
  const reading = await world.ask(`/v1/orders/${orderNumber}`, { as: "operator" });
  assert.deepEqual([reading.status, reading.kind], [500, "internal"]);
  assert.deepEqual(world.ca.ledger(), []);

  await world.kill();
  for (const { file, bytes } of kept) await writeFile(file, bytes);
  await world.startAgain();
  assert.deepEqual(await world.history(orderNumber), history);
});

testSecrets(world);
