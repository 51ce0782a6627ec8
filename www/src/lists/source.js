// Where a list comes from: a file that is dropped or chosen, or a text that is pasted.
import { html } from "lit";
import { live } from "lit/directives/live.js";
import { t } from "../texts/texts.js";

/**
 * @param {object} screen
 * @param {string} screen.text
 * @param {boolean} screen.isCut whether that is only the beginning of it
 * @param {(text: string) => void} screen.type
 * @param {(files: FileList | null | undefined) => unknown} screen.take
 */
export const listSource = (screen) =>
  html`<div
    class="field drop"
    @dragover=${(/** @type {DragEvent} */ event) => event.preventDefault()}
    @drop=${(/** @type {DragEvent} */ event) => {
      event.preventDefault();
      void screen.take(event.dataTransfer?.files);
    }}
  >
    <label for="plan-list">${t("plan.list")}</label>
    <p class="hint" id="plan-list-hint">${t("plan.listHint")}</p>
    <textarea
      id="plan-list"
      rows="5"
      spellcheck="false"
      aria-describedby="plan-list-hint"
      .value=${live(screen.isCut ? `${screen.text}\n…` : screen.text)}
      ?readonly=${screen.isCut}
      @input=${(/** @type {any} */ { target }) => screen.type(target.value)}
    ></textarea>
    <label class="file"
      ><span>${t("plan.file")}</span>
      <input
        type="file"
        @change=${(/** @type {any} */ { target }) => {
          void screen.take(target.files);
          // The same file, mended, is chosen again.
          target.value = "";
        }}
    /></label>
  </div>`;
