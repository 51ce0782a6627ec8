// The order as it is filled in.

import { codeReasons } from "autorevoke";
import { element, find } from "./element.js";

/** The vendor's limit, counted in characters. */
const COMMENT_LIMIT = 1024;

const orderNumber = find("orderNumber", HTMLInputElement);
const comment = find("revocationReason", HTMLTextAreaElement);
const commentCount = find("revocationReason-count", HTMLElement);
const productCode = find("productCode", HTMLInputElement);
const product = find("product", HTMLInputElement);
const dryRun = find("test", HTMLInputElement);
const submit = find("submit", HTMLButtonElement);
const form = find("order", HTMLFormElement);

/**
 * @typedef {import("autorevoke").RevocationOrder & { orderNumber: string, test: boolean }} Order
 */

/** @returns {Order} */
export function readOrder() {
  const digits = product.value.trim();
  const filled = {
    ...(orderNumber.value.trim() && { orderNumber: orderNumber.value.trim() }),
    ...(chosenReason() && { codeReason: chosenReason() }),
    ...(comment.value.trim() && { revocationReason: comment.value }),
    ...(productCode.value.trim() && { productCode: productCode.value.trim() }),
    // What is no integer goes on as it is, for the package to refuse in its own words.
    ...(digits && { product: /^\d{1,15}$/.test(digits) ? Number(digits) : digits }),
    test: dryRun.checked,
  };
  // What is missing is the package's to find.
  return /** @type {Order} */ (filled);
}

/** For the next order everything is chosen anew, the reason above all. */
export function emptyOrder() {
  form.reset();
  find("more", HTMLDetailsElement).open = false;
  showKind();
  countComment();
}

export function prepareOrderForm() {
  find("reasons", HTMLElement).replaceChildren(...mostSeriousFirst().map(reasonChoice));
  comment.addEventListener("input", countComment);
  dryRun.addEventListener("change", showKind);
  countComment();
  showKind();
}

function chosenReason() {
  return form.querySelector("#reasons input:checked")?.getAttribute("value");
}

function mostSeriousFirst() {
  const rank = ["keyCompromise", "affiliationChanged", "superseded", "cessationOfOperation", "unspecified"];
  return codeReasons.toSorted((a, b) => rank.indexOf(a.name) - rank.indexOf(b.name));
}

/** @param {import("autorevoke").CodeReasonDescription} reason */
function reasonChoice({ name, number, whenToChoose }) {
  const input = element("input", { type: "radio", id: `reason-${name}`, value: name, autocomplete: "off" });
  // Radios exclude each other by name; this one is in no other form and is never submitted.
  input.name = "reason";
  input.required = true;
  input.setAttribute("aria-describedby", `when-${name}`);
  return element(
    "div",
    { className: name === "keyCompromise" ? "choice grave" : "choice" },
    input,
    element(
      "div",
      {},
      element(
        "label",
        { htmlFor: input.id },
        name,
        element("span", { className: "number", textContent: ` ${number}` }),
      ),
      element("p", { className: "hint", id: `when-${name}`, textContent: whenToChoose }),
    ),
  );
}

function countComment() {
  const used = [...comment.value].length;
  const over = used > COMMENT_LIMIT;
  commentCount.textContent = over
    ? `${used} of ${COMMENT_LIMIT} characters: ${used - COMMENT_LIMIT} too many`
    : `${used} of ${COMMENT_LIMIT} characters`;
  commentCount.classList.toggle("over", over);
}

function showKind() {
  submit.textContent = dryRun.checked ? "Run the check" : "Revoke…";
  submit.className = dryRun.checked ? "primary" : "danger";
}
