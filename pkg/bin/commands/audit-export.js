// autorevoke audit export: the whole log to standard output, one entry a line.
import { WrongUse } from "../arguments.js";
import { edgeOf, ofEdge } from "../edge.js";
import { json, pour } from "../output.js";

/** @type {import("../arguments.js").Command} */
export const auditExport = {
  name: "audit export",
  about: "Writes the edge's audit log to standard output, one entry a line (NDJSON).",
  options: { after: { value: "N", about: "only the entries after entry N" }, ...ofEdge },
  async run({ values }) {
    const given = String(values.after ?? "0");
    if (!/^\d{1,15}$/.test(given)) throw new WrongUse(["--after must be the number of an entry"]);
    const { edge, signal } = edgeOf(values);
    let count = 0;
    for (let after = Number(given); ;) {
      const { entries, next } = await edge.audit.list({ after, signal });
      await pour(entries.map((entry) => `${json(entry)}\n`).join(""));
      count += entries.length;
      if (process.stderr.isTTY) process.stderr.write(`\r${count} entries`);
      if (next === undefined) break;
      if (next <= after) throw new Error("the edge's pages do not advance");
      after = next;
    }
    if (process.stderr.isTTY) process.stderr.write("\n");
  },
};
