// A day of mass revocation in fast motion: one job, a CA that is busy, breaks off, goes down and comes back, and an edge that is
// killed; then every order is compared with what the CA did, and every page and export is counted.
// @ts-check
import { readFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { startSimulator } from "autorevoke-simulator";
import { newApiKey } from "../../pkg/bin/keys/api-key.js";
import { newSigningKey } from "../../pkg/bin/keys/signing-key.js";
import { LOGIN_NAME, LOGIN_PASSWORD } from "../edge/canary.mjs";
import { LoggedEdge } from "../harness/logged-edge.mjs";
import { randomness } from "../harness/randomness.mjs";
import { compared } from "./truth.mjs";

const CONNECTIONS = 4;
const CA_TIMEOUT_MS = 2_000;
const RESEND_WINDOW_MS = 15_000;
const OUTAGE_MS = 10_000;
/** When in the course of the job something may happen, as a share of its orders: with some before and some after it. */
const EARLIEST = 0.1;
const LATEST = 0.8;
const SETTLED_WITHIN_MS = 600_000;
const TELL_EVERY_MS = 5_000;
/** Calls: a short day has each fault too. */
const FIRST_FAULT_WITHIN = 400;
const FIRST_ORDER = 1_000_000;

const PEOPLE = [
  { id: "planner", person: "paula", permissions: ["plan", "revoke", "audit"], orders: ["*"] },
  { id: "approver", person: "arthur", permissions: ["approve"], orders: ["*"] },
];

/**
 * @typedef {object} Day
 * @property {number} orders
 * @property {number} acceptedMs how long the edge took to accept the plan
 * @property {number} tookMs from its start to its end
 * @property {number} calls calls to the CA
 * @property {number} answerMs the mean of the CA's own answer times
 * @property {number} overheadMs what each call took besides, on one of the connections, while nothing was wrong
 * @property {number} cpuMs of workerd for each call
 * @property {{ at: number, mb: number }[]} memory of workerd, by orders finished
 * @property {Record<string, number>} counts
 * @property {number} sentAgain orders with more than one real call
 * @property {string[]} findings
 */

/**
 * @param {object} how
 * @param {number} how.orders
 * @param {number} how.kills
 * @param {number} how.answerMs
 * @param {boolean} how.faults
 * @param {number} how.seed decides when the edge is killed, when the CA is down, and which calls meet a fault
 * @param {(line: string) => void} how.say
 * @returns {Promise<Day>}
 */
export async function simulateDay({ orders, kills, answerMs, faults, seed, say }) {
  const folder = await mkdtemp(join(tmpdir(), "autorevoke-day-"));
  const ca = await startSimulator({
    loginName: LOGIN_NAME,
    loginPassword: LOGIN_PASSWORD,
    ledgerLimit: 10_000_000,
  });
  const made = PEOPLE.map((grant) => newApiKey(grant));
  const keys = Object.fromEntries(made.map(({ key, entry }) => [entry.id, key]));
  const edge = new LoggedEdge();
  const random = randomness(seed);
  const variables = {
    CA_ENDPOINT: ca.endpoint,
    CA_LOGIN_NAME: LOGIN_NAME,
    CA_LOGIN_PASSWORD: LOGIN_PASSWORD,
    CA_TIMEOUT_MS: String(CA_TIMEOUT_MS),
    CA_MAX_CONNECTIONS: String(CONNECTIONS),
    RESEND_WINDOW_MS: String(RESEND_WINDOW_MS),
    MAX_JOB_ORDERS: String(Math.max(orders, 1)),
    API_KEYS: JSON.stringify(made.map(({ entry }) => entry)),
    AUDIT_SIGNING_KEY: JSON.stringify(newSigningKey()),
  };
  const start = () => edge.start({ variables, data: join(folder, "data") });
  /** @param {string} path @param {{ as?: string, body?: string, type?: string, accept?: string }} [request] */
  const fetched = async (path, { as = "planner", body, type = "application/json", accept } = {}) => {
    const response = await fetch(edge.url + path, {
      method: body === undefined ? "GET" : "POST",
      headers: {
        authorization: `Bearer ${keys[as]}`,
        ...(body !== undefined && { "content-type": type }),
        ...(accept && { accept }),
      },
      ...(body !== undefined && { body }),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response;
  };
  /** @param {string} path @param {Parameters<typeof fetched>[1]} [request] @returns {Promise<any>} */
  const asked = async (path, request) => (await fetched(path, request)).json();
  /** @type {string[]} */
  const findings = [];
  try {
    await start();
    if (faults) misbehave(ca, random);
    ca.faults.add({ fault: "latency", ms: answerMs });
    const lines = Array.from({ length: orders }, (_, index) => `${FIRST_ORDER + index},keyCompromise\n`);
    const csv = `orderNumber,codeReason\n${lines.join("")}`;
    const began = Date.now();
    const plan = await asked("/v1/jobs?name=A%20day", { body: csv, type: "text/csv" });
    const acceptedMs = Date.now() - began;
    say(`day: ${plan.total} orders accepted in ${acceptedMs} ms`);
    const path = `/v1/jobs/${plan.id}`;
    const confirmed = JSON.stringify({ planHash: plan.planHash, total: plan.total });
    const started = await asked(`${path}/start`, { body: confirmed });
    if (started.state === "awaiting-approval") {
      await asked(`${path}/approve`, { as: "approver", body: JSON.stringify({ planHash: plan.planHash }) });
    }

    const moment = () =>
      Math.floor(orders * EARLIEST) + random.below(Math.ceil(orders * (LATEST - EARLIEST)));
    const killAt = Array.from({ length: kills }, moment).sort((one, other) => one - other);
    let outage = faults ? moment() : Infinity;
    let toldAt = 0;
    let cpu = 0;
    let cpuBefore = 0;
    const memory = [];
    let job;
    for (;;) {
      job = await asked(path);
      const { pending, sending } = job.counts;
      const finished = job.total - pending - sending;
      const now = usage(edge.pid);
      memory.push({ at: finished, mb: now.mb });
      if (Date.now() - toldAt > TELL_EVERY_MS) {
        toldAt = Date.now();
        const percent = ((100 * finished) / job.total).toFixed(1);
        say(
          `day: ${percent} %, ${job.counts.revoked} revoked, ${job.counts.unknown} unknown, ` +
            `${job.rate ?? 0} a second, workerd ${Math.round(now.mb)} MB`,
        );
      }
      if (job.state === "done") {
        cpu += now.cpuMs - cpuBefore;
        break;
      }
      if (finished >= killAt[0]) {
        killAt.shift();
        cpu += now.cpuMs - cpuBefore;
        cpuBefore = 0;
        say(`day: killed at ${finished} orders`);
        await edge.kill();
        await start();
      }
      if (finished >= outage) {
        outage = Infinity;
        say(`day: the CA is down for ${OUTAGE_MS / 1000} s`);
        const [id] = ca.faults.add({ fault: "reset-before-reading" });
        await pause(OUTAGE_MS);
        ca.faults.clear(id);
      }
      await pause(500);
    }
    const tookMs = Date.parse(job.finishedAt) - Date.parse(job.startedAt);
    say(`day: done in ${(tookMs / 1000).toFixed(1)} s; what is unknown goes on being settled`);
    ca.faults.clear();

    const { rows, report, counts } = await settled(() => standing(asked, path), ca, say);
    const truth = compared(rows, ca.ledger(), { timeoutMs: CA_TIMEOUT_MS });
    findings.push(...truth.findings);
    if (rows.length !== orders || new Set(rows.map(({ row }) => row)).size !== orders) {
      findings.push(`the pages have ${rows.length} rows of ${orders}`);
    }
    const exported = await (await fetched(`${path}/orders`, { accept: "text/csv" })).text();
    const exportedLines = exported.trimEnd().split("\r\n").length - 1;
    if (exportedLines !== orders) findings.push(`the CSV has ${exportedLines} rows of ${orders}`);
    const sum = Object.values(counts).reduce((all, count) => all + count, 0);
    if (sum !== orders) findings.push(`the counts add up to ${sum} of ${orders}`);
    if (report.accepted !== rows.filter(({ outcome }) => /revoked|rejected/.test(outcome)).length) {
      findings.push(`the report has ${report.accepted} accepted`);
    }
    if (typeof report.checkpoint?.signature !== "string")
      findings.push("the report has no signed checkpoint");

    const calls = ca.ledger();
    const answered = calls.filter(
      (call) => call.answeredAt && [undefined, "latency"].includes(call.answered?.fault),
    );
    const times = answered.map(({ receivedAt, answeredAt }) => Number(answeredAt) - receivedAt);
    const mean = times.reduce((all, ms) => all + ms, 0) / times.length;
    return {
      orders,
      acceptedMs,
      tookMs,
      calls: calls.length,
      answerMs: mean,
      overheadMs: overhead(calls),
      cpuMs: cpu / calls.length,
      memory,
      counts,
      sentAgain: truth.sentAgain,
      findings,
    };
  } finally {
    await edge.end();
    await ca.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * What goes wrong on such a day. Each fault meets some of the real calls.
 * @param {import("autorevoke-simulator").Simulator} ca
 * @param {import("../harness/randomness.mjs").Random} random
 */
function misbehave(ca, random) {
  const busy = { fault: "fixed-code", errorCode: -42, errorMessage: "Too many calls" };
  for (const [fault, every] of /** @type {[any, number][]} */ ([
    [busy, 1_999],
    [{ fault: "no-answer" }, 1_499],
    [{ fault: "reset-after-reading" }, 1_201],
    [{ fault: "no-answer", acts: false }, 2_503],
  ]))
    ca.faults.add({ ...fault, test: false, every, skip: random.below(FIRST_FAULT_WITHIN) });
}

/** Memory and CPU time of a process. @param {number} pid */
function usage(pid) {
  try {
    const rss = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1].split(" ");
    return { mb: Number(rss?.[1] ?? 0) / 1024, cpuMs: (Number(stat[11]) + Number(stat[12])) * 10 };
  } catch {
    return { mb: 0, cpuMs: 0 };
  }
}

/**
 * @param {(path: string) => Promise<any>} asked
 * @param {string} path
 * @returns {Promise<any[]>}
 */
async function allRows(asked, path) {
  const rows = [];
  for (let after = 0; ;) {
    const { orders, next } = await asked(`${path}/orders?after=${after}&limit=10000`);
    rows.push(...orders);
    if (next === undefined) return rows;
    after = next;
  }
}

/**
 * The rows, the report and the counts of one moment: what is unknown may be settled between the reading of one and of the other.
 * @param {(path: string) => Promise<any>} asked
 * @param {string} path
 */
async function standing(asked, path) {
  for (;;) {
    const before = await asked(path);
    const rows = await allRows(asked, path);
    const report = await asked(`${path}/report`);
    const { counts } = await asked(path);
    if (JSON.stringify(counts) === JSON.stringify(before.counts)) return { rows, report, counts };
  }
}

/**
 * How the job stands, when everything that the CA has carried out is reported as such, or when there was time enough for that.
 * @param {() => ReturnType<typeof standing>} now
 * @param {import("autorevoke-simulator").Simulator} ca
 * @param {(line: string) => void} say
 */
async function settled(now, ca, say) {
  for (const deadline = Date.now() + SETTLED_WITHIN_MS; ; await pause(5_000)) {
    const present = await now();
    const acted = new Set(
      ca
        .ledger()
        .filter((call) => call.acted)
        .map((call) => call.orderNumber),
    );
    const open = present.rows.filter(
      ({ outcome, orderNumber }) => outcome === "unknown" && acted.has(orderNumber),
    );
    const unsent = present.rows.filter(
      ({ outcome, orderNumber }) => outcome === "unknown" && !acted.has(orderNumber),
    );
    if (open.length === 0 || Date.now() > deadline) {
      say(`day: ${unsent.length} orders stay unknown, and the CA has not carried them out; a person decides`);
      return present;
    }
    say(`day: ${open.length} orders are still to be settled`);
  }
}

/**
 * What a call takes on its connection besides the CA's answer: the middle of the pauses between one answer and the next call on
 * the same connection.
 * @param {{ remotePort?: number, receivedAt: number, answeredAt: number | null }[]} calls
 */
function overhead(calls) {
  /** @type {Map<number | undefined, number>} */
  const freeSince = new Map();
  const pauses = [];
  for (const { remotePort, receivedAt, answeredAt } of calls) {
    const since = freeSince.get(remotePort);
    if (since !== undefined) pauses.push(receivedAt - since);
    if (answeredAt) freeSince.set(remotePort, answeredAt);
  }
  // All but the longest tenth: those of kills, outages and pauses.
  pauses.sort((a, b) => a - b);
  const usual = pauses.slice(0, Math.ceil(pauses.length * 0.9));
  return usual.reduce((all, ms) => all + ms, 0) / Math.max(1, usual.length);
}

/**
 * How long the same day takes at another pace of the CA, in hours.
 * @param {Day} day
 * @param {number} answerMs
 */
export function hoursAt({ orders, overheadMs }, answerMs) {
  return (orders * (answerMs + overheadMs)) / CONNECTIONS / 3_600_000;
}
