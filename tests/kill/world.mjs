// The edge on workerd before the simulated CA, and callers who are cut off whenever it is killed.
// @ts-check
import { AssertionError } from "node:assert";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { startSimulator } from "autorevoke-simulator";
import { newApiKey } from "../../pkg/bin/keys/api-key.js";
import { newSigningKey } from "../../pkg/bin/keys/signing-key.js";
import { keepFolder } from "../../scripts/test/evidence.mjs";
import { examined } from "../edge/answers.mjs";
import { LOGIN_NAME, LOGIN_PASSWORD } from "../edge/canary.mjs";
import { LoggedEdge } from "../harness/logged-edge.mjs";

const CA_TIMEOUT_MS = 1_000;
const RESEND_WINDOW_MS = 10_000;
const STARTS_WITHIN_MS = 60_000;
/** Far more than a turn and a call may take. */
const ANSWERS_WITHIN_MS = 40_000;

const CALLERS = ["operator", "second"].map((id) => ({ id, permissions: ["revoke", "test"], orders: ["*"] }));
const PEOPLE = [
  ...CALLERS,
  { id: "tester", permissions: ["test"], orders: ["*"] },
  { id: "auditor", permissions: ["audit"], orders: ["*"] },
  { id: "steward", permissions: ["operate"], orders: ["*"] },
];

/**
 * What came back from the edge; only `lost` when the connection broke.
 * @typedef {{ sentAt: number, endedAt: number, lost?: true, status?: number, kind?: string, json?: any, text?: string }} Reply
 */

export class World {
  #folder;
  #edge = new LoggedEdge();
  #keys;
  #variables;
  /** Resolved while requests are let through. */
  #gate = gate();
  /** Counts the kills. */
  kills = 0;
  /** When the last of them was, in ms since 1970. */
  killedAt = 0;
  longestStartMs = 0;
  /** What must not happen, whatever the order. @type {string[]} */
  troubles = [];
  ca;

  /**
   * @param {string} folder
   * @param {import("autorevoke-simulator").Simulator} ca
   * @param {Record<string, string>} variables
   * @param {import("../../pkg/bin/keys/api-key.js").Grant[]} people
   */
  constructor(folder, ca, variables, people) {
    this.#folder = folder;
    this.ca = ca;
    const made = people.map((grant) => newApiKey(grant));
    this.#keys = Object.fromEntries(made.map(({ key, entry }) => [entry.id, key]));
    this.#variables = {
      CA_ENDPOINT: ca.endpoint,
      CA_LOGIN_NAME: LOGIN_NAME,
      CA_LOGIN_PASSWORD: LOGIN_PASSWORD,
      CA_TIMEOUT_MS: String(CA_TIMEOUT_MS),
      RESEND_WINDOW_MS: String(RESEND_WINDOW_MS),
      API_KEYS: JSON.stringify(made.map(({ entry }) => entry)),
      AUDIT_SIGNING_KEY: JSON.stringify(newSigningKey()),
      RATE_LIMIT_PER_MINUTE: "1000000",
      DAILY_LIMIT: "1000000",
      ...variables,
    };
  }

  /**
   * @param {Record<string, string>} [variables] instead of the usual ones
   * @param {import("../../pkg/bin/keys/api-key.js").Grant[]} [others] besides the usual people
   */
  static async begin(variables = {}, others = []) {
    const folder = await mkdtemp(join(tmpdir(), "autorevoke-kill-"));
    const ca = await startSimulator({
      loginName: LOGIN_NAME,
      loginPassword: LOGIN_PASSWORD,
      ledgerLimit: 5_000_000,
    });
    const world = new World(folder, ca, variables, [...PEOPLE, ...others]);
    await world.startEdge();
    return world;
  }

  /** How long the edge waits for the CA. */
  get timeoutMs() {
    return Number(this.#variables.CA_TIMEOUT_MS);
  }

  /** How long after its first attempt an order may be sent again. */
  get windowMs() {
    return Number(this.#variables.RESEND_WINDOW_MS);
  }

  /** On the data that there is. Requests wait until `letThrough`. */
  async startEdge() {
    const began = Date.now();
    const late = pause(STARTS_WITHIN_MS, "late", { ref: false });
    const started = this.#edge.start({ variables: this.#variables, data: join(this.#folder, "data") });
    if ((await Promise.race([started, late])) === "late") {
      throw new Error(`the edge did not start within ${STARTS_WITHIN_MS} ms, after ${this.kills} kills`);
    }
    this.longestStartMs = Math.max(this.longestStartMs, Date.now() - began);
  }

  letThrough() {
    this.#gate.open();
  }

  /** As a power cut would. The signal is sent at once. */
  async kill() {
    this.kills += 1;
    this.killedAt = Date.now();
    this.#gate = gate();
    await this.#edge.kill();
  }

  /**
   * A caller's request, as soon as the edge is there.
   * @param {string} path
   * @param {import("../edge/world.mjs").Request} request
   */
  async ask(path, request) {
    let passed;
    do {
      passed = this.#gate;
      await passed.opened;
      // It may have been closed again meanwhile.
    } while (passed !== this.#gate);
    return this.askNow(path, request);
  }

  /**
   * @param {string} path
   * @param {import("../edge/world.mjs").Request} request
   * @returns {Promise<Reply>}
   */
  async askNow(path, { as = "operator", body, headers = {} }) {
    const { kills } = this;
    const method = body === undefined ? "GET" : "POST";
    const sentAt = Date.now();
    try {
      const response = await fetch(this.#edge.url + path, {
        method,
        headers: {
          authorization: `Bearer ${this.#keys[as]}`,
          ...(body !== undefined && { "content-type": "application/json" }),
          ...headers,
        },
        body: body === undefined ? undefined : JSON.stringify(body),
        redirect: "manual",
        signal: AbortSignal.timeout(ANSWERS_WITHIN_MS),
      });
      const { status, kind, json, text } = await examined(response, { method, path: path.split("?")[0] });
      return { sentAt, endedAt: Date.now(), status, kind, json, text };
    } catch (error) {
      const what = `${method} ${path}: ${/** @type {Error} */ (error).message}`;
      if (error instanceof AssertionError || kills === this.kills) this.troubles.push(what);
      return { sentAt, endedAt: Date.now(), lost: true };
    }
  }

  /** Of workerd. */
  get pid() {
    return this.#edge.pid;
  }

  /** Failures that the edge has noted in its log, and anything in there that it did not write. */
  get failures() {
    const lines = this.#edge.log.split("\n").filter((line) => line.startsWith("{"));
    return lines.filter((line) => /"event":"(failure|ledger-not-opened|ledger-restored)"/.test(line));
  }

  /** Once and for all. */
  async end() {
    await this.#edge.end();
    await this.ca.close();
    keepFolder(join(this.#folder, "data"));
    await rm(this.#folder, { recursive: true, force: true });
  }
}

/** `Promise.withResolvers` is not there on Node 20. */
function gate() {
  let open = () => {};
  const opened = new Promise((resolve) => (open = () => resolve(undefined)));
  return { open, opened };
}
