// Many requests at the very same time with the same Idempotency-Key, for many keys: what is wrong with their answers.
// @ts-check
import { setTimeout as pause } from "node:timers/promises";

/**
 * @typedef {{ lost?: true, status?: number, kind?: string, json?: any, text?: string }} Reply
 *
 * @typedef {object} World
 * @property {import("autorevoke-simulator").Simulator} ca
 * @property {(path: string, request: import("./world.mjs").Request) => Promise<Reply>} ask
 *
 * @typedef {object} Settings
 * @property {number} keys
 * @property {number} requests with each of them, a multiple of five
 * @property {(text: string) => void} [say]
 */

/** Keys at once. */
const AT_ONCE = 4;
const FIRST_ORDER = 70_000_000;
/** The CA is now faster than the requests come in, now slower. */
const LATE = { fault: "latency", ms: 0, jitter: 80 };
/** The requests for a key come in so many bursts, this far apart, and the last one when the others are answered. */
const BURSTS = 5;
const BURST_MS = 60;

/**
 * @param {World} world
 * @param {Settings} settings
 */
export async function hammerKeys(world, { keys, requests, say = () => {} }) {
  const { ca } = world;
  ca.faults.add(LATE);
  /** @type {string[]} */
  const findings = [];
  const answers = { 200: 0, 409: 0 };
  let begun = 0;
  let over = 0;
  const work = async () => {
    while (begun < keys) {
      const orderNumber = String(FIRST_ORDER + begun++);
      const { replies, kept } = await hammer(world, orderNumber, requests);
      for (const { status } of replies) if (status === 200 || status === 409) answers[status] += 1;
      findings.push(...faultsOf(replies, kept).map((what) => `key ${orderNumber}: ${what}`));
      over += 1;
      if (over % 50 === 0) say(`  ${over} of ${keys} keys`);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  findings.push(...postsOf(ca, keys));
  return { findings, answers };
}

/**
 * In bursts, and then once more.
 * @param {World} world
 * @param {string} orderNumber
 * @param {number} requests
 */
async function hammer({ ask }, orderNumber, requests) {
  const headers = { "idempotency-key": `parallel-${orderNumber}` };
  const body = { orderNumber, codeReason: "keyCompromise" };
  const once = () => ask("/v1/revocations", { as: "operator", body, headers });
  const burst = async (/** @type {number} */ afterMs) => {
    await pause(afterMs);
    return Promise.all(Array.from({ length: requests / BURSTS }, once));
  };
  const early = await Promise.all(Array.from({ length: BURSTS - 1 }, (_, index) => burst(index * BURST_MS)));
  const replies = [...early, await burst(0)].flat();
  return { replies, kept: await once() };
}

/**
 * @param {Reply[]} replies
 * @param {Reply} kept the answer to a later repetition
 */
export function faultsOf(replies, kept) {
  /** @type {string[]} */
  const faults = [];
  if (kept.status !== 200) faults.push(`afterwards ${saying(kept)}`);
  if (kept.json?.outcome !== "revoked") faults.push(`afterwards it is ${kept.json?.outcome}`);
  if (!replies.some(({ status }) => status === 200)) faults.push("nobody was told the outcome");
  for (const reply of replies) {
    const { status, kind, json, text } = reply;
    const isWaiting = status === 409 && kind === "in-progress" && json.mayHaveRevoked === true;
    if (status === 200 ? text !== kept.text : !isWaiting) faults.push(saying(reply));
  }
  return faults;
}

/** @param {Reply} reply */
const saying = ({ lost, status, text }) => (lost ? "no answer" : `${status} ${text}`);

/**
 * Keys whose order was not sent exactly once.
 * @param {World["ca"]} ca
 * @param {number} keys
 */
function postsOf(ca, keys) {
  const posts = new Map(Array.from({ length: keys }, (_, index) => [String(FIRST_ORDER + index), 0]));
  for (const { orderNumber = "" } of ca.ledger()) posts.set(orderNumber, (posts.get(orderNumber) ?? 0) + 1);
  return [...posts].filter(([, count]) => count !== 1).map(([key, count]) => `key ${key}: ${count} POSTs`);
}
