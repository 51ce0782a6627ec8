// Options of calls and clients.
import type { FetchRequest, FetchResponse, SignalLike, UrlLike } from "./runtime.js";

/** Options of every call. */
export interface CallOptions {
  /**
   * Ends the call. If the request had left by then, the error's `mayHaveRevoked` is true: ending the call does not
   * end what the CA does.
   */
  signal?: SignalLike | undefined;
  /** Milliseconds for the whole call, the token function included. Default: 45 000. */
  timeout?: number | undefined;
  /**
   * A replacement for the global `fetch`, called with a `Request`. It is trusted: it sees whatever is sent. It must
   * not follow redirects, nor send anything twice.
   */
  fetch?: ((request: FetchRequest) => FetchResponse | PromiseLike<FetchResponse>) | undefined;
}

/** A call through the edge: no CA credentials anywhere near the page. */
export interface EdgeOptions extends CallOptions {
  /** The edge's URL: `https:`, or `http:` on loopback. A path is kept, a query is refused. */
  endpoint: string | UrlLike;
  /** What is sent as `Authorization: Bearer`: an API key or a JWT, or a function that gives it. */
  token?: string | (() => string | PromiseLike<string>) | undefined;
  credentials?: undefined;
  dangerouslyAllowBrowser?: boolean | undefined;
}

/** One call of `revoke()` through the edge. */
export interface EdgeRevokeOptions extends EdgeOptions {
  /**
   * The same key with the same order gives the same answer and revokes once: 1 to 255 visible ASCII characters.
   * Default: a fresh one for each call.
   */
  idempotencyKey?: string | undefined;
}

/** The login of an account at the CA. At most 64 and 128 characters. It appears in no error. */
export interface Credentials {
  loginName: string;
  loginPassword: string;
}

/** A call straight to the CA, from a server or an edge function of your own. */
export interface DirectOptions extends CallOptions {
  credentials: Credentials;
  /** The CA's URL, if it is not the vendor's. */
  endpoint?: string | UrlLike | undefined;
  /**
   * Allows `credentials` in a page or a web worker, where everyone who can open it can read them. Default: false.
   */
  dangerouslyAllowBrowser?: boolean | undefined;
  token?: undefined;
  idempotencyKey?: undefined;
}

/** What a client is made with: the options of its calls. */
export type ClientOptions = EdgeOptions | DirectOptions;
