// The edge under test: on workerd, before the simulated CA, with a login that must never show.
import assert from "node:assert/strict";
import { mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { startSimulator } from "autorevoke-simulator";
import { newApiKey } from "../../pkg/bin/keys/api-key.js";
import { newSigningKey } from "../../pkg/bin/keys/signing-key.js";
import { keepFolder } from "../../scripts/test/evidence.mjs";
import { LoggedEdge } from "../harness/logged-edge.mjs";
import { examined } from "./answers.mjs";
import { answering } from "./documented.mjs";
import { LOGIN_NAME, LOGIN_PASSWORD, revealed } from "./canary.mjs";

/** @typedef {import("../../pkg/bin/keys/api-key.js").Grant} Grant */

/** @type {Grant[]} */
export const PEOPLE = [
  { id: "operator", person: "olivia", permissions: ["revoke", "test"], orders: ["*"] },
  { id: "second", person: "sam", permissions: ["revoke", "test"], orders: ["*"] },
  { id: "tester", person: "theo", permissions: ["test"], orders: ["*"] },
];

const EDGE = "worker/workerd.capnp";

/** Lines of workerd's own. */
const OF_WORKERD = [
  // An alarm was moved at the very moment at which it rang.
  /SQLite alarm handler canceled with requestScheduledAlarm/,
  // The machine was too busy to ring in time.
  /SQLite alarm overdue, running despite AlarmManager mismatch/,
  // It was ended while a settlement was under way.
  /^workerd\/\S+ warning: failed to invoke drain\(\) on IncomingRequest before destroying it;/,
  // Somebody took it for a proxy: CONNECT, which it refuses before the edge is asked. No text of theirs is in these.
  /^Received a connect event but we lack a handler\. Did you remember to export a connect\(\) function\?$/,
  /^workerd\/\S+ error: Uncaught exception: \S+ failed: remote\.jsg\.Error: Handler does not export a connect\(\) function\.$/,
];

/** Far above what the tests need. */
const NO_LIMITS = { RATE_LIMIT_PER_MINUTE: "1000000", DAILY_LIMIT: "1000000" };

/**
 * @typedef {object} Request
 * @property {string} [as] the id of the caller's key; without one the call is anonymous
 * @property {string} [method] default: POST with a body, GET without
 * @property {unknown} [body] sent as JSON; text and bytes are sent as they are
 * @property {Record<string, string>} [headers]
 * @property {AbortSignal} [signal]
 */

/**
 * Starts both; everything ends with the tests of the file.
 * @param {object} [how]
 * @param {Record<string, string>} [how.variables] in addition, or instead
 * @param {Grant[]} [how.people]
 */
export async function startWorld({ variables = {}, people = PEOPLE } = {}) {
  const data = await mkdtemp(join(tmpdir(), "autorevoke-test-"));
  const ca = await startSimulator({ loginName: LOGIN_NAME, loginPassword: LOGIN_PASSWORD });
  const made = people.map((grant) => newApiKey(grant));
  /** The texts of the keys, by id; the last one where an id stands there twice. @type {Record<string, string>} */
  const keys = Object.fromEntries(made.map(({ key, entry }) => [entry.id, key]));
  const configuration = {
    CA_ENDPOINT: ca.endpoint,
    CA_LOGIN_NAME: LOGIN_NAME,
    CA_LOGIN_PASSWORD: LOGIN_PASSWORD,
    API_KEYS: JSON.stringify(made.map(({ entry }) => entry)),
    AUDIT_SIGNING_KEY: JSON.stringify(newSigningKey()),
    ...NO_LIMITS,
    ...variables,
  };
  const edge = new LoggedEdge();
  const start = (/** @type {string} */ config = EDGE) =>
    edge.start({ variables: configuration, data, config });
  await start();
  let lastOrder = 100_000;
  /** The ids of all problems that were seen. @type {string[]} */
  const instances = [];

  after(async () => {
    await edge.end();
    await ca.close();
    keepFolder(data);
    await rm(data, { recursive: true, force: true });
  });

  const world = {
    ca,
    keys,
    allKeys: made.map(({ key }) => key),
    data,
    configuration,
    instances,
    get url() {
      return edge.url;
    },
    get pid() {
      return edge.pid;
    },
    get log() {
      return edge.log;
    },
    /**
     * The first line of the log that has this text. It may come later than the answer: the log comes through a pipe.
     * @param {string} text
     * @param {number} [after] where in the log to begin, in characters
     */
    async logged(text, after = 0) {
      for (const deadline = Date.now() + 10_000; Date.now() < deadline; await pause(10)) {
        const line = edge.log
          .slice(after)
          .split("\n")
          .find((line) => line.includes(text) && line.endsWith("}"));
        if (line) return JSON.parse(line);
      }
      throw new Error(`${text} is not in the log`);
    },
    /** The line of the log about a request. @param {import("./answers.mjs").Answer} answer a problem */
    logLine: ({ json: { instance } }) => world.logged(instance),
    /** The number of an order that nobody has spoken of yet. */
    newOrder: () => String(++lastOrder),
    /**
     * The answer to a request, with all checked that every answer must be.
     * @param {string} path
     * @param {Request} [request]
     */
    async ask(path, request) {
      return world.note(await examined(await world.fetch(path, request)));
    },
    /**
     * The answer to a request of megabytes that is refused before it has been read. Where the edge's end of the connection
     * is closed first, fetch shows that and not the answer.
     * @param {string} path
     * @param {() => Request} request
     */
    async askTooMuch(path, request) {
      for (let left = 10; ; left -= 1) {
        try {
          return await world.ask(path, request());
        } catch (error) {
          const { code } = /** @type {any} */ (error).cause ?? {};
          if (left === 0 || !["EPIPE", "ECONNRESET"].includes(code)) throw error;
        }
      }
    },
    /**
     * @param {string} path
     * @param {Request} [request]
     */
    async fetch(path, { as, method, body, headers = {}, signal } = {}) {
      const asIs = typeof body === "string" || body instanceof Uint8Array || body instanceof ReadableStream;
      const verb = method ?? (body === undefined ? "GET" : "POST");
      const response = await fetch(edge.url + path, {
        method: verb,
        headers: {
          ...(as && { authorization: `Bearer ${keys[as] ?? as}` }),
          ...(body !== undefined && { "content-type": "application/json" }),
          ...headers,
        },
        body: asIs || body === undefined ? /** @type {BodyInit} */ (body) : JSON.stringify(body),
        ...(body instanceof ReadableStream && { duplex: "half" }),
        redirect: "manual",
        signal,
      });
      return answering(response, { method: verb, path: new URL(response.url).pathname });
    },
    /** @param {import("./answers.mjs").Answer} answer */
    note(answer) {
      if (answer.kind) instances.push(answer.json.instance);
      return answer;
    },
    /**
     * @param {object} order
     * @param {Omit<Request, "body">} [request]
     */
    revoke: (order, request) => world.ask("/v1/revocations", { as: "operator", ...request, body: order }),
    /** @param {string} orderNumber */
    async history(orderNumber) {
      const { status, json } = await world.ask(`/v1/orders/${orderNumber}`, { as: "operator" });
      assert.equal(status, 200);
      return json;
    },
    /** What the CA received about an order. @param {string} orderNumber */
    sent: (orderNumber) => ca.ledger({ orderNumber }),
    /** Ends the edge as a power cut would. */
    kill: () => edge.kill(),
    /** Starts it again on the same data. @param {string} [config] another capnp file */
    startAgain: (config) => start(config),
    /** Ends it for good; its log is complete then. */
    end: () => edge.end(),
    /** In the edge's place, on its data and under its configuration: a look behind the scenes. */
    async startProbe() {
      await world.startAgain("tests/edge/probe.capnp");
    },
    /** Asks the probe. @param {string} path @param {string} [body] @returns {Promise<any>} */
    async probe(path, body) {
      const response = await fetch(edge.url + path, body === undefined ? {} : { method: "POST", body });
      if (!response.ok) throw new Error(await response.text());
      return response.json();
    },
  };
  return world;
}

/** @typedef {Awaited<ReturnType<typeof startWorld>>} World */

/**
 * The last tests of a file: after all that was done, every problem is in the log, and no secret is anywhere.
 * @param {...World} worlds
 */
export function testTraces(...worlds) {
  testLogs(...worlds);
  testSecrets(...worlds);
}

/** @param {...World} worlds */
function testLogs(...worlds) {
  test("the log is JSON, a line and a time for each event, and has the id of every problem", async () => {
    for (const world of worlds) {
      await world.end();
      const { log, instances } = world;
      const lines = log
        .split("\n")
        .filter((line) => line !== "" && !OF_WORKERD.some((own) => own.test(line)));
      for (const line of lines) {
        assert.ok(line.startsWith("{"), line);
        const { time, event } = JSON.parse(line);
        assert.match(time, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/, line);
        assert.match(event, /^[a-z-]+$/, line);
      }
      const logged = new Set(lines.map((line) => JSON.parse(line).instance));
      assert.ok(instances.length > 0);
      for (const instance of instances) assert.ok(logged.has(instance), instance);
    }
  });
}

/** @param {...World} worlds */
export function testSecrets(...worlds) {
  test("neither the log nor any file has the CA login, a caller's key, or the signing key", async () => {
    for (const world of worlds) {
      await world.end();
      const { log, data, configuration, allKeys } = world;
      const { d } = JSON.parse(configuration.AUDIT_SIGNING_KEY);
      const files = await filesIn(data);
      assert.ok(files.length > 2, "the ledger's files are elsewhere");
      for (const { where, bytes } of [{ where: "the log", bytes: Buffer.from(log) }, ...files]) {
        assert.equal(revealed(bytes), undefined, where);
        for (const secret of [...allKeys, d]) assert.ok(!bytes.includes(secret), where);
      }
    }
  });
}

/** @param {string} folder */
async function filesIn(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return Promise.all(
    entries
      .filter((entry) => entry.isFile())
      .map(async ({ parentPath, path, name }) => ({
        where: name,
        bytes: await readFile(join(parentPath ?? path, name)),
      })),
  );
}
