// Documents about jobs as the edge writes them, for the tests of what is believed.
export const ID = "job_0123456789abcdef01234567";
export const HASH = "ab".repeat(32);

/** A job of 12 orders. @param {any} [members] @param {any} [counts] */
export const job = (members = {}, counts = {}) => ({
  id: ID,
  name: "Incident 42",
  state: "running",
  drill: false,
  createdAt: "2026-07-29T12:00:00.000Z",
  createdBy: "key:planner",
  creator: "paula",
  startedAt: "2026-07-29T12:05:00.000Z",
  startedBy: "key:operator",
  deadline: "2026-07-30T12:00:00.000Z",
  planHash: HASH,
  total: 12,
  duplicates: 1,
  reasons: { keyCompromise: 12 },
  approvalNeeded: false,
  counts: {
    ...{ pending: 12, sending: 0, revoked: 0, alreadyRevoked: 0, alreadyRejected: 0 },
    ...{ tested: 0, refused: 0, unknown: 0, cancelled: 0 },
    ...counts,
  },
  rate: 7.902,
  rates: [0, 0],
  neededRate: 0.001,
  eta: "2026-07-29T12:10:00.000Z",
  atRisk: false,
  approvals: [],
  revision: 3,
  ...members,
});

/** @param {any} [members] */
export const planned = (members = {}) => {
  const { startedAt, startedBy, rate, rates, neededRate, eta, ...rest } = job({
    state: "planned",
    revision: 1,
  });
  return {
    ...rest,
    expiresAt: "2026-07-30T12:00:00.000Z",
    known: { count: 1, orders: [{ orderNumber: "7", state: "already-revoked" }] },
    merged: [{ orderNumber: "8", rows: [2, 5], codeReason: 1, conflict: true }],
    conflicts: 1,
    ...members,
  };
};

/** @param {any} [members] */
export const done = (members = {}) =>
  job({ state: "done", finishedAt: "2026-07-29T12:11:00.000Z", ...members }, { pending: 0, revoked: 12 });

/** @param {number} number @param {any} [members] */
export const row = (number, members = {}) => ({
  row: number,
  orderNumber: String(1000 + number),
  codeReason: 1,
  test: false,
  outcome: "revoked",
  errorCode: 0,
  attempts: 1,
  settled: false,
  updatedAt: "2026-07-29T12:06:00.000Z",
  auditSeq: 9,
  ...members,
});

/** @param {any} [members] */
export const report = (members = {}) => ({
  jobId: ID,
  drill: false,
  state: "done",
  generatedAt: "2026-07-29T13:00:00.000Z",
  statement: "All of it was accepted by the CA.",
  ...{
    total: 12,
    duplicates: 1,
    accepted: 10,
    revoked: 10,
    alreadyRevoked: 1,
    alreadyRejected: 0,
    tested: 0,
  },
  ...{ remaining: 0, failed: 1, unknown: 0, cancelled: 0 },
  failures: [],
  unknownOrders: [],
  weakerReason: 0,
  planned: { createdAt: "2026-07-29T12:00:00.000Z", createdBy: "key:planner", planHash: HASH },
  actual: {},
  approvals: [],
  atRisk: false,
  deadlineMet: true,
  checkpoint: { seq: 9, hash: HASH, time: "2026-07-29T13:00:00.000Z", ledger: "l", kid: "k", signature: "s" },
  ...members,
});
