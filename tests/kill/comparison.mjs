// After the last restart: the ledger settles what it can, and then every order is compared with what the CA did.
// @ts-check
import { setTimeout as pause } from "node:timers/promises";
import { auditTrail } from "./audit-trail.mjs";
import { ALL_DONE_AFTER_MS } from "./orders.mjs";
import { breachesOfRuleFive } from "./rule-five.mjs";
import { lookAgain, settled } from "./settled.mjs";
import { disagreements } from "./truth.mjs";

/**
 * @typedef {import("../../simulator/ledger.js").LedgerEntry} LedgerEntry
 * @typedef {import("./truth.mjs").Order} Order
 *
 * @typedef {object} Hunted an order that callers have spoken of
 * @property {import("./callers.mjs").Caller} caller
 * @property {"revoked" | "rejected"} [doneBefore]
 * @property {number} [says] the code that a fault puts in the place of the CA's own
 *
 * @typedef {object} Finding
 * @property {string} what
 * @property {string} [orderNumber]
 * @property {object} [evidence] the order's whole history
 */

/**
 * @template {Hunted} H
 * @param {import("./world.mjs").World} world
 * @param {Map<string, H>} hunted by order number
 * @param {import("./audit-trail.mjs").Head[]} heads that were kept
 * @param {(order: Order, hunted: H) => string[]} [look] for what else may be wrong
 * @returns {Promise<{ orders: Order[], findings: Finding[], auditEntries: number }>}
 */
export async function compared(world, hunted, heads, look = () => []) {
  await pause(ALL_DONE_AFTER_MS);
  const carriedOut = new Set(
    world.ca.ledger().flatMap(({ acted, orderNumber }) => (acted ? [orderNumber] : [])),
  );
  const histories = await settled(world, [...hunted.keys()], (orderNumber) => carriedOut.has(orderNumber));
  const trail = await auditTrail(world, heads);
  const readAt = Date.now();
  await lookAgain(world, histories);

  const received = byOrder(world.ca.ledger());
  /** @type {Order[]} */
  const orders = [];
  /** @type {Finding[]} */
  const findings = [];
  for (const [orderNumber, one] of hunted) {
    const { caller, doneBefore, says } = one;
    const history = histories.get(orderNumber);
    const calls = received.get(orderNumber) ?? [];
    const order = {
      ...{ told: caller.told, history, posts: postsOf(calls, says), readAt },
      ...{ doneBefore, doneAs: madeOf(world.ca, orderNumber) },
    };
    orders.push(order);
    const { timeoutMs, windowMs } = world;
    const found = [
      ...disagreements(order),
      ...breachesOfRuleFive(history?.attempts ?? [], { timeoutMs, windowMs }),
      ...look(order, one),
    ];
    const evidence = { told: caller.told, received: calls.map(briefly), history };
    findings.push(...found.map((what) => ({ what, orderNumber, evidence })));
  }
  const others = [...trail.faultsAgainst(histories), ...world.troubles, ...world.failures];
  return { orders, findings: [...findings, ...others.map((what) => ({ what }))], auditEntries: trail.length };
}

/**
 * What was read to its end; the rest cannot be told by order, and is never carried out.
 * @param {LedgerEntry[]} entries
 * @param {number} [says] the code that a fault puts in the place of the CA's own
 * @returns {import("./truth.mjs").Post[]}
 */
export const postsOf = (entries, says) =>
  entries
    .filter(({ complete }) => complete)
    .map(({ receivedAt, test, answered, acted }) => {
      const code = answered?.fault ? (says ?? answered.code) : answered?.code;
      return { at: receivedAt, test, code, acted };
    });

/** @param {LedgerEntry[]} entries */
function byOrder(entries) {
  /** @type {Map<string | undefined, LedgerEntry[]>} */
  const calls = new Map();
  for (const entry of entries) {
    const those = calls.get(entry.orderNumber);
    if (those) those.push(entry);
    else calls.set(entry.orderNumber, [entry]);
  }
  return calls;
}

/**
 * What a call made of the order, if one did.
 * @param {import("autorevoke-simulator").Simulator} ca
 * @param {string} orderNumber
 */
function madeOf(ca, orderNumber) {
  const state = ca.orders.list(orderNumber).find(({ seq }) => seq !== undefined)?.state;
  return state === "revoked" || state === "rejected" ? state : undefined;
}

/** Of an entry, what tells how the order was dealt with. @param {LedgerEntry} entry */
const briefly = ({ seq, time, test, acted, answered, complete, answeredAt }) => ({
  ...{ seq, time, test, acted, answered, complete },
  overAfterMs: answeredAt === null ? null : answeredAt - Date.parse(time),
});
