// A CA (simulated), an edge that serves its dashboard, and people with keys: all real but for the CA, and all on loopback.
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startSimulator } from "autorevoke-simulator";
import { inRoot } from "../../scripts/command/places.mjs";
import { newApiKey } from "../../pkg/bin/keys/api-key.js";
import { newSigningKey } from "../../pkg/bin/keys/signing-key.js";
import { startEdge } from "../../scripts/run/edge.mjs";
import { keepAnswers, keepFolder } from "../../scripts/test/evidence.mjs";

/** @typedef {Awaited<ReturnType<typeof startWorld>>} World */
/** @typedef {keyof typeof PEOPLE} Person */

export const LOGIN_NAME = "demo-reseller";
export const LOGIN_PASSWORD = "demo-password";

const ALL = ["*"];
const PEOPLE = {
  operator: { person: "olivia", permissions: ["revoke", "test", "plan", "operate"], orders: ALL },
  colleague: { person: "oscar", permissions: ["revoke", "test", "plan"], orders: ALL },
  approver: { person: "arthur", permissions: ["plan", "approve"], orders: ALL },
  auditor: { person: "audrey", permissions: ["audit"], orders: ALL },
  tester: { person: "theo", permissions: ["test", "plan"], orders: ALL },
  planner: { person: "paula", permissions: ["test", "plan"], orders: ["1000-1999"] },
  reseller: { person: "rosa", permissions: ["revoke", "test"], orders: ["1000-1999"] },
};

/** @param {Record<string, string>} [variables] over the defaults */
export async function startWorld(variables = {}) {
  const data = await mkdtemp(join(tmpdir(), "autorevoke-dashboard-"));
  const simulator = await startSimulator({ port: 0, host: "127.0.0.1" });
  const keys = Object.entries(PEOPLE).map(([id, person]) => ({ id, ...newApiKey({ id, ...person }) }));
  const start = (port = 0) =>
    startEdge({
      variables: {
        CA_ENDPOINT: simulator.endpoint,
        CA_LOGIN_NAME: LOGIN_NAME,
        CA_LOGIN_PASSWORD: LOGIN_PASSWORD,
        API_KEYS: JSON.stringify(keys.map(({ entry }) => entry)),
        AUDIT_SIGNING_KEY: JSON.stringify(signingKey),
        RATE_LIMIT_PER_MINUTE: "10000",
        DAILY_LIMIT: "10000",
        // Nothing is sent again by itself: what a test sees, it has asked for.
        RESEND_WINDOW_MS: "0",
        ...variables,
      },
      port,
      data: join(data, "ledger"),
      dashboard: true,
      log: false,
    });
  const signingKey = newSigningKey();
  let edge = await start();
  const { url } = edge;
  keepAnswers(url);

  return {
    url,
    simulator,
    keys: /** @type {Record<Person, string>} */ (Object.fromEntries(keys.map(({ id, key }) => [id, key]))),
    /** The calls that the CA read for an order, without the login. @param {string} orderNumber */
    received: (orderNumber) =>
      simulator.ledger({ orderNumber }).map(({ pairs, acted }) => ({
        acted,
        ...Object.fromEntries(pairs.filter(([name]) => !name.startsWith("login"))),
      })),
    /**
     * What another program does meanwhile.
     * @param {Person} person @param {string} path @param {object} [body]
     * @returns {Promise<any>}
     */
    async api(person, path, body) {
      const key = keys.find(({ id }) => id === person)?.key;
      const response = await fetch(url + path, {
        method: body ? "POST" : "GET",
        headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json" },
        ...(body && { body: JSON.stringify(body) }),
      });
      return response.json();
    },
    stop: () => edge.stop(),
    /** On the same port, with the same ledger. */
    async startAgain() {
      edge = await start(Number(new URL(url).port));
    },
    async close() {
      await edge.stop();
      await simulator.close();
      keepFolder(data);
      await rm(data, { recursive: true, force: true });
    },
  };
}

/**
 * Name and value of the headers that the page is meant to be served with.
 * @returns {Promise<Record<string, string>>}
 */
export async function publishedHeaders() {
  const lines = (await readFile(inRoot("www/dist/_headers"), "utf8")).split("\n");
  const pairs = lines.filter((line) => /^\s+\S+: /.test(line)).map((line) => line.trim().split(/: (.*)/, 2));
  return Object.fromEntries(pairs);
}

/** A problem document as the edge makes it. @param {string} kind @param {number} status @param {object} [members] */
export const problem = (kind, status, members = {}) => ({
  status,
  contentType: "application/problem+json",
  body: JSON.stringify({
    type: `urn:autorevoke:problem:${kind}`,
    title: kind,
    status,
    detail: `Detail of ${kind}.`,
    instance: "urn:uuid:0b5f0c1e-0000-4000-8000-000000000000",
    mayHaveRevoked: false,
    ...members,
  }),
});
