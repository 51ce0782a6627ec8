// A lean edge in hand-written JavaScript, to compare with: one key, one order, the form, an intent and an outcome in a
// chained log. It does less than the edge: no limits, breaker, alarms, jobs or rollback detection, and an older schema.
import { DurableObject } from "cloudflare:workers";

const encoder = new TextEncoder();
const hex = (buffer) =>
  Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, "0")).join("");
const sha256 = async (text) => hex(await crypto.subtle.digest("SHA-256", encoder.encode(text)));

const REASONS = {
  unspecified: 0,
  keyCompromise: 1,
  affiliationChanged: 3,
  superseded: 4,
  cessationOfOperation: 5,
};

/* ---- the front ---- */

let keys;

export default {
  async fetch(request, env, ctx) {
    const startedAt = Date.now();
    const instance = `urn:uuid:${crypto.randomUUID()}`;
    const log = { event: "request", instance, method: request.method, route: "/v1/revocations", actor: null };
    const answer = await answerTo(request, env, ctx, instance, log);
    log.status = answer.status;
    log.durationMs = Date.now() - startedAt;
    log.time = new Date().toISOString();
    console.log(JSON.stringify(log));
    return new Response(answer.body, {
      status: answer.status,
      headers: {
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        Vary: "Origin",
        "Content-Type": answer.status === 200 ? "application/json" : "application/problem+json",
      },
    });
  },
};

async function answerTo(request, env, ctx, instance, log) {
  const url = new URL(request.url);
  if (url.pathname === "/healthz") return { status: 200, body: '{"status":"ok"}' };
  if (url.pathname !== "/v1/revocations") return problem(instance, 404, "not-found");
  if (request.method !== "POST") return problem(instance, 405, "unsupported-request");
  const origin = request.headers.get("Origin");
  const allowed = (env.ALLOWED_ORIGINS ?? "").split(",");
  if (origin && origin !== url.origin && !allowed.includes(origin))
    return problem(instance, 403, "forbidden");
  const authorization = request.headers.get("Authorization") ?? "";
  if (request.headers.get("Cf-Access-Jwt-Assertion") || authorization.includes(",")) {
    return problem(instance, 400, "malformed-request");
  }
  const caller = await authenticate(authorization, env);
  if (!caller) return problem(instance, 401, "unauthenticated");
  log.actor = caller.actor;
  const contentType = request.headers.get("Content-Type") ?? "";
  if (contentType.split(";")[0].trim().toLowerCase() !== "application/json") {
    return problem(instance, 415, "unsupported-request");
  }
  if (Number(request.headers.get("Content-Length") ?? 0) > 65536) {
    return problem(instance, 413, "unsupported-request");
  }
  const idempotencyKey = request.headers.get("Idempotency-Key");
  if (idempotencyKey !== null && !/^[\x21-\x7e]{1,255}$/.test(idempotencyKey)) {
    return problem(instance, 400, "malformed-request");
  }
  const accept = request.headers.get("Accept") ?? "*/*";
  if (!/\*\/\*|application\/(\*|json)/.test(accept)) return problem(instance, 406, "unsupported-request");
  const body = await readAtMost(request.body, 65537);
  if (body.length > 65536) return problem(instance, 413, "unsupported-request");
  let given;
  try {
    const text = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body);
    given = JSON.parse(text);
    if (isAmbiguous(text) || typeof given !== "object" || given === null || Array.isArray(given)) throw given;
  } catch {
    return problem(instance, 400, "malformed-request");
  }
  const { order, fields } = orderOf(given);
  if (Object.keys(fields).length > 0) return problem(instance, 422, "invalid-order", { fields });
  const wanted = order.test ? ["revoke", "test"] : ["revoke"];
  const number = BigInt(order.orderNumber);
  const covers = caller.grants.some(
    ({ permissions, ranges }) =>
      permissions.some((it) => wanted.includes(it)) &&
      ranges.some(([first, last]) => first <= number && number <= last),
  );
  if (!covers) return problem(instance, 403, "forbidden");
  const ledger = env.LEDGER.get(env.LEDGER.idFromName("account"));
  const command = { actor: caller.actor, person: caller.person, instance, idempotencyKey, order };
  const work = ledger.revoke(JSON.stringify(command));
  ctx.waitUntil(work.catch(() => {}));
  return work;
}

async function authenticate(authorization, env) {
  keys ??= JSON.parse(env.API_KEYS).map((key) => ({
    ...key,
    digest: encoder.encode(key.sha256),
    grants: [{ permissions: key.permissions, ranges: key.orders.map(rangeOf) }],
  }));
  const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  if (!token) return undefined;
  const digest = encoder.encode(await sha256(token));
  let found;
  for (const key of keys) {
    const same = crypto.subtle.timingSafeEqual(digest, key.digest);
    const valid = !key.expires || Date.now() < Date.parse(key.expires);
    if (same && valid && token.startsWith(`ark_${key.id}_`)) found = key;
  }
  if (!found) return undefined;
  const actor = `key:${found.id}`;
  return { actor, person: found.person ?? actor, grants: found.grants };
}

function rangeOf(text) {
  if (text === "*") return [0n, 2n ** 64n];
  const [first, last = first] = text.split("-");
  return [BigInt(first), BigInt(last)];
}

async function readAtMost(stream, limit) {
  const chunks = [];
  let length = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    length += chunk.length;
    if (length >= limit) break;
  }
  if (chunks.length === 1) return chunks[0];
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}

/** Duplicate members, `__proto__`, nesting deeper than 8: what JSON.parse lets through. */
function isAmbiguous(text) {
  const open = [];
  let expectName = false;
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],:]/g)) {
    if (token === "{" || token === "[") {
      open.push(token === "{" ? new Set() : null);
      expectName = token === "{";
      if (open.length > 8) return true;
    } else if (token === "}" || token === "]") {
      open.pop();
      expectName = false;
    } else if (token === ",") {
      expectName = open.at(-1) instanceof Set;
    } else if (token[0] === '"' && expectName) {
      const name = JSON.parse(token);
      const names = open.at(-1);
      if (names.has(name) || name === "__proto__") return true;
      names.add(name);
      expectName = false;
    }
  }
  return false;
}

function orderOf(given) {
  const fields = {};
  const order = { codeReason: 0, test: false };
  for (const [name, value] of Object.entries(given)) {
    if (name === "orderNumber") {
      if (Number.isSafeInteger(value) && value >= 1) order.orderNumber = String(value);
      else if (typeof value === "string" && /^[1-9][0-9]{0,18}$/.test(value) && BigInt(value) < 2n ** 63n) {
        order.orderNumber = value;
      } else fields.orderNumber = "must be decimal digits without leading zeros, from 1 to 2^63-1";
    } else if (name === "codeReason") {
      if (Object.values(REASONS).includes(value)) order.codeReason = value;
      else if (typeof value === "string" && Object.hasOwn(REASONS, value)) order.codeReason = REASONS[value];
      else fields.codeReason = "must be one of the five reasons";
    } else if (name === "revocationReason" || name === "productCode") {
      const limit = name === "productCode" ? 50 : 1024;
      const control = name === "productCode" ? /\p{Cc}/u : /[^\P{Cc}\n\t]/u;
      if (typeof value !== "string" || !value.isWellFormed()) fields[name] = "must be a string";
      else if ([...value].length > limit) fields[name] = `must have at most ${limit} characters`;
      else if (control.test(value)) fields[name] = "must have no control characters";
      else if (value !== "") order[name] = value;
    } else if (name === "product") {
      if (Number.isSafeInteger(value) && value >= 0) order.product = value;
      else fields.product = "must be an integer from 0 to 2^53-1";
    } else if (name === "test") {
      if (value === true || value === "Y") order.test = true;
      else if (value !== false && value !== "N") fields.test = 'must be true, false, "Y" or "N"';
    } else fields[name.slice(0, 64)] = "is not a member of an order";
  }
  if (!("orderNumber" in given)) fields.orderNumber = "is missing";
  return { order, fields };
}

function problem(instance, status, kind, members = {}) {
  const type = `urn:autorevoke:problem:${kind}`;
  const head = { type, title: kind, status, detail: kind, instance, mayHaveRevoked: false };
  return { status, body: JSON.stringify({ ...head, ...members }) };
}

/* ---- the ledger ---- */

const TABLES = [
  "CREATE TABLE IF NOT EXISTS orders (identity TEXT PRIMARY KEY, state TEXT NOT NULL, updated_at INTEGER NOT NULL) WITHOUT ROWID",
  "CREATE TABLE IF NOT EXISTS attempts (id INTEGER PRIMARY KEY AUTOINCREMENT, identity TEXT NOT NULL, prior_state TEXT, test INTEGER NOT NULL, order_text TEXT NOT NULL, actor TEXT NOT NULL, person TEXT NOT NULL, instance TEXT NOT NULL, idempotency_key TEXT, fingerprint TEXT NOT NULL, state TEXT NOT NULL, error_code INTEGER, error_message TEXT, detail TEXT, started_at INTEGER NOT NULL, ended_at INTEGER, intent_seq INTEGER NOT NULL, outcome_seq INTEGER)",
  "CREATE INDEX IF NOT EXISTS attempts_by_order ON attempts (identity, id)",
  "CREATE INDEX IF NOT EXISTS attempts_by_key ON attempts (actor, idempotency_key, id) WHERE idempotency_key IS NOT NULL",
  "CREATE INDEX IF NOT EXISTS attempts_under_way ON attempts (id) WHERE state = 'sending'",
  "CREATE TABLE IF NOT EXISTS audit (seq INTEGER PRIMARY KEY, hash TEXT NOT NULL, entry TEXT NOT NULL)",
];

const sorted = (members) =>
  JSON.stringify(Object.fromEntries(Object.entries(members).sort(([a], [b]) => (a < b ? -1 : 1))));

export class Ledger extends DurableObject {
  #sql;
  #env;
  #live = new Set();
  #free;
  #waiting = [];
  #writing = Promise.resolve();

  constructor(ctx, env) {
    super(ctx, env);
    this.#sql = ctx.storage.sql;
    this.#env = env;
    this.#free = Number(env.CA_MAX_CONNECTIONS ?? 4);
    for (const table of TABLES) this.#sql.exec(table);
  }

  revoke(command) {
    const work = this.#revoke(JSON.parse(command));
    this.ctx.waitUntil(work.catch(() => {}));
    return work;
  }

  async #revoke(command) {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise((resolve) => this.#waiting.push(resolve));
    try {
      return await this.#send(command);
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free += 1;
    }
  }

  async #send(command) {
    const { order } = command;
    const identity = `${order.orderNumber}/${order.product ?? ""}/${order.productCode ?? ""}`;
    const orderText = sorted(order);
    const fingerprint = await sha256(orderText);
    const about = {
      ...order,
      actor: command.actor,
      person: command.person,
      instance: command.instance,
      action: "revoke",
    };
    const begun = await this.#exclusive(async () => {
      if (command.idempotencyKey !== null) {
        const [known] = this.#sql.exec(
          "SELECT fingerprint, state, error_code FROM attempts WHERE actor = ? AND idempotency_key = ? ORDER BY id DESC LIMIT 1",
          command.actor,
          command.idempotencyKey,
        );
        if (known) return { answer: problem(command.instance, 409, "in-progress") };
      }
      const [row] = this.#sql.exec("SELECT state FROM orders WHERE identity = ?", identity);
      if (row?.state === "sending" && !order.test) {
        return { answer: problem(command.instance, 409, "in-progress") };
      }
      const entry = await this.#entry({ ...about, phase: "intent" });
      const prior = row?.state ?? "pending";
      return this.ctx.storage.transactionSync(() => {
        this.#keep(entry);
        const [{ id }] = this.#sql.exec(
          "INSERT INTO attempts (identity, prior_state, test, order_text, actor, person, instance, idempotency_key, fingerprint, state, started_at, intent_seq) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 'sending', ?, ?) RETURNING id",
          identity,
          prior,
          order.test ? 1 : 0,
          orderText,
          command.actor,
          command.person,
          command.instance,
          command.idempotencyKey,
          fingerprint,
          Date.now(),
          entry.seq,
        );
        if (!order.test) this.#setState(identity, "sending");
        this.#live.add(id);
        return { id, prior, seq: entry.seq };
      });
    });
    if (begun.answer) return begun.answer;
    await this.ctx.storage.sync();
    const { code, message } = await this.#post(order);
    const state =
      code === 0 ? (order.test ? "tested" : "revoked") : code === undefined ? "unknown" : "refused";
    const seq = await this.#exclusive(async () => {
      const entry = await this.#entry({
        ...about,
        phase: "outcome",
        outcome: state,
        intentSeq: begun.seq,
        ...(code === undefined ? {} : { errorCode: code }),
        ...(message ? { errorMessage: message } : {}),
      });
      this.ctx.storage.transactionSync(() => {
        this.#keep(entry);
        this.#sql.exec(
          "UPDATE attempts SET state = ?, error_code = ?, error_message = ?, detail = ?, ended_at = ?, outcome_seq = ? WHERE id = ?",
          state,
          code ?? null,
          message ?? null,
          null,
          Date.now(),
          entry.seq,
          begun.id,
        );
        if (!order.test) this.#setState(identity, state);
      });
      this.#live.delete(begun.id);
      return entry.seq;
    });
    if (code !== 0) return problem(command.instance, code === undefined ? 502 : 422, "ca-refused");
    const { orderNumber, test } = order;
    const body = JSON.stringify({ orderNumber, outcome: state, errorCode: 0, test, auditSeq: seq });
    return { status: 200, body };
  }

  /** WebCrypto answers later; meanwhile nobody else may append to the chain. */
  #exclusive(work) {
    const result = this.#writing.then(work);
    this.#writing = result.catch(() => {});
    return result;
  }

  async #entry(members) {
    const [last] = this.#sql.exec("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1");
    const seq = (last?.seq ?? 0) + 1;
    const bare = { ...members, seq, prevHash: last?.hash ?? "0".repeat(64), time: new Date().toISOString() };
    const hash = await sha256(sorted(bare));
    return { seq, hash, text: sorted({ ...bare, hash }) };
  }

  #keep({ seq, hash, text }) {
    this.#sql.exec("INSERT INTO audit (seq, hash, entry) VALUES (?, ?, ?)", seq, hash, text);
  }

  #setState(identity, state) {
    this.#sql.exec(
      "INSERT INTO orders (identity, state, updated_at) VALUES (?, ?, ?) ON CONFLICT (identity) DO UPDATE SET state = excluded.state, updated_at = excluded.updated_at",
      identity,
      state,
      Date.now(),
    );
  }

  async #post(order) {
    const form = new URLSearchParams();
    form.set("loginName", this.#env.CA_LOGIN_NAME);
    form.set("loginPassword", this.#env.CA_LOGIN_PASSWORD);
    form.set("orderNumber", order.orderNumber);
    form.set("codeReason", String(order.codeReason));
    if (order.revocationReason) form.set("revocationReason", order.revocationReason);
    if (order.productCode) form.set("productCode", order.productCode);
    if (order.product !== undefined) form.set("product", String(order.product));
    if (order.test) form.set("test", "Y");
    form.set("responseFormat", "1");
    const controller = new AbortController();
    const timer = setTimeout(() => controller.abort(), 30_000);
    try {
      const response = await fetch(this.#env.CA_ENDPOINT, {
        method: "POST",
        redirect: "manual",
        headers: {
          "Content-Type": "application/x-www-form-urlencoded",
          Accept: "application/x-www-form-urlencoded, text/plain",
          "Accept-Encoding": "identity",
          "User-Agent": "autorevoke",
        },
        body: encoder.encode(form.toString()),
        signal: controller.signal,
      });
      if (response.status !== 200) return {};
      const body = await readAtMost(response.body, 65537);
      const length = response.headers.get("Content-Length");
      if (length !== null && Number(length) !== body.length) return {};
      const text = new TextDecoder().decode(body).trim();
      const pairs = text.split("&").map((pair) => pair.split("="));
      const codes = pairs.filter(([name]) => name.toLowerCase() === "errorcode");
      if (codes.length !== 1 || !/^(0|-[1-9][0-9]{0,8})$/.test(codes[0][1])) return {};
      const message = pairs.find(([name]) => name.toLowerCase() === "errormessage")?.[1];
      return {
        code: Number(codes[0][1]),
        message: message && decodeURIComponent(message.replaceAll("+", " ")),
      };
    } catch {
      return {};
    } finally {
      clearTimeout(timer);
    }
  }
}
