// Is the order well-formed? Asked of the package itself, by a call that sends nothing, so that there is one set of rules.

import { connect } from "./connection.js";

/**
 * @param {import("./order-form.js").Order} order
 * @returns {Promise<unknown>} why a real call could not be sent, or undefined
 */
export function whyNotSendable(order) {
  return new Promise((resolve) => {
    const ended = new AbortController();
    const nothing = () => {
      // Reached only by what would now be sent.
      resolve(undefined);
      ended.abort();
      return Promise.reject(new TypeError("a rehearsal: nothing is sent"));
    };
    connect({ fetch: nothing, signal: ended.signal }).revoke(order).catch(resolve);
  });
}
