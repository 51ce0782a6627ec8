// The rows of a job against what the CA has really done, order by order.
// @ts-check

/** What a row may say of an order that the CA has carried out, or has not. */
const SAYS_DONE = ["revoked", "already-revoked", "already-rejected"];

/** With the code 0, in one piece; latency is the one fault that spoils nothing. @param {any} call */
const answeredWell = ({ answered, answeredAt }) =>
  answeredAt && answered?.code === 0 && [undefined, "latency"].includes(answered.fault);

/**
 * @param {any[]} rows
 * @param {any[]} calls the simulator's ledger
 * @param {{ timeoutMs: number }} rules
 */
export function compared(rows, calls, { timeoutMs }) {
  /** @type {string[]} */
  const findings = [];
  /** @type {Map<string, any[]>} */
  const byOrder = new Map();
  for (const call of calls) {
    if (call.orderNumber === undefined || call.test) continue;
    if (!byOrder.has(call.orderNumber)) byOrder.set(call.orderNumber, []);
    byOrder.get(call.orderNumber)?.push(call);
  }
  let sentAgain = 0;
  for (const { orderNumber, outcome, row } of rows) {
    const real = byOrder.get(orderNumber) ?? [];
    const acted = real.some((call) => call.acted);
    const wrong = (/** @type {string} */ why) =>
      findings.push(`row ${row}, order ${orderNumber}, ${outcome}: ${why}`);
    if (SAYS_DONE.includes(outcome) && !acted) wrong("the CA has not carried it out");
    if (["refused", "pending", "cancelled"].includes(outcome) && acted) wrong("the CA has carried it out");
    if (outcome === "unknown" && acted) wrong("the CA has carried it out, and nobody found out");
    if (["pending", "sending"].includes(outcome)) wrong("the job has ended");
    if (real.length > 1) sentAgain += 1;
    for (const [at, call] of real.entries()) {
      const before = real[at - 1];
      if (!before) continue;
      const told = before.answered && before.answered.code === -42 && before.answeredAt;
      // Rule 5: what was lost is sent again when the lost call must have ended.
      if (!told && call.receivedAt - before.receivedAt < timeoutMs) {
        wrong(
          `sent again ${call.receivedAt - before.receivedAt} ms after a call that may still have been under way`,
        );
      }
      // What has been carried out is found out by a probe, also where the edge was killed with the answer.
      if (before.acted && answeredWell(before)) wrong("sent again although it had been answered");
    }
  }
  return { findings, sentAgain };
}
