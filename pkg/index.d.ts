// The package's types, written by hand: the same for every entry point. They need no library but ES2020's. tests/types holds them to
// the Rust types.
import type {
  AuditHead,
  AuditListOptions,
  AuditPage,
  AuditVerdict,
  AuditVerification,
} from "./types/audit.js";
import type { Jobs } from "./types/jobs.js";
import type {
  ClientOptions,
  Credentials,
  DirectOptions,
  EdgeOptions,
  EdgeRevokeOptions,
} from "./types/options.js";
import type {
  CodeReasonDescription,
  DirectRevocationOrder,
  OrderList,
  OrderListOptions,
  OrderRecord,
  Revocation,
  RevocationOrder,
  SettleOptions,
} from "./types/orders.js";
import type { PerCall, WasmSource } from "./types/runtime.js";

export * from "./types/audit.js";
export * from "./types/failures.js";
export * from "./types/jobs.js";
export * from "./types/options.js";
export * from "./types/orders.js";
export * from "./types/runtime.js";

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

/** The five reasons, in the order of their numbers. */
export const codeReasons: readonly CodeReasonDescription[];
