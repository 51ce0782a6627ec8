// What a page adds to the elements: who calls, and what to do with the outcome.
import "autorevoke/element";

const key = /** @type {HTMLInputElement} */ (document.querySelector("#key"));
const told = /** @type {HTMLElement} */ (document.querySelector("#told"));

for (const element of document.querySelectorAll("autorevoke-form, autorevoke-button")) {
  // Asked for each call. A real page asks its session: `async () => (await session()).jwt`.
  element.token = () => key.value;
}
// The events bubble: one listener for all elements of the page.
for (const name of ["revoked", "tested", "unknown", "failed"]) {
  document.addEventListener(name, ({ detail }) => {
    told.textContent = `${name}: order ${detail.orderNumber}`;
  });
}
