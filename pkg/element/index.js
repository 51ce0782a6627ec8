// <autorevoke-button> and <autorevoke-form>.
import { AutorevokeButton } from "./button.js";
import { AutorevokeForm } from "./form.js";

export { AutorevokeButton, AutorevokeForm };

// Servers that render pages import this too: they have no elements. And whoever loads it twice has them already.
for (const [name, element] of /** @type {const} */ ([
  ["autorevoke-button", AutorevokeButton],
  ["autorevoke-form", AutorevokeForm],
]))
  if (globalThis.customElements && !customElements.get(name)) customElements.define(name, element);
