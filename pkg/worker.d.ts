// The types of autorevoke/worker.
import type { FetchRequest, FetchResponse } from "./index.js";

/** A `Response`, where a library declares it. */
type Answer = typeof globalThis extends { Response: { prototype: infer Declared } }
  ? Declared
  : FetchResponse;

/**
 * What the edge is configured with: the bindings, variables and secrets of the Worker. What is wrong with them is named in its log,
 * and nothing is served then.
 */
export interface EdgeEnv {
  /** The binding of the Durable Object `Ledger`, on SQLite. */
  LEDGER: unknown;
  /** Secret. */
  CA_LOGIN_NAME: string;
  /** Secret. */
  CA_LOGIN_PASSWORD: string;
  /** Secret: an Ed25519 private key as a JWK. `npx autorevoke key --audit` makes one. */
  AUDIT_SIGNING_KEY: string;
  /** Secret: a JSON array. `npx autorevoke key` makes a key and its entry. */
  API_KEYS?: string;
  CA_ACCOUNT_ID?: string;
  /** Default: the vendor's. */
  CA_ENDPOINT?: string;
  CA_TIMEOUT_MS?: string;
  CA_MAX_CONNECTIONS?: string;
  CA_MAX_PER_SECOND?: string;
  JWT_ISSUER?: string;
  JWT_AUDIENCE?: string;
  JWT_JWKS_URL?: string;
  JWT_PERSON_CLAIM?: string;
  GRANTS?: string;
  ALLOWED_ORIGINS?: string;
  RATE_LIMIT_PER_MINUTE?: string;
  DAILY_LIMIT?: string;
  MAX_JOB_ORDERS?: string;
  APPROVAL_ABOVE?: string;
  RESEND_WINDOW_MS?: string;
}

/**
 * The edge, as a Worker's default export. Two files are a whole Worker:
 *
 * ```js
 * export { default, Ledger } from "autorevoke/worker";
 * ```
 *
 * and a `wrangler.jsonc` with the Durable Object `Ledger`, on SQLite, as the binding `LEDGER`. `npm create autorevoke-edge` makes
 * both.
 */
declare const edge: {
  fetch(
    request: FetchRequest,
    env: EdgeEnv,
    context: { waitUntil(work: Promise<unknown>): void },
  ): Promise<Answer>;
};
export default edge;

/** The Durable Object that holds the ledger, and is the only one to call the CA. Its methods are for the edge alone. */
export class Ledger {
  constructor(context: any, env: EdgeEnv);
  /** What Cloudflare's types know a Durable Object by. */
  readonly __DURABLE_OBJECT_BRAND: never;
}
