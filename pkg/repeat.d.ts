// The types of `autorevoke/repeat`.
import type { EdgeOptions, EdgeRevokeOptions, OrderRecord, Revocation, RevocationOrder } from "./index.js";

/** What of a client is needed: `createClient({ endpoint, token })` has it. */
export interface RepeatableClient {
  revoke(order: RevocationOrder, options?: Partial<EdgeRevokeOptions>): Promise<Revocation>;
  readonly orders: {
    get(name: string | number, options?: Partial<EdgeOptions>): Promise<OrderRecord>;
    settle(name: string | number, options?: Partial<EdgeOptions>): Promise<OrderRecord>;
  };
}

/** Where keys are kept: a `Storage`, or anything of its shape, also with promises. One person's own, or one program's. */
export interface RepeatStorage {
  getItem(key: string): string | null | undefined | PromiseLike<string | null | undefined>;
  setItem(key: string, value: string): unknown;
  removeItem(key: string): unknown;
  /** All keys, for `unsettled()`. Without it the object's own enumerable ones, as a page's `sessionStorage` has them. */
  keys?(): Iterable<string> | PromiseLike<Iterable<string>>;
}

/** How calls are made repeatable. */
export interface RepeatableOptions {
  /** Default: the page's `sessionStorage`; the memory of the process where there is none. It never holds the token. */
  storage?: RepeatStorage | undefined;
  /** Keeps apart what is kept for several edges in one storage. Default: none. */
  scope?: string | undefined;
}

/** Options of one call. The idempotency key is not among them: it is made and kept here. */
export type RepeatOptions = Partial<Omit<EdgeRevokeOptions, "idempotencyKey">>;

/** A call whose outcome is not known. */
export interface UnsettledCall {
  order: RevocationOrder;
  /** When it was first sent, RFC 3339 in UTC, by this machine's clock. */
  since: string;
}

/** Revocations of which each can be repeated by the same line. */
export interface Repeatable {
  /**
   * Whether the order could be sent as it is: every fault is named. It sends nothing.
   * @throws {RevocationError} `invalid-order`; or why the client could send nothing at all
   */
  check(order: RevocationOrder, options?: RepeatOptions): Promise<void>;
  /**
   * Revokes, once, however often it is called for the same order:
   *
   * - the edge is asked first what it knows of the order; if that fails, nothing is sent;
   * - while an equal call is in flight its outcome is returned, and nothing is sent;
   * - after an unknown outcome, also after a reload, an answer of the CA that the edge has got since then settles the call.
   *   Otherwise the edge probes, which changes nothing. If that does not settle it, nothing is sent, and the call throws
   *   `unknown-outcome`; only if the edge has no unknown attempt for the order is it sent, with the key of the first time.
   *
   * A test order is passed on as it is.
   *
   * @param options `resend`: send it although the edge does not know the outcome of an earlier attempt, because a person says
   *   that the order has not been replaced meanwhile. The key stays the same.
   * @throws {RevocationError} with `mayHaveRevoked` for as long as the first call is not settled, whatever the answers to its
   *   repetitions were
   */
  revoke(
    order: RevocationOrder,
    options?: RepeatOptions & { resend?: boolean | undefined },
  ): Promise<Revocation>;
  /**
   * Finds out what became of an order, without sending anything that could revoke: what the edge knows, after a probe if it
   * does not know the outcome.
   * @param options `probe`: false has the edge say only what it knows already
   * @returns the edge's record, if it has one; and the outcome of the call that was kept for this order, if it is settled now
   * @throws {RevocationError}
   */
  lookUp(
    order: RevocationOrder,
    options?: RepeatOptions & { probe?: boolean | undefined },
  ): Promise<{ record: OrderRecord | undefined; settled: Revocation | undefined }>;
  /** The calls whose outcome is not known, those from before a reload included. */
  unsettled(): Promise<UnsettledCall[]>;
  /** Keeps nothing of the order's call any more: a person has found out otherwise what became of it. */
  forget(order: RevocationOrder): Promise<void>;
}

/**
 * Makes revocations repeatable, so that "Try again" is the same line once more.
 *
 * ```js
 * const calls = repeatable(createClient({ endpoint, token }));
 * async function revokeNow() {
 *   try {
 *     show(await calls.revoke(order));
 *   } catch (error) {
 *     show(error); // with a button "Try again" that calls revokeNow()
 *   }
 * }
 * ```
 */
export function repeatable(client: RepeatableClient, options?: RepeatableOptions): Repeatable;

export {};
