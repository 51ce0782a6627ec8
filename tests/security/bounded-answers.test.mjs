// Whoever may test an order can make many calls with long comments. What is told of them takes little memory all the same.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { startWorld, testTraces } from "../edge/world.mjs";

const world = await startWorld({
  people: [
    { id: "operator", person: "olivia", permissions: ["revoke", "test"], orders: ["*"] },
    { id: "auditor", person: "audrey", permissions: ["audit"], orders: ["*"] },
  ],
});
/** An hour of the usual limit allows nearly as many. */
const COPIES = 4_000;
const orderNumber = world.newOrder();

test("thousands of calls with long comments, for one order", { timeout: 120_000 }, async () => {
  const revocationReason = "\u{1f600}".repeat(1_024);
  await world.revoke({ orderNumber });
  await world.revoke({ orderNumber, test: true, revocationReason });
  await world.kill();
  await world.startProbe();
  // The rows are those of the last call again and again: nobody verifies this log.
  const numbers = `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${COPIES}) `;
  const columns =
    "identity, prior_state, test, order_text, actor, person, instance, fingerprint, purpose, state, started_at, " +
    "intent_seq, ended_at, outcome_seq, error_code";
  await world.probe(
    "/sql",
    `INSERT INTO attempts (${columns}) ${numbers} SELECT ${columns} FROM n, (SELECT * FROM attempts ORDER BY id DESC LIMIT 1)`,
  );
  await world.probe(
    "/sql",
    `INSERT INTO audit (seq, hash, entry) ${numbers} SELECT last + i, hash, entry FROM n, ` +
      "(SELECT (SELECT MAX(seq) FROM audit) AS last, hash, entry FROM audit WHERE entry LIKE '%intent%' ORDER BY seq DESC LIMIT 1)",
  );
  await world.kill();
  await world.startAgain();
});

/** What workerd holds of memory, in MB. */
async function memory() {
  const status = await readFile(`/proc/${world.pid}/status`, "utf8");
  return Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]) / 1024;
}

test("reading the order tells the newest calls and how many are older, in bounded memory", async () => {
  const before = await memory();
  for (let read = 0; read < 3; read += 1) {
    const { status, json, text } = await world.ask(`/v1/orders/${orderNumber}`, { as: "operator" });
    assert.equal(status, 200);
    assert.ok(text.length < 1_500_000, `${text.length} characters`);
    assert.deepEqual([json.state, json.attempts.length, json.omitted], ["revoked", 251, COPIES + 1 - 250]);
    assert.equal(json.attempts[0].outcome, "revoked", "the real call is not hidden by test calls");
  }
  const grown = (await memory()) - before;
  assert.ok(grown < 100, `grew by ${grown} MB`);
  assert.equal((await world.ask(`/v1/orders/${orderNumber}0`, { as: "operator" })).kind, "not-found");
});

for (const accept of ["application/json", "application/x-ndjson"]) {
  test(`the longest page of the audit log is bounded, and the next one goes on: ${accept}`, async () => {
    const before = await memory();
    let after = 0;
    for (let page = 0; page < 3; page += 1) {
      const { status, text, json } = await world.ask(`/v1/audit?after=${after}&limit=10000`, {
        as: "auditor",
        headers: { accept },
      });
      assert.equal(status, 200);
      assert.ok(text.length < 2_200_000, `${text.length} characters`);
      const entries = json ? json.entries.length : text.trimEnd().split("\n").length;
      assert.ok(entries > 100 && entries < COPIES, `${entries} entries`);
      after += entries;
      if (json) assert.equal(json.next, after);
    }
    const grown = (await memory()) - before;
    assert.ok(grown < 200, `grew by ${grown} MB`);
  });
}

testTraces(world);
