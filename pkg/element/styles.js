// How the elements look. Everything that a page may want to change is a custom property with the prefix `--autorevoke-`; light
// or dark is what the page's own `color-scheme` says.
import { css } from "lit";

export const styles = css`
  :host,
  :root {
    --_text: var(--autorevoke-text, light-dark(#1b1f27, #e9ebf0));
    --_quiet: var(--autorevoke-text-quiet, light-dark(#545c6b, #a9b1c1));
    --_card: var(--autorevoke-background, light-dark(#ffffff, #1b1f27));
    --_sunk: var(--autorevoke-background-sunk, light-dark(#f4f5f7, #242934));
    --_line: var(--autorevoke-line, light-dark(#d9dce3, #343a47));
    --_control: var(--autorevoke-control-line, light-dark(#767d8b, #8089a0));
    --_accent: var(--autorevoke-accent, light-dark(#2457c5, #8fb4ff));
    --_on-accent: var(--autorevoke-on-accent, light-dark(#ffffff, #10203f));
    --_danger: var(--autorevoke-danger, light-dark(#b3261e, #cf3329));
    --_on-danger: var(--autorevoke-on-danger, #ffffff);
    --_wrong: var(--autorevoke-wrong, light-dark(#b3261e, #ff9b93));
    --_radius: var(--autorevoke-radius, 0.5rem);
    --_gap: var(--autorevoke-gap, 1.25rem);
    color: var(--_text);
    font: var(--autorevoke-font, inherit);
    line-height: 1.5;
    overflow-wrap: anywhere;
  }

  :host([hidden]) {
    display: none;
  }

  *,
  *::before,
  *::after {
    box-sizing: border-box;
  }

  :where(h2, h3, p, dl, dd, ol, ul, figure, blockquote, [role="heading"]) {
    margin: 0;
    padding: 0;
  }

  form,
  .stack {
    display: grid;
    gap: var(--_gap);
    min-width: 0;
  }

  .card {
    padding: clamp(0.75rem, 4vw, 1.5rem);
    border: 1px solid var(--_line);
    border-radius: calc(var(--_radius) * 1.5);
    background: var(--_card);
  }

  .heading {
    scroll-margin-block: 2rem;
    font-size: 1.375em;
    font-weight: 650;
    line-height: 1.25;
  }

  .intro,
  .hint,
  .count,
  .optional {
    color: var(--_quiet);
  }

  .hint,
  .count {
    font-size: 0.875em;
  }

  .unseen {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }

  :focus-visible {
    outline: 3px solid var(--_accent);
    outline-offset: 2px;
  }

  /* What has the focus so that it is read, and not to be typed into. */
  [tabindex="-1"]:focus-visible {
    outline: none;
  }

  .band {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem 1rem;
    align-items: center;
    justify-content: space-between;
    padding: 0.5rem 0.75rem;
    border-inline-start: 0.375rem solid var(--tone);
    border-radius: var(--_radius);
    background: var(--ground);
    color: var(--tone);
    font-weight: 600;
  }

  .band > span {
    flex: 1 1 14rem;
  }

  .band.test {
    --tone: var(--autorevoke-test, light-dark(#5b2a86, #d3b3f5));
    --ground: var(--autorevoke-test-ground, light-dark(#f3eafb, #2a1d38));
  }

  /* Fields. */
  input,
  textarea,
  button,
  summary {
    font: inherit;
    color: inherit;
  }

  input:not([type="radio"], [type="checkbox"]),
  textarea {
    display: block;
    width: 100%;
    min-height: 2.75rem;
    padding: 0.5rem 0.75rem;
    border: 1px solid var(--_control);
    border-radius: var(--_radius);
    background: var(--_card);
  }

  textarea {
    resize: vertical;
  }

  .number {
    font-variant-numeric: tabular-nums;
  }

  fieldset {
    min-width: 0;
    margin: 0;
    padding: 0;
    border: 0;
  }

  label,
  legend {
    padding: 0;
    font-weight: 600;
  }

  .optional {
    font-weight: 400;
  }

  .field {
    display: grid;
    gap: 0.25rem;
    min-width: 0;
  }

  .count {
    text-align: end;
    font-variant-numeric: tabular-nums;
  }

  .error {
    color: var(--_wrong);
    font-weight: 600;
  }

  :is(input, textarea)[aria-invalid="true"] {
    border-color: var(--_wrong);
    box-shadow: inset 0 0 0 1px var(--_wrong);
  }

  fieldset[aria-invalid="true"] .choice {
    border-color: var(--_wrong);
  }

  .choices {
    display: grid;
    gap: 0.5rem;
    margin-top: 0.375rem;
  }

  .choice {
    position: relative;
    display: grid;
    grid-template-columns: auto minmax(0, 1fr);
    gap: 0 0.75rem;
    padding: 0.625rem 0.875rem;
    border: 1px solid var(--_line);
    border-radius: var(--_radius);
  }

  .choice > input {
    /* Above its label's area. */
    position: relative;
    z-index: 1;
    width: 1.125rem;
    height: 1.125rem;
    margin: 0.2em 0 0;
    accent-color: var(--_accent);
  }

  /* The whole choice can be clicked. */
  .choice label::after {
    content: "";
    position: absolute;
    inset: 0;
  }

  .choice .hint,
  .choice .error {
    grid-column: 2;
  }

  .choice:has(:checked) {
    border-color: var(--_accent);
    box-shadow: inset 0 0 0 1px var(--_accent);
  }

  .choice.grave:has(:checked) {
    border-color: var(--_wrong);
    box-shadow: inset 0 0 0 1px var(--_wrong);
  }

  .choice.grave:has(:checked) > input {
    accent-color: var(--_wrong);
  }

  details > summary {
    width: fit-content;
    border-radius: 0.25rem;
    cursor: pointer;
  }

  details[open] > :not(summary) {
    margin-top: 0.75rem;
  }

  .buttons {
    display: flex;
    flex-wrap: wrap;
    gap: 0.75rem;
  }

  .beside {
    align-items: center;
  }

  .beside > div {
    flex: 1 1 12rem;
  }

  button {
    min-height: 2.75rem;
    padding: 0.5rem 1rem;
    border: 1px solid var(--_control);
    border-radius: var(--_radius);
    background: var(--_card);
    font-weight: 600;
    cursor: pointer;
  }

  button:hover {
    background: var(--_sunk);
  }

  button.danger {
    border-color: transparent;
    background: var(--_danger);
    color: var(--_on-danger);
  }

  button.primary {
    border-color: transparent;
    background: var(--_accent);
    color: var(--_on-accent);
  }

  button:is(.danger, .primary):hover {
    filter: brightness(0.9);
  }

  button[aria-disabled="true"] {
    border-color: var(--_line);
    background: var(--_sunk);
    color: var(--_quiet);
    cursor: progress;
  }

  button .hint {
    display: block;
    font-weight: 400;
  }

  /* What came of it. The tone is in the words, too: colour is never the only sign. */
  [data-tone="done"] {
    --tone: var(--autorevoke-done, light-dark(#1a6b3c, #7fd8a0));
    --ground: var(--autorevoke-done-ground, light-dark(#e8f5ec, #16301f));
  }

  [data-tone="note"] {
    --tone: var(--autorevoke-note, light-dark(#24508f, #9cc0ff));
    --ground: var(--autorevoke-note-ground, light-dark(#e9f0fb, #182740));
  }

  [data-tone="no"] {
    --tone: var(--autorevoke-no, light-dark(#a3231c, #ff9b93));
    --ground: var(--autorevoke-no-ground, light-dark(#fcecea, #331a19));
  }

  [data-tone="unknown"] {
    --tone: var(--autorevoke-unknown, light-dark(#7a4b00, #ffc766));
    --ground: var(--autorevoke-unknown-ground, light-dark(#fff2d6, #2e2512));
  }

  [data-tone="waiting"] {
    --tone: var(--_accent);
    --ground: var(--_card);
  }

  .outcome {
    display: grid;
    gap: 1rem;
    padding: clamp(0.75rem, 4vw, 1.25rem);
    border: 1px solid var(--tone);
    border-inline-start-width: 0.375rem;
    border-radius: var(--_radius);
    background: var(--ground);
  }

  .outcome .hint,
  .outcome dt,
  .outcome figcaption {
    color: inherit;
  }

  .tone {
    display: flex;
    gap: 0.5rem;
    align-items: center;
    color: var(--tone);
    font-size: 0.9375em;
    font-weight: 650;
  }

  .tone svg {
    flex: none;
    width: 1.375em;
    height: 1.375em;
  }

  .title {
    font-size: 1.25em;
    font-weight: 650;
    line-height: 1.3;
    /* With the status above it. */
    scroll-margin-block: 5rem;
  }

  .outcome :is(ol, ul) {
    display: grid;
    gap: 0.375rem;
    padding-inline-start: 1.25rem;
  }

  .subheading {
    font-weight: 650;
  }

  blockquote,
  pre {
    margin: 0;
    padding: 0.5rem 0.75rem;
    border-radius: var(--_radius);
    background: var(--_card);
    font-family: ui-monospace, monospace;
    font-size: 0.875em;
    white-space: pre-wrap;
  }

  dl {
    display: grid;
    gap: 0.375rem 1rem;
  }

  dl > div {
    display: flex;
    flex-wrap: wrap;
    gap: 0 0.75rem;
  }

  dt {
    flex: 0 0 8.5rem;
    color: var(--_quiet);
  }

  dd {
    flex: 1 1 12rem;
    min-width: 0;
    font-weight: 600;
    white-space: pre-wrap;
  }

  .outcome dd {
    font-weight: 400;
  }

  .facts {
    padding: 0.75rem;
    border-radius: var(--_radius);
    background: var(--_sunk);
  }

  progress {
    width: 100%;
    height: 0.5rem;
    accent-color: var(--tone);
  }

  /* The question before what cannot be undone. */
  dialog {
    width: min(34rem, calc(100vw - 1.5rem));
    max-height: calc(100dvh - 1.5rem);
    padding: clamp(0.875rem, 4vw, 1.5rem);
    overflow: auto;
    border: 1px solid var(--_control);
    border-radius: calc(var(--_radius) * 1.5);
    background: var(--_card);
    color: var(--_text);
  }

  dialog.grave {
    border: 2px solid var(--_wrong);
  }

  dialog::backdrop {
    background: rgb(0 0 0 / 60%);
  }

  .warning {
    color: var(--_wrong);
    font-weight: 650;
  }

  @media (prefers-reduced-motion: reduce) {
    progress {
      display: none;
    }
  }
`;
