// The package's types, written by hand: the same for every entry point. They need no library but ES2020's: what runtimes
// have is described by shape, or taken from whichever library declares it. tests/types holds them to the Rust types.

/** A signal, by shape: an `AbortSignal` of any library. */
export interface SignalLike {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
}

/** A URL, by shape. */
export interface UrlLike {
  readonly href: string;
}

/** What a replaced `fetch` is called with: the runtime's `Request`, where a library declares it. */
export type FetchRequest = typeof globalThis extends { Request: { prototype: infer Declared } }
  ? Declared
  : {
      readonly url: string;
      readonly method: string;
      readonly headers: { get(name: string): string | null };
      readonly redirect: string;
      readonly signal: SignalLike;
      text(): Promise<string>;
      json(): Promise<any>;
    };

/** What a replaced `fetch` gives, by shape: a `Response`. */
export interface FetchResponse {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly redirected?: boolean;
  readonly body?: unknown;
  arrayBuffer(): Promise<ArrayBuffer>;
}

/** A compiled module: the runtime's `WebAssembly.Module`, where a library declares it. */
export type WasmModule = typeof globalThis extends {
  WebAssembly: { Module: { prototype: infer Declared } };
}
  ? Declared
  : object;

/** Where a module is to be had: its URL, in Node also a path, a Response, its bytes, or compiled. */
export type WasmSource =
  string | UrlLike | FetchResponse | PromiseLike<FetchResponse> | ArrayBuffer | ArrayBufferView | WasmModule;

/** Options of one call, over those of the client. */
export type PerCall<Options> = { [Name in keyof Options]?: Options[Name] | undefined };

/** Why a certificate is revoked, by number or by the name of RFC 5280; `codeReasons` tells when to choose which. */
export type CodeReason =
  | 0
  | 1
  | 3
  | 4
  | 5
  | "unspecified"
  | "keyCompromise"
  | "affiliationChanged"
  | "superseded"
  | "cessationOfOperation";

/**
 * What is to be revoked. The names are the CA's own parameter names. Members that do not exist are an error, and
 * members that are `undefined` count as absent. All faults are reported at once, and nothing is sent.
 *
 * The name, `productCode` and `product` together say what is revoked.
 */
export type RevocationOrder = OrderName & OrderTerms;

/** What names a certificate in an order: exactly one of these. */
export type OrderName =
  | {
      /**
       * The order's number at the CA: decimal digits without leading zeros, 1 to 2^63-1. As a number at most 2^53-1,
       * since a number cannot carry larger ones exactly.
       */
      orderNumber: string | number;
      serialNumber?: undefined;
      certificateID?: undefined;
      certificate?: undefined;
    }
  | {
      /** The certificate's serial number, in at most 34 hexadecimal digits. Colons, blanks and a leading `0x` are dropped. */
      serialNumber: string;
      orderNumber?: undefined;
      certificateID?: undefined;
      certificate?: undefined;
    }
  | {
      /** The CA's number of the certificate: at most 16 decimal digits. As a number at most 2^53-1. */
      certificateID: string | number;
      orderNumber?: undefined;
      serialNumber?: undefined;
      certificate?: undefined;
    }
  | {
      /**
       * The certificate itself, in PEM or as bytes in DER; CAs' own certificates beside it, as in a chain, are left out. Its serial
       * number is sent, and names it in what comes of the call. The module that does everything reads it, and is loaded for that.
       */
      certificate: string | Uint8Array;
      orderNumber?: undefined;
      serialNumber?: undefined;
      certificateID?: undefined;
    };

/** What an order says besides its name. */
export interface OrderTerms {
  /** The reason that counts. It cannot be corrected afterwards. Default: 0, unspecified. */
  codeReason?: CodeReason | undefined;
  /** A comment for your records, at most 1024 characters. It has no effect at the CA. */
  revocationReason?: string | undefined;
  /** Which certificate of the order, at most 50 characters. */
  productCode?: string | undefined;
  /** The product's number. */
  product?: number | undefined;
  /** Validate only: nothing is changed. Default: false. */
  test?: boolean | "Y" | "N" | undefined;
}

/** An order that goes straight to the CA. */
export type DirectRevocationOrder = RevocationOrder & {
  /** Your account's number at the CA. (The edge has its own.) */
  accountID?: number | undefined;
  /** How the CA is asked to answer: 0 lines of text, 1 form-encoded. Both are understood. Default: 1. */
  responseFormat?: 0 | 1 | undefined;
};

/**
 * What names a certificate in an answer: exactly one of these, as it was sent to the CA. That two of them may mean the same
 * certificate is the CA's knowledge, not the edge's.
 */
export type CertificateName =
  | { orderNumber: string; serialNumber?: undefined; certificateID?: undefined }
  | { serialNumber: string; orderNumber?: undefined; certificateID?: undefined }
  | { certificateID: string; orderNumber?: undefined; serialNumber?: undefined };

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

/** How a call may be done. */
export type Outcome = Revocation["outcome"];

type Done = CertificateName & {
  /** The edge's audit log has it under this number. (Through the edge only.) */
  auditSeq?: number;
};

/** A call that is done. Everything else throws a {@link RevocationError}. */
export type Revocation =
  | (Done & {
      /** The CA answered 0: it revoked the certificate, or cancelled the order if it was not issued yet. */
      outcome: "revoked";
      errorCode: 0;
      errorMessage?: undefined;
      test: false;
    })
  | (Done & {
      /** The CA answered 0 to a call with `test`: nothing was changed. */
      outcome: "tested";
      errorCode: 0;
      errorMessage?: undefined;
      test: true;
    })
  | (Done & {
      /** It had been revoked before, by whomever, perhaps with a weaker reason. */
      outcome: "already-revoked";
      errorCode: -21;
      /** The CA's text. */
      errorMessage?: string;
      test: boolean;
    })
  | (Done & {
      /** The order had been rejected before. */
      outcome: "already-rejected";
      errorCode: -20;
      /** The CA's text. */
      errorMessage?: string;
      test: boolean;
    });

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

/**
 * Revokes a certificate, or cancels the order if it was not issued yet. This cannot be undone.
 *
 * Through the edge, or straight to the CA with `credentials`. One request is sent at most; it is never
 * repeated and no redirect is followed. Resolves only when the CA's answer says in full that it is done; never throws
 * before it returns.
 *
 * ```js
 * const { outcome } = await revoke(
 *   { orderNumber: "123456", codeReason: "keyCompromise" },
 *   { endpoint: "https://revoke.example.com", token: () => session.jwt() },
 * );
 * ```
 *
 * @throws {RevocationError}
 */
export function revoke<Login extends Credentials | undefined = undefined>(
  order: Login extends undefined ? RevocationOrder : DirectRevocationOrder,
  options: { credentials?: Login | undefined } & (Login extends undefined
    ? EdgeRevokeOptions
    : DirectOptions),
): Promise<Revocation>;
/** Where it is known at run time only which way the call goes. */
export function revoke(
  order: RevocationOrder,
  options: EdgeRevokeOptions | DirectOptions,
): Promise<Revocation>;

/** What a client is made with: the options of its calls. */
export type ClientOptions = EdgeOptions | DirectOptions;

/** Where an order stands. */
export type OrderState =
  "pending" | "sending" | "revoked" | "already-revoked" | "already-rejected" | "refused" | "unknown";

/** One call of the edge to the CA: what was asked, by whom, and what came of it. */
export interface OrderAttempt {
  /**
   * There only if it was made because of an unknown outcome. `settle`: a test call, to find out what became of it. `resend`: the
   * order once more. `check`: a test call, to see whether the CA answers at all before a job goes on.
   */
  purpose?: "settle" | "resend" | "check";
  /** Absent only where what is stored of the call cannot be read. */
  codeReason?: CodeReasonDescription["number"];
  revocationReason?: string;
  productCode?: string;
  product?: number;
  test: boolean;
  /** `tested`: a test call went well, which changes no order. */
  outcome: OrderState | "tested";
  errorCode?: number;
  /** The CA's text: show it as text, never as HTML. */
  errorMessage?: string;
  /** Why the outcome is unknown, in words. */
  detail?: string;
  actor: string;
  /** The request's id, which is also in the edge's log. */
  instance: string;
  startedAt: string;
  endedAt?: string;
  auditSeqs: number[];
}

/** What happens next to an order that is `unknown`. */
interface Unsettled {
  /** Since when it is `unknown`, where that is known. */
  unknownSince?: string;
  /** When the edge probes it next, or sends it again; absent when it does nothing more by itself. */
  nextProbeAt?: string;
  /** Until when the edge may send it again by itself; absent when it does not, or not any more. */
  resendUntil?: string;
  /** It is `unknown`, and nothing more is done about it by itself. */
  waitsForPerson?: true;
  /** It was refused in the backup that the ledger was restored from: what was done since is not known. */
  unknownSinceRestore?: true;
}

/** What the edge knows of an order. */
export type OrderRecord = CertificateName &
  Unsettled & {
    /** Where it stands, by its real attempts alone: test calls change nothing. */
    state: OrderState;
    /**
     * The state was found out after an unknown outcome: that it was the edge's own lost call is likely, and not proven.
     */
    settled?: true;
    /** The newest 250 real calls and the newest 250 test calls, in order. */
    attempts: OrderAttempt[];
    auditSeqs: number[];
    /** How many older calls are not among `attempts`; the audit log has them. */
    omitted?: number;
  };

/** An order in a list, and where it stands. */
export type ListedOrder = CertificateName &
  Unsettled & {
    productCode?: string;
    product?: number;
    /** The reason that it was last sent with. */
    codeReason?: CodeReason;
    state: OrderState;
    /** The state was found out after an unknown outcome. */
    settled?: true;
    /** When it was last sent for real. */
    sentAt?: string;
  };

/** A part of the list of orders. It may be short, or empty, although there are more. */
export interface OrderList {
  orders: ListedOrder[];
  /** What to give as `after` for the next part; not there if this is the last one. */
  next?: number;
}

/** Which orders. */
export interface OrderListOptions extends EdgeOptions {
  /** Only those that stand there. Default: all that were ever sent for real. */
  state?: OrderState | undefined;
  /** `next` of the part before. Default: from the one that was sent first on. */
  after?: number | undefined;
  /** How many orders at most, up to 1000. Default: the edge's, 100. */
  limit?: number | undefined;
}

/** How an order is settled. */
export interface SettleOptions extends EdgeOptions {
  /**
   * Send the revocation again, because a person says so: the order may have been replaced meanwhile. Without it the edge
   * only probes with a test call, which changes nothing. Default: false.
   */
  resend?: boolean | undefined;
}

/** An entry of the audit log: one of these members, and others by its action. */
export interface AuditEntry {
  /** Its place in the log, from 1. */
  seq: number;
  time: string;
  actor: string;
  action: string;
  phase: string;
  /** The hash of the entry before it; 64 zeros for the first. */
  prevHash: string;
  /** Lower-case hex SHA-256 of the entry without `hash`, serialised by RFC 8785 (JCS). */
  hash: string;
  [member: string]: unknown;
}

/** A part of the audit log. */
export interface AuditPage {
  entries: AuditEntry[];
  /** What to give as `after` for the next part; not there if this is the last one. */
  next?: number;
}

/** Which part of the audit log. */
export interface AuditListOptions extends EdgeOptions {
  /** The `seq` of the entry before the first one wanted. Default: 0. */
  after?: number | undefined;
  /** How many entries at most, up to 10 000. Default: the edge's, 1000. */
  limit?: number | undefined;
  /** Only entries about this order. With any of these four a part may be short, or empty, although there is a `next`. */
  order?: string | number | undefined;
  /** Only entries of this actor, such as `key:operator`. */
  actor?: string | undefined;
  /** Only entries with this action, such as `revoke`. */
  action?: string | undefined;
  /** Only entries about the job with this id. */
  job?: string | undefined;
}

/** The end of the audit log at some moment, signed by the edge. Keep it elsewhere: see {@link verifyAuditLog}. */
export interface AuditHead {
  seq: number;
  hash: string;
  time: string;
  /** A random id that was made with the ledger: another one shows that it was emptied or replaced. */
  ledger: string;
  /** The name of the key. */
  kid: string;
  /** base64url of the Ed25519 signature over the RFC 8785 form of the other members. */
  signature: string;
}

/** A public Ed25519 key as a JWK (RFC 8037), as `GET /v1/audit/key` answers it. */
export interface AuditKey {
  kty: "OKP" | (string & {});
  crv?: string;
  x?: string;
  kid?: string;
  [member: string]: unknown;
}

/** Against what a log is verified. */
export interface AuditVerification {
  /**
   * A head that was kept elsewhere, as an object or as JSON text: the log must contain the entry that it was made of, and
   * may be longer. Without it nobody can tell whether the end of a log was cut off or rewritten.
   */
  head?: AuditHead | string | undefined;
  /**
   * The public key that signed the head, or several, or a JWK set: the head's signature must be valid under the one that it
   * names. Keys without a head are a mistake, and verify nothing.
   */
  keys?: AuditKey | readonly AuditKey[] | { keys: readonly AuditKey[] } | undefined;
}

/** What was found. `ok` is true only if all that was asked for was checked and right. */
export interface AuditVerdict {
  ok: boolean;
  /** How many entries there are. */
  entries: number;
  /** The first entry that cannot be believed, by its place from 1; where the log was cut, the first that is missing. */
  firstBad?: number;
  /** What is wrong, in a sentence. It quotes nothing of the log. */
  reason?: string;
  /** Whether the signature of the head was checked: not without `keys`. */
  signature?: "valid" | "not-checked";
}

/** An order of a job. */
export type JobOrder = RevocationOrder;

/** What a job's orders have in common. What an order says itself comes first. Each must have a reason, there or here. */
export type JobDefaults = Partial<OrderTerms>;

interface JobTerms {
  /** A name for people, at most 200 characters. */
  name?: string | undefined;
  /** Until when it must be done, as RFC 3339 says date-times, or a Date: the edge tells when it will not be. */
  deadline?: string | Date | undefined;
}

/** What a job is to do: its orders, or a list of them. At most 8 MiB. Each order has a reason, its own or the one for all. */
export type JobPlan =
  | (JobTerms & {
      orders: readonly JobOrder[];
      defaults?: JobDefaults;
      csv?: undefined;
      columns?: undefined;
      test?: undefined;
    })
  | (JobTerms & {
      /**
       * A list as offices, CAs and tools write it, known by its bytes. A CSV: a header, and a line for each order, `orderNumber`,
       * `serialNumber` or `certificateID`, and any of `codeReason`, `revocationReason`, `productCode`, `product`, `test` and
       * `label`, in any order; separated by comma, semicolon or tab; UTF-8, or UTF-16 with a byte order mark. Serial numbers, one a
       * line. Certificates in PEM.
       */
      csv: string | Uint8Array;
      /** What its columns mean, `COLUMN=NAME,...`: then those that it does not name, and that are not known, are left out. */
      columns?: string | undefined;
      /** Whether the lines that do not say otherwise are tests: then it is a drill. */
      test?: boolean | undefined;
      orders?: undefined;
      /** The reason of the rows that have none of their own. */
      defaults?: Pick<JobDefaults, "codeReason"> | undefined;
    });

/** Where a job stands. In `done` and `cancelled` nothing more is sent for it. */
export type JobState =
  | "planned"
  | "awaiting-approval"
  | "running"
  | "paused"
  /** The CA refused the edge's login: nothing is sent until an operator resumes. */
  | "halted"
  | "done"
  | "cancelled";

/** How many of a job's orders stand where. They add up to its `total`. */
export interface JobCounts {
  pending: number;
  sending: number;
  revoked: number;
  alreadyRevoked: number;
  alreadyRejected: number;
  tested: number;
  refused: number;
  /** It is not known what became of them. They go on being settled, also when the job is done. */
  unknown: number;
  cancelled: number;
}

/** A person's approval of a plan. */
export interface JobApproval {
  person: string;
  actor: string;
  time: string;
}

/** An order of a plan by what it is. */
type Named = CertificateName & {
  productCode?: string;
  product?: string;
};

/** A job. All times are RFC 3339 in UTC. */
export interface Job {
  id: string;
  name?: string;
  state: JobState;
  /** All its orders are tests: the whole machinery, and nothing is changed. */
  drill: boolean;
  createdAt: string;
  createdBy: string;
  /** The person who planned it. */
  creator: string;
  startedAt?: string;
  startedBy?: string;
  finishedAt?: string;
  deadline?: string;
  /** When it is cancelled unless it is started, or approved, by then. */
  expiresAt?: string;
  /** SHA-256 of the plan, as hex: a start or an approval names the plan that was seen. */
  planHash: string;
  /** How many orders it has, each once. */
  total: number;
  /** How many rows said an order again, and were merged. */
  duplicates: number;
  /** How many orders have which reason; one that none has is left out. */
  reasons: Partial<Record<Extract<CodeReason, string>, number>>;
  /** Whether another person must approve it before it runs: of a planned job, if you started it now. */
  approvalNeeded: boolean;
  counts: JobCounts;
  /** Orders a second: of late, and what the deadline needs. */
  rate?: number;
  /**
   * How many orders the CA accepted in each minute of UTC, the oldest first: from that of `startedAt`, at most 240, to that of
   * `finishedAt` or the present one. In a drill, how many were tested.
   */
  rates?: number[];
  neededRate?: number;
  /** When it will be done at the present rate. */
  eta?: string;
  /** At the present rate it will not be done by the deadline. */
  atRisk: boolean;
  approvals: JobApproval[];
  /** Who declined it, when and why. */
  declined?: JobApproval & { comment: string };
  /** Why it does not get on. */
  lastError?: string;
  /** It grows with every change. */
  revision: number;
}

/** A job with what is worth knowing before it is started. */
export interface JobDetails extends Job {
  /** Orders that the edge knows already; up to 100 of them are named. */
  known: { count: number; orders: (Named & { state: OrderState })[] };
  /**
   * Orders that stood in several rows, up to 100: the most serious of their reasons was taken. Up to a thousand rows are named;
   * `count` is how many they are.
   */
  merged: (Named & { rows: number[]; count: number; codeReason: CodeReason; conflict: boolean })[];
  /** How many orders were named by rows with different reasons, among `merged` or not. */
  conflicts: number;
}

/** Where an order of a job stands. */
export type JobOutcome = Outcome | "pending" | "sending" | "refused" | "unknown" | "cancelled";

/** An order of a job. */
export type JobRow = CertificateName & {
  /** Its place in the job, from 1. */
  row: number;
  codeReason: CodeReason;
  revocationReason?: string;
  productCode?: string;
  product?: string;
  test: boolean;
  outcome: JobOutcome;
  errorCode?: number;
  /** The CA's text: show it as text, never as HTML. */
  errorMessage?: string;
  /** How many calls to the CA there were. */
  attempts: number;
  /** Whether its outcome was unknown, and found out afterwards. */
  settled: boolean;
  updatedAt?: string;
  auditSeq?: number;
  /** Its order is unknown, and nothing more is done about it by itself. */
  waitsForPerson?: true;
  /** Its order is unknown since the ledger was restored from a backup, also where `outcome` is `refused`. */
  unknownSinceRestore?: true;
};

/** A part of a job's orders. */
export interface JobPage {
  orders: JobRow[];
  /** What to give as `after` for the next part; not there if this is the last one. */
  next?: number;
}

/** A part of the list of jobs. It may be short, or empty, although there are more. */
export interface JobList {
  jobs: Job[];
  /** What to give as `after` for the next part; not there if this is the last one. */
  next?: number;
}

/** The jobs that were paused. */
export interface PausedJobs {
  /** Their ids. */
  paused: string[];
}

/** Which jobs. */
export interface JobListOptions extends EdgeOptions {
  /** Only those in this state. */
  state?: JobState | undefined;
  /** `next` of the part before. Default: from the newest on. */
  after?: number | undefined;
  /** How many jobs at most, up to 10 000. Default: the edge's, 100. */
  limit?: number | undefined;
}

/** Which of a job's orders. */
export interface JobOrdersOptions extends EdgeOptions {
  /** Only those that stand there. */
  outcome?: JobOutcome | readonly JobOutcome[] | undefined;
  /** The row before the first one wanted. Default: 0. */
  after?: number | undefined;
  /** How many rows at most, up to 10 000. Default: the edge's, 1000. */
  limit?: number | undefined;
}

/** The incident report of a job. It says "accepted by the CA", and never "published". */
export interface JobReport {
  jobId: string;
  name?: string;
  drill: boolean;
  state: JobState;
  generatedAt: string;
  /** All of it in a sentence. */
  statement: string;
  total: number;
  duplicates: number;
  /** What the CA has accepted: revoked, or cancelled if it was not issued yet. */
  accepted: number;
  revoked: number;
  alreadyRevoked: number;
  alreadyRejected: number;
  tested: number;
  remaining: number;
  failed: number;
  unknown: number;
  cancelled: number;
  failures: {
    /** `null` where the CA gave none, and for all codes after the first hundred. */
    errorCode: number | null;
    title: string;
    meaning: string;
    advice: string;
    count: number;
    /** Up to 100 of them: order numbers, and `serial:HEX` or `certificate:ID` for those that are named so. */
    orderNumbers: string[];
  }[];
  /** Up to 100 of those whose outcome is unknown, named in the same way. */
  unknownOrders: string[];
  /** About how many unknown orders nothing more is done by itself; among the first 10 000 unknown and as many refused ones. */
  waitsForPerson: number;
  /** How many are unknown since the ledger was restored from a backup, refused ones too; among as many. */
  unknownSinceRestore: number;
  /** How many had been revoked before, perhaps for a weaker reason, where keyCompromise was asked for. */
  weakerReason: number;
  planned: { createdAt: string; createdBy: string; deadline?: string; planHash: string };
  actual: {
    startedAt?: string;
    startedBy?: string;
    firstSentAt?: string;
    lastAnswerAt?: string;
    finishedAt?: string;
    durationSeconds?: number;
  };
  approvals: JobApproval[];
  /** Who declined it, when and why. */
  declined?: JobApproval & { comment: string };
  rate?: number;
  neededRate?: number;
  eta?: string;
  atRisk: boolean;
  /** `null` while that is open, and without a deadline. */
  deadlineMet: boolean | null;
  /** Why it does not get on. */
  lastError?: string;
  /** The signed end of the audit log as it was then. */
  checkpoint: AuditHead;
}

/** How a report is wanted. */
export interface JobReportOptions extends EdgeOptions {
  /** As Markdown, for people. Default: false. */
  markdown?: boolean | undefined;
}

/** How a job is watched. */
export interface JobWatchOptions extends EdgeOptions {
  /**
   * Called when the connection is lost or cannot be made, and will be tried again.
   * @param error why
   * @param retryIn milliseconds until then
   */
  onInterruption?: ((error: RevocationError, next: { retryIn: number }) => void) | undefined;
}

/**
 * Many revocations as one job of the edge: planned, confirmed, approved, watched.
 *
 * ```js
 * const { id, planHash, total } = await edge.jobs.create({ csv, name: "Incident 42", deadline: "2026-07-30T12:00:00Z" });
 * // ... show the plan to a person, and have the total confirmed ...
 * await edge.jobs.start(id, { planHash, total });
 * for await (const job of edge.jobs.watch(id, { signal })) show(job.counts, job.eta, job.atRisk);
 * ```
 *
 * What sets a job going (`start`, `approve`, `resume`) can lead to revocations: `mayHaveRevoked` is true when such a call has
 * no answer that can be believed, unless this client has seen that the job is a drill. All others revoke nothing, and it
 * is false; but after `pause` and `cancel` without such an answer a job may go on.
 */
export interface Jobs {
  /**
   * Plans a job. Nothing is sent to the CA.
   * @throws {RevocationError} `invalid-order` with `fields` for all that is wrong, and `problem.rows` for the rows;
   *   `forbidden` with `problem.orders` for the orders that are not the caller's.
   */
  create(plan: JobPlan, options?: PerCall<EdgeRevokeOptions>): Promise<JobDetails>;
  /** A part of the jobs that the caller may see, the newest first. @throws {RevocationError} */
  list(options?: PerCall<JobListOptions>): Promise<JobList>;
  /** A job. @throws {RevocationError} */
  get(id: string, options?: PerCall<EdgeOptions>): Promise<JobDetails>;
  /**
   * Starts the plan that was seen: its hash and its total. Above the edge's threshold it awaits the approval of a second
   * person.
   * @throws {RevocationError} `plan-mismatch`, `illegal-state`
   */
  start(id: string, seen: { planHash: string; total: number }, options?: PerCall<EdgeOptions>): Promise<Job>;
  /** Approves the plan that was seen, as another person than who made or started the job. @throws {RevocationError} */
  approve(id: string, seen: { planHash: string }, options?: PerCall<EdgeOptions>): Promise<Job>;
  /**
   * Says no to a job that waits for approval, and why: 1 to 1,024 characters. It is cancelled then, and nothing of it is sent. Only
   * another person than who created or started it; they may cancel it.
   */
  decline(
    id: string,
    seen: { planHash: string; comment: string },
    options?: PerCall<EdgeOptions>,
  ): Promise<Job>;
  /** Sends nothing more until it is resumed. @throws {RevocationError} */
  pause(id: string, options?: PerCall<EdgeOptions>): Promise<Job>;
  /** Goes on. @throws {RevocationError} */
  resume(id: string, options?: PerCall<EdgeOptions>): Promise<Job>;
  /** Sends nothing more, ever. What was sent stays as it is. @throws {RevocationError} */
  cancel(id: string, options?: PerCall<EdgeOptions>): Promise<Job>;
  /** Pauses all jobs of the edge, those of other people too. @throws {RevocationError} */
  pauseAll(options?: PerCall<EdgeOptions>): Promise<PausedJobs>;
  /** A part of a job's orders. @throws {RevocationError} */
  orders(id: string, options?: PerCall<JobOrdersOptions>): Promise<JobPage>;
  /**
   * All of a job's orders as CSV, in pieces of any size. It is whole only if it ends without an error. `timeout` is until
   * the first piece.
   * @throws {RevocationError}
   */
  ordersCsv(
    id: string,
    options?: PerCall<Omit<JobOrdersOptions, "after" | "limit">>,
  ): AsyncGenerator<Uint8Array, void, undefined>;
  /** The incident report. @throws {RevocationError} */
  report(id: string, options?: PerCall<JobReportOptions> & { markdown?: false }): Promise<JobReport>;
  report(id: string, options: PerCall<JobReportOptions> & { markdown: true }): Promise<string>;
  /**
   * The job as it is, and then each time that it has changed, until it is done or cancelled. A connection that is lost, or
   * on which nothing has come for 30 s, is made again, with pauses that grow, and with what a token function gives then;
   * nothing older comes after something newer. `timeout` is for each connection to be made.
   * @throws {RevocationError} `aborted` when the signal fires; and when the edge says no: `unauthenticated`, `forbidden`,
   *   `not-found`. `mayHaveRevoked` is always false.
   */
  watch(id: string, options?: PerCall<JobWatchOptions>): AsyncGenerator<Job, void, undefined>;
}

/** Who the edge takes the caller for, and what that one may do. */
export interface Me {
  actor: string;
  /** The person behind the actor; `null` for machines, and where nobody is known. */
  person: string | null;
  /** Why the caller is no person, who could approve; in words. */
  personReason?: string | undefined;
  grants: { permissions: string[]; orders: string[] }[];
  /**
   * Calls in a minute, revocations in a day, and orders of jobs in 24 hours that need no second person's approval: each
   * limit, and what is left of it. Absent where an older edge answers.
   */
  limits?: Record<"minute" | "day" | "approvalAbove", { limit: number; left: number }> | undefined;
}

/** The one operation that goes straight to the CA, with the options of the client. */
export interface DirectClient {
  /** As {@link revoke}; options here override the client's. */
  revoke(order: DirectRevocationOrder, options?: PerCall<DirectOptions>): Promise<Revocation>;
}

/** The operations of an edge, with the options of the client. */
export interface EdgeClient {
  /** As {@link revoke}; options here override the client's. */
  revoke(order: RevocationOrder, options?: PerCall<EdgeRevokeOptions>): Promise<Revocation>;
  readonly orders: {
    /**
     * All that the edge knows of an order.
     * @throws {RevocationError} `not-found` if it has never seen it or it is not the caller's; `mayHaveRevoked` is
     *   always false, since this only reads.
     */
    get(name: string | number, options?: PerCall<EdgeOptions>): Promise<OrderRecord>;
    /**
     * A part of the orders that the caller may see, those first that were sent first: with `state: "unknown"` those to settle.
     * @throws {RevocationError} `mayHaveRevoked` is always false.
     */
    list(options?: PerCall<OrderListOptions>): Promise<OrderList>;
    /**
     * Has the edge probe now what became of an order whose outcome is unknown; or, with `resend`, send it again.
     * @throws {RevocationError} `mayHaveRevoked` is true when the edge says so, and with `resend` also when there is no
     *   answer that can be believed; without `resend` such a call has changed nothing.
     */
    settle(name: string | number, options?: PerCall<SettleOptions>): Promise<OrderRecord>;
  };
  readonly jobs: Jobs;
  readonly audit: {
    /**
     * A part of the audit log.
     * @throws {RevocationError} `mayHaveRevoked` is always false.
     */
    list(options?: PerCall<AuditListOptions>): Promise<AuditPage>;
    /**
     * The signed end of the audit log as it is now.
     * @throws {RevocationError} `mayHaveRevoked` is always false.
     */
    head(options?: PerCall<EdgeOptions>): Promise<AuditHead>;
    /**
     * Fetches the head and then the whole log, part by part, and verifies it against that head, and against the one that
     * was kept if one is given: see {@link verifyAuditLog}. With `keys` both signatures are checked.
     * @throws {RevocationError} when the log or the head cannot be fetched; `mayHaveRevoked` is always false.
     */
    verify(options?: AuditVerification & PerCall<EdgeOptions>): Promise<AuditVerdict>;
  };
  /**
   * Who the edge takes you for.
   * @throws {RevocationError}
   */
  me(options?: PerCall<EdgeOptions>): Promise<Me>;
}

/**
 * Binds options. What is wrong with them is reported by the calls.
 *
 * ```js
 * const edge = createClient({ endpoint: "https://revoke.example.com", token });
 * await edge.revoke({ orderNumber: "123456" });
 * await edge.orders.get("123456");
 * ```
 */
export function createClient<Login extends Credentials | undefined = undefined>(
  options: { credentials?: Login | undefined } & (Login extends undefined ? EdgeOptions : DirectOptions),
): Login extends undefined ? EdgeClient : DirectClient;
/** Where it is known at run time only which way its calls go. */
export function createClient(options: ClientOptions): EdgeClient | DirectClient;

/** Where the modules are. */
export interface WasmSources {
  /** The one that pages begin with: it speaks to the edge about orders. `autorevoke/wasm/small.wasm`. */
  small?: WasmSource | undefined;
  /** The one that does everything, also straight to the CA, about jobs and the audit log. `autorevoke/wasm/full.wasm`. */
  full?: WasmSource | undefined;
}

/**
 * Loads the WebAssembly module now, instead of with the first call, and from elsewhere if you say so. Once it is
 * loaded, this does nothing.
 *
 * In a page that is the small module. With both named, the full one is loaded from its place when a call first needs it; with
 * the full one alone, that is loaded now. Elsewhere there is the full one only, and what is said of the small one has no effect.
 *
 * ```js
 * import full from "autorevoke/wasm/full.wasm?url";
 * import small from "autorevoke/wasm/small.wasm?url";
 * await load({ small, full });
 * ```
 *
 * @param from sources by name; or that of the module which is loaded now
 * @throws {RevocationError} `not-sent`, if it cannot be loaded. The next call tries again, from the same URL where one is named.
 */
export function load(from?: WasmSources | WasmSource): Promise<void>;

/**
 * Verifies an audit log, one entry a line: that no entry was changed, moved, inserted or left out, and against a head that
 * was kept that its end was not cut off or rewritten. Whatever cannot be read or checked is not `ok`; it does not throw,
 * unless pieces are given and their source throws.
 *
 * ```js
 * const { ok, firstBad, reason } = await verifyAuditLog(await readFile("log.ndjson"), { head: kept, keys });
 * ```
 *
 * @param ndjson the log, whole or in pieces of any size (a file's stream, the body of a response)
 */
export function verifyAuditLog(
  ndjson: string | Uint8Array | Iterable<string | Uint8Array> | AsyncIterable<string | Uint8Array>,
  options?: AuditVerification,
): Promise<AuditVerdict>;

/** A code of the CA in words. */
export interface ErrorCodeDescription {
  code: number;
  /** A few words for a heading. */
  title: string;
  /** What the CA says by it. */
  meaning: string;
  /** What to do now. */
  advice: string;
}

/** A code of this endpoint of the CA in words, also one that is not documented. */
export function describeErrorCode(code: number): ErrorCodeDescription;

/** A reason in words. */
export interface CodeReasonDescription {
  readonly number: 0 | 1 | 3 | 4 | 5;
  readonly name: Extract<CodeReason, string>;
  readonly whenToChoose: string;
}

/** The five reasons, in the order of their numbers. */
export const codeReasons: readonly CodeReasonDescription[];

export {};
