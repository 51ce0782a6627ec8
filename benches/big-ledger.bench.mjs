// A ledger of many years: 5 million calls to the CA. How long it takes to ask it, and by how much that delays a revocation.
// To fill it takes some minutes and 4 GB on disk; with AUTOREVOKE_BENCH_CALLS it has another size.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { startSimulator } from "autorevoke-simulator";
import { newApiKey } from "../pkg/bin/keys/api-key.js";
import { newSigningKey } from "../pkg/bin/keys/signing-key.js";
import { startEdge } from "../scripts/run/edge.mjs";

const CALLS = Number(process.env.AUTOREVOKE_BENCH_CALLS ?? 5_000_000);
const AT_ONCE = 100_000;
const JOBS = 2_000;
const JOB_ROWS = 100_000;
/** Test calls that asked after one order for a year. */
const PROBES = 105_120;
const AUDIT_ENTRIES = Math.min(1_000_000, CALLS);
const REPEATS = 9;
const ANSWER_LIMIT_MS = 50;
const DELAY_LIMIT_MS = 300;

const YEARS_AGO = 1_790_000_000_000;
const PROBED = "11";
const REVOKED = 100_000_000;
const BIG_JOB = `job_${String(JOBS).padStart(24, "0")}`;

export async function rows() {
  const simulator = await startSimulator({ port: 0, host: "127.0.0.1" });
  const data = await mkdtemp(join(tmpdir(), "autorevoke-bench-"));
  const { key, entry } = newApiKey({
    id: "bench",
    permissions: ["plan", "revoke", "test", "audit"],
    orders: ["*"],
  });
  const variables = {
    CA_ENDPOINT: simulator.endpoint,
    CA_LOGIN_NAME: "demo-reseller",
    CA_LOGIN_PASSWORD: "demo-password",
    API_KEYS: JSON.stringify([entry]),
    AUDIT_SIGNING_KEY: JSON.stringify(newSigningKey()),
    RATE_LIMIT_PER_MINUTE: "1000000",
    DAILY_LIMIT: "1000000",
  };
  const start = (/** @type {string} */ config) => startEdge({ variables, data, config, log: false });
  let edge = await start("worker/workerd.capnp");
  /** @param {string} path @param {object} [body] */
  const ask = async (path, body) => {
    const response = await fetch(edge.url + path, {
      method: body ? "POST" : "GET",
      headers: { authorization: `Bearer ${key}`, ...(body && { "content-type": "application/json" }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`${path}: ${response.status} ${text}`);
    return text;
  };
  let order = 1_000;
  const revocation = () => ask("/v1/revocations", { orderNumber: String((order += 1)), codeReason: 1 });
  try {
    // Its tables are made by the edge.
    await revocation();
    await edge.stop();
    edge = await start("tests/edge/probe.capnp");
    const begun = Date.now();
    await fill(async (statement) => {
      const response = await fetch(`${edge.url}/sql`, { method: "POST", body: statement });
      if (!response.ok) throw new Error(`${await response.text()}: ${statement}`);
    });
    console.log(`  filled in ${Math.round((Date.now() - begun) / 1000)} s`);
    await edge.stop();
    edge = await start("worker/workerd.capnp");

    const alone = await median(revocation);
    /** @type {[string, () => Promise<unknown>][]} */
    const questions = [
      ["/metrics", () => ask("/metrics")],
      ["/v1/jobs", () => ask("/v1/jobs")],
      ["/v1/orders/N", () => ask(`/v1/orders/${REVOKED + 7_919}`)],
      ["/v1/orders/N, probed for a year", () => ask(`/v1/orders/${PROBED}`)],
      ["settle", () => ask(`/v1/orders/${PROBED}/settle`, {})],
      ["report of a job of 100,000", () => ask(`/v1/jobs/${BIG_JOB}/report`)],
      ["audit page", () => ask(`/v1/audit?after=${AUDIT_ENTRIES / 2}`)],
    ];
    const rows = [];
    for (const [name, question] of questions) {
      rows.push({
        name,
        value: await median(question),
        unit: "ms",
        baseline: `nothing: ${CALLS.toLocaleString("en-US")} calls in the ledger`,
        limit: ANSWER_LIMIT_MS,
      });
      const beside = await median(async () => {
        const asked = question();
        await Promise.all([asked, timed(revocation)]);
      });
      rows.push({
        name: `a revocation beside ${name}`,
        value: beside - alone,
        unit: "ms",
        baseline: `one alone: ${alone.toFixed(1)} ms`,
        limit: DELAY_LIMIT_MS,
      });
    }
    return rows;
  } finally {
    await edge.stop();
    await simulator.close();
    await rm(data, { recursive: true, force: true });
  }
}

/** What it takes, in milliseconds. @param {() => Promise<unknown>} work */
async function timed(work) {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

/** The same of several, the first left out. @param {() => Promise<unknown>} work */
async function median(work) {
  await work();
  const times = [];
  for (let repeat = 0; repeat < REPEATS; repeat += 1) {
    times.push(await timed(work));
    await pause(20);
  }
  return times.sort((a, b) => a - b)[Math.floor(REPEATS / 2)];
}

/** @param {(statement: string) => Promise<void>} sql */
async function fill(sql) {
  const numbers = (/** @type {number} */ from, /** @type {number} */ to) =>
    `WITH RECURSIVE n(i) AS (SELECT ${from} UNION ALL SELECT i + 1 FROM n WHERE i < ${to})`;
  const inParts = async (/** @type {number} */ count, /** @type {(n: string) => string} */ statement) => {
    for (let from = 1; from <= count; from += AT_ONCE) {
      await sql(statement(numbers(from, Math.min(count, from + AT_ONCE - 1))));
    }
  };
  const number = `(${REVOKED} + i * 7919 % 90000000)`;
  const columns = `identity, prior_state, test, order_text, actor, person, instance, idempotency_key, fingerprint, state,
    error_code, started_at, ended_at, intent_seq, outcome_seq, purpose, limited`;
  // One in ten tests, one in twenty was refused.
  await inParts(
    CALLS,
    (n) => `INSERT INTO attempts (${columns}) ${n} SELECT ${number} || '//', 'pending', i % 10 = 0,
      '{"codeReason":1,"orderNumber":"' || ${number} || '","revocationReason":"Key found in public, INC-42","test":' ||
      iif(i % 10 = 0, 'true', 'false') || '}', 'key:operator' || (i % 20), 'person' || (i % 20),
      'urn:uuid:00000000-0000-4000-8000-' || printf('%012d', i), iif(i % 3 = 0, 'k-' || i, NULL), printf('%064d', i),
      iif(i % 10 = 0, 'tested', iif(i % 20 = 1, 'refused', 'revoked')), iif(i % 20 = 1, -35, 0),
      ${YEARS_AGO} + i, ${YEARS_AGO} + i + 500, 2 * i, 2 * i + 1, 'revoke', 1 FROM n`,
  );
  await inParts(
    CALLS,
    (n) => `INSERT OR IGNORE INTO orders (identity, state, updated_at) ${n} SELECT ${number} || '//',
      iif(i % 20 = 1, 'refused', 'revoked'), ${YEARS_AGO} + i FROM n WHERE i % 10 > 0`,
  );
  const probed = `'{"codeReason":1,"orderNumber":"${PROBED}","test":`;
  await sql(`INSERT INTO attempts (${columns}) VALUES ('${PROBED}//', 'pending', 0, ${probed}false}', 'key:a', 'a', 'urn:uuid:x',
    NULL, 'f', 'unknown', NULL, ${YEARS_AGO}, ${YEARS_AGO}, 1, 2, 'revoke', 1)`);
  await inParts(
    PROBES,
    (
      n,
    ) => `INSERT INTO attempts (${columns}) ${n} SELECT '${PROBED}//', 'unknown', 1, ${probed}true}', 'edge', 'edge',
      'urn:uuid:x', NULL, 'f', 'tested', 0, ${YEARS_AGO} + i, ${YEARS_AGO} + i, 1, 2, 'settle', 0 FROM n`,
  );
  // Not due for a long time: what is asked for is measured, and nothing besides.
  await sql(`INSERT INTO orders (identity, state, updated_at, first_lost_at, lost_at, probes, settle_at)
    VALUES ('${PROBED}//', 'unknown', 1, 1, 1, ${PROBES}, ${Number.MAX_SAFE_INTEGER})`);
  await inParts(
    JOBS,
    (
      n,
    ) => `INSERT INTO jobs (number, id, state, drill, instance, created_at, created_by, creator, started_at, started_by,
      starter, finished_at, plan_hash, total, duplicates, first_order, last_order, pending, revoked, refused, merged, known,
      fingerprint) ${n} SELECT i, 'job_' || printf('%024d', i), 'done', 0, 'urn:uuid:x', ${YEARS_AGO}, 'key:a', 'a',
      ${YEARS_AGO}, 'key:a', 'a', ${YEARS_AGO}, printf('%064d', i), ${JOB_ROWS}, 0, 1000001, ${1_000_000 + JOB_ROWS}, 0,
      ${JOB_ROWS - JOB_ROWS / 50}, ${JOB_ROWS / 50}, '[]', '{"count":0,"orders":[]}', 'f' FROM n`,
  );
  // Refused with two hundred codes.
  await inParts(
    JOB_ROWS,
    (
      n,
    ) => `INSERT INTO job_orders (job, row, identity, order_number, order_text, test, outcome, error_code, attempts,
      updated_at, audit_seq) ${n} SELECT ${JOBS}, i, (1000000 + i) || '//', 1000000 + i, '{"codeReason":1,"orderNumber":"' ||
      (1000000 + i) || '","test":false}', 0, iif(i % 50 = 0, 'refused', 'revoked'), iif(i % 50 = 0, -1 - i / 50 % 200, NULL),
      1, ${YEARS_AGO}, 2 * i FROM n`,
  );
  await inParts(
    AUDIT_ENTRIES,
    (n) => `INSERT INTO audit (seq, hash, entry) ${n} SELECT i + 100, printf('%064d', i),
      '{"action":"revoke","actor":"key:operator","codeReason":1,"hash":"' || printf('%064d', i) || '","instance":"urn:uuid:' ||
      '00000000-0000-4000-8000-000000000000","orderNumber":"' || i || '","person":"olivia","phase":"intent","prevHash":"' ||
      printf('%064d', i - 1) || '","seq":' || (i + 100) || ',"time":"2026-11-29T00:00:00.000Z"}' FROM n`,
  );
}
