// What the columns of a CSV mean: those that the reader knows, and those of which a person has to say it.
import { html, nothing } from "lit";
import { live } from "lit/directives/live.js";
import { t } from "../texts/texts.js";

/** @typedef {import("./reader.js").Column} Column */
/** @typedef {Map<string, string>} Meanings as a person has said, by the column's name */

/** @param {Column} column @param {Meanings} said */
const meaningOf = ({ name, meaning }, said) => said.get(name) ?? meaning;

/** Those of which nobody has said what they mean. @param {Column[]} columns @param {Meanings} said */
export const unknownColumns = (columns, said) =>
  columns.filter((column) => meaningOf(column, said) === undefined);

/**
 * The same for the reader: `COLUMN=NAME,...`, a line of CSV; nothing where the columns say it themselves.
 * @param {Meanings} said
 */
export function columnsText(said) {
  const cell = (/** @type {string} */ text) => `"${text.replaceAll('"', '""')}"`;
  return said.size === 0 ? undefined : [...said].map(([name, meaning]) => cell(`${name}=${meaning}`)).join();
}

/**
 * @param {Column[]} columns
 * @param {string[]} meanings what a column can mean
 * @param {Meanings} said
 * @param {(more: [name: string, meaning: string][]) => void} say
 */
export function columnChoice(columns, meanings, said, say) {
  if (columns.length === 0) return nothing;
  const unknown = unknownColumns(columns, said);
  return html`<details ?open=${unknown.length > 0}>
    <summary>${t("columns.title", { count: columns.length })}</summary>
    <div class="stack">
      <ul class="columns">
        ${columns.map((column) => {
          const meaning = meaningOf(column, said);
          return html`<li>
            <label
              >${column.name}
              <select
                aria-invalid=${meaning === undefined ? "true" : nothing}
                @change=${(/** @type {any} */ { target }) => say([[column.name, target.value]])}
              >
                ${meaning === undefined ? html`<option disabled selected>${t("columns.choose")}</option>` : nothing}
                <option value="" ?selected=${live(meaning === "")}>${t("columns.leftOut")}</option>
                ${meanings.map((name) => html`<option ?selected=${live(name === meaning)}>${name}</option>`)}
              </select>
            </label>
          </li>`;
        })}
      </ul>
      ${
        unknown.length > 0
          ? html`<button type="button" @click=${() => say(unknown.map(({ name }) => [name, ""]))}>
              ${t("columns.leaveOut", { count: unknown.length })}
            </button>`
          : nothing
      }
    </div>
  </details>`;
}
