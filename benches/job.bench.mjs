// A job: how soon it is accepted, and how long it runs, against what the CA's own answer times allow.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { startSimulator } from "autorevoke-simulator";
import { newApiKey } from "../pkg/bin/keys/api-key.js";
import { newSigningKey } from "../pkg/bin/keys/signing-key.js";
import { startEdge } from "../scripts/run/edge.mjs";

const CONNECTIONS = 4;
const ACCEPTED_WITHIN_MS = 1_000;
/** As a real CA answers; and far faster than any, which shows what the edge itself takes. */
const PACES = [
  { answerMs: 200, orders: 1_000, limit: 1.05 },
  { answerMs: 15, orders: 10_000 },
];
const ENDS_WITHIN_MS = 300_000;

export async function rows() {
  const simulator = await startSimulator({ port: 0, host: "127.0.0.1" });
  const data = await mkdtemp(join(tmpdir(), "autorevoke-bench-"));
  const { key, entry } = newApiKey({ id: "bench", permissions: ["plan", "revoke"], orders: ["*"] });
  const edge = await startEdge({
    variables: {
      CA_ENDPOINT: simulator.endpoint,
      CA_LOGIN_NAME: "demo-reseller",
      CA_LOGIN_PASSWORD: "demo-password",
      CA_MAX_CONNECTIONS: String(CONNECTIONS),
      API_KEYS: JSON.stringify([entry]),
      AUDIT_SIGNING_KEY: JSON.stringify(newSigningKey()),
      // Nobody has to approve, and no limit of a person holds it up.
      APPROVAL_ABOVE: "1000000",
      RATE_LIMIT_PER_MINUTE: "1000000",
      DAILY_LIMIT: "1000000",
    },
    data,
    log: false,
  });
  /** @param {string} path @param {object} [body] @returns {Promise<any>} */
  const ask = async (path, body) => {
    const response = await fetch(edge.url + path, {
      method: body ? "POST" : "GET",
      headers: { authorization: `Bearer ${key}`, ...(body && { "content-type": "application/json" }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response.json();
  };
  /** @param {number} from @param {number} count */
  const run = async (from, count) => {
    const orders = Array.from({ length: count }, (_, index) => ({ orderNumber: String(from + index) }));
    const asked = Date.now();
    const { id, planHash, total } = await ask("/v1/jobs", { orders, defaults: { codeReason: 1 } });
    const accepted = Date.now() - asked;
    await ask(`/v1/jobs/${id}/start`, { planHash, total });
    for (const deadline = Date.now() + ENDS_WITHIN_MS; ; await pause(1_000)) {
      const job = await ask(`/v1/jobs/${id}`);
      if (job.state === "done") {
        return { accepted, took: Date.parse(job.finishedAt) - Date.parse(job.startedAt), job };
      }
      if (Date.now() > deadline) throw new Error(`the job did not end: ${JSON.stringify(job.counts)}`);
    }
  };
  try {
    /** @type {import("../scripts/bench.mjs").Row[]} */
    const rows = [];
    let from = 1;
    for (const { answerMs, orders, limit } of PACES) {
      simulator.faults.clear();
      simulator.faults.add({ fault: "latency", ms: answerMs });
      // Once before, so that what is measured has been compiled.
      await run(from, 100);
      simulator.forgetRequests();
      const sleepAgain = stayAwake();
      const { accepted, took, job } = await run(from + 100, orders).finally(sleepAgain);
      from += 100 + orders;
      const calls = simulator.ledger();
      const answering = calls.reduce(
        (sum, { receivedAt, answeredAt }) => sum + (Number(answeredAt) - receivedAt),
        0,
      );
      const allowed = answering / CONNECTIONS;
      console.log(
        `  ${job.counts.revoked} revoked by ${calls.length} calls in ${took} ms; the CA's answers alone take ` +
          `${Math.round(allowed)} ms at ${CONNECTIONS} connections`,
      );
      const name = `a job of ${orders.toLocaleString("en-US")} orders`;
      rows.push(
        {
          name: `${name} is accepted`,
          value: accepted,
          unit: "ms",
          baseline: "nothing: JSON over loopback, until 201",
          limit: ACCEPTED_WITHIN_MS,
        },
        {
          name: `${name} runs, at ${answerMs} ms an answer`,
          value: took / allowed,
          unit: "x",
          baseline: `the simulator's own answer times over ${CONNECTIONS} connections`,
          ...(limit !== undefined && { limit }),
        },
      );
    }
    return rows;
  } finally {
    await edge.stop();
    await simulator.close();
    await rm(data, { recursive: true, force: true });
  }
}

/**
 * While it lasts, the simulator's clock begins when a call arrives. One that sleeps begins it only when it has woken, and what that
 * takes would count as the edge's.
 */
function stayAwake() {
  let isAwake = true;
  const goOn = () => void (isAwake && setImmediate(goOn));
  goOn();
  return () => void (isAwake = false);
}
