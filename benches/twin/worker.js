// What one proxied revocation takes at least, by hand: a key's digest, an order's shape, an intent and an outcome in a hash chain,
// the form, the answer. It has none of the edge's other duties: no replay, limits, breaker, jobs, CORS or log.
import { DurableObject } from "cloudflare:workers";

const encoder = new TextEncoder();

async function sha256(text) {
  const digest = await crypto.subtle.digest("SHA-256", encoder.encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, "0")).join("");
}

const REASONS = [
  "unspecified",
  "keyCompromise",
  undefined,
  "affiliationChanged",
  "superseded",
  "cessationOfOperation",
];

export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    if (pathname === "/healthz") return Response.json({ status: "ok" });
    if (pathname !== "/v1/revocations" || request.method !== "POST")
      return new Response(null, { status: 404 });
    const [key] = JSON.parse(env.API_KEYS);
    const token = request.headers.get("Authorization")?.slice("Bearer ".length) ?? "";
    if ((await sha256(token)) !== key.sha256) return new Response(null, { status: 401 });
    const { orderNumber, codeReason = "unspecified", revocationReason } = await request.json();
    const code = REASONS.indexOf(codeReason);
    if (!/^[1-9][0-9]{0,18}$/.test(orderNumber) || code < 0) return new Response(null, { status: 422 });
    const ledger = env.LEDGER.get(env.LEDGER.idFromName("account"));
    const command = JSON.stringify({ actor: `key:${key.id}`, orderNumber, code, revocationReason });
    return ledger.fetch("http://ledger/", { method: "POST", body: command });
  },
};

const TABLES = [
  "CREATE TABLE IF NOT EXISTS attempts (id INTEGER PRIMARY KEY, order_number TEXT, state TEXT, error_code INTEGER, at INTEGER)",
  "CREATE INDEX IF NOT EXISTS attempts_by_order ON attempts (order_number)",
  "CREATE TABLE IF NOT EXISTS audit (seq INTEGER PRIMARY KEY, entry TEXT, hash TEXT)",
];

export class Ledger extends DurableObject {
  #sql = this.ctx.storage.sql;
  #seq;
  #prevHash;
  #appending = Promise.resolve();

  constructor(ctx, env) {
    super(ctx, env);
    for (const table of TABLES) this.#sql.exec(table);
    const [last] = this.#sql.exec("SELECT seq, hash FROM audit ORDER BY seq DESC LIMIT 1");
    this.#seq = last?.seq ?? 0;
    this.#prevHash = last?.hash ?? "0".repeat(64);
  }

  async fetch(request) {
    const { actor, orderNumber, code, revocationReason } = await request.json();
    const select = "SELECT state FROM attempts WHERE order_number = ? ORDER BY id DESC LIMIT 1";
    const [last] = this.#sql.exec(select, orderNumber);
    if (last?.state === "sending") throw new Error("in progress");
    const insert = "INSERT INTO attempts (order_number, state, at) VALUES (?, 'sending', ?) RETURNING id";
    const { id } = this.#sql.exec(insert, orderNumber, Date.now()).one();
    const about = { actor, action: "revoke", orderNumber, codeReason: code, revocationReason };
    await this.#append({ ...about, phase: "intent" });
    // The platform holds the request back until what was written before it is on disk.
    const errorCode = await this.#post(orderNumber, code, revocationReason);
    const outcome = errorCode === 0 ? "revoked" : "refused";
    const update = "UPDATE attempts SET state = ?, error_code = ? WHERE id = ?";
    this.#sql.exec(update, outcome, errorCode, id);
    const auditSeq = await this.#append({ ...about, phase: "outcome", outcome, errorCode });
    return Response.json({ orderNumber, outcome, errorCode, test: false, auditSeq });
  }

  /** WebCrypto answers later: until then nothing else is appended to the chain. */
  #append(members) {
    const append = async () => {
      const time = new Date().toISOString();
      const entry = JSON.stringify({ ...members, seq: this.#seq + 1, prevHash: this.#prevHash, time });
      this.#prevHash = await sha256(entry);
      this.#seq += 1;
      this.#sql.exec(
        "INSERT INTO audit (seq, entry, hash) VALUES (?, ?, ?)",
        this.#seq,
        entry,
        this.#prevHash,
      );
      return this.#seq;
    };
    return (this.#appending = this.#appending.then(append, append));
  }

  async #post(orderNumber, code, revocationReason) {
    const { CA_ENDPOINT, CA_LOGIN_NAME: loginName, CA_LOGIN_PASSWORD: loginPassword } = this.env;
    const form = {
      loginName,
      loginPassword,
      orderNumber,
      codeReason: code,
      revocationReason,
      responseFormat: 1,
    };
    const response = await fetch(CA_ENDPOINT, {
      method: "POST",
      redirect: "manual",
      body: new URLSearchParams(form),
    });
    return Number(new URLSearchParams(await response.text()).get("errorCode"));
  }
}
