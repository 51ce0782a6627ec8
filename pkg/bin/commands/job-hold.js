// autorevoke job pause, resume, cancel and pause-all: what holds jobs up, and what lets them go on.
import { edgeOf, ofEdge } from "../edge.js";
import { countsOf, nextOf, number, plural, stateInWords, titleOf } from "../jobs/words.js";
import { json, print } from "../output.js";

/** @typedef {import("../../index.d.ts").Job} Job */

/**
 * @param {"pause" | "resume" | "cancel"} operation
 * @param {string} about
 * @returns {import("../arguments.js").Command}
 */
const holding = (operation, about) => ({
  name: `job ${operation}`,
  about,
  rest: ["ID"],
  options: ofEdge,
  async run({ values, rest: [id] }) {
    const { edge, signal } = edgeOf(values);
    const job = await edge.jobs[operation](id, { signal });
    if (values.json) return print(json(job));
    print(`${titleOf(job)}: ${stateInWords[job.state]}`);
    print(
      countsOf(job)
        .map(([words, count]) => `${number(count)} ${words}`)
        .join(", "),
    );
    if (job.counts.sending > 0 && operation !== "resume")
      print("What is under way is carried through: it cannot be called back.");
    for (const command of nextOf(job)) print(`next: ${command}`);
  },
});

export const jobPause = holding("pause", "Holds a job up: nothing more is sent until it is resumed.");
export const jobResume = holding("resume", "Lets a job go on that was paused or halted.");
export const jobCancel = holding(
  "cancel",
  "Ends a job: nothing more is sent, ever. What was sent stays as it is.",
);

/** @type {import("../arguments.js").Command} */
export const jobPauseAll = {
  name: "job pause-all",
  about: "Pauses all jobs of the edge, those of other people too: nothing is sent until each is resumed.",
  options: ofEdge,
  async run({ values }) {
    const { edge, signal } = edgeOf(values);
    const answer = await edge.jobs.pauseAll({ signal });
    if (values.json) return print(json(answer));
    const { paused } = answer;
    print(paused.length === 0 ? "no job was running" : `${plural(paused.length, "job")} paused:`);
    for (const id of paused) print(`  ${id}`);
  },
};
