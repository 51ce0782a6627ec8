// The five statuses, each an icon, a word and a colour.
import { html, svg } from "lit";

/** @typedef {import("../words/outcome.js").Tone} Tone */
/** @typedef {import("../words/language.js").Language} Language */

const SHAPES = {
  done: svg`<circle cx="12" cy="12" r="10" /><path d="m7 12.5 3.5 3.5L17 8.5" />`,
  note: svg`<circle cx="12" cy="12" r="10" /><path d="M12 11v6M12 7v.5" />`,
  no: svg`<path d="M8 2h8l6 6v8l-6 6H8l-6-6V8z" /><path d="m8.5 8.5 7 7m0-7-7 7" />`,
  unknown: svg`<path d="M12 1 23 12 12 23 1 12z" /><path d="M9.3 9.6a2.7 2.7 0 1 1 4.1 2.4c-.9.5-1.4 1-1.4 2M12 16.6v.5" />`,
  waiting: svg`<circle cx="12" cy="12" r="10" /><path d="M12 6v6l4 2" />`,
};

/** @param {Tone} tone @param {Language} language @param {string} [words] instead of the one of the status */
export const status = (tone, { texts }, words = texts.tones[tone]) =>
  html`<p class="tone" part="status">
    <svg viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" aria-hidden="true">
      ${SHAPES[tone]}</svg
    ><span>${words}</span>
  </p>`;
