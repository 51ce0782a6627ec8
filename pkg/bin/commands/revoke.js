// autorevoke revoke: one order.
import { codeReasons } from "../../node.js";
import { WrongUse } from "../arguments.js";
import { canAsk, haveTyped } from "../confirmation.js";
import { edgeOf, ofEdge } from "../edge.js";
import { json, print, printable } from "../output.js";

/** @type {Record<import("../../index.d.ts").Outcome, string>} */
const meanings = {
  revoked: "the CA accepted it: revoked, or cancelled if it had not been issued yet",
  tested: "the CA had no objection to the test call; nothing was changed",
  "already-revoked": "it had been revoked before, by whomever, perhaps with a weaker reason",
  "already-rejected": "the order had been rejected before: there is no certificate to revoke",
};

/** @type {import("../arguments.js").Command} */
export const revocation = {
  name: "revoke",
  about:
    "Revokes the certificate of an order, or cancels the order if it was not issued yet. This cannot be undone.",
  rest: ["ORDER"],
  options: {
    reason: {
      value: "REASON",
      about: "required: keyCompromise, superseded, ... or its number (autorevoke codes)",
    },
    comment: { value: "TEXT", about: "for your own records, at most 1024 characters" },
    test: { about: "have the CA check it, and change nothing" },
    yes: { about: "revoke without asking; needed where there is no terminal" },
    ...ofEdge,
  },
  async run({ values, rest: [orderNumber] }) {
    const { reason, comment, test, yes } = values;
    /** @type {string[]} */
    const faults = [];
    if (reason === undefined) faults.push("--reason is missing: it cannot be corrected afterwards");
    if (!test && !yes && !canAsk())
      faults.push("nobody can be asked here whether to revoke it: give --yes, or --test to change nothing");
    if (faults.length > 0) throw new WrongUse(faults);
    const order = {
      orderNumber,
      codeReason: /** @type {any} */ (/^\d$/.test(String(reason)) ? Number(reason) : reason),
      ...(comment !== undefined && { revocationReason: String(comment) }),
      test: test === true,
    };
    const { edge, endpoint, signal } = edgeOf(values);
    if (!test && !yes) await confirm(order, endpoint, signal);
    const done = await edge.revoke(order, { signal });
    if (values.json) return print(json(done));
    const entry = done.auditSeq === undefined ? "" : ` (audit entry ${done.auditSeq})`;
    print(`order ${done.orderNumber}: ${done.outcome}${entry}`);
    print(meanings[done.outcome]);
    if (done.errorMessage !== undefined) print(`the CA says: ${printable(done.errorMessage)}`);
  },
};

/**
 * @param {{ orderNumber: string, codeReason: import("../../index.d.ts").CodeReason, revocationReason?: string }} order
 * @param {string} endpoint
 * @param {AbortSignal} signal
 */
async function confirm({ orderNumber, codeReason, revocationReason }, endpoint, signal) {
  const named = codeReasons.find(({ number }) => number === codeReason);
  const lines = [
    `revoke order ${printable(orderNumber)} through ${printable(endpoint)}`,
    `  reason   ${named?.name ?? printable(String(codeReason))}`,
    ...(revocationReason === undefined ? [] : [`  comment  ${printable(revocationReason)}`]),
  ];
  await haveTyped(lines, "What is revoked cannot be undone. Type the order's number to revoke it", {
    isExpected: (typed) => typed === orderNumber,
    otherwise: "that is not the order's number",
    signal,
  });
}
