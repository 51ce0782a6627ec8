// The comparison at the end of a hunt finds what it is there for: each kind of lie about a row, a drill, or a job's figures.
// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { wrongFigures, wrongInDrill, wrongInRow } from "./rows-compared.mjs";

const attempt = (/** @type {object} */ more) => ({
  ...{
    outcome: "revoked",
    errorCode: 0,
    actor: "key:planner",
    test: false,
    startedAt: "",
    instance: "",
    auditSeqs: [],
  },
  ...more,
});
const LOST = attempt({ outcome: "unknown", errorCode: undefined });
const BUSY = attempt({ outcome: "refused", errorCode: -42 });
const HELD_BACK = attempt({ outcome: "not-sent", errorCode: undefined });
const RESENT = attempt({ actor: "edge", purpose: "resend" });
const post = (/** @type {object} */ more) => ({ at: 0, test: false, code: 0, acted: true, ...more });
const row = (/** @type {object} */ more) => ({
  outcome: "revoked",
  attempts: 1,
  settled: false,
  errorCode: 0,
  ...more,
});
const order = (
  /** @type {any[]} */ attempts,
  /** @type {any[]} */ posts,
  state = "revoked",
  settled = false,
) => ({
  ...{ told: [], posts, history: { state, settled, attempts, auditSeqs: [] } },
});

/** @type {[string, object, ReturnType<typeof order>, RegExp | undefined][]} */
const ROWS = [
  ["as it is", row({}), order([attempt({})], [post({})]), undefined],
  ["never carried out", row({}), order([attempt({})], [post({ acted: false })]), /carried it out 0 times/],
  [
    "carried out, and refused",
    row({ outcome: "refused" }),
    order([attempt({})], [post({})], "refused"),
    /carried it out/,
  ],
  [
    "carried out, and cancelled",
    row({ outcome: "cancelled" }),
    order([attempt({})], [post({})]),
    /carried it out/,
  ],
  ["still pending", row({ outcome: "pending" }), order([], []), /no end/],
  ["not as its order", row({ outcome: "unknown" }), order([LOST], [], "revoked"), /its order is revoked/],
  ["settled by nobody", row({ settled: true }), order([attempt({})], [post({})]), /settled/],
  ["an attempt too few", row({}), order([LOST, RESENT], [post({ acted: false }), post({})]), /1 attempts/],
  ["sent again by rule 5", row({ attempts: 2 }), order([LOST, RESENT], [post({})]), undefined],
  [
    "sent again by the job",
    row({ attempts: 2 }),
    order([LOST, attempt({})], [post({})]),
    /sent again after unknown/,
  ],
  [
    "sent again when done",
    row({ attempts: 2 }),
    order([attempt({}), attempt({})], [post({})]),
    /sent again after revoked/,
  ],
  ["held back, and sent later", row({}), order([HELD_BACK, attempt({})], [post({})]), undefined],
  ["sent again after -42", row({ attempts: 2 }), order([BUSY, attempt({})], [post({})]), undefined],
];
for (const [what, seen, known, wanted] of ROWS) {
  test(`a row: ${what}`, () => {
    const found = [...wrongInRow(seen, known)];
    if (wanted) assert.match(found.join("\n"), wanted);
    else assert.deepEqual(found, []);
  });
}

test("a drill: what was really sent, or never said, is found", () => {
  const rehearsal = attempt({ test: true, outcome: "tested" });
  const sound = order([rehearsal], [post({ test: true, acted: false })], "pending");
  assert.deepEqual([...wrongInDrill({ outcome: "tested" }, sound)], []);
  const real = order([rehearsal], [post({ acted: false })], "pending");
  assert.match([...wrongInDrill({ outcome: "tested" }, real)].join(), /without test=Y/);
  assert.match([...wrongInDrill({ outcome: "tested" }, order([], []))].join(), /never said so/);
  assert.match([...wrongInDrill({ outcome: "revoked" }, sound)].join(), /no end/);
});

test("a job's figures: one that is not the rows' is found", () => {
  const counts = { revoked: 1, alreadyRevoked: 1 };
  const report = {
    ...{ revoked: 1, alreadyRevoked: 1, alreadyRejected: 0, tested: 0, unknown: 0, cancelled: 0, total: 2 },
    ...{ drill: false, accepted: 2, failed: 0, remaining: 0, failures: [] },
  };
  const none = {
    pending: 0,
    sending: 0,
    alreadyRejected: 0,
    tested: 0,
    refused: 0,
    unknown: 0,
    cancelled: 0,
  };
  const rows = [{ outcome: "revoked" }, { outcome: "already-revoked" }];
  const seen = {
    job: { state: "done", total: 2, counts: { ...none, ...counts } },
    rows,
    report,
    drill: false,
  };
  assert.deepEqual([...wrongFigures(seen, 2)], []);
  for (const wrong of [
    { ...seen, rows: rows.slice(1) },
    { ...seen, rows: [rows[0], rows[0]] },
    { ...seen, report: { ...report, accepted: 1 } },
    { ...seen, report: { ...report, failures: [{ count: 1 }] } },
    { ...seen, job: { ...seen.job, state: "running" } },
    { ...seen, job: { ...seen.job, counts: { ...none, revoked: 2, alreadyRevoked: 0 } } },
  ]) {
    assert.ok([...wrongFigures(wrong, 2)].length > 0, JSON.stringify(wrong));
  }
});
