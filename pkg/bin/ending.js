// How the command ends: its exit statuses, and what is said of an error.
import { RevocationError, describeErrorCode } from "../node.js";
import { complain, json, print } from "./output.js";

export const DONE = 0;
export const REFUSED = 1;
export const WRONG_USE = 2;
export const UNKNOWN = 3;

/** How the command's arguments are called in the package. @type {Record<string, string>} */
const argumentOf = {
  ...{
    orderNumber: "ORDER",
    serialNumber: "--serial",
    codeReason: "--reason",
    revocationReason: "--comment",
  },
  ...{ id: "ID", planHash: "--plan-hash", total: "--total", csv: "FILE" },
};

/**
 * Says what happened and what to do.
 * @param {unknown} error
 * @param {boolean} asJson whether on standard output too
 * @returns {number} the exit status
 */
export function tell(error, asJson) {
  if (!(error instanceof RevocationError)) {
    // A fault of our own: what it was doing then is not known.
    complain(`the command itself failed: ${error instanceof Error ? error.message : "?"}`);
    return UNKNOWN;
  }
  if (asJson) print(json(error));
  const failure = /** @type {any} */ (error);
  for (const line of linesOf(failure)) complain(line);
  return statusOf(failure);
}

/** @param {import("../index.d.ts").RevocationFailure} error */
function statusOf({ kind, mayHaveRevoked, status }) {
  if (mayHaveRevoked || kind === "unknown-outcome") return UNKNOWN;
  // What the edge never saw is wrong on this side.
  return (kind === "invalid-order" || kind === "not-sent") && status === undefined ? WRONG_USE : REFUSED;
}

/** @param {number} count */
const badRows = (count) => (count === 1 ? "1 row is wrong" : `${count} rows are wrong`);

/** @param {import("../index.d.ts").RevocationFailure} error */
function linesOf({ kind, message, fields, problem, errorCode, errorMessage, retryAfter, cause }) {
  const { rows, orders } = problem ?? {};
  if (kind === "invalid-order" && fields) {
    const lines = Object.entries(fields).map(([name, fault]) => `${argumentOf[name] ?? name} ${fault}`);
    if (!Array.isArray(rows)) return lines;
    // What is wrong with the list as a whole is wrong with no row.
    return [...lines, rows.length === 0 ? "nothing was kept" : `${badRows(rows.length)}: nothing was kept`];
  }
  const lines = [message];
  if (errorMessage !== undefined && !message.includes(errorMessage))
    lines.push(`the CA says: ${errorMessage}`);
  if (errorCode !== undefined) {
    const { title, advice } = describeErrorCode(errorCode);
    lines.push(`${errorCode}, ${title}: ${advice}`);
  }
  if (kind === "forbidden" && Array.isArray(orders)) lines.push(`not yours to revoke: ${orders.join(", ")}`);
  if (kind === "unauthenticated") lines.push("is AUTOREVOKE_TOKEN (or --token) right, and not expired?");
  if (retryAfter !== undefined) lines.push(`try again in ${retryAfter} s`);
  if (cause !== undefined) lines.push(`underneath: ${cause.message}`);
  return lines;
}
