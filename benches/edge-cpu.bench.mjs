// CPU of workerd for each proxied revocation: the edge against its twin in hand-written JavaScript, paired.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { Agent, request } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSimulator } from "autorevoke-simulator";
import { newApiKey } from "../pkg/bin/keys/api-key.js";
import { newSigningKey } from "../pkg/bin/keys/signing-key.js";
import { startEdge } from "../scripts/run/edge.mjs";

const CONNECTIONS = 16;
const CALLS = 1500;
const ROUNDS = 7;
// docs/decisions/cpu-of-a-call.md
const LIMIT = 1.9;

export async function rows() {
  const simulator = await startSimulator({ port: 0, host: "127.0.0.1" });
  const data = await mkdtemp(join(tmpdir(), "autorevoke-bench-"));
  const { key, entry } = newApiKey({ id: "bench", permissions: ["revoke"], orders: ["*"] });
  const variables = {
    CA_ENDPOINT: simulator.endpoint,
    CA_LOGIN_NAME: "demo-reseller",
    CA_LOGIN_PASSWORD: "demo-password",
    CA_MAX_CONNECTIONS: "6",
    API_KEYS: JSON.stringify([entry]),
    AUDIT_SIGNING_KEY: JSON.stringify(newSigningKey()),
    // Far above what is measured.
    RATE_LIMIT_PER_MINUTE: "1000000",
    DAILY_LIMIT: "1000000",
  };
  /** @param {string} name @param {string} [config] */
  const start = (name, config) =>
    startEdge({ variables, data: join(data, name), log: false, ...(config && { config }) });
  const edge = await start("edge");
  const twin = await start("twin", "benches/twin/workerd.capnp");
  try {
    await cpuPerCall(edge, key);
    await cpuPerCall(twin, key);
    const ratios = [];
    for (let round = 1; round <= ROUNDS; round += 1) {
      // Each goes first in half of the rounds.
      const first = round % 2 === 0 ? edge : twin;
      const cpu = new Map([[first, await cpuPerCall(first, key)]]);
      const second = first === edge ? twin : edge;
      cpu.set(second, await cpuPerCall(second, key));
      const [ours, theirs] = [Number(cpu.get(edge)), Number(cpu.get(twin))];
      ratios.push(ours / theirs);
      console.log(
        `  round ${round}: edge ${ours.toFixed(0)} us, twin ${theirs.toFixed(0)} us a call, ` +
          `ratio ${(ours / theirs).toFixed(2)}`,
      );
    }
    const median = ratios.sort((a, b) => a - b)[Math.floor(ratios.length / 2)];
    return [
      {
        name: "CPU of workerd for each proxied revocation",
        value: median,
        unit: "x",
        baseline: "the least that it takes, in JavaScript by hand (benches/twin)",
        limit: LIMIT,
      },
    ];
  } finally {
    await edge.stop();
    await twin.stop();
    await simulator.close();
    await rm(data, { recursive: true, force: true });
  }
}

let nextOrder = 1;

/**
 * Microseconds of CPU, user and system, that a call costs the process.
 * @param {{ url: string, pid: number }} server
 * @param {string} key
 */
async function cpuPerCall({ url, pid }, key) {
  const agent = new Agent({ keepAlive: true, maxSockets: CONNECTIONS });
  const before = await cpuMicroseconds(pid);
  let left = CALLS;
  async function caller() {
    while (left > 0) {
      left -= 1;
      await revoke(agent, url, key, nextOrder++);
    }
  }
  await Promise.all(Array.from({ length: CONNECTIONS }, caller));
  const used = (await cpuMicroseconds(pid)) - before;
  agent.destroy();
  return used / CALLS;
}

/** @param {number} pid */
async function cpuMicroseconds(pid) {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8");
  const [, , , , , , , , , , , user, system] = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  // Ticks of 1/100 s, as Linux gives them to programs on every architecture.
  return (Number(user) + Number(system)) * 10_000;
}

/**
 * @param {Agent} agent
 * @param {string} url
 * @param {string} key
 * @param {number} orderNumber
 * @returns {Promise<void>}
 */
function revoke(agent, url, key, orderNumber) {
  const body = JSON.stringify({
    orderNumber: String(orderNumber),
    codeReason: "keyCompromise",
    revocationReason: "Key found in a public repository",
  });
  const headers = {
    Authorization: `Bearer ${key}`,
    "Content-Type": "application/json",
    "Content-Length": Buffer.byteLength(body),
    "Idempotency-Key": crypto.randomUUID(),
  };
  return new Promise((resolve, reject) => {
    const outgoing = request(`${url}/v1/revocations`, { method: "POST", agent, headers }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk) => (text += chunk));
      response.on("end", () => {
        if (response.statusCode === 200 && JSON.parse(text).outcome === "revoked") resolve();
        else reject(new Error(`not revoked: HTTP ${response.statusCode} ${text}`));
      });
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
