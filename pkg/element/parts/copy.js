// Copying a text: where the clipboard is refused, the text is shown to be copied by hand.
import { html, nothing } from "lit";

/** @param {string} text @returns {Promise<string>} empty when it is copied, otherwise the text */
export async function copy(text) {
  try {
    await navigator.clipboard.writeText(text);
    return "";
  } catch {
    return text;
  }
}

/** @param {string | undefined} copied what `copy` gave @param {import("../words/language.js").Language} language */
export function copiedText(copied, { texts }) {
  if (copied === undefined) return nothing;
  if (copied === "") return html`<p role="status">${texts.copied}</p>`;
  return html`<div>
    <p>${texts.notCopied}</p>
    <pre tabindex="0">${copied}</pre>
  </div>`;
}
