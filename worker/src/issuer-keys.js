// Whether a JWT was signed by one of its issuer's keys, which jose keeps and chooses. The claims are judged in src/edge/jwt.
import { JWKSMultipleMatchingKeys, JWKSNoMatchingKey } from "jose/errors";
import { createRemoteJWKSet, customFetch } from "jose/jwks/remote";
import { compactVerify } from "jose/jws/compact/verify";
import { fetchKeySet } from "./fetch-key-set.js";
import { logEvent } from "./log.js";

const OPTIONS = { algorithms: ["RS256", "ES256"] };
const MINUTE_MS = 60_000;
const FRESH_MS = 10 * MINUTE_MS;
/** Keys of an issuer that does not answer any more are good for a day; jose gets them for the last time before its end. */
const GOOD_MS = 24 * 60 * MINUTE_MS - FRESH_MS;
/** Doubles with each failure, up to a minute. */
const FAILURE_PAUSE_MS = 5_000;

/**
 * The names that the core knows (`SignatureVerdict` in src/edge/front): `unavailable` says that the issuer could not be asked, so
 * nothing is known.
 * @typedef {"valid" | "bad-signature" | "unknown-key" | "weak-key" | "empty-key-set" | "unavailable"} Verdict
 */

export class IssuerKeys {
  #jwks;
  #fetch;
  #waitUntil;
  /** What the issuer answered last, and when. @type {import("./fetch-key-set.js").KeySet & { at: number } | undefined} */
  #last;
  #failures = 0;
  #nextFetchAt = 0;
  /** For all who wait for it: on workerd jose would fetch for each of them. @type {Promise<void> | undefined} */
  #inFlight;

  /**
   * @param {object} issuer
   * @param {string} issuer.jwksUrl
   * @param {typeof fetch} [issuer.fetch] for tests
   * @param {(work: Promise<void>) => void} [issuer.waitUntil] has the platform carry on what others wait for, too
   */
  constructor({ jwksUrl, fetch = (...request) => globalThis.fetch(...request), waitUntil = () => {} }) {
    this.#fetch = fetch;
    this.#waitUntil = waitUntil;
    this.#jwks = createRemoteJWKSet(new URL(jwksUrl), {
      cacheMaxAge: FRESH_MS,
      // jose counts it from its last fetch, and so would not know a key that is new right after one.
      cooldownDuration: 0,
      timeoutDuration: 5_000,
      [customFetch]: (url, request) => this.#keySet(url, request),
    });
  }

  /**
   * Whether the signature is good, and if not, why.
   * @param {string} token in compact serialisation, of a shape that src/edge/jwt takes
   * @returns {Promise<Verdict>}
   */
  async verify(token) {
    let kid;
    const key = (header, jws) => {
      kid = header.kid;
      return this.#jwks(header, jws);
    };
    try {
      await compactVerify(token, key, OPTIONS);
      return "valid";
    } catch (error) {
      if (error instanceof JWKSNoMatchingKey) return this.#withoutKey(kid);
      if (error instanceof JWKSMultipleMatchingKeys) {
        for await (const key of error) {
          if (await compactVerify(token, key, OPTIONS).catch(() => false)) return "valid";
        }
      }
      // It may be by a new key, and does not say so.
      if (kid === undefined && (await this.#hasNewKeys())) return this.verify(token);
      return kid === undefined && this.#failures > 0 ? "unavailable" : "bad-signature";
    }
  }

  async #hasNewKeys() {
    const before = this.#last;
    await this.#jwks.reload().catch(() => {});
    return this.#last !== before;
  }

  /** @param {string | undefined} kid that no key fits @returns {Verdict} */
  #withoutKey(kid) {
    if (this.#last?.weak.some((key) => key.kid === kid)) return "weak-key";
    // What the issuer would say now is not known.
    if (!this.#last || this.#failures > 0) return "unavailable";
    return this.#last.keys.length === 0 ? "empty-key-set" : "unknown-key";
  }

  /** jose's fetch: not more often than the issuer can bear, and when it does not answer, its last keys. */
  async #keySet(url, request) {
    const isForUnknownKey = this.#jwks.fresh;
    const before = this.#last;
    if (!this.#inFlight && Date.now() >= this.#nextFetchAt) {
      const found = fetchKeySet(url, this.#fetch, request.signal);
      const begun = found.then((found) => this.#record(begun, found, isForUnknownKey));
      this.#inFlight = begun;
      this.#waitUntil(begun);
    }
    if (this.#inFlight) {
      const inFlight = this.#inFlight;
      const timeout = new Promise((resolve) => request.signal.addEventListener("abort", resolve));
      await Promise.race([inFlight, timeout]);
      // The platform may have ended the request that began it, without a word to those who wait.
      this.#record(inFlight, { failed: "timed out" }, isForUnknownKey);
    }
    const isGood = this.#last !== undefined && Date.now() <= this.#last.at + GOOD_MS;
    if (isGood && (!isForUnknownKey || this.#last !== before))
      return Response.json({ keys: this.#last.keys });
    throw new JWKSNoMatchingKey();
  }

  /** Keeps what came of a fetch, unless that is known already. */
  #record(fetched, found, isForUnknownKey) {
    if (this.#inFlight !== fetched) return;
    this.#inFlight = undefined;
    let pause = isForUnknownKey ? MINUTE_MS : 0;
    if ("failed" in found) {
      pause = Math.max(pause, Math.min(FAILURE_PAUSE_MS * 2 ** this.#failures, MINUTE_MS));
      this.#failures += 1;
      logEvent("issuer-unavailable", { reason: found.failed, failures: this.#failures });
    } else {
      const [usable, weak] = [found.keys.length, found.weak.length];
      if (usable === 0 || weak > 0) logEvent("issuer-keys", { usable, weak });
      this.#last = { ...found, at: Date.now() };
      this.#failures = 0;
    }
    this.#nextFetchAt = Date.now() + pause;
  }
}
