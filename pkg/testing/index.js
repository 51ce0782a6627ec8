// autorevoke/testing: an edge that is a function, for the tests of what is built on this package. It answers as the edge does, in
// the same documents, and sends nothing anywhere. tests/testing holds it to the edge itself.
import { AuditLog } from "./audit.js";
import { FakeCa } from "./ca.js";
import { callerOf } from "./callers.js";
import { Problem, checkMembers, invalid, json, readObject, written } from "./http.js";
import { csvOf, eventsOf, markdownOf, reportOf, rowsOf } from "./job-answers.js";
import { Jobs, OUTCOMES, mustReadJobs } from "./jobs.js";
import { Ledger, unknownOrder } from "./ledger.js";
import { nameOf, nameText, readName, readOrder } from "./orders.js";
import { readPlan } from "./plan.js";

/**
 * @typedef {object} Asked
 * @property {import("./callers.js").Caller} caller
 * @property {string} instance the request's id
 * @property {string} named what stands in the path for its placeholder
 * @property {URLSearchParams} query
 * @property {Headers} headers
 * @property {AbortSignal} signal
 * @property {string} text the body
 * @property {Record<string, any>} body of JSON
 *
 * @typedef {(asked: Asked) => unknown} Handler gives a document, or a response
 */

const KIB = 1024;
const STATES = ["planned", "awaiting-approval", "running", "paused", "halted", "done", "cancelled"];
const ORDER_STATES = [
  ...["pending", "sending", "revoked", "already-revoked", "already-rejected", "refused", "unknown"],
];
/** The members of entries that the query of the audit log names otherwise. @type {Record<string, string>} */
const FILTERS = { order: "orderNumber", actor: "actor", action: "action", job: "jobId" };
const JSON_TYPE = "application/json";

/** @type {typeof import("../testing.d.ts").fakeEdge} */
export function fakeEdge({ orders = {}, callers, limits = {} } = {}) {
  const { minute = 60, day = 200, approvalAbove = 10 } = limits;
  const ca = new FakeCa();
  ca.set(orders);
  const log = new AuditLog();
  log.write({ actor: "edge", action: "begin", phase: "outcome" });
  const ledger = new Ledger(ca, log, { minute, day });
  const jobs = new Jobs(ledger, log, approvalAbove);
  const routes = routesOf({ ledger, jobs, log });

  /** @param {Request} request @param {string} instance @returns {Promise<Response>} */
  async function answer(request, instance) {
    const { pathname, searchParams } = new URL(request.url);
    // Wherever it is said to be: a path before the API's own is the endpoint's.
    const [path = pathname] = /\/(v1\/.*|healthz)$/.exec(pathname) ?? [];
    const { handler, named, isPublic, takes, maxBytes } = find(routes, request.method, path);
    if (isPublic) return json(await handler(/** @type {any} */ ({})));
    const caller = callerOf(request.headers.get("authorization"), callers);
    for (const name of searchParams.keys())
      if (!takes.includes(name))
        throw new Problem("malformed-request", `There is no query parameter ${name} here.`);
    const text = request.method === "POST" ? await bodyOf(request, maxBytes) : "";
    const body = request.method === "POST" && path !== "/v1/jobs" ? readObject(text) : {};
    const { headers, signal } = request;
    const given = await handler({
      caller,
      instance,
      named,
      query: searchParams,
      headers,
      signal,
      text,
      body,
    });
    return given instanceof Response ? given : json(given);
  }

  /** @param {any} input @param {RequestInit} [init] */
  async function fetch(input, init) {
    const request =
      init === undefined && typeof input?.text === "function" ? input : new Request(input, init);
    const instance = `urn:uuid:${crypto.randomUUID()}`;
    request.signal?.throwIfAborted();
    const given = answer(request, instance).catch((error) => {
      if (error instanceof Problem) return error.response(instance);
      throw error;
    });
    // What was sent is carried through, caller or no caller.
    return Promise.race([given, whenAborted(request.signal)]);
  }
  return Object.assign(fetch, { calls: ca.calls, set: ca.set.bind(ca), hold: ca.hold.bind(ca) });
}

/** @param {AbortSignal | undefined} signal @returns {Promise<never>} */
const whenAborted = (signal) =>
  new Promise((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason), { once: true }));

/** @param {Request} request @param {number} maxBytes */
async function bodyOf(request, maxBytes) {
  const [type] = (request.headers.get("content-type") ?? "").split(";");
  const taken = maxBytes > 64 * KIB ? [JSON_TYPE, "text/csv"] : [JSON_TYPE];
  if (!taken.includes(type.trim().toLowerCase()))
    throw new Problem("unsupported-request", `Send the body as Content-Type: ${taken.join(" or ")}.`);
  const bytes = await request.arrayBuffer();
  if (bytes.byteLength > maxBytes)
    throw new Problem("unsupported-request", `The body may have at most ${maxBytes} bytes.`, { status: 413 });
  return new TextDecoder().decode(bytes);
}

/** @typedef {{ method: string, path: RegExp, handler: Handler, isPublic: boolean, takes: string[], maxBytes: number }} Route */

/** @param {Route[]} routes @param {string} method @param {string} path */
function find(routes, method, path) {
  const here = routes.filter((route) => route.path.test(path));
  if (here.length === 0) throw new Problem("not-found", "There is no such path.");
  const route = here.find((route) => route.method === method);
  if (!route) {
    const Allow = here.map((route) => route.method).join(", ");
    throw new Problem("unsupported-request", `This path takes ${Allow} only.`, {
      status: 405,
      headers: { Allow },
    });
  }
  const [, named = ""] = /** @type {RegExpExecArray} */ (route.path.exec(path));
  return { ...route, named };
}

/** @param {{ ledger: Ledger, jobs: Jobs, log: AuditLog }} edge @returns {Route[]} */
function routesOf({ ledger, jobs, log }) {
  /** @param {string} name @param {Handler} handler @param {Partial<Route>} [more] */
  const route = (name, handler, more) => {
    const [method, path] = name.split(" ");
    const pattern = new RegExp(`^${path.replace("{id}", "(job_[^/]+)").replace("{order}", "([^/]+)")}$`);
    return { method, path: pattern, handler, isPublic: false, takes: [], maxBytes: 64 * KIB, ...more };
  };
  const changed = (/** @type {import("./jobs.js").Job} */ { document }) => json(document, { status: 202 });
  return [
    route("POST /v1/revocations", async ({ caller, instance, headers, body }) => {
      const { order, fields } = readOrder(body);
      if (!order) throw invalid(/** @type {Record<string, string>} */ (fields));
      const anyOf = order.test ? ["revoke", "test"] : ["revoke"];
      caller.mustHave(["revoke", "test"]);
      if (!caller.may(anyOf, nameText(order)))
        throw new Problem("forbidden", "The caller's grants do not cover this order.", { ...nameOf(order) });
      const key = keyOf(headers);
      return limited(ledger, caller, () => ledger.revoke({ caller, instance }, order, key));
    }),
    route(
      "GET /v1/orders",
      ({ caller, query }) => {
        caller.mustHave(["revoke", "test"]);
        const all = ledger.list(caller, oneOf(query, "state", ORDER_STATES));
        const left = all.filter(({ number }) => number > Number(query.get("after") ?? 0));
        const page = left.slice(0, Number(query.get("limit") ?? 100));
        const next = page.length < left.length ? { next: page.at(-1)?.number } : {};
        return { orders: page.map(({ order }) => order), ...next };
      },
      { takes: ["state", "after", "limit"] },
    ),
    route("GET /v1/orders/{order}", ({ caller, named }) => {
      caller.mustHave(["revoke", "test"]);
      return ledger.record(covered(caller, ["revoke", "test"], named));
    }),
    route("POST /v1/orders/{order}/settle", ({ caller, instance, named, body }) => {
      const flag = (/** @type {unknown} */ value) =>
        value !== undefined && typeof value !== "boolean" && "must be true or false";
      checkMembers(body, { resend: flag });
      caller.mustHave(["revoke"]);
      const name = covered(caller, ["revoke"], named);
      return ledger.settle({ caller, instance }, name, body.resend === true);
    }),
    route(
      "POST /v1/jobs",
      async ({ caller, instance, headers, query, text }) => {
        caller.mustHave(["plan"]);
        const isCsv = /^text\/csv/i.test(headers.get("content-type") ?? "");
        const job = jobs.create(await readPlan(text, isCsv, query), { caller, instance }, keyOf(headers));
        return json(jobs.detailsOf(job, caller), {
          status: 201,
          headers: { Location: `/v1/jobs/${job.id}` },
        });
      },
      { maxBytes: 8 * KIB * KIB, takes: ["name", "deadline", "codeReason", "revocationReason", "test"] },
    ),
    route(
      "GET /v1/jobs",
      ({ caller, query }) => {
        mustReadJobs(caller);
        const { page, next } = pageOf(jobs.list(caller, oneOf(query, "state", STATES)), query, 100);
        return { jobs: page.map((job) => jobs.documentOf(job, caller)), ...next };
      },
      { takes: ["state", "after", "limit"] },
    ),
    route("POST /v1/jobs/pause-all", ({ caller, body }) => {
      checkMembers(body, {});
      caller.mustHaveForAll("operate");
      return json(jobs.pauseAll(caller), { status: 202 });
    }),
    route("GET /v1/jobs/{id}", ({ caller, named }) => jobs.detailsOf(jobs.find(caller, named), caller)),
    route("POST /v1/jobs/{id}/start", ({ caller, named, body }) => changed(jobs.start(caller, named, body))),
    route("POST /v1/jobs/{id}/approve", ({ caller, named, body }) =>
      changed(jobs.approve(caller, named, body)),
    ),
    route("POST /v1/jobs/{id}/decline", ({ caller, named, body }) =>
      changed(jobs.decline(caller, named, body)),
    ),
    .../** @type {const} */ (["pause", "resume", "cancel"]).map((operation) =>
      route(`POST /v1/jobs/{id}/${operation}`, ({ caller, named, body }) =>
        changed(jobs.operate(caller, named, operation, body)),
      ),
    ),
    route(
      "GET /v1/jobs/{id}/orders",
      ({ caller, named, query, headers }) => {
        const rows = rowsOf(jobs.find(caller, named), someOf(query, "outcome", OUTCOMES));
        if (accepts(headers, "text/csv")) {
          const attachment = { "Content-Disposition": `attachment; filename="${named}.csv"` };
          return written(csvOf(rows), "text/csv; charset=utf-8", { headers: attachment });
        }
        const after = Number(query.get("after") ?? 0);
        const limit = Number(query.get("limit") ?? 1000);
        const left = rows.filter(({ row }) => Number(row) > after);
        const orders = left.slice(0, limit);
        return { orders, ...(left.length > limit ? { next: orders.at(-1)?.row } : {}) };
      },
      { takes: ["outcome", "after", "limit"] },
    ),
    route("GET /v1/jobs/{id}/events", ({ caller, named, headers, signal }) => {
      const job = jobs.find(caller, named);
      const document = () => jobs.documentOf(job, caller);
      return eventsOf(job, { seen: headers.get("last-event-id"), signal, document });
    }),
    route("GET /v1/jobs/{id}/report", async ({ caller, named, headers }) => {
      const report = reportOf(jobs.find(caller, named), await log.head());
      return accepts(headers, "text/markdown")
        ? written(markdownOf(report), "text/markdown; charset=utf-8")
        : report;
    }),
    route(
      "GET /v1/audit",
      async ({ caller, query, headers }) => {
        caller.mustHaveForAll("audit");
        const filter = Object.entries(FILTERS).flatMap(([name, member]) => {
          const value = query.get(name);
          if (value === null) return [];
          return name === "order"
            ? Object.entries(readName(value) ?? { orderNumber: value })
            : [[member, value]];
        });
        const limit = Number(query.get("limit") ?? 1000);
        const page = await log.page(Number(query.get("after") ?? 0), limit, Object.fromEntries(filter));
        if (!accepts(headers, "application/x-ndjson")) return page;
        return written(
          page.entries.map((entry) => `${JSON.stringify(entry)}\n`).join(""),
          "application/x-ndjson",
          { headers: page.next === undefined ? {} : { Link: linkTo(page.next, query) } },
        );
      },
      { takes: ["after", "limit", ...Object.keys(FILTERS)] },
    ),
    route("GET /v1/audit/head", ({ caller }) => {
      caller.mustHaveForAll("audit");
      return log.head();
    }),
    route("GET /v1/audit/key", () => log.key(), { isPublic: true }),
    route("GET /v1/breaker", ({ caller }) => {
      caller.mustHave(["revoke", "approve", "operate"]);
      return ledger.breaker;
    }),
    route("POST /v1/breaker/resume", ({ caller, body }) => {
      checkMembers(body, {});
      caller.mustHaveForAll("operate");
      return ledger.resumeBreaker();
    }),
    route("GET /v1/me", ({ caller }) => ({
      ...caller.document,
      limits: { ...ledger.limitsOf(caller), approvalAbove: jobs.limitOf(caller) },
    })),
    route("GET /healthz", () => ({ status: "ok" }), { isPublic: true }),
  ];
}

/** An answer that tells what is left of the caller's limits. @param {Ledger} ledger @param {Asked["caller"]} caller @param {() => Promise<object>} work */
async function limited(ledger, caller, work) {
  try {
    const document = await work();
    return json(document, { headers: ledger.rateLimit(caller) });
  } catch (error) {
    if (error instanceof Problem) Object.assign(error.headers, ledger.rateLimit(caller));
    throw error;
  }
}

/** The name that stands in a path, if the caller may know of it. @param {Asked["caller"]} caller @param {string[]} anyOf @param {string} named */
function covered(caller, anyOf, named) {
  const name = readName(decodeURIComponent(named));
  if (!name || !caller.may(anyOf, nameText(name))) throw unknownOrder();
  return nameText(name);
}

/** @param {Headers} headers */
function keyOf(headers) {
  const key = headers.get("idempotency-key") ?? undefined;
  if (key !== undefined && !/^[\x21-\x7e]{1,255}$/.test(key))
    throw new Problem(
      "malformed-request",
      "The Idempotency-Key header must be 1 to 255 visible ASCII characters.",
    );
  return key;
}

/** @param {URLSearchParams} query @param {string} name @param {string[]} values */
function someOf(query, name, values) {
  const found = query.get(name)?.split(",") ?? null;
  if (found?.some((value) => !values.includes(value)))
    throw new Problem(
      "malformed-request",
      `The query parameter ${name} must be some of: ${values.join(", ")}.`,
    );
  return found;
}

/** @param {URLSearchParams} query @param {string} name @param {string[]} values */
function oneOf(query, name, values) {
  const value = query.get(name);
  if (value !== null && !values.includes(value))
    throw new Problem(
      "malformed-request",
      `The query parameter ${name} must be one of: ${values.join(", ")}.`,
    );
  return value;
}

/** @template T @param {T[]} all @param {URLSearchParams} query @param {number} usual */
function pageOf(all, query, usual) {
  const after = Number(query.get("after") ?? 0);
  const limit = Number(query.get("limit") ?? usual);
  return {
    page: all.slice(after, after + limit),
    next: after + limit < all.length ? { next: after + limit } : {},
  };
}

/** A link to the page after this entry. @param {number} next @param {URLSearchParams} query */
function linkTo(next, query) {
  const { after: _, limit = "1000", ...filter } = Object.fromEntries(query);
  return `<?${new URLSearchParams({ after: String(next), limit, ...filter })}>; rel="next"`;
}

/** @param {Headers} headers @param {string} mediaType */
const accepts = (headers, mediaType) => (headers.get("accept") ?? "").includes(mediaType);
