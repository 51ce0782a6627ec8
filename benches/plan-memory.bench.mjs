// A job of 100,000 orders with a comment of 1,024 characters for all of them: how far workerd grows while it is planned, run and
// exported.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { startSimulator } from "autorevoke-simulator";
import { newApiKey } from "../pkg/bin/keys/api-key.js";
import { newSigningKey } from "../pkg/bin/keys/signing-key.js";
import { startEdge } from "../scripts/run/edge.mjs";

const ORDERS = 100_000;
const LIMIT_MB = 96;
const ENDS_WITHIN_MS = 1_800_000;
const COMMENTS = { ASCII: "x".repeat(1024), "four-byte": "\u{1F511}".repeat(1024) };

export async function rows() {
  /** @type {import("../scripts/bench.mjs").Row[]} */
  const rows = [];
  for (const [letters, comment] of Object.entries(COMMENTS)) rows.push(...(await measured(letters, comment)));
  return rows;
}

/** @param {string} letters @param {string} comment */
async function measured(letters, comment) {
  const simulator = await startSimulator({ port: 0, host: "127.0.0.1" });
  const data = await mkdtemp(join(tmpdir(), "autorevoke-bench-"));
  const { key, entry } = newApiKey({ id: "bench", permissions: ["plan", "revoke"], orders: ["*"] });
  const edge = await startEdge({
    variables: {
      CA_ENDPOINT: simulator.endpoint,
      CA_LOGIN_NAME: "demo-reseller",
      CA_LOGIN_PASSWORD: "demo-password",
      API_KEYS: JSON.stringify([entry]),
      AUDIT_SIGNING_KEY: JSON.stringify(newSigningKey()),
      APPROVAL_ABOVE: "1000000",
      RATE_LIMIT_PER_MINUTE: "1000000",
      DAILY_LIMIT: "1000000",
    },
    data,
    log: false,
  });
  /** @param {string} path @param {object} [body] @param {string} [accept] */
  const ask = async (path, body, accept = "application/json") => {
    const response = await fetch(edge.url + path, {
      method: body ? "POST" : "GET",
      headers: {
        authorization: `Bearer ${key}`,
        accept,
        ...(body && { "content-type": "application/json" }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
    return response;
  };
  try {
    const warm = await (await ask("/v1/jobs", { orders: [{ orderNumber: "1", codeReason: 1 }] })).json();
    const idle = await resident(edge.pid, "VmRSS");
    const orders = Array.from({ length: ORDERS }, (_, at) => ({ orderNumber: String(1_000_000 + at) }));
    const begun = Date.now();
    const planned = await ask("/v1/jobs", { orders, defaults: { codeReason: 1, revocationReason: comment } });
    const { id, planHash, total } = await planned.json();
    const took = Date.now() - begun;
    const afterPlan = await resident(edge.pid, "VmHWM");
    await ask(`/v1/jobs/${id}/start`, { planHash, total });
    for (const deadline = Date.now() + ENDS_WITHIN_MS; ; await pause(1_000)) {
      const { state, counts } = await (await ask(`/v1/jobs/${id}`)).json();
      // Its memory is not what is measured.
      simulator.forgetRequests();
      if (state === "done") break;
      if (Date.now() > deadline) throw new Error(`the job did not end: ${JSON.stringify(counts)}`);
    }
    const afterRun = await resident(edge.pid, "VmHWM");
    const csv = await ask(`/v1/jobs/${id}/orders`, undefined, "text/csv");
    let bytes = 0;
    for await (const chunk of /** @type {any} */ (csv.body)) bytes += chunk.length;
    if (bytes < ORDERS * Buffer.byteLength(comment)) throw new Error(`only ${bytes} bytes were exported`);
    await ask(`/v1/jobs/${id}/orders?limit=10000`);
    await ask(`/v1/jobs/${warm.id}/report`);
    const peak = await resident(edge.pid, "VmHWM");
    const above = (/** @type {number} */ figure) => Math.round(figure - idle);
    console.log(
      `  ${letters}: planned in ${took} ms; idle ${Math.round(idle)} MB; above that +${above(afterPlan)} planned, ` +
        `+${above(afterRun)} run, +${above(peak)} exported (${Math.round(bytes / 1e6)} MB)`,
    );
    return [
      {
        name: `workerd grows by, 100,000 orders with a comment of 1,024 ${letters} characters`,
        value: above(peak),
        unit: "MB",
        baseline: "itself when idle",
        limit: LIMIT_MB,
      },
    ];
  } finally {
    await edge.stop();
    await simulator.close();
    await rm(data, { recursive: true, force: true });
  }
}

/** @param {number} pid @param {"VmRSS" | "VmHWM"} which now, or the most there has been */
async function resident(pid, which) {
  const [, kilobytes] =
    new RegExp(`${which}:\\s+(\\d+)`).exec(await readFile(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kilobytes) / 1024;
}
