// Is the order well-formed? Asked of the package itself, by a call that sends nothing, so that there is one set of rules.

import { connect } from "./connection.js";

/**
 * @param {import("./order-form.js").Order} order
 * @returns {Promise<unknown>} why a real call could not be sent, or undefined
 */
export async function whyNotSendable(order) {
  const ended = new AbortController();
  /** @type {(nothing: undefined) => void} */
  let reached;
  const wouldBeSent = new Promise((resolve) => (reached = resolve));
  const sendNothing = () => {
    reached(undefined);
    ended.abort();
    return Promise.reject(new TypeError("a rehearsal: nothing is sent"));
  };
  try {
    const rehearsed = connect({ fetch: sendNothing, signal: ended.signal }).revoke(order);
    await Promise.race([wouldBeSent, rehearsed]);
  } catch (error) {
    return error;
  }
}
