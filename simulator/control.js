// The paths under /_simulator: how tests and people tell the simulator what to do, and see what it received.

import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { findings, flag, insistOn, integer, isObject, SettingError, text } from "./checks.js";
import { describe } from "./faults/catalogue.js";

/** @import { IncomingMessage, ServerResponse } from "node:http" */
/** @import { Server } from "./server.js" */

const prefix = "/_simulator";
const longestBody = 33_554_432;
const longestWait = 30_000;

/** A problem with a control request itself, not with what it says. */
class ControlProblem extends Error {
  /** @param {number} status @param {string} detail @param {Record<string, string>} [headers] */
  constructor(status, detail, headers = {}) {
    super(detail);
    this.status = status;
    this.headers = headers;
  }
}

/**
 * What an operation gets: the query and the body, read only where it is asked for.
 * @typedef {object} Asked
 * @property {URLSearchParams} query
 * @property {() => Promise<unknown>} body
 * @property {string} [id] what follows the path
 * @property {ServerResponse} response
 */

/**
 * An operation gives what is to be sent as JSON, or sends it itself and gives nothing.
 * @typedef {(server: Server, asked: Asked) => unknown} Operation
 */

/** @type {Record<string, Record<string, Operation>>} */
const operations = {
  "/": { GET: (server) => ({ ...state(server), operations: summary }) },
  "/orders": {
    GET: ({ orders }, { query }) =>
      orders.list({
        orderNumber: query.get("orderNumber") ?? undefined,
        serialNumber: query.get("serialNumber") ?? undefined,
        certificateID: query.get("certificateID") ?? undefined,
      }),
    async POST({ orders }, { body }) {
      const settings = listed(await body(), "orders");
      orders.set(.../** @type {any[]} */ (settings));
      return { orders: settings.length };
    },
    DELETE({ orders }) {
      orders.clear();
      return {};
    },
  },
  "/faults": {
    GET: ({ faults }) => ({ active: faults.list(), faults: describe() }),
    async POST({ faults }, { body }) {
      const ids = faults.add(.../** @type {any[]} */ (listed(await body(), "faults")));
      return { ids };
    },
    DELETE({ faults }, { id }) {
      faults.clear(id === undefined ? undefined : Number(id));
      return { active: faults.list() };
    },
  },
  "/ledger": {
    GET: sendLedger,
    DELETE(server) {
      server.forgetRequests();
      return {};
    },
  },
  "/login": {
    GET: ({ login }) => ({ locked: login.locked, failures: login.failures }),
    async POST({ login }, { body }) {
      const setting = await body();
      const members = {
        locked: flag("whether the account is locked"),
        loginName: text("the account's new name", undefined, 64),
        loginPassword: text("its new password", undefined, 128),
      };
      insistOn(findings(setting, members, "login"));
      const { locked, ...account } = /** @type {Record<string, any>} */ (setting);
      login.change(account);
      if (locked === true) login.lock();
      if (locked === false) login.unlock();
      return { locked: login.locked, failures: login.failures };
    },
  },
  "/limits": {
    GET: ({ limits: { concurrent, perSecond } }) => ({ concurrent, perSecond }),
    async POST({ limits }, { body }) {
      const setting = await body();
      insistOn(findings(setting, limitMembers, "limits"));
      limits.set(/** @type {any} */ (setting));
      return { concurrent: limits.concurrent, perSecond: limits.perSecond };
    },
  },
  "/wait": {
    async GET(server, { query }) {
      const count = wholeNumber(query, "requests", 1);
      const timeout = Math.min(wholeNumber(query, "timeout", longestWait), longestWait);
      if (!(await server.reached(count, timeout))) {
        throw new ControlProblem(
          504,
          `only ${server.requests} of ${count} requests were read in ${timeout} ms`,
        );
      }
      return { requests: server.requests };
    },
  },
  "/reset": {
    POST(server) {
      server.reset();
      return {};
    },
  },
};

export const limitMembers = {
  concurrent: integer(0, 1_000_000, "calls at once before -42; 0: any number"),
  perSecond: integer(0, 1_000_000, "calls a second before -42; 0: any number"),
};

const summary = Object.entries(operations).map(
  ([path, methods]) => `${Object.keys(methods).join(", ")} ${prefix}${path === "/" ? "" : path}`,
);

/** @param {Server} server */
function state({ requests, connections, ledger, login, limits: { concurrent, perSecond } }) {
  const { locked, failures } = login;
  return {
    requests,
    connections,
    ledger: ledger.length,
    login: { locked, failures },
    limits: { concurrent, perSecond },
  };
}

/**
 * Takes a request if it is meant for the simulator itself.
 * @param {Server} server
 * @param {IncomingMessage} request
 * @param {ServerResponse} response
 */
export function takesControl(server, request, response) {
  const target = request.url ?? "";
  if (!target.startsWith(prefix) || !/^(?:[/?]|$)/.test(target.slice(prefix.length))) return false;
  operate(server, request, response)
    .then((result) => {
      if (result !== undefined) send(response, request.method === "POST" ? 201 : 200, result);
    })
    .catch((error) => sendProblem(response, error));
  return true;
}

/** @type {(server: Server, request: IncomingMessage, response: ServerResponse) => Promise<unknown>} */
async function operate(server, request, response) {
  const { pathname, searchParams: query } = new URL(request.url ?? "", "http://simulator");
  const path = pathname.slice(prefix.length).replace(/\/$/, "") || "/";
  const [, parent, id] = /^(\/faults)\/([1-9][0-9]{0,8})$/.exec(path) ?? [undefined, path, undefined];
  const methods = Object.hasOwn(operations, parent) ? operations[parent] : undefined;
  if (!methods) throw new ControlProblem(404, `there is no ${path}; see GET ${prefix}`);
  const allowed = id === undefined ? Object.keys(methods) : ["DELETE"];
  const method = request.method ?? "";
  if (!allowed.includes(method)) {
    const allow = allowed.join(", ");
    throw new ControlProblem(405, `${path} takes ${allow}`, { Allow: allow });
  }
  return methods[method](server, { query, id, response, body: () => readJson(request) });
}

/** @param {IncomingMessage} request */
async function readJson(request) {
  const chunks = [];
  let length = 0;
  for await (const chunk of request) {
    length += chunk.length;
    if (length > longestBody) throw new ControlProblem(413, `the body is longer than ${longestBody} bytes`);
    chunks.push(chunk);
  }
  try {
    return JSON.parse(Buffer.concat(chunks).toString("utf8"));
  } catch {
    throw new ControlProblem(400, "the body is not JSON");
  }
}

/**
 * One setting, an array of them, or `{orders: [...]}` and the like.
 * @param {unknown} body
 * @param {string} name
 * @returns {unknown[]}
 */
function listed(body, name) {
  if (Array.isArray(body)) return body;
  return isObject(body) && Array.isArray(body[name]) && Object.keys(body).length === 1 ? body[name] : [body];
}

/** @param {URLSearchParams} query @param {string} name @param {number} standard */
function wholeNumber(query, name, standard) {
  const given = query.get(name);
  if (given === null) return standard;
  if (!/^[0-9]{1,9}$/.test(given))
    throw new SettingError([{ where: name, problem: "must be a whole number" }]);
  return Number(given);
}

/** @param {Server} server @param {Asked} asked */
async function sendLedger({ ledger }, { query, response }) {
  const after = wholeNumber(query, "after", 0);
  const limit = wholeNumber(query, "limit", 1_000_000_000);
  const orderNumber = query.get("orderNumber") ?? undefined;
  response.writeHead(200, { "Content-Type": "application/json", "Cache-Control": "no-store" });
  const pieces = arrayPieces(ledger.entries({ orderNumber, after, limit }));
  // A client that leaves in the middle has what it wanted.
  await pipeline(Readable.from(pieces), response).catch(() => {});
}

/**
 * A JSON array, an element a line, in pieces: a long ledger as one text could be larger than a string may be.
 * @param {Iterable<unknown>} elements
 */
function* arrayPieces(elements) {
  let piece = "[";
  let separator = "\n";
  for (const element of elements) {
    piece += separator + JSON.stringify(element);
    separator = ",\n";
    if (piece.length > 65_536) {
      yield piece;
      piece = "";
    }
  }
  yield `${piece}\n]\n`;
}

/** @param {ServerResponse} response @param {unknown} error */
function sendProblem(response, error) {
  if (error instanceof SettingError) {
    const problem = {
      title: "The setting is not sound; nothing was changed",
      status: 422,
      problems: error.findings,
    };
    send(response, 422, problem, { "Content-Type": "application/problem+json" });
  } else if (error instanceof ControlProblem) {
    const { status, message: detail, headers } = error;
    const problem = { title: "The request could not be taken", status, detail };
    send(response, status, problem, { "Content-Type": "application/problem+json", ...headers });
  } else {
    console.error("The simulator failed:", error);
    response.destroy();
  }
}

/** @type {(response: ServerResponse, status: number, content: unknown, headers?: Record<string, string>) => void} */
function send(response, status, content, headers = {}) {
  const body = Buffer.from(`${JSON.stringify(content, null, 2)}\n`, "utf8");
  response.writeHead(status, {
    "Content-Type": "application/json",
    "Content-Length": body.length,
    "Cache-Control": "no-store",
    ...headers,
  });
  response.end(body);
}
