// Shows what came of a call.

import { descriptions, element, find } from "./element.js";

const section = find("outcome", HTMLElement);
const place = find("outcome-words", HTMLElement);

/**
 * What is said to a person about an outcome. `tone` is how it looks; the words say it all without it.
 * @typedef {object} Words
 * @property {"done" | "note" | "refused" | "unknown"} tone
 * @property {string} title
 * @property {string[]} text
 * @property {{ heading: string, items: string[] }} [list] in this order
 * @property {string} [caText] what the CA said, verbatim
 * @property {[name: string, value: string][]} [facts] for reference
 * @property {boolean} [settles] whether it is known now that the order is revoked, cancelled or rejected
 * @property {boolean} [leavesOpen] whether there is something left to find out
 */

/**
 * @typedef {object} Offer
 * @property {string} label
 * @property {() => void} take
 */

/**
 * @param {string} title
 * @param {string} [advice]
 */
export function showWaiting(title, advice = "") {
  section.dataset.tone = "waiting";
  place.replaceChildren(element("h3", { textContent: title }), element("p", { textContent: advice }));
  section.focus({ preventScroll: true });
  section.scrollIntoView({ block: "nearest" });
}

/**
 * @param {Words} words
 * @param {Offer[]} offers
 */
export function showOutcome(words, offers = []) {
  section.dataset.tone = words.tone;
  place.replaceChildren(
    element("h3", { textContent: words.title }),
    ...words.text.map((textContent) => element("p", { textContent })),
    ...caText(words.caText),
    ...list(words.list),
    ...buttons(offers),
    ...reference(words.facts),
  );
  section.scrollIntoView({ block: "nearest" });
}

/** @param {string | undefined} text */
function caText(text) {
  if (!text) return [];
  return [
    element(
      "figure",
      {},
      element("figcaption", { textContent: "The CA's own words" }),
      element("blockquote", { textContent: text }),
    ),
  ];
}

/** @param {Words["list"]} given */
function list(given) {
  if (!given?.items.length) return [];
  const items = given.items.map((textContent) => element("li", { textContent }));
  return [element("h4", { textContent: given.heading }), element("ol", {}, ...items)];
}

/** @param {Offer[]} offers */
function buttons(offers) {
  if (offers.length === 0) return [];
  const made = offers.map(({ label, take }) =>
    element("button", { type: "button", className: "plain", textContent: label, onclick: take }),
  );
  return [element("div", { className: "buttons" }, ...made)];
}

/** @param {[string, string][] | undefined} facts */
function reference(facts) {
  if (!facts?.length) return [];
  return [element("dl", { className: "reference" }, ...descriptions(facts))];
}
