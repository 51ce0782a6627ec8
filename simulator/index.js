// A stand-in for the CA's !autoRevokeCertificate endpoint, for tests, demos and people who build dashboards.

import { once } from "node:events";
import { findings, insistOn, integer, isObject, text } from "./checks.js";
import { limitMembers, takesControl } from "./control.js";
import { Server } from "./server.js";

export { SettingError } from "./checks.js";

/** @import { AddressInfo } from "node:net" */
/** @import { LedgerEntry, LedgerQuery } from "./ledger.js" */

/**
 * @typedef {object} Settings
 * @property {number} [port] default 0: the system chooses one
 * @property {string} [host] a loopback address; default 127.0.0.1
 * @property {string} [loginName] default `demo-reseller`
 * @property {string} [loginPassword] default `demo-password`
 * @property {number} [lockAfter] wrong logins in a row until the account is locked; default 0: never
 * @property {{ concurrent?: number, perSecond?: number }} [limits] calls at once and a second before -42; default: any
 * @property {number} [hangLimit] ms until an exchange that nobody ends is ended; default 120,000
 * @property {number} [ledgerLimit] requests that the ledger remembers; default 250,000
 */

const members = {
  port: integer(0, 65_535, "the port"),
  host: {
    ...text("the address"),
    expects: "a loopback address, since nothing here is meant for anybody else",
    accepts: (/** @type {unknown} */ host) =>
      typeof host === "string" && /^(localhost|::1|127(\.[0-9]{1,3}){3})$/.test(host),
  },
  loginName: text("the account's name", undefined, 64),
  loginPassword: text("its password", undefined, 128),
  lockAfter: integer(0, 1_000_000, "wrong logins until the account is locked"),
  limits: { expects: "an object", about: "see POST /_simulator/limits", accepts: isObject },
  hangLimit: integer(1, 3_600_000, "ms until an exchange that nobody ends is ended"),
  ledgerLimit: integer(1, 10_000_000, "requests that the ledger remembers"),
};

/** @type {Required<Settings>} */
const standard = {
  port: 0,
  host: "127.0.0.1",
  loginName: "demo-reseller",
  loginPassword: "demo-password",
  lockAfter: 0,
  limits: {},
  hangLimit: 120_000,
  ledgerLimit: 250_000,
};

/**
 * Starts a CA.
 * @param {Settings} [settings]
 */
export async function startSimulator(settings = {}) {
  insistOn([
    ...findings(settings, members, "settings"),
    ...(isObject(settings.limits) ? findings(settings.limits, limitMembers, "settings.limits") : []),
  ]);
  const complete = { ...standard, ...settings };
  /** @type {Server} */
  const server = new Server(complete, (request, response) => takesControl(server, request, response));
  server.http.listen(complete.port, complete.host);
  await once(server.http, "listening");
  return new Simulator(server, complete.host);
}

/** A CA that runs in this process. Everything here is there by HTTP as well, under /_simulator. */
export class Simulator {
  #server;
  /** The origin. */
  url;
  /** The vendor's path under it, as in the vendor's sample. */
  endpoint;
  port;

  /** @param {Server} server @param {string} host */
  constructor(server, host) {
    this.#server = server;
    this.port = /** @type {AddressInfo} */ (server.http.address()).port;
    this.url = `http://${host.includes(":") ? `[${host}]` : host}:${this.port}`;
    this.endpoint = `${this.url}/products/!AutoRevokeCertificate`;
  }

  /** `set(...settings)`, `list(orderNumber?)`, `clear()`. */
  get orders() {
    return this.#server.orders;
  }

  /** `add(...settings)`, `list()`, `clear(id?)`. */
  get faults() {
    return this.#server.faults;
  }

  /** `lock()`, `unlock()`, `change({ loginName, loginPassword })`, `locked`, `failures`. */
  get login() {
    return this.#server.login;
  }

  /** `set({ concurrent, perSecond })`. */
  get limits() {
    return this.#server.limits;
  }

  /** Requests read in full since the start, the last reset, or the last `forgetRequests`. */
  get requests() {
    return this.#server.requests;
  }

  /** Connections accepted since the start or the last reset. */
  get connections() {
    return this.#server.connections;
  }

  /**
   * Every request received, in order.
   * @param {LedgerQuery} [query]
   * @returns {LedgerEntry[]}
   */
  ledger(query) {
    return [...this.#server.ledger.entries(query)];
  }

  /** Empties the ledger and starts counting anew. */
  forgetRequests() {
    this.#server.forgetRequests();
  }

  /**
   * The moment at which so many requests have been read in full.
   * @param {number} count
   * @param {{ timeout?: number }} [options] ms, default 30,000; then it throws
   */
  async waitForRequests(count, { timeout = 30_000 } = {}) {
    if (await this.#server.reached(count, timeout)) return;
    throw new Error(`Only ${this.requests} of ${count} requests were read in ${timeout} ms`);
  }

  /** As if just started: no orders, faults, limits, ledger; exchanges under way are broken off. */
  reset() {
    this.#server.reset();
  }

  /** Ends every connection and stops. */
  async close() {
    this.#server.breakOff();
    if (!this.#server.http.listening) return;
    const closed = once(this.#server.http, "close");
    this.#server.http.close();
    this.#server.http.closeAllConnections();
    await closed;
  }

  [Symbol.asyncDispose]() {
    return this.close();
  }
}
