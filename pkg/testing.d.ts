// The types of autorevoke/testing.
import type { FetchRequest, FetchResponse, UrlLike } from "./index.js";

/** A `Response`, where a library declares it. */
type Answer = typeof globalThis extends { Response: { prototype: infer Declared } }
  ? Declared
  : FetchResponse;

/**
 * What a call about an order meets at the CA behind the fake edge:
 *
 * - `"issued"`: it is revoked by the call, and has been revoked before for the next one. So are all orders that nobody speaks of
 * - `"unissued"`: it is cancelled, which is called revoked as well
 * - `"revoked"`, `"rejected"`: somebody has done it before: `already-revoked`, `already-rejected`
 * - `"expired"`: refused with -35; `"being-issued"`: refused with -23, and rows of jobs are tried again
 * - a code, or a code with a text: -16 stops the edge, -42 is a busy CA, -14 an unknown outcome, all others are refusals
 * - `"answer-lost"`: the CA revokes it, and the answer is lost; `"call-lost"`: the CA never gets the call. Both are unknown
 *   outcomes, and befall one real call: the next meets what comes after
 */
export type FakeOrder =
  | "issued"
  | "unissued"
  | "being-issued"
  | "expired"
  | "revoked"
  | "rejected"
  | "answer-lost"
  | "call-lost"
  | number
  | { readonly errorCode: number; readonly errorMessage?: string | undefined };

/**
 * By order number, `serial:HEX` or `certificate:ID`: what all its real calls meet; or a list, one after the other, of which the last
 * stays. Each name is an order of its own.
 */
export type FakeOrders = Readonly<Record<string, FakeOrder | readonly FakeOrder[]>>;

/** Who calls with a token, as an entry of the edge's `API_KEYS`. */
export interface FakeCaller {
  /** The caller is `key:ID`. */
  readonly id: string;
  /** Without one it cannot approve. */
  readonly person?: string | undefined;
  /** Default: all. */
  readonly permissions?:
    readonly ("revoke" | "test" | "plan" | "approve" | "audit" | "operate")[] | undefined;
  /** Order numbers, ranges such as `"1000-1999"`, or `"*"`. Default: all. */
  readonly orders?: readonly string[] | undefined;
}

export interface FakeEdgeSettings {
  /** Default: every order is issued. */
  readonly orders?: FakeOrders | undefined;
  /** By token; any other is refused. Default: each token is a person of its own who may do everything. */
  readonly callers?: Readonly<Record<string, FakeCaller>> | undefined;
  /** Calls in a minute, revocations in a day, and orders of jobs without a second person. Default: the edge's: 60, 200, 10. */
  readonly limits?:
    | {
        readonly minute?: number | undefined;
        readonly day?: number | undefined;
        readonly approvalAbove?: number | undefined;
      }
    | undefined;
}

/** A call that the CA behind the fake edge was sent, or would have been. */
export interface FakeCall {
  readonly orderNumber?: string;
  readonly serialNumber?: string;
  readonly certificateID?: string;
  readonly codeReason: number;
  readonly revocationReason?: string;
  readonly productCode?: string;
  readonly product?: number;
  readonly test: boolean;
  /** Whether it revoked or cancelled the order. */
  readonly acted: boolean;
}

/** A `fetch` that answers as an edge does, whatever the endpoint is. */
export interface FakeEdge {
  (input: FetchRequest | UrlLike | string, init?: object): Promise<Answer>;
  /** Every call to the CA, in order: what was really sent, whatever was answered. */
  readonly calls: readonly FakeCall[];
  /** Says anew what calls about these orders meet; the others stay as they are. */
  set(orders: FakeOrders): void;
  /** The CA answers no call about this order until the function is called that it gives. */
  hold(name: string): () => void;
}

/**
 * An edge for tests, without a server: a `fetch` that answers as the edge does, in the same documents. It sends nothing.
 *
 * ```js
 * const fetch = fakeEdge({ orders: { 7: "expired", 8: "answer-lost" } });
 * const edge = createClient({ endpoint: "https://edge.example", token: "olivia", fetch });
 * await edge.revoke({ orderNumber: "1" }); // "revoked"
 * await edge.revoke({ orderNumber: "8" }); // throws: unknown-outcome, mayHaveRevoked
 * ```
 *
 * Each fake has a ledger of its own. Time and randomness are the runtime's, so that a test's own clock moves it.
 */
export function fakeEdge(settings?: FakeEdgeSettings): FakeEdge;
