// The last question before what cannot be undone: the order number is typed once more.

import { descriptions, find } from "./element.js";
import { orderFacts } from "./words/order.js";

const dialog = find("confirmation", HTMLDialogElement);
const form = find("confirmation-form", HTMLFormElement);
const typed = find("confirmation-number", HTMLInputElement);
const go = find("confirmation-go", HTMLButtonElement);
const cancel = find("confirmation-cancel", HTMLButtonElement);

/**
 * @param {import("./order-form.js").Order} order
 * @returns {Promise<boolean>} whether the person went through with it
 */
export function confirmed(order) {
  find("confirmation-heading", HTMLElement).textContent = `Revoke order ${order.orderNumber}?`;
  find("confirmation-facts", HTMLElement).replaceChildren(...descriptions(orderFacts(order)));
  find("confirmation-advice", HTMLElement).textContent =
    order.codeReason === "keyCompromise"
      ? "The reason cannot be corrected afterwards."
      : "The reason cannot be corrected afterwards. If the private key may have been exposed, it must be keyCompromise.";
  go.textContent = `Revoke order ${order.orderNumber}`;
  typed.value = "";
  go.disabled = true;

  return new Promise((resolve) => {
    const listening = new AbortController();
    const { signal } = listening;
    const matches = () => typed.value.trim() === order.orderNumber;
    let answer = false;
    typed.addEventListener("input", () => (go.disabled = !matches()), { signal });
    cancel.addEventListener("click", () => dialog.close(), { signal });
    form.addEventListener(
      "submit",
      (event) => {
        event.preventDefault();
        answer = matches();
        if (answer) dialog.close();
      },
      { signal },
    );
    // Escape closes it too, and so is a no.
    dialog.addEventListener(
      "close",
      () => {
        listening.abort();
        resolve(answer);
      },
      { signal },
    );
    dialog.showModal();
  });
}
