// What Lit asks of a page when it is loaded, for servers that only import it.
const { window = globalThis, document = { createTreeWalker: () => ({}), createComment: () => ({}) } } =
  /** @type {any} */ (globalThis);
const HTMLElement = globalThis.HTMLElement ?? class {};
export { document, HTMLElement, window };
