// autorevoke job start, and job approve: the plan that was seen is set going.
import { edgeOf, ofEdge } from "../edge.js";
import { checkConfirmation, confirmed, confirming } from "../jobs/confirmation.js";
import { nextOf, plural, stateInWords, titleOf } from "../jobs/words.js";
import { json, print } from "../output.js";

/** @type {import("../arguments.js").Command} */
export const jobStart = {
  name: "job start",
  about:
    "Starts a job, after its plan was confirmed: on a terminal it asks, elsewhere give --plan-hash and --total.",
  rest: ["ID"],
  options: { ...confirming, ...ofEdge },
  async run({ values, rest: [id] }) {
    checkConfirmation(values);
    const { edge, signal } = edgeOf(values);
    const seen = await edge.jobs.get(id, { signal });
    const { planHash, total } = await confirmed(values, seen, "start", { withTotal: true, signal });
    const job = await edge.jobs.start(id, { planHash, total }, { signal });
    if (values.json) return print(json(job));
    print(`${titleOf(job)}: ${stateInWords[job.state]}`);
    if (job.state === "awaiting-approval") print("Have another person look at it and approve it:");
    for (const command of nextOf(job)) print(`next: ${command}`);
  },
};

/** @type {import("../arguments.js").Command} */
export const jobApprove = {
  name: "job approve",
  about: "Approves a job that another person has started, after its plan was confirmed.",
  rest: ["ID"],
  options: { "plan-hash": confirming["plan-hash"], yes: confirming.yes, ...ofEdge },
  async run({ values, rest: [id] }) {
    checkConfirmation(values, false);
    const { edge, signal } = edgeOf(values);
    const seen = await edge.jobs.get(id, { signal });
    const { planHash } = await confirmed(values, seen, "approve", { withTotal: false, signal });
    const job = await edge.jobs.approve(id, { planHash }, { signal });
    if (values.json) return print(json(job));
    print(`${titleOf(job)}: approved, ${stateInWords[job.state]}, ${plural(job.total, "order")}`);
    for (const command of nextOf(job)) print(`next: ${command}`);
  },
};
