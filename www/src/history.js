// The outcomes of this session, newest first. In memory only.

import { element, find } from "./element.js";
import { orderName } from "./words/order.js";

/** @typedef {{ order: import("./order-form.js").Order, words: import("./outcome.js").Words, at: Date }} Entry */

/** @type {Entry[]} */
const entries = [];

/**
 * @param {import("./order-form.js").Order} order
 * @param {import("./outcome.js").Words} words
 */
export function remember(order, words) {
  entries.unshift({ order, words, at: new Date() });
  find("history", HTMLElement).hidden = false;
  find("history-list", HTMLElement).replaceChildren(...entries.map(line));
}

/**
 * Whether a real call for this order ended with an unknown outcome that was not settled since.
 * @param {import("./order-form.js").Order} order
 */
export function wasLeftUnknown(order) {
  const last = entries.find(
    ({ order: other, words }) =>
      orderName(other) === orderName(order) && (words.settles || words.tone === "unknown"),
  );
  return last?.words.tone === "unknown";
}

/** @param {Entry} entry */
function line({ order, words, at }) {
  const kind = order.test ? "dry run" : String(order.codeReason);
  const item = element(
    "li",
    {},
    element("time", { dateTime: at.toISOString(), textContent: at.toLocaleTimeString() }),
    element("span", { className: "order", textContent: `${orderName(order)} · ${kind}` }),
    element("span", { className: "brief", textContent: words.title }),
  );
  item.dataset.tone = words.tone;
  return item;
}
