// The keys of the issuer of JWTs, and whether a token was signed with one of them. The claims are none of its business.
import { compactVerify } from "jose/jws/compact/verify";
import { createLocalJWKSet } from "jose/jwks/local";
import { JWKSMultipleMatchingKeys, JWKSNoMatchingKey } from "jose/errors";
import { fetchKeySet } from "./fetch-key-set.js";
import { logEvent } from "./log.js";

const ALGORITHMS = ["RS256", "ES256"];
const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;

/** After this time the issuer is asked again whether its keys have changed. */
const FRESH_MS = 10 * MINUTE_MS;
/** Keys of an issuer that does not answer any more are good for so long. */
const GOOD_MS = 24 * 60 * MINUTE_MS;
/** Unknown keys make it ask the issuer once in this time, however many tokens name them. */
const UNKNOWN_KEY_PAUSE_MS = MINUTE_MS;
/** Pauses after one failure, two failures, and so on; the last one stays. */
const FAILURE_PAUSES_MS = [5, 10, 20, 40, 60].map((seconds) => seconds * SECOND_MS);
/** Longer than a fetch may take. */
const PATIENCE_MS = 6 * SECOND_MS;

/**
 * The names that the core knows (`Vouched` in src/edge/front): `unavailable` says that the issuer could not be asked, so
 * nothing is known.
 * @typedef {"valid" | "bad-signature" | "unknown-key" | "weak-key" | "empty-key-set" | "unavailable"} Verdict
 */

export class IssuerKeys {
  #load;
  #now;
  /** @type {KeySet | undefined} */
  #keys;
  #loadedAt = -Infinity;
  #failures = 0;
  #nextTryAt = -Infinity;
  #nextUnknownAt = -Infinity;
  /** @type {{ ended: Promise<void>, until: number } | undefined} */
  #underWay;

  /**
   * @param {object} issuer
   * @param {string} issuer.jwksUrl
   * @param {typeof fetch} [issuer.fetch] for tests, like the next one
   * @param {() => number} [issuer.now]
   */
  constructor({ jwksUrl, fetch = (...request) => globalThis.fetch(...request), now = Date.now }) {
    this.#load = () => fetchKeySet(jwksUrl, fetch);
    this.#now = now;
  }

  /**
   * Whether the signature is good, and if not, why.
   * @param {string} token in compact serialisation, of a shape that src/edge/jwt.rs takes
   * @param {(work: Promise<void>) => void} [carry] sees work through that others wait for too
   * @returns {Promise<Verdict>}
   */
  async verify(token, carry = () => {}) {
    await this.#freshen(carry);
    if (!this.#keys) return "unavailable";
    let found = await judged(token, this.#keys);
    if (!found.keyFits && (await this.#askedAgain(carry))) found = await judged(token, this.#keys);
    // What the issuer would have said, nobody knows.
    return !found.keyFits && this.#failures > 0 ? "unavailable" : found.verdict;
  }

  /** Loads the keys when there are none, or they are no longer fresh, and a try is due. */
  async #freshen(carry) {
    const age = this.#now() - this.#loadedAt;
    if (age > GOOD_MS) this.#keys = undefined;
    if (age <= FRESH_MS) return;
    if (!this.#isUnderWay() && this.#now() < this.#nextTryAt) return;
    const ended = this.#ask(carry);
    // Nobody waits for an issuer that has just failed, as long as its old keys are good.
    if (!this.#keys || this.#failures === 0) await ended;
  }

  /** Whether the issuer was asked, because of a key that is not known. */
  async #askedAgain(carry) {
    if (!this.#isUnderWay()) {
      if (this.#now() < this.#nextUnknownAt) return false;
      this.#nextUnknownAt = this.#now() + UNKNOWN_KEY_PAUSE_MS;
    }
    await this.#ask(carry);
    return true;
  }

  #isUnderWay() {
    return this.#underWay !== undefined && this.#now() < this.#underWay.until;
  }

  /** Asks the issuer; all who need it wait for the one answer. */
  #ask(carry) {
    if (!this.#isUnderWay()) {
      const ended = this.#fetched();
      this.#underWay = { ended, until: this.#now() + PATIENCE_MS };
      carry(ended);
    }
    return withPatience(this.#underWay.ended);
  }

  async #fetched() {
    const found = await this.#load();
    this.#underWay = undefined;
    if ("keys" in found) {
      const { keys, weak } = found;
      this.#keys = { find: createLocalJWKSet({ keys }), isEmpty: keys.length === 0, weak };
      if (keys.length === 0 || weak.length > 0) {
        logEvent("issuer-keys", { usable: keys.length, weak: weak.length });
      }
      this.#loadedAt = this.#now();
      this.#failures = 0;
      return;
    }
    const pause = FAILURE_PAUSES_MS[Math.min(this.#failures, FAILURE_PAUSES_MS.length - 1)];
    this.#failures += 1;
    this.#nextTryAt = this.#now() + pause;
    logEvent("issuer-unavailable", { reason: found.failed, failures: this.#failures });
  }
}

/**
 * Waits, but not for ever: the platform may end a request's work when its caller goes away, without a word to other
 * requests that wait for it. `carry` asks it not to; a timer of one's own helps where it does all the same.
 * @param {Promise<void>} work
 */
async function withPatience(work) {
  let timer;
  const impatience = new Promise((resolve) => {
    timer = setTimeout(resolve, PATIENCE_MS);
  });
  await Promise.race([work, impatience]);
  clearTimeout(timer);
}

/**
 * @typedef {object} KeySet
 * @property {ReturnType<typeof createLocalJWKSet>} find
 * @property {boolean} isEmpty
 * @property {import("jose").JWK[]} weak
 */

/**
 * What is wrong with a token; where no key fits it, the issuer may have a newer one.
 * @param {string} token
 * @param {KeySet} keys
 * @returns {Promise<{ verdict: Verdict, keyFits: boolean }>}
 */
async function judged(token, { find, isEmpty, weak }) {
  /** @type {string | undefined} */
  let kid;
  try {
    await compactVerify(
      token,
      (header, jws) => {
        kid = header.kid;
        return find(header, jws);
      },
      { algorithms: ALGORITHMS },
    );
    return { verdict: "valid", keyFits: true };
  } catch (error) {
    if (error instanceof JWKSMultipleMatchingKeys) {
      for await (const key of error)
        if (await verifies(token, key)) return { verdict: "valid", keyFits: true };
    }
    const noneFits = error instanceof JWKSNoMatchingKey;
    // A weak key is named only where it is the one that the token means.
    if (noneFits && weak.some((key) => key.kid === kid)) return { verdict: "weak-key", keyFits: true };
    if (isEmpty) return { verdict: "empty-key-set", keyFits: false };
    if (noneFits) return { verdict: "unknown-key", keyFits: false };
    return { verdict: "bad-signature", keyFits: kid !== undefined };
  }
}

async function verifies(token, key) {
  return compactVerify(token, key, { algorithms: ALGORITHMS }).then(
    () => true,
    () => false,
  );
}
