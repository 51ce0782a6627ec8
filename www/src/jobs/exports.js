// What of a job goes elsewhere: the incident report, and its rows as CSV.
import { html } from "lit";
import { download } from "../parts/download.js";
import { problemOf } from "../parts/problem.js";
import { t } from "../texts/texts.js";

/**
 * @param {import("autorevoke").Job} job
 * @param {import("../frame/session.js").Session} session
 * @param {(why: string) => void} failed
 */
export function exports({ id, name = id }, { client, signal }, failed) {
  const file = name.replace(/[^\p{L}\p{N}._-]+/gu, "-");
  const saving = (/** @type {() => Promise<void>} */ save) => () =>
    void save().catch((error) => failed(problemOf(error)));
  const report = async () =>
    download(await client.jobs.report(id, { markdown: true, signal }), `${file}.md`, "text/markdown");
  const rows = async () => {
    const parts = [];
    for await (const part of client.jobs.ordersCsv(id, { signal })) parts.push(part);
    download(new Blob(/** @type {BlobPart[]} */ (parts), { type: "text/csv" }), `${file}.csv`);
  };
  return html`<div class="buttons">
    <button type="button" @click=${saving(report)}>${t("job.report")}</button>
    <button type="button" @click=${saving(rows)}>${t("job.csv")}</button>
  </div>`;
}
