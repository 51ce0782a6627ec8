// What is wrong with which row, with its text to be mended: the list is planned as a whole, or not at all.
import { html, nothing } from "lit";
import { t } from "../texts/texts.js";

/**
 * @param {import("./reader.js").OpenedList} list
 * @param {Map<number, string>} mended texts, by row
 * @param {{ take: () => unknown, leaveOut: () => unknown, save: () => unknown }} ways
 */
export function wrongRows({ rows, wrong }, mended, { take, leaveOut, save }) {
  const canMend = wrong.some(({ text }) => text !== undefined);
  const canLeaveOut = wrong.some(({ canBeLeftOut }) => canBeLeftOut);
  return html`<div class="stack">
    <h2 class="subheading" id="wrong-heading" tabindex="-1">${t("wrong.title", { count: rows.length })}</h2>
    <div class="scrolls" tabindex="0" role="region" aria-labelledby="wrong-heading">
      <table>
        <thead>
          <tr>
            <th scope="col">${t("wrong.line")}</th>
            <th scope="col">${t("wrong.fault")}</th>
            ${canMend ? html`<th scope="col">${t("wrong.text")}</th>` : nothing}
          </tr>
        </thead>
        <tbody>
          ${wrong.map(
            ({ row, line, place, text, faults }) =>
              html`<tr>
                <th scope="row" class="numeric">${line ?? place}</th>
                <td lang="en">
                  ${faults.map(([member, fault]) => html`<p>${member ? html`<strong>${member}</strong> ` : nothing}${fault}</p>`)}
                </td>
                ${canMend ? html`<td>${text === undefined ? nothing : control(row, line ?? row, text, mended)}</td>` : nothing}
              </tr>`,
          )}
        </tbody>
      </table>
    </div>
    ${rows.length > wrong.length ? html`<p class="hint">${t("wrong.more", { count: rows.length - wrong.length })}</p>` : nothing}
    <div class="buttons">
      ${canMend ? html`<button type="button" @click=${take}>${t("wrong.take")}</button>` : nothing}
      ${canLeaveOut ? html`<button type="button" @click=${leaveOut}>${t("wrong.leave")}</button>` : nothing}
      ${canMend ? html`<button type="button" @click=${save}>${t("wrong.download")}</button>` : nothing}
    </div>
  </div>`;
}

/**
 * A field of one line would drop line breaks, and join what stands on both sides of them.
 * @param {number} row @param {number} line @param {string} text @param {Map<number, string>} mended
 */
function control(row, line, text, mended) {
  const label = t("wrong.mend", { line });
  const value = mended.get(row) ?? text;
  const input = (/** @type {any} */ { target }) => mended.set(row, target.value);
  return /[\r\n]/.test(text)
    ? html`<textarea
        aria-label=${label}
        rows="2"
        spellcheck="false"
        .value=${value}
        @input=${input}
      ></textarea>`
    : html`<input
        aria-label=${label}
        autocomplete="off"
        spellcheck="false"
        .value=${value}
        @input=${input}
      />`;
}
