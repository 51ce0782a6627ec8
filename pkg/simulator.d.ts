// The types of autorevoke/simulator, which is for Node. tests/types holds them to the simulator itself.

/** What is said of an order: at least one of its three names, and what the CA answers about it. */
export interface OrderSetting {
  orderNumber?: string | number;
  /** Hexadecimal. */
  serialNumber?: string;
  certificateID?: string | number;
  /** One certificate of the order; without both, all of them. */
  productCode?: string;
  product?: string | number;
  /** Default: `fixed` with an `errorCode`, otherwise `issued`. */
  state?: OrderState;
  errorCode?: number;
  errorMessage?: string;
  /** How many real calls meet this state before the order becomes `then`. */
  times?: number;
  /** Default: `issued`. */
  then?: OrderState;
}

export type OrderState =
  "issued" | "unissued" | "being-issued" | "expired" | "revoked" | "rejected" | "fixed";

/** An order as it is listed. */
export interface SimulatedOrder {
  orderNumber?: string;
  serialNumber?: string;
  certificateID?: string;
  productCode?: string;
  product?: string;
  state: OrderState;
  errorCode?: number;
  errorMessage?: string;
  times?: number;
  then?: OrderState;
  /** With what reason a call revoked or cancelled it. */
  codeReason?: string;
  includeInCRL?: "N";
  /** The request in the ledger that did it. */
  seq?: number;
}

/**
 * How to misbehave. `GET /_simulator/faults` lists all faults with their parameters, which stand beside these.
 *
 * ```js
 * ca.faults.add({ fault: "reset-after-reading", orderNumber: "8", times: 1 });
 * ca.faults.add({ fault: "latency", ms: 500 });
 * ```
 */
export interface FaultSetting {
  fault: string;
  /** Only calls about this order. */
  orderNumber?: string | number;
  /** Only test calls, or only real ones. */
  test?: boolean;
  /** How many calls meet it; otherwise all, until it is cleared. */
  times?: number;
  /** How many calls pass before. */
  skip?: number;
  /** Only every nth call. */
  every?: number;
  /** Whether the CA carries the order out all the same. */
  acts?: boolean;
  [parameter: string]: unknown;
}

/** One request, as the ledger has it. The two credentials are masked. */
export interface LedgerEntry {
  seq: number;
  time: string;
  method: string;
  path: string;
  httpVersion: string;
  headers: Record<string, string>;
  remotePort: number;
  /** Requests in flight when it arrived, itself included. */
  concurrent: number;
  /** Whether the whole body was read. */
  complete: boolean;
  rawBody: string;
  /** In the order sent, each decoded once. */
  pairs: [string, string][];
  orderNumber?: string;
  serialNumber?: string;
  certificateID?: string;
  test: boolean;
  loginMatches: { name: boolean; password: boolean };
  loginOk: boolean;
  /** Whether this request changed the order. */
  acted: boolean;
  /** What the CA decided, and the fault that spoilt its delivery; `null` while neither is known. */
  answered: { code?: number; message?: string; fault?: string } | null;
  receivedAt: number;
  answeredAt: number | null;
}

/** Which requests. */
export interface LedgerQuery {
  orderNumber?: string | number;
  after?: number;
  limit?: number;
}

export interface SimulatorSettings {
  /** Default: any free one. */
  port?: number;
  /** A loopback address. Default: 127.0.0.1. */
  host?: string;
  /** Default: `demo-reseller`. */
  loginName?: string;
  /** Default: `demo-password`. */
  loginPassword?: string;
  /** Wrong logins in a row until the account is locked. Default: never. */
  lockAfter?: number;
  /** Calls at once, and in a second, before it answers -42. Default: any. */
  limits?: { concurrent?: number; perSecond?: number };
  /** Milliseconds until an exchange is ended that nobody ends. Default: 120 000. */
  hangLimit?: number;
  /** How many requests the ledger remembers. Default: 250 000. */
  ledgerLimit?: number;
}

/** A simulated CA that is served. */
export interface Simulator {
  /** Its origin. */
  readonly url: string;
  /** The vendor's path under it: give this to `revoke()`, or to an edge as `CA_ENDPOINT`. */
  readonly endpoint: string;
  readonly port: number;
  readonly orders: {
    set(...settings: OrderSetting[]): void;
    list(orderNumber?: string | number): SimulatedOrder[];
    clear(): void;
  };
  readonly faults: {
    /** Their ids. */
    add(...settings: FaultSetting[]): number[];
    list(): object[];
    clear(id?: number): unknown;
  };
  readonly login: {
    readonly locked: boolean;
    /** Wrong logins since the last right one. */
    readonly failures: number;
    lock(): void;
    unlock(): void;
    change(account: { loginName?: string; loginPassword?: string }): void;
  };
  readonly limits: { set(limits: { concurrent?: number; perSecond?: number }): void };
  /** Requests read in full since the start, the last reset, or the last `forgetRequests()`. */
  readonly requests: number;
  /** Connections accepted since the start or the last reset. */
  readonly connections: number;
  /** Every request received, in order: the ground truth of a test. */
  ledger(query?: LedgerQuery): LedgerEntry[];
  /** Empties the ledger and starts counting anew. */
  forgetRequests(): void;
  /** The moment at which so many requests have been read in full; throws after `timeout` milliseconds (30 000). */
  waitForRequests(count: number, options?: { timeout?: number }): Promise<void>;
  /** As if just started: no orders, faults, limits, ledger; exchanges in flight are broken off. */
  reset(): void;
  /** Ends every connection, and stops. */
  close(): Promise<void>;
}

/** A setting that was not taken: `findings` names every fault in it. */
export class SettingError extends TypeError {
  constructor(findings: { where: string; problem: string }[]);
  readonly findings: { where: string; problem: string }[];
}

/**
 * Starts a stand-in for the CA's endpoint, on loopback only, for tests and demos: it checks login, arguments and method as the
 * vendor documents them, keeps a ledger of every request, and misbehaves when it is told to.
 *
 * ```js
 * const ca = await startSimulator();
 * const credentials = { loginName: "demo-reseller", loginPassword: "demo-password" };
 * await revoke({ orderNumber: "7" }, { endpoint: ca.endpoint, credentials });
 * ca.ledger({ orderNumber: "7" })[0].acted; // true
 * await ca.close();
 * ```
 */
export function startSimulator(settings?: SimulatorSettings): Promise<Simulator>;
