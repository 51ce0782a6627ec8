// While a call is in flight: one at a time, the seconds shown, and a warning on leaving the page.

import { find } from "./element.js";

const elapsed = find("elapsed", HTMLElement);
const fields = find("order-fields", HTMLFieldSetElement);

let flying = false;

/**
 * @template Answer
 * @param {() => Promise<Answer>} call
 * @returns {Promise<Answer>}
 */
export async function fly(call) {
  if (flying) throw new Error("A call is under way already.");
  flying = true;
  fields.disabled = true;
  const began = performance.now();
  const tick = () => (elapsed.textContent = `${Math.floor((performance.now() - began) / 1000)} s`);
  tick();
  elapsed.hidden = false;
  const timer = setInterval(tick, 250);
  addEventListener("beforeunload", warn);
  try {
    return await call();
  } finally {
    clearInterval(timer);
    removeEventListener("beforeunload", warn);
    elapsed.hidden = true;
    fields.disabled = false;
    flying = false;
  }
}

/** @param {BeforeUnloadEvent} event */
function warn(event) {
  event.preventDefault();
}
