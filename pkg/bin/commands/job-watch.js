// autorevoke job watch: how a job gets on, until it is done.
import { edgeOf, ofEdge } from "../edge.js";
import { DONE, REFUSED, UNKNOWN } from "../ending.js";
import { progressOn, troubleOf, troubleWith } from "../jobs/progress.js";
import { countsOf, duration, nextOf, number, plural, stateInWords, titleOf } from "../jobs/words.js";
import { complain, json, print, readerLeft, show } from "../output.js";

/** @typedef {import("../../index.d.ts").Job} Job */

/** @type {import("../arguments.js").Command} */
export const jobWatch = {
  name: "job watch",
  about:
    "Shows how a job gets on until it is done; the exit status tells how it ended. With --json: a job a line.",
  rest: ["ID"],
  options: ofEdge,
  async run({ values, rest: [id] }) {
    const { edge, signal } = edgeOf(values);
    // Who is wrong about the edge or the job is to hear that, and not to wait.
    const first = await edge.jobs.get(id, { signal });
    const progress = values.json ? asJson : progressOn(process.stdout, process.env);
    if (!values.json) show(`${titleOf(first)}: ${plural(first.total, "order")}`);
    /** @type {Job} */
    let job = first;
    let news = Date.now();
    // Nobody reads what is shown any more: then what becomes of the job is not known here.
    const ended = AbortSignal.any([signal, readerLeft]);
    try {
      const onInterruption = (/** @type {any} */ error, /** @type {{ retryIn: number }} */ { retryIn }) =>
        progress.interrupted(troubleWith(error, news), retryIn);
      for await (job of edge.jobs.watch(id, { signal: ended, onInterruption })) {
        news = Date.now();
        progress.tell(job);
      }
    } catch (error) {
      progress.end();
      if (!ended.aborted) throw error;
      if (!isOver(job)) {
        complain(`no longer watched. The job itself goes on: autorevoke job watch ${id}`);
        return UNKNOWN;
      }
    }
    progress.end();
    if (!values.json) for (const line of endOf(job)) print(line);
    return statusOf(job);
  },
};

/** @type {import("../jobs/progress.js").Progress} */
const asJson = {
  tell: (job) => void show(json(job)),
  interrupted: (...trouble) => complain(troubleOf(...trouble)),
  end: () => {},
};

/** @param {Job} job */
const isOver = ({ state }) => state === "done" || state === "cancelled";

/** @param {Job} job */
function statusOf({ state, counts }) {
  if (counts.unknown > 0 || counts.sending > 0) return UNKNOWN;
  return state === "done" && counts.refused === 0 ? DONE : REFUSED;
}

/** @param {Job} job */
function endOf(job) {
  const { id, state, startedAt, finishedAt, counts } = job;
  const took =
    startedAt && finishedAt
      ? ` after ${duration((Date.parse(finishedAt) - Date.parse(startedAt)) / 1000)}`
      : "";
  const found = countsOf(job);
  const width = Math.max(...found.map(([words]) => words.length));
  const digits = Math.max(...found.map(([, count]) => number(count).length));
  const lines = [
    `${stateInWords[state]}${took}:`,
    ...found.map(([words, count]) => `  ${words.padEnd(width)}  ${number(count).padStart(digits)}`),
  ];
  if (counts.unknown > 0) {
    lines.push(
      "It is not known what became of the unknown ones: do not take that for a no. The edge goes on finding out:",
      `next: autorevoke job orders ${id} --outcome unknown`,
    );
  }
  if (counts.refused > 0) lines.push(`next: autorevoke job orders ${id} --outcome refused`);
  return [...lines, ...nextOf(job).map((command) => `next: ${command}`)];
}
