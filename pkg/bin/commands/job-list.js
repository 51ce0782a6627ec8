// autorevoke job list: the jobs that the caller may see.
import { edgeOf, ofEdge } from "../edge.js";
import { moment, number, settledOf } from "../jobs/words.js";
import { json, show } from "../output.js";
import { tableOf } from "../jobs/table.js";

/** @type {import("../arguments.js").Command} */
export const jobList = {
  name: "job list",
  about: "Lists the jobs that you may see, the newest first.",
  options: {
    state: {
      value: "STATE",
      about: "only those: planned, awaiting-approval, running, paused, halted, done, cancelled",
    },
    ...ofEdge,
  },
  async run({ values }) {
    const { edge, signal } = edgeOf(values);
    const filter = values.state === undefined ? {} : { state: /** @type {any} */ (String(values.state)) };
    const jobs = [];
    for (let after = 0; ;) {
      const page = await edge.jobs.list({ ...filter, ...(after > 0 && { after }), signal });
      jobs.push(...page.jobs);
      if (page.next === undefined) break;
      after = page.next;
    }
    if (values.json) return show(json({ jobs }));
    if (jobs.length === 0) return show("there is no job that you may see");
    const rows = jobs.map((job) => [
      job.id,
      `${job.state}${job.atRisk ? ", AT RISK" : ""}${job.drill ? ", drill" : ""}`,
      `${number(settledOf(job))}/${number(job.total)}`,
      moment(job.createdAt),
      job.deadline === undefined ? "-" : moment(job.deadline),
      job.name === undefined ? "-" : job.name,
    ]);
    for (const line of tableOf(["id", "state", "settled", "created", "deadline", "name"], rows)) show(line);
  },
};
