// The breaker, and the key of the audit log: the two operations of the server that the package's client does not have.

/** @typedef {{ state: "closed" | "open" | "half-open", since: string, reason: string | null }} BreakerState */

export class Breaker {
  /** @type {() => string | undefined} */
  #key;

  /** @param {() => string | undefined} key */
  constructor(key) {
    this.#key = key;
  }

  /** @param {string} path @param {string} [method] */
  async #ask(path, method = "GET") {
    const key = this.#key();
    const response = await fetch(path, {
      method,
      redirect: "error",
      signal: AbortSignal.timeout(20_000),
      headers: {
        ...(key !== undefined && { Authorization: `Bearer ${key}` }),
        ...(method === "POST" && { "Content-Type": "application/json" }),
      },
      ...(method === "POST" && { body: "{}" }),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(String(answer.detail ?? response.status));
    return answer;
  }

  /** @returns {Promise<BreakerState>} */
  get() {
    return this.#ask("/v1/breaker");
  }

  /** One call goes out; the rest wait for what it brings. @returns {Promise<BreakerState>} */
  resume() {
    return this.#ask("/v1/breaker/resume", "POST");
  }

  /** The public key of the audit log. @returns {Promise<import("autorevoke").AuditKey>} */
  auditKey() {
    return this.#ask("/v1/audit/key");
  }
}
