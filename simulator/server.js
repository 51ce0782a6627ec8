// A request's way through the simulated CA: read, decide, answer or misbehave; all of it into the ledger.

import { createServer } from "node:http";
import { setTimeout as delay } from "node:timers/promises";
import { setMaxListeners } from "node:events";
import { readCall } from "./arguments.js";
import { writeAnswer } from "./answers.js";
import { decide, isEndpoint } from "./endpoint.js";
import { ActiveFaults } from "./faults/active.js";
import { answer, respond } from "./faults/delivery.js";
import { isForm, readPairs } from "./form.js";
import { Ledger } from "./ledger.js";
import { Limits } from "./limits.js";
import { Login } from "./login.js";
import { Mask } from "./masking.js";
import { Orders } from "./orders.js";

/** @import { IncomingMessage, ServerResponse } from "node:http" */
/** @import { Socket } from "node:net" */
/** @import { ActiveFault } from "./faults/active.js" */
/** @import { Exchange } from "./ledger.js" */
/** @import { Settings } from "./index.js" */

/** Ten times what the longest sound form takes. */
const longestBody = 262_144;

export class Server {
  orders = new Orders();
  faults = new ActiveFaults();
  login;
  limits;
  ledger;
  http;
  /** Connections accepted since the start or the last reset. */
  connections = 0;
  /** Requests read in full since the start or the last reset. */
  requests = 0;
  #hangLimit;
  /** Sockets with a request under way, which a reset ends. @type {Map<IncomingMessage, Socket>} */
  #underWay = new Map();
  /** @type {WeakSet<Socket>} */
  #doomed = new WeakSet();
  #waits = new AbortController();
  /** @type {Set<() => void>} */
  #watchers = new Set();

  /**
   * @param {Required<Settings>} settings
   * @param {(request: IncomingMessage, response: ServerResponse) => boolean} control takes the requests that are
   *   meant for the simulator and not for the CA
   */
  constructor(settings, control) {
    this.login = new Login(settings);
    this.limits = new Limits(settings.limits);
    this.ledger = new Ledger({ limit: settings.ledgerLimit, mask: new Mask(this.login.secrets) });
    this.#hangLimit = settings.hangLimit;
    setMaxListeners(0, this.#waits.signal);
    // The default of 5 s would close idle connections under the tests' hands.
    this.http = createServer({ keepAliveTimeout: 65_000, noDelay: true }, (request, response) => {
      if (control(request, response)) return;
      this.#exchange(request, response).catch((error) => {
        if (error.name === "AbortError") return;
        console.error("The simulator failed:", error);
        request.socket.destroy();
      });
    });
    this.http.on("connection", () => (this.connections += 1));
  }

  /** @param {IncomingMessage} request @param {ServerResponse} response */
  async #exchange(request, response) {
    const { socket } = request;
    const life = this.#waits.signal;
    this.#underWay.set(request, socket);
    const underWay = this.#underWay.size;
    const exchange = this.ledger.open(request, underWay);
    response.on("close", () => {
      this.#underWay.delete(request);
      exchange.over();
    });

    if (this.#doomed.has(socket)) {
      exchange.spoilt("keep-alive-race");
      socket.resetAndDestroy();
      return;
    }
    const called = isEndpoint(request.url ?? "");
    const unread = called ? this.faults.beforeReading() : undefined;
    if (unread) {
      exchange.spoilt(unread.name);
      socket.resetAndDestroy();
      return;
    }

    const body = await readBody(request, exchange);
    if (body === undefined || life.aborted) return;
    this.requests += 1;
    for (const watcher of this.#watchers) watcher();
    if (!called) {
      respond(response, { status: 404, contentType: "text/html", body: "<h1>Not Found</h1>\n" });
      return;
    }
    await this.#answer(request, response, { body, exchange, underWay, life });
  }

  /**
   * @param {IncomingMessage} request
   * @param {ServerResponse} response
   * @param {{ body: string, exchange: Exchange, underWay: number, life: AbortSignal }} progress
   */
  async #answer(request, response, { body, exchange, underWay, life }) {
    const call = readCall(isForm(request.headers["content-type"]) ? readPairs(body) : []);
    const loginMatches = this.login.compare(call);
    exchange.understood(call, loginMatches);
    const { delays, fault } = this.faults.meeting(call);
    const before = sumOf(delays, "before-acting");
    const after = sumOf(delays, "after-acting");
    if (before > 0) await delay(before, undefined, { signal: life });
    const carriedOut = (fault?.acts ?? true) && delays.every(({ acts }) => acts);
    const { method } = request;
    const decision = decide({ method, call, loginMatches, underWay, carriedOut, seq: exchange.seq }, this);
    exchange.decided(decision);
    if (fault) exchange.spoilt(fault.name);
    else if (delays.length > 0) exchange.spoilt("latency");
    if (after > 0) await delay(after, undefined, { signal: life });

    const { socket } = request;
    if (socket.destroyed) return;
    const written = writeAnswer(decision, call.format);
    if (!fault) {
      answer(response, written);
      return;
    }
    /** @param {import("./answers.js").Answer} answer */
    const write = (answer) => writeAnswer(answer, call.format);
    const materials = { request, response, socket, form: body, call, decision, written, write };
    const delivery = { ...materials, hangLimit: this.#hangLimit, doomed: this.#doomed };
    await fault.misbehaviour.deliver(delivery, fault.parameters);
  }

  /**
   * Waits until so many requests have been read in full since the start or the last reset.
   * @param {number} count
   * @param {number} timeout ms
   * @returns {Promise<boolean>} whether they were
   */
  reached(count, timeout) {
    if (this.requests >= count) return Promise.resolve(true);
    return new Promise((resolve) => {
      /** @param {boolean} reached */
      const end = (reached) => {
        clearTimeout(timer);
        this.#watchers.delete(watcher);
        resolve(reached);
      };
      const watcher = () => {
        if (this.requests >= count) end(true);
      };
      const timer = setTimeout(() => end(false), timeout);
      this.#watchers.add(watcher);
    });
  }

  forgetRequests() {
    this.ledger.clear();
    this.requests = 0;
  }

  /** As if just started; exchanges under way are broken off. */
  reset() {
    this.breakOff();
    this.orders.clear();
    this.faults.clear();
    this.login.reset();
    this.limits.reset();
    this.forgetRequests();
    this.connections = 0;
  }

  breakOff() {
    this.#waits.abort();
    this.#waits = new AbortController();
    setMaxListeners(0, this.#waits.signal);
    for (const socket of this.#underWay.values()) socket.destroy();
    this.#underWay.clear();
    this.#doomed = new WeakSet();
  }
}

/** @param {ActiveFault[]} delays @param {string} when */
function sumOf(delays, when) {
  let sum = 0;
  for (const { parameters } of delays) {
    if (parameters.when === when) sum += parameters.ms + Math.random() * parameters.jitter;
  }
  return sum;
}

/**
 * The whole body, or undefined if the client left or sent too much; the ledger gets what came in any case.
 * @param {IncomingMessage} request
 * @param {Exchange} exchange
 * @returns {Promise<string | undefined>} latin1
 */
function readBody(request, exchange) {
  return new Promise((resolve) => {
    let body = "";
    let complete = false;
    request.setEncoding("latin1");
    request.on("data", (text) => {
      body += text;
      if (body.length > longestBody) request.socket.destroy();
    });
    request.on("end", () => {
      complete = request.complete;
    });
    request.on("error", () => {});
    const done = () => {
      exchange.read(body, complete);
      resolve(complete ? body : undefined);
    };
    request.on("end", done);
    request.on("close", () => {
      if (!complete) done();
    });
  });
}
