// What is wrong with which row, with its line to be mended: the list is planned as a whole, or not at all.
import { html, nothing } from "lit";
import { download } from "../parts/download.js";
import { t } from "../texts/texts.js";

const SHOWN = 100;

/**
 * @param {object} screen
 * @param {import("./plan-screen.js").Fault[]} screen.faults
 * @param {import("./read-list.js").List | undefined} screen.list
 * @param {Map<number, string>} screen.mended
 * @param {(without: boolean) => string} screen.corrected
 * @param {(text: string) => Promise<void>} screen.read
 */
export function wrongRows(screen) {
  const { faults, list, mended } = screen;
  /** @type {Map<number, typeof faults>} */
  const rows = new Map();
  for (const fault of faults) rows.set(fault.row, [...(rows.get(fault.row) ?? []), fault]);
  return html`<section aria-labelledby="wrong-heading" class="stack">
    <h2 class="subheading" id="wrong-heading" tabindex="-1">${t("wrong.title", { count: rows.size })}</h2>
    <div class="scrolls">
      <table>
        <thead>
          <tr>
            <th scope="col">${t("wrong.line")}</th>
            <th scope="col">${t("wrong.fault")}</th>
            <th scope="col">${t("wrong.text")}</th>
          </tr>
        </thead>
        <tbody>
          ${[...rows].slice(0, SHOWN).map(([row, its]) => {
            const found = list?.rows[row - 1];
            return html`<tr>
              <th scope="row" class="numeric">${found?.line ?? "–"}</th>
              <td>
                ${its.map(({ field, fault }) => html`<p><strong>${field}</strong>: <span lang="en">${fault}</span></p>`)}
              </td>
              <td>
                ${
                  found
                    ? html`<input
                        aria-label=${t("wrong.mend", { line: found.line })}
                        .value=${mended.get(row) ?? found.raw}
                        @input=${(/** @type {any} */ { target }) => mended.set(row, target.value)}
                      />`
                    : nothing
                }
              </td>
            </tr>`;
          })}
        </tbody>
      </table>
    </div>
    ${rows.size > SHOWN ? html`<p class="hint">${t("wrong.more", { count: rows.size - SHOWN })}</p>` : nothing}
    <div class="buttons">
      <button type="button" @click=${() => void screen.read(screen.corrected(false))}>
        ${t("wrong.take")}
      </button>
      <button type="button" @click=${() => void screen.read(screen.corrected(true))}>
        ${t("wrong.leave")}
      </button>
      <button type="button" @click=${() => download(screen.corrected(false), "corrected.csv", "text/csv")}>
        ${t("wrong.download")}
      </button>
    </div>
  </section>`;
}
