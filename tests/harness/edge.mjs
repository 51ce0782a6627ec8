// A real edge on workerd in front of a real simulator, with keys to call it by.
// @ts-check
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSimulator } from "autorevoke-simulator";
import { newApiKey } from "../../scripts/keys/api-key.mjs";
import { newSigningKey } from "../../scripts/keys/signing-key.mjs";
import { startEdge } from "../../scripts/run/edge.mjs";

/** Who may call unless a test says otherwise. @type {import("../../scripts/keys/api-key.mjs").Grant[]} */
export const PEOPLE = [
  { id: "operator", person: "olivia", permissions: ["revoke", "test", "plan", "operate"], orders: ["*"] },
  { id: "approver", person: "arthur", permissions: ["plan", "approve"], orders: ["*"] },
  { id: "auditor", person: "audrey", permissions: ["audit"], orders: ["*"] },
  { id: "tester", person: "theo", permissions: ["test"], orders: ["*"] },
];

/**
 * @typedef {object} Call
 * @property {string} [as] the id of the caller's key; without one the call is anonymous
 * @property {string} [method] default: POST with a body, GET without
 * @property {unknown} [body] sent as JSON; a string is sent as it is
 * @property {Record<string, string>} [headers]
 */

/**
 * The simulator and an edge before it; `stop()` ends both and removes the data.
 * @param {object} [how]
 * @param {import("../../scripts/run/configuration.mjs").Variables} [how.variables] in addition, or instead
 * @param {import("../../scripts/keys/api-key.mjs").Grant[]} [how.people]
 */
export async function startWorld({ variables = {}, people = PEOPLE } = {}) {
  const data = await mkdtemp(join(tmpdir(), "autorevoke-test-"));
  const ca = await startSimulator({ port: 0, host: "127.0.0.1" });
  const made = people.map((grant) => newApiKey(grant));
  /** @type {Record<string, string>} key texts by id */
  const keys = Object.fromEntries(made.map(({ key, entry }) => [entry.id, key]));
  const configuration = {
    CA_ENDPOINT: ca.endpoint,
    CA_LOGIN_NAME: "demo-reseller",
    CA_LOGIN_PASSWORD: "demo-password",
    API_KEYS: JSON.stringify(made.map(({ entry }) => entry)),
    AUDIT_SIGNING_KEY: JSON.stringify(newSigningKey()),
    ...variables,
  };
  const start = () => startEdge({ variables: configuration, data });
  let edge = await start().catch(async (error) => {
    await ca.close();
    await rm(data, { recursive: true, force: true });
    throw error;
  });

  return {
    ca,
    keys,
    data,
    /** Changes with every restart. */
    get url() {
      return edge.url;
    },
    get pid() {
      return edge.pid;
    },
    /**
     * @param {string} path
     * @param {Call} [call]
     * @returns {Promise<Response>}
     */
    call(path, { as, method, body, headers = {} } = {}) {
      return fetch(edge.url + path, {
        method: method ?? (body === undefined ? "GET" : "POST"),
        headers: {
          ...(as && { authorization: `Bearer ${keys[as] ?? as}` }),
          ...(body !== undefined && { "content-type": "application/json" }),
          ...headers,
        },
        body: body === undefined || typeof body === "string" ? body : JSON.stringify(body),
        redirect: "manual",
      });
    },
    /** Ends the edge as a power cut would, and starts it again on the same data. */
    async crash() {
      process.kill(edge.pid, "SIGKILL");
      await edge.died;
      edge = await start();
    },
    async stop() {
      await edge.stop();
      await ca.close();
      await rm(data, { recursive: true, force: true });
    },
  };
}
