// autorevoke job show: a job and its plan.
import { edgeOf, ofEdge } from "../edge.js";
import { linesOf, nextOf } from "../jobs/words.js";
import { json, show } from "../output.js";

/** @type {import("../arguments.js").Command} */
export const jobShow = {
  name: "job show",
  about: "Shows a job: its plan, how far it is, and what can be done with it.",
  rest: ["ID"],
  options: ofEdge,
  async run({ values, rest: [id] }) {
    const { edge, signal } = edgeOf(values);
    const job = await edge.jobs.get(id, { signal });
    if (values.json) return show(json(job));
    for (const line of linesOf(job)) show(line);
    show("");
    for (const command of nextOf(job)) show(`next: ${command}`);
  },
};
