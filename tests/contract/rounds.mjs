// Runs schemathesis against a fresh edge, before a simulated CA that fails now and then, until enough was asked.
import assert from "node:assert/strict";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { startSimulator } from "autorevoke-simulator";
import { attempt } from "../../scripts/command/running.mjs";
import { PERMISSIONS, newApiKey } from "../../pkg/bin/keys/api-key.js";
import { newSigningKey } from "../../pkg/bin/keys/signing-key.js";
import { keepFolder } from "../../scripts/test/evidence.mjs";
import { LOGIN_NAME, LOGIN_PASSWORD } from "../edge/canary.mjs";
import { LoggedEdge } from "../harness/logged-edge.mjs";

const here = fileURLToPath(new URL(".", import.meta.url));
const ROUND_LIMIT_MS = 20 * 60_000;
const JOB_LIMIT_MS = 60_000;
/** Jobs that are planned, and jobs that run and do not end. */
const JOBS_OF_EACH = 10;
/** Orders that the CA is issuing for as long as it is asked. */
const ISSUING = ["777001", "777002"];
/** Inputs that schemathesis draws for each operation and phase; a round makes some twenty requests of each. */
const EXAMPLES = { least: 10, most: 300 };
const REQUESTS_PER_EXAMPLE = 20;

const DATA = "data";
const DOCUMENT = "openapi.json";
const CONFIGURATION = "schemathesis.toml";

/** Its outcome is unknown, and stays so: something to settle. It is among the orders of schemathesis.toml. */
const LOST_ORDER = "424242";
/** What the CA does wrong, and how often: every answer that the edge has for it is seen. */
const FAULTS = [
  { fault: "http-status", status: 500, orderNumber: LOST_ORDER, test: false },
  { fault: "http-status", status: 500, every: 19 },
  { fault: "fixed-code", errorCode: -42, errorMessage: "Too many requests", every: 23 },
  { fault: "fixed-code", errorCode: -160, errorMessage: "Not now", every: 29 },
  { fault: "reset-after-reading", every: 31 },
  { fault: "echo", part: "decoded-form", place: "message", every: 37 },
];

/**
 * @typedef {object} Result
 * @property {number} requests that the edge has answered
 * @property {string} answers how often each operation was answered with each status, as a table
 * @property {number} seed of the first round; of the one that found a fault, if there is one
 * @property {string} [fault] what is wrong; none if nothing is
 */

/**
 * @param {object} how
 * @param {string} how.python the one that has schemathesis
 * @param {number} how.requests at least so many
 * @param {number} how.seed of the first round; each further round has the next one
 * @param {(progress: string) => void} [how.say]
 * @returns {Promise<Result>}
 */
export async function runRounds({ python, requests, seed, say = () => {} }) {
  const folder = await mkdtemp(join(tmpdir(), "autorevoke-contract-"));
  const ca = await startSimulator({ loginName: LOGIN_NAME, loginPassword: LOGIN_PASSWORD });
  for (const fault of FAULTS) ca.faults.add(fault);
  for (const orderNumber of ISSUING) ca.orders.set({ orderNumber, state: "being-issued" });
  const edge = new LoggedEdge();
  try {
    const { key, entry } = newApiKey({ id: "contract", permissions: PERMISSIONS, orders: ["*"] });
    await edge.start({ variables: variables(ca.endpoint, entry), data: join(folder, DATA) });
    await writeFile(join(folder, DOCUMENT), await (await fetch(`${edge.url}/openapi.json`)).text());
    await loseOrder(edge.url, key);
    const configuration = join(folder, CONFIGURATION);
    await writeFile(configuration, await configurationFor(edge.url, key));
    const examples = Math.ceil(requests / REQUESTS_PER_EXAMPLE);
    let answered = 0;
    for (let round = 0; answered < requests; round += 1) {
      const { ok, output } = await attempt(
        python,
        commandLine(configuration, edge.url, seed + round, examples),
        {
          label: `schemathesis, seed ${seed + round}`,
          cwd: folder,
          env: environment(key),
          limitMs: ROUND_LIMIT_MS,
        },
      );
      const before = answered;
      answered = lines(edge.log).length;
      say(`  ${answered - before} requests, ${answered} so far`);
      const fault = faultOf({ ok, output, log: edge.log, none: answered === before });
      if (fault) return { requests: answered, answers: table(edge.log), fault, seed: seed + round };
    }
    return { requests: answered, answers: table(edge.log), seed };
  } finally {
    await edge.end();
    keepFolder(join(folder, DATA));
    await ca.close();
    await rm(folder, { recursive: true, force: true });
  }
}

/**
 * @param {string} endpoint of the CA
 * @param {import("../../pkg/bin/keys/api-key.js").Entry} entry
 */
const variables = (endpoint, entry) => ({
  CA_ENDPOINT: endpoint,
  CA_LOGIN_NAME: LOGIN_NAME,
  CA_LOGIN_PASSWORD: LOGIN_PASSWORD,
  API_KEYS: JSON.stringify([entry]),
  AUDIT_SIGNING_KEY: JSON.stringify(newSigningKey()),
  // The caller's own limits have tests of their own.
  RATE_LIMIT_PER_MINUTE: "1000000",
  DAILY_LIMIT: "1000000",
  // Some jobs are started at once, and some wait for an approval.
  APPROVAL_ABOVE: "500",
});

/** @param {string} url @param {string} key */
async function loseOrder(url, key) {
  const response = await fetch(`${url}/v1/revocations`, {
    method: "POST",
    headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
    body: JSON.stringify({ orderNumber: LOST_ORDER }),
  });
  assert.equal(response.status, 502, await response.text());
}

/** How it is run, with jobs that there are. @param {string} url @param {string} key */
async function configurationFor(url, key) {
  const ask = async (/** @type {string} */ path, body = /** @type {object | undefined} */ (undefined)) => {
    const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
    const method = body ? "POST" : "GET";
    const response = await fetch(url + path, { method, headers, body: body && JSON.stringify(body) });
    assert.ok(response.ok, String(response.status));
    return /** @type {Promise<any>} */ (response.json());
  };
  const orders = [...ISSUING, ISSUING[0]].map((orderNumber) => ({ orderNumber, codeReason: 1, test: true }));
  const plan = (/** @type {object[]} */ rows) => ask("/v1/jobs", { orders: rows });
  const start = async (/** @type {any} */ { id, planHash, total }) => {
    await ask(`/v1/jobs/${id}/start`, { planHash, total });
    return id;
  };
  const jobs = [await start(await plan([{ orderNumber: "123456", codeReason: 1, test: true }]))];
  for (let count = 0; count < JOBS_OF_EACH; count += 1) {
    jobs.push((await plan(orders)).id, await start(await plan(orders)));
  }
  for (const deadline = Date.now() + JOB_LIMIT_MS; Date.now() < deadline; await pause(50)) {
    if ((await ask(`/v1/jobs/${jobs[0]}`)).state !== "done") continue;
    const text = await readFile(join(here, CONFIGURATION), "utf8");
    return text.replace('["JOBS"]', JSON.stringify(jobs));
  }
  throw new Error("a drill of one order did not end");
}

/** @param {string} configuration @param {string} url @param {number} seed @param {number} examples */
const commandLine = (configuration, url, seed, examples) => [
  "-m",
  "schemathesis.cli",
  `--config-file=${configuration}`,
  "run",
  // As a file: an address among the operations would not be asked like the others.
  DOCUMENT,
  `--url=${url}`,
  "--checks=all",
  "--phases=examples,coverage,fuzzing,stateful",
  "--continue-on-failure",
  `--max-examples=${Math.min(Math.max(examples, EXAMPLES.least), EXAMPLES.most)}`,
  `--seed=${seed}`,
  "--no-color",
];

/** @param {string} key the caller's */
const environment = (key) => ({
  AUTOREVOKE_KEY: key,
  CA_LOGIN_NAME: LOGIN_NAME,
  CA_LOGIN_PASSWORD: LOGIN_PASSWORD,
  SCHEMATHESIS_HOOKS: "rules",
  PYTHONPATH: here,
  PYTHONDONTWRITEBYTECODE: "1",
  // It speaks to loopback, and to nobody else.
  NO_PROXY: "*",
  no_proxy: "*",
});

/** @param {{ ok: boolean, output: string, log: string, none: boolean }} round */
function faultOf({ ok, output, log, none }) {
  if (!ok) return output.slice(Math.max(0, output.search(/^=+ (ERRORS|FAILURES) =+$/m)));
  if (none) return `nothing was asked\n${output}`;
  const failures = log.split("\n").filter((line) => line.includes('"event":"failure"'));
  if (failures.length > 0) return `the edge failed\n${failures.slice(0, 10).join("\n")}`;
  return undefined;
}

/** The edge's own account of what it was asked. @param {string} log */
const lines = (log) => log.split("\n").filter((line) => line.includes('"event":"request"'));

/** @param {string} log */
function table(log) {
  /** @type {Record<string, Record<string, number>>} */
  const counts = {};
  for (const line of lines(log)) {
    const { route, status } = JSON.parse(line);
    counts[route] ??= {};
    counts[route][status] = (counts[route][status] ?? 0) + 1;
  }
  const rows = Object.entries(counts).sort(([a], [b]) => a.localeCompare(b));
  return rows
    .map(([route, statuses]) => {
      const cells = Object.entries(statuses).map(([status, count]) => `${status}: ${count}`);
      return `${route.padEnd(32)}${cells.join("  ")}`;
    })
    .join("\n");
}
