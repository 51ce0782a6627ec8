// autorevoke job create: a plan out of a file. Nothing is sent to the CA.
import { edgeOf, ofEdge } from "../edge.js";
import { deadlineOf, planOf, reasonOf } from "../jobs/plan-file.js";
import { linesOf, nextOf } from "../jobs/words.js";
import { json, print } from "../output.js";

/** @type {import("../arguments.js").Command} */
export const jobCreate = {
  name: "job create",
  about:
    "Plans a job out of FILE.csv or FILE.json: many orders at once. Nothing is sent to the CA until it is started.",
  rest: ["FILE"],
  options: {
    name: { value: "TEXT", about: "a name for people, such as that of the incident" },
    deadline: {
      value: "WHEN",
      about: "until when it must be done: 24h, 5d, or a date-time such as 2026-07-30T12:00:00Z",
    },
    reason: {
      value: "REASON",
      about: "why, for rows that do not say: keyCompromise, superseded, ... or its number (autorevoke codes)",
    },
    ...ofEdge,
  },
  async run({ values, rest: [file] }) {
    const { name, reason, deadline } = values;
    const { edge, signal } = edgeOf(values);
    const plan = await planOf(file, {
      ...(name !== undefined && { name: String(name) }),
      ...(reason !== undefined && { defaults: { codeReason: reasonOf(String(reason)) } }),
      ...(deadline !== undefined && { deadline: deadlineOf(String(deadline)) }),
    });
    const job = await edge.jobs.create(plan, { signal });
    if (values.json) return print(json(job));
    for (const line of linesOf(job)) print(line);
    print("");
    if (!job.drill) {
      print(
        job.approvalNeeded
          ? "As it stands, a second person must approve it once you have started it: that depends on how many orders"
          : "As it stands, it runs once you start it. Whether a second person must approve it depends on how many orders",
      );
      print("you have started by then.");
    }
    for (const command of nextOf(job)) print(`next: ${command}`);
  },
};
