// autorevoke job report: the incident report.
import { WrongUse } from "../arguments.js";
import { edgeOf, ofEdge } from "../edge.js";
import { json, pour, printable } from "../output.js";

/** @type {import("../arguments.js").Command} */
export const jobReport = {
  name: "job report",
  about: "Writes the incident report of a job: as Markdown, or as JSON by --json.",
  rest: ["ID"],
  options: { markdown: { about: "as Markdown, which is what it does without --json" }, ...ofEdge },
  async run({ values, rest: [id] }) {
    if (values.markdown && values.json) throw new WrongUse(["--markdown and --json: give one of them"]);
    const { edge, signal } = edgeOf(values);
    if (values.json) return pour(`${json(await edge.jobs.report(id, { signal }))}\n`);
    const report = await edge.jobs.report(id, { markdown: true, signal });
    return pour(`${report.trimEnd().split("\n").map(printable).join("\n")}\n`);
  },
};
