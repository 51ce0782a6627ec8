// Jobs: plans of many orders, how far they have come, and what became of each row.
import type { AuditHead } from "./audit.js";
import type { RevocationError } from "./failures.js";
import type { EdgeOptions, EdgeRevokeOptions } from "./options.js";
import type {
  CertificateDescription,
  CertificateName,
  CodeReason,
  OrderState,
  OrderTerms,
  Outcome,
  RevocationOrder,
} from "./orders.js";
import type { PerCall } from "./runtime.js";

/** An order of a job. */
export type JobOrder = RevocationOrder & {
  /**
   * What to call it, at most 255 characters: for people to read, never sent to the CA, and no part of the plan's hash. Without it, it is
   * called by the names in its `certificate`.
   */
  label?: string | undefined;
};

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
      /** The reason and the comment of the rows that have none of their own. */
      defaults?: Pick<JobDefaults, "codeReason" | "revocationReason"> | undefined;
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
  /** What this plan calls it: show it as text, never as HTML. */
  label?: string;
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
export type JobRow = CertificateName &
  CertificateDescription & {
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
  /** What those are called that are listed here, by what names them. */
  labels?: Record<string, string>;
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

export {};
