// The limits of Cloudflare's platform, which the local runtime does not enforce: 32 MiB in a message between front and ledger, and in
// SQLite 2 MB in a row, 100 values and 100 KB in a statement. (The native tests of the ledger hold each of their statements to them.)
// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { startWorld, testSecrets } from "../edge/world.mjs";
import { JOB_PEOPLE, jobsOf, NO_APPROVAL } from "./jobs.mjs";

const KEY = "\u{1F511}";
const ROWS = 9_000;

const world = await startWorld({ people: JOB_PEOPLE, variables: NO_APPROVAL });
await world.kill();
await world.startAgain("tests/jobs/measuring.capnp");
const jobs = jobsOf(world);

/** @returns {Promise<Record<"message" | "statement" | "values" | "row" | "messages", number>>} the most since it was started */
const most = async () => (await fetch(`${world.url}/most`)).json();

async function assertWithin() {
  const { message, statement, values, row } = await most();
  const told = JSON.stringify({ message, statement, values, row });
  assert.ok(message <= 32 * 2 ** 20, told);
  assert.ok(statement <= 100_000 && values <= 100 && row <= 2_000_000, told);
  // What comes in parts is far below, so that none of it is long in memory.
  assert.ok(message <= 8 * 2 ** 20, told);
}

for (const [letters, comment] of Object.entries({ ASCII: "x".repeat(1024), "four-byte": KEY.repeat(1024) })) {
  test(`a plan of ${ROWS} rows with a comment of 1,024 ${letters} characters for all`, async () => {
    const before = (await most()).messages;
    const orders = jobs.orders(ROWS);
    const job = await jobs.plan({ orders, defaults: { codeReason: 1, revocationReason: comment } });
    assert.equal(job.total, ROWS);
    assert.ok((await most()).messages - before > 10, "in parts");
    const page = await world.ask(`/v1/jobs/${job.id}/orders?limit=10000`, { as: "olivia" });
    assert.ok(
      page.json.orders.length < 10_000 && page.json.next === page.json.orders.length,
      "it ends early",
    );
    assert.ok(page.json.orders.every((/** @type {any} */ row) => row.revocationReason === comment));
    const csv = await world.fetch(`/v1/jobs/${job.id}/orders`, {
      as: "olivia",
      headers: { accept: "text/csv" },
    });
    assert.equal((await csv.text()).split(comment).length - 1, ROWS);
    await assertWithin();
  });
}

test("a plan of 8 MiB whose rows all have a long comment of their own", async () => {
  const revocationReason = KEY.repeat(1024);
  const job = await jobs.plan({ orders: jobs.orders(1_990, { revocationReason, test: true }) });
  assert.equal((await jobs.rows(job.id, { limit: 200 })).length, 1_990);
  const some = await jobs.run({ orders: jobs.orders(300, { revocationReason, test: true }) });
  await jobs.done(some.id);
  await world.ask("/v1/audit?limit=10000", { as: "greta" });
  await world.ask(`/v1/jobs/${some.id}/report`, { as: "olivia" });
  await assertWithin();
});

test("a plan that names one order in every row", async () => {
  const [order] = jobs.orders(1);
  const job = await jobs.plan({ orders: Array.from({ length: 100_000 }, () => order) });
  assert.deepEqual([job.total, job.duplicates, job.merged[0].count], [1, 99_999, 100_000]);
  assert.equal(job.merged[0].rows.length, 1_000);
  await assertWithin();
});

testSecrets(world);
