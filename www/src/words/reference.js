// What an operator or the CA will ask for when an outcome is talked about.

import { describeErrorCode } from "autorevoke";

/**
 * @param {{ errorCode?: number, auditSeq?: unknown, instance?: unknown, kind?: string, status?: number, details?: string }} of
 * @returns {[name: string, value: string][]}
 */
export function referenceFacts({ errorCode, auditSeq, instance, kind, status, details }) {
  /** @type {[string, unknown][]} */
  const facts = [
    // 0 means another thing to a dry run: the words above say it, and the code's title does not.
    ["CA's code", errorCode ? `${errorCode} (${describeErrorCode(errorCode).title})` : errorCode],
    ["Kind", kind],
    ["HTTP status", status],
    ["Audit entry", auditSeq],
    ["Instance", instance],
    ["Details", details],
  ];
  return facts.flatMap(([name, value]) =>
    value === undefined || value === null ? [] : [[name, String(value)]],
  );
}
