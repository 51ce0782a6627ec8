// The hunt excuses a call only by what the CA itself has seen: a misbehaviour just before it, on the same connection.
// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { onSpoiltConnections } from "./spoilt-connections.mjs";

/** @param {string} orderNumber @param {number} remotePort @param {object} [more] @returns {any} */
const entry = (orderNumber, remotePort, more) => ({
  ...{ orderNumber, remotePort, answered: { code: 0 }, answeredAt: 1 },
  ...more,
});
const MISBEHAVED = { answered: { code: 0, fault: "wrong-length" } };
const NEVER_ENDED = { answeredAt: null };

test("only what never ended, right after a misbehaviour on its connection", () => {
  const spoilt = onSpoiltConnections([
    entry("1", 7, MISBEHAVED),
    entry("2", 7, NEVER_ENDED),
    // On another connection; after an answer as it should be; and one that was answered.
    entry("3", 8, NEVER_ENDED),
    entry("4", 9, MISBEHAVED),
    entry("5", 9),
    entry("6", 9, NEVER_ENDED),
    // Not its first call.
    entry("5", 10, MISBEHAVED),
    entry("1", 10, NEVER_ENDED),
  ]);
  assert.deepEqual([...spoilt], ["2"]);
});
