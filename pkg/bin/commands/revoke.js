// autorevoke revoke: one order, by its number, or by the serial number of its certificate.
import { X509Certificate } from "node:crypto";
import { readFile } from "node:fs/promises";
import { codeReasons } from "../../node.js";
import { WrongUse } from "../arguments.js";
import { canAsk, haveTyped } from "../confirmation.js";
import { edgeOf, ofEdge } from "../edge.js";
import { json, print } from "../output.js";

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
  rest: ["[ORDER]"],
  options: {
    serial: { value: "HEX", about: "the certificate's serial number, instead of ORDER" },
    certificate: { value: "FILE", about: "the certificate itself, PEM or DER, instead of ORDER" },
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
    const { reason, comment, test, yes, serial, certificate } = values;
    /** @type {string[]} */
    const faults = [];
    if ([orderNumber, serial, certificate].filter((name) => name !== undefined).length !== 1)
      faults.push("what to revoke is named once: by ORDER, by --serial HEX or by --certificate FILE");
    if (reason === undefined) faults.push("--reason is missing: it cannot be corrected afterwards");
    if (!test && !yes && !canAsk())
      faults.push("nobody can be asked here whether to revoke it: give --yes, or --test to change nothing");
    if (faults.length > 0) throw new WrongUse(faults);
    /** @type {import("../../index.d.ts").OrderName} */
    const name =
      orderNumber !== undefined
        ? { orderNumber }
        : { serialNumber: serial === undefined ? await serialNumberIn(String(certificate)) : String(serial) };
    const order = {
      ...name,
      codeReason: /** @type {any} */ (/^\d$/.test(String(reason)) ? Number(reason) : reason),
      ...(comment !== undefined && { revocationReason: String(comment) }),
      test: test === true,
    };
    const { edge, endpoint, signal } = edgeOf(values);
    if (!test && !yes) await confirm(order, endpoint, signal);
    const done = await edge.revoke(order, { signal });
    if (values.json) return print(json(done));
    const entry = done.auditSeq === undefined ? "" : ` (audit entry ${done.auditSeq})`;
    print(`${spoken(done)}: ${done.outcome}${entry}`);
    print(meanings[done.outcome]);
    if (done.errorMessage !== undefined) print(`the CA says: ${done.errorMessage}`);
  },
};

/**
 * @param {import("../../index.d.ts").RevocationOrder} order
 * @param {string} endpoint
 * @param {AbortSignal} signal
 */
async function confirm(order, endpoint, signal) {
  const { orderNumber, serialNumber = "", codeReason, revocationReason } = order;
  const named = codeReasons.find(({ number }) => number === codeReason);
  const lines = [
    `revoke ${spoken(order)} through ${endpoint}`,
    `  reason   ${named?.name ?? String(codeReason)}`,
    ...(revocationReason === undefined ? [] : [`  comment  ${revocationReason}`]),
  ];
  const asked = orderNumber === undefined ? "serial number" : "order's number";
  await haveTyped(lines, `What is revoked cannot be undone. Type the ${asked} to revoke it`, {
    isExpected: (typed) =>
      orderNumber === undefined ? digitsOf(typed) === digitsOf(serialNumber) : typed === orderNumber,
    otherwise: `that is not the ${asked}`,
    signal,
  });
}

/** However a serial number is written. @param {string} text */
const digitsOf = (text) =>
  text
    .replace(/^0x|[: ]/g, "")
    .replace(/^0+/, "")
    .toUpperCase();

/** What names the certificate, in words. @param {import("../../index.d.ts").OrderName} name */
function spoken({ orderNumber, serialNumber, certificateID }) {
  if (orderNumber !== undefined) return `order ${orderNumber}`;
  return serialNumber === undefined ? `certificate ${certificateID}` : `serial number ${serialNumber}`;
}

/**
 * The serial number of the one certificate in a file. CAs' own beside it, as in a chain, are not meant.
 * @param {string} file
 */
async function serialNumberIn(file) {
  let found;
  try {
    const bytes = await readFile(file);
    const blocks = bytes
      .toString("latin1")
      .match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g);
    found = (blocks ?? [bytes]).map((each) => new X509Certificate(each)).filter(({ ca }) => !ca);
  } catch (error) {
    const missing = /** @type {any} */ (error).code === "ENOENT";
    throw new WrongUse([
      `--certificate: the file ${missing ? "is not there" : "has no certificate that can be read"}`,
    ]);
  }
  if (found.length !== 1) {
    const fault =
      found.length === 0
        ? "is a CA's own certificate, which this endpoint does not revoke"
        : `has ${found.length} certificates in it: plan a job with them`;
    throw new WrongUse([`--certificate: the file ${fault}`]);
  }
  return found[0].serialNumber;
}
