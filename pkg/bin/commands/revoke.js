// autorevoke revoke: one order.
import { WrongUse, ofEdge } from "../arguments.js";
import { edgeOf } from "../edge.js";
import { print } from "../output.js";

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
    ...ofEdge,
  },
  async run({ values, rest: [orderNumber] }) {
    const { reason, comment } = values;
    if (reason === undefined) throw new WrongUse(["--reason is missing: it cannot be corrected afterwards"]);
    const { edge, signal } = edgeOf(values);
    const done = await edge.revoke(
      {
        orderNumber,
        codeReason: /** @type {any} */ (/^\d$/.test(String(reason)) ? Number(reason) : reason),
        ...(comment !== undefined && { revocationReason: String(comment) }),
        test: values.test === true,
      },
      { signal },
    );
    if (values.json) return print(JSON.stringify(done));
    const entry = done.auditSeq === undefined ? "" : ` (audit entry ${done.auditSeq})`;
    print(`order ${done.orderNumber}: ${done.outcome}${entry}`);
    print(meanings[done.outcome]);
    if (done.errorMessage !== undefined) print(`the CA says: ${done.errorMessage}`);
  },
};
