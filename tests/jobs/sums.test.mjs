// Whoever tells of a job tells of all of its orders: every report, page and summary adds up to the total, whatever the outcomes.
// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { startWorld, testSecrets } from "../edge/world.mjs";
import { start } from "../package/running.mjs";
import { JOB_PEOPLE, jobsOf } from "./jobs.mjs";

const OUTCOMES = [
  ...["pending", "sending", "revoked", "already-revoked", "already-rejected", "tested", "refused", "unknown"],
  "cancelled",
];

const world = await startWorld({ people: JOB_PEOPLE });
const jobs = jobsOf(world);

/** How many rows have which outcome: another number each, so that none can stand for another. */
const COUNTS = new Map(OUTCOMES.map((outcome, at) => [outcome, 2 ** at]));
const TOTAL = 2 ** OUTCOMES.length - 1;
/** What has ended has none that wait. */
const ENDED = new Map([...COUNTS].filter(([outcome]) => outcome !== "pending"));

/**
 * Two jobs with every outcome, one that is paused and one that has ended. No edge makes such ones any more, where some rows test
 * and some revoke; but ledgers that were begun before have them.
 */
async function jobsWithAll() {
  const paused = await jobs.plan({ orders: jobs.orders(TOTAL) });
  const ended = await jobs.plan({ orders: jobs.orders(TOTAL - 1) });
  await world.kill();
  await world.startProbe();
  for (const [{ id }, counts, state] of /** @type {const} */ ([
    [paused, COUNTS, "'paused'"],
    [ended, ENDED, "'cancelled', finished_at = created_at"],
  ])) {
    let first = 1;
    const columns = ["pending = 0"];
    for (const [outcome, count] of counts) {
      columns.push(`${outcome.replace("-", "_")} = ${count}`);
      await world.probe(
        "/sql",
        `UPDATE job_orders SET outcome = '${outcome}', next_at = NULL, ` +
          `error_code = ${outcome === "refused" ? "-row" : "NULL"} ` +
          `WHERE job = (SELECT number FROM jobs WHERE id = '${id}') AND row BETWEEN ${first} AND ${first + count - 1}`,
      );
      first += count;
    }
    if (counts.has("pending")) columns.shift();
    const started = "started_by = 'key:olivia', starter = 'olivia', started_at = created_at";
    await world.probe("/sql", `UPDATE jobs SET ${started}, state = ${state}, ${columns} WHERE id = '${id}'`);
  }
  await world.kill();
  await world.startAgain();
  return [paused.id, ended.id];
}

const [id, endedId] = await jobsWithAll();

/** What the command says of a job. @param {string} subcommand @param {string} [of] */
async function told(subcommand, of = id) {
  const env = { AUTOREVOKE_ENDPOINT: world.url, AUTOREVOKE_TOKEN: world.keys.olivia };
  const { out, err } = await start(["job", subcommand, of], env).ended;
  assert.notEqual(out, "", err);
  return out;
}

/** The figures of lines that are a word or some, and a number. @param {string} text @param {RegExp} line */
const figures = (text, line) =>
  new Map(
    [...text.matchAll(line)].map(([, words, count]) => [words.trim(), Number(count.replace(/,/g, ""))]),
  );

/** @param {Iterable<number>} told @param {string} where @param {Map<string, number>} [counts] */
function assertAll(told, where, counts = COUNTS) {
  assert.deepEqual(
    [...told].sort((a, b) => a - b),
    [...counts.values()],
    where,
  );
}

test("the job, and the list of jobs", async () => {
  const { total, counts } = await jobs.read(id);
  assert.equal(total, TOTAL);
  assertAll(Object.values(counts), "the job");
  const { json } = await world.ask("/v1/jobs", { as: "olivia" });
  assertAll(Object.values(json.jobs[1].counts), "the list");
});

test("its rows, page by page and as CSV", async () => {
  const rows = await jobs.rows(id, { limit: 100 });
  const of = (/** @type {string[]} */ outcomes) =>
    OUTCOMES.map((name) => outcomes.filter((outcome) => outcome === name).length);
  assertAll(of(rows.map(({ outcome }) => outcome)), "the pages");
  for (const [outcome, count] of COUNTS) assert.equal((await jobs.rows(id, { outcome })).length, count);
  const headers = { accept: "text/csv" };
  const { text } = await world.ask(`/v1/jobs/${id}/orders`, { as: "olivia", headers });
  const lines = text.trimEnd().split("\r\n").slice(1);
  assertAll(of(lines.map((line) => line.split(",")[6])), "the CSV");
});

test("the report, as JSON and as Markdown", async () => {
  const { json } = await world.ask(`/v1/jobs/${id}/report`, { as: "olivia" });
  const { accepted, revoked, alreadyRevoked, alreadyRejected, tested, remaining, failed, unknown } = json;
  const { cancelled, failures, unknownOrders } = json;
  assert.equal(revoked + alreadyRevoked + alreadyRejected, accepted);
  assert.equal(accepted + tested + remaining + failed + unknown + cancelled, TOTAL);
  assert.equal(
    failures.reduce((/** @type {number} */ sum, /** @type {any} */ { count }) => sum + count, 0),
    failed,
  );
  assert.equal(unknownOrders.length, Math.min(100, unknown));

  const headers = { accept: "text/markdown" };
  const { text } = await world.ask(`/v1/jobs/${id}/report`, { as: "olivia", headers });
  const table = text.slice(text.indexOf("## Orders"), text.indexOf("## Times"));
  const told = figures(table, /^\| ([^|]+) \| (\d+) \|$/gm);
  const { Orders: total, "Rows merged as duplicates": duplicates, ...rest } = Object.fromEntries(told);
  assert.deepEqual([total, duplicates], [TOTAL, 0]);
  const sum = (/** @type {(words: string) => boolean} */ which) =>
    Object.entries(rest).reduce((all, [words, count]) => (which(words) ? all + count : all), 0);
  // Whoever reads the table adds up its lines, those apart that say what another consists of.
  assert.equal(
    sum((words) => !words.startsWith("–")),
    TOTAL,
  );
  assert.equal(
    sum((words) => words.startsWith("–")),
    rest["Accepted by the CA in all"],
  );
});

test("job show, job watch and job report", async () => {
  const shown = figures(await told("show"), /^ {2,}([a-z ]+?) {2,}([\d,]+)$/gm);
  assert.equal(shown.get("orders"), TOTAL);
  shown.delete("orders");
  assertAll(shown.values(), "job show");
  const watched = await told("watch", endedId);
  assertAll(figures(watched, /^ {2}([a-z ]+?) {2,}([\d,]+)$/gm).values(), watched, ENDED);
  assert.match(watched, new RegExp(`${TOTAL - 3}/${TOTAL - 1}`));
  assert.match(await told("report"), /\| Tested, and nothing changed \| 32 \|/);
});

testSecrets(world);
