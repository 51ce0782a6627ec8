// autorevoke job create: a plan out of a file. Nothing is sent to the CA.
import { edgeOf, ofEdge } from "../edge.js";
import { RevocationError } from "../../node.js";
import { readList } from "../jobs/read-list.js";
import { REFUSED } from "../ending.js";
import { deadlineOf, listIn, planOf, reasonOf } from "../jobs/plan-file.js";
import { linesOf, linesOfReading, nextOf } from "../jobs/words.js";
import { complain, json, print } from "../output.js";

/** @type {import("../arguments.js").Command} */
export const jobCreate = {
  name: "job create",
  about:
    "Plans a job out of FILE, or of standard input (-): a CSV, certificates in PEM, a folder of them, serial numbers, one a line, or\n" +
    "JSON. Nothing is sent to the CA until it is started.",
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
    columns: {
      value: "COLUMN=NAME,...",
      about: "what the columns of a CSV mean: Order Number=orderNumber; the others are left out",
    },
    test: { about: "as a drill: all its orders are tests, and nothing is changed" },
    "dry-run": { about: "shows what FILE would be as a plan, and asks no server" },
    ...ofEdge,
  },
  async run({ values, rest: [file] }) {
    const { name, reason, deadline, columns, test } = values;
    if (values["dry-run"]) return dryRun(file, values);
    const { edge, signal } = edgeOf(values);
    const { bytes, nameOf } = await listIn(file);
    const plan = planOf(bytes, {
      ...(name !== undefined && { name: String(name) }),
      ...(reason !== undefined && { defaults: { codeReason: reasonOf(String(reason)) } }),
      ...(deadline !== undefined && { deadline: deadlineOf(String(deadline)) }),
      ...(columns !== undefined && { columns: String(columns) }),
      ...(test && { test: true }),
    });
    const job = await edge.jobs.create(plan, { signal }).catch((error) => {
      throw placed(error, nameOf);
    });
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

/** The same error, in which people find the places of what is wrong. @param {unknown} error @param {(place: string) => string} nameOf */
function placed(error, nameOf) {
  const { kind, fields: faults } = /** @type {any} */ (error);
  if (!(error instanceof RevocationError) || kind !== "invalid-order") return error;
  const fields = Object.entries(/** @type {Record<string, string>} */ (faults)).map(([place, fault]) => [
    nameOf(place),
    fault,
  ]);
  return RevocationError.from({ ...error.toJSON(), fields: Object.fromEntries(fields) });
}

/** What a list would be, by the module alone. @param {string} file @param {import("../arguments.js").Values} values */
async function dryRun(file, { reason, columns, deadline, test, json: asJson }) {
  const { bytes, nameOf } = await listIn(file);
  const reading = await readList(bytes, {
    ...(columns !== undefined && { columns: String(columns) }),
    ...(reason !== undefined && { codeReason: String(reasonOf(String(reason))) }),
    test: test === true,
  });
  if (asJson) print(json(reading));
  if (!reading.ok) {
    for (const [place, fault] of Object.entries(reading.fields)) complain(`${nameOf(place)} ${fault}`);
    return REFUSED;
  }
  const until = deadline === undefined ? reading.deadline : deadlineOf(String(deadline));
  if (!asJson) for (const line of linesOfReading(reading, until)) print(line);
}
