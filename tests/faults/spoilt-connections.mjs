// Calls that came on a connection which the CA's misbehaviour before them had spoilt, and which had gone when they were read.
// @ts-check

/** @typedef {import("../../simulator/ledger.js").LedgerEntry} LedgerEntry */

/**
 * Whoever calls cannot know it in time: what was left on the connection, such as more bytes than were told, comes when the
 * call is on its way.
 * @param {Pick<LedgerEntry, "orderNumber" | "remotePort" | "answered" | "answeredAt">[]} received in the order of their arrival
 * @returns {Set<string | undefined>} the orders whose first call met that
 */
export function onSpoiltConnections(received) {
  /** What came last on each connection. @type {Map<number, typeof received[number]>} */
  const last = new Map();
  const seen = new Set();
  const spoilt = new Set();
  for (const entry of received) {
    const { orderNumber, remotePort, answeredAt } = entry;
    const neverEnded = answeredAt === null;
    if (!seen.has(orderNumber) && neverEnded && last.get(remotePort)?.answered?.fault)
      spoilt.add(orderNumber);
    seen.add(orderNumber);
    last.set(remotePort, entry);
  }
  return spoilt;
}
