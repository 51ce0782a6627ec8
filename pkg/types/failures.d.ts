// Errors: one interface for each kind, and the class that all of them are.

/** What every {@link RevocationError} has. */
interface Failure {
  /** What happened, where, and what to do now. */
  message: string;
  /** Whether the CA may have acted. When it is true, do not assume that nothing happened. */
  mayHaveRevoked: boolean;
  /** What names the certificate, where that is valid: one of these three. */
  orderNumber?: string;
  serialNumber?: string;
  certificateID?: string;
  /** The CA's code, where it gave one: see `describeErrorCode`. */
  errorCode?: number;
  /** The CA's text: clipped, without the login. It may contain anything: never insert it as HTML. */
  errorMessage?: string;
  /** The HTTP status of the answer, where there was one. */
  status?: number;
  /** The edge's problem document (RFC 9457), where it gave one. */
  problem?: Record<string, unknown>;
  /** Seconds to wait before trying again. */
  retryAfter?: number;
  /** What is wrong with which member, for `invalid-order`. The values are never quoted. */
  fields?: Record<string, string>;
  /** A fresh Error with the name and the message of what went wrong underneath. */
  cause?: Error;
}

/** The edge's own answer: it gave a status, and the CA no code. */
interface FromEdge extends Failure {
  status: number;
  errorCode?: never;
}

/** Members missing, unknown, of the wrong type or over a limit. Nothing was sent. */
interface InvalidOrder extends Failure {
  kind: "invalid-order";
  fields: Record<string, string>;
  errorCode?: never;
}

/** The edge could not read the request. */
interface MalformedRequest extends FromEdge {
  kind: "malformed-request";
  status: 400;
}

/** The edge does not know the caller. */
interface Unauthenticated extends FromEdge {
  kind: "unauthenticated";
  status: 401;
}

/** The caller may not do this. */
interface Forbidden extends FromEdge {
  kind: "forbidden";
  status: 403;
}

/** The same order is being worked on; with `mayHaveRevoked`, it is this very call, by its idempotency key. */
interface InProgress extends FromEdge {
  kind: "in-progress";
  status: 409;
}

/** The idempotency key was used with another order. */
interface IdempotencyMismatch extends FromEdge {
  kind: "idempotency-mismatch";
  status: 422;
}

/** No such order or job, or not the caller's. */
interface NotFound extends FromEdge {
  kind: "not-found";
  status: 404;
}

/** The edge does not support such a request. */
interface UnsupportedRequest extends FromEdge {
  kind: "unsupported-request";
  status: 405 | 406 | 413 | 415;
}

/** A job operation that does not fit the plan. */
interface PlanMismatch extends FromEdge {
  kind: "plan-mismatch";
  status: 409;
}

/** A job operation that does not fit the state. */
interface IllegalState extends FromEdge {
  kind: "illegal-state";
  status: 409;
}

/** A fault of the edge, before anything was sent. */
interface Internal extends FromEdge {
  kind: "internal";
  status: 500;
}

/** The caller's own limit: see `retryAfter`. */
interface RateLimited extends FromEdge {
  kind: "rate-limited";
  status: 429;
}

/** The CA said no. */
interface CaRefused extends Failure {
  kind: "ca-refused";
  errorCode: number;
  status: number;
}

/** The CA refused the login. Do not repeat the call: repeats can lock the account. */
interface CaLoginRefused extends Failure {
  kind: "ca-login-refused";
  /** Absent where the edge calls the CA no more, since an earlier call was answered so. */
  errorCode?: -16;
  status: number;
}

/** The CA is busy: see `retryAfter`. */
interface CaBusy extends Failure {
  kind: "ca-busy";
  /** Absent where the edge did not get to call the CA in time. */
  errorCode?: -42;
  status: number;
}

/** It is not known what the CA did. */
interface UnknownOutcome extends Failure {
  kind: "unknown-outcome";
}

/** It is certain that nothing left: wrong options, no token, no wasm. */
interface NotSent extends Failure {
  kind: "not-sent";
  errorCode?: never;
}

/** The caller's signal fired; `mayHaveRevoked` tells whether the request had left. */
interface Aborted extends Failure {
  kind: "aborted";
  errorCode?: never;
  status?: never;
  problem?: never;
}

/** The edge lacks a credential, or any way to authenticate callers. */
interface NotConfigured extends FromEdge {
  kind: "not-configured";
  status: 503;
}

/** The members of a {@link RevocationError}: which are there depends on its `kind`. */
export type RevocationFailure =
  | InvalidOrder
  | MalformedRequest
  | Unauthenticated
  | Forbidden
  | InProgress
  | IdempotencyMismatch
  | NotFound
  | UnsupportedRequest
  | PlanMismatch
  | IllegalState
  | Internal
  | RateLimited
  | CaRefused
  | CaLoginRefused
  | CaBusy
  | UnknownOutcome
  | NotSent
  | Aborted
  | NotConfigured;

/** Why a call did not succeed. */
export type RevocationErrorKind = RevocationFailure["kind"];

/** A {@link RevocationError} as JSON: its members, its name, and of its cause the texts. */
export type RevocationErrorJson = WithoutCause<RevocationFailure> & {
  name: "RevocationError";
  cause?: { name: string; message: string };
};

/** Of each member of the union for itself, which `Omit` alone does not do. */
type WithoutCause<Of> = Of extends Failure ? Omit<Of, "cause"> : never;

type ErrorOf<Of> = Of extends Failure
  ? Error & Readonly<Of> & { readonly name: "RevocationError"; toJSON(): RevocationErrorJson }
  : never;

/**
 * Everything but success. It never contains the credentials or the token. By `kind` its other members narrow.
 *
 * ```js
 * try {
 *   await revoke(order, options);
 * } catch (error) {
 *   if (error instanceof RevocationError && error.mayHaveRevoked) {
 *     // Not known. Ask the edge, or repeat with the same idempotency key; do not report "not revoked".
 *   }
 * }
 * ```
 */
export type RevocationError = ErrorOf<RevocationFailure>;

export const RevocationError: {
  new (failure: RevocationFailure): RevocationError;
  readonly prototype: RevocationError;
  /**
   * The error again that went through `structuredClone`, `postMessage` or JSON, as `toJSON()` gave it: those lose the members
   * of an error itself. Of anything else nothing is known, and it is `unknown-outcome` with `mayHaveRevoked`.
   *
   * ```js
   * port.postMessage(error.toJSON());
   * port.onmessage = ({ data }) => show(RevocationError.from(data));
   * ```
   */
  from(value: unknown): RevocationError;
};

export {};
