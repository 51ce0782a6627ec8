// What an operator or the CA will ask for when an outcome is talked about.

import { describeErrorCode } from "autorevoke";

/**
 * @param {{ errorCode?: number, auditSeq?: unknown, instance?: unknown, kind?: string, status?: number }} of
 * @returns {[name: string, value: string][]}
 */
export function referenceFacts({ errorCode, auditSeq, instance, kind, status }) {
  /** @type {[string, unknown][]} */
  const facts = [
    // 0 means another thing to a dry run: the words above say it, and the code's title does not.
    ["CA's code", errorCode ? `${errorCode} (${describeErrorCode(errorCode).title})` : errorCode],
    ["Kind", kind],
    ["HTTP status", status],
    ["Audit entry", auditSeq],
    ["Instance", instance],
  ];
  return facts.flatMap(([name, value]) =>
    value === undefined || value === null ? [] : [[name, String(value)]],
  );
}
