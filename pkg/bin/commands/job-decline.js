// autorevoke job decline: says no to a job that waits for approval. That revokes nothing, so nobody is asked.
import { WrongUse } from "../arguments.js";
import { edgeOf, ofEdge } from "../edge.js";
import { stateInWords, titleOf } from "../jobs/words.js";
import { json, print } from "../output.js";

/** @type {import("../arguments.js").Command} */
export const jobDecline = {
  name: "job decline",
  about:
    "Says no to a job that another person has started, and why: it is cancelled, and nothing of it is sent.",
  rest: ["ID"],
  options: {
    comment: { value: "TEXT", about: "why, for its planner, at most 1024 characters" },
    "plan-hash": { value: "HASH", about: "the plan that you have seen; the present one if it is not said" },
    ...ofEdge,
  },
  async run({ values, rest: [id] }) {
    if (values.comment === undefined) throw new WrongUse(["--comment is missing: why the job is declined"]);
    const { edge, signal } = edgeOf(values);
    const planHash = String(values["plan-hash"] ?? (await edge.jobs.get(id, { signal })).planHash);
    const job = await edge.jobs.decline(id, { planHash, comment: String(values.comment) }, { signal });
    if (values.json) return print(json(job));
    print(`${titleOf(job)}: declined, ${stateInWords[job.state]}`);
  },
};
