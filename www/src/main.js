// The page's one path: form, check, confirmation, a single call, outcome.

import { RevocationError } from "autorevoke";
import { confirmed } from "./confirmation.js";
import { connect, identify, isUnauthenticated, watchConnection } from "./connection.js";
import { find } from "./element.js";
import { clearFieldErrors, showFieldErrors } from "./fields.js";
import { fly } from "./flight.js";
import { remember, wasLeftUnknown } from "./history.js";
import { emptyOrder, prepareOrderForm, readOrder } from "./order-form.js";
import { showOutcome, showWaiting } from "./outcome.js";
import { whyNotSendable } from "./rehearsal.js";
import { failureWords, invalidWords, notSentWords } from "./words/failure.js";
import { orderName } from "./words/order.js";
import { recordFailed, recordWords } from "./words/record.js";
import { resultWords } from "./words/result.js";

/** @typedef {import("./order-form.js").Order} Order */
/** @typedef {import("./outcome.js").Words} Words */

/** From the first check to the outcome: nothing else is begun meanwhile. */
let busy = false;

prepareOrderForm();
watchConnection();
find("order", HTMLFormElement).addEventListener("submit", (event) => {
  event.preventDefault();
  void handle(readOrder());
});

/** @param {Order} order */
async function handle(order) {
  if (busy) return;
  busy = true;
  try {
    clearFieldErrors();
    if (!(await sendable(order))) return;
    if (!order.test && !(await confirmed(order))) return;
    await send(order);
  } finally {
    busy = false;
  }
}

/**
 * Finds what is wrong before anyone is asked to confirm it, and says so.
 * @param {Order} order
 */
async function sendable(order) {
  const error = await whyNotSendable(order);
  const faults = {
    ...invalidFields(error),
    // The package would take a missing one for "unspecified"; here the choice is to be a deliberate one.
    ...(order.codeReason === undefined && { codeReason: "has to be chosen" }),
  };
  if (Object.keys(faults).length > 0) {
    showOutcome(invalidWords(showFieldErrors(faults)));
    return false;
  }
  if (error !== undefined) {
    showOutcome(notSentWords(error));
    return false;
  }
  const stranger = await identify();
  if (isUnauthenticated(stranger)) {
    showOutcome(failureWords(order, stranger, { leftUnknown: wasLeftUnknown(order) }));
    find("token", HTMLInputElement).focus();
    return false;
  }
  return true;
}

/** @param {Order} order */
async function send(order) {
  const name = orderName(order);
  showWaiting(
    order.test ? `Checking order ${name}…` : `Revoking order ${name}…`,
    "Leave this page open until the answer is here.",
  );
  const { words, error } = await fly(() => outcomeOf(order));
  remember(order, words);
  showOutcome(words, offers(order, words));
  showFieldErrors(invalidFields(error));
  // What is done leaves the form, so that the next order's reason is chosen anew.
  if (!order.test && (words.tone === "done" || words.tone === "note")) emptyOrder();
}

/**
 * @param {Order} order
 * @returns {Promise<{ words: Words, error?: unknown }>}
 */
async function outcomeOf(order) {
  const before = { leftUnknown: wasLeftUnknown(order) };
  try {
    return { words: resultWords(order, await connect().revoke(order), before) };
  } catch (error) {
    return { words: failureWords(order, error, before), error };
  }
}

/** @param {Order} order */
async function lookUp(order) {
  if (busy) return;
  busy = true;
  try {
    showWaiting(`Asking the edge about order ${order.orderNumber}…`);
    const words = await fly(() =>
      connect()
        .orders.get(order.orderNumber)
        .then((record) => recordWords(order.orderNumber, record))
        .catch((error) => recordFailed(order.orderNumber, error)),
    );
    showOutcome(words, offers(order, words));
  } finally {
    busy = false;
  }
}

/**
 * Ways to find out more, where something is left to find out.
 * @param {Order} order
 * @param {Words} words
 */
function offers(order, words) {
  if (!words.leavesOpen) return [];
  return [
    { label: "What does the edge know of it?", take: () => void lookUp(order) },
    { label: "Do a dry run of it", take: () => void handle({ ...order, test: true }) },
  ];
}

/**
 * @param {unknown} error
 * @returns {Record<string, string>}
 */
function invalidFields(error) {
  return error instanceof RevocationError && error.kind === "invalid-order" ? (error.fields ?? {}) : {};
}
