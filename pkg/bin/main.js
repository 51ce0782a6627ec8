// Finds which command is meant, and runs it.
import { WrongUse, helpOf, readArguments, table } from "./arguments.js";
import { auditExport } from "./commands/audit-export.js";
import { auditHead } from "./commands/audit-head.js";
import { auditVerify } from "./commands/audit-verify.js";
import { codes } from "./commands/codes.js";
import { jobCreate } from "./commands/job-create.js";
import { jobDecline } from "./commands/job-decline.js";
import { jobCancel, jobPause, jobPauseAll, jobResume } from "./commands/job-hold.js";
import { jobList } from "./commands/job-list.js";
import { jobOrders } from "./commands/job-orders.js";
import { jobReport } from "./commands/job-report.js";
import { jobShow } from "./commands/job-show.js";
import { jobApprove, jobStart } from "./commands/job-start.js";
import { jobWatch } from "./commands/job-watch.js";
import { key } from "./commands/key.js";
import { revocation } from "./commands/revoke.js";
import { simulator } from "./commands/simulator.js";
import { DONE, UNKNOWN, WRONG_USE, tell } from "./ending.js";
import { NotWritten, complain, readerLeft, show, showLines } from "./output.js";
import { version } from "./version.js";

/** One a file; more of them go here. @type {import("./arguments.js").Command[]} */
export const commands = [
  revocation,
  ...[jobCreate, jobStart, jobApprove, jobDecline, jobWatch, jobPause, jobResume, jobCancel, jobPauseAll],
  ...[jobList, jobShow, jobOrders, jobReport],
  ...[auditExport, auditHead, auditVerify],
  ...[codes, key, simulator],
];

/** What every command knows besides --help. @type {Record<string, import("./arguments.js").Option>} */
const everywhere = {
  json: { about: "answer as JSON on standard output" },
  version: { about: "the version" },
};

/** What is read where no command is meant: only whether help or the version is wanted. */
const none = { name: "", about: "", rest: ["[WORD]..."], options: everywhere };

/** @param {string[]} argv @returns {Promise<number>} the exit status */
export async function main(argv) {
  const command = commands.find(({ name }) => name.split(" ").every((word, at) => argv[at] === word));
  const usage = command
    ? { ...command, name: `autorevoke ${command.name}`, options: { ...command.options, ...everywhere } }
    : none;
  const given = readArguments(usage, argv.slice(command?.name.split(" ").length ?? 0));
  if (given.asks("help")) return showLines(command ? helpOf(usage) : generalHelp());
  if (given.asks("version")) return show(version());
  try {
    if (!command) throw new WrongUse([whichOf(argv)]);
    if (given.faults.length > 0) throw new WrongUse(given.faults);
    return (await command.run(given)) ?? DONE;
  } catch (error) {
    // A reader that stops (`| head -1`) has what it wanted; a document that is cut short must not count as written.
    if (error instanceof NotWritten) return readerLeft.aborted ? DONE : UNKNOWN;
    if (!(error instanceof WrongUse)) return tell(error, Boolean(given.values.json));
    for (const fault of error.faults) complain(fault);
    if (command) console.error(`See ${usage.name} --help.`);
    return WRONG_USE;
  }
}

/** What may have been meant. @param {string[]} argv */
function whichOf([word]) {
  const near = commands.filter(({ name }) => name.startsWith(`${word} `)).map(({ name }) => name);
  return `which command? ${near.length > 0 ? `There are ${near.join(", ")}.` : "See autorevoke --help."}`;
}

const generalHelp = () =>
  [
    "autorevoke COMMAND ... : revokes TLS certificates through an edge, one or thousands, and reads and verifies its audit",
    "log.",
    "",
    ...table(commands.map(({ name, rest = [], about }) => [[name, ...rest].join(" "), about])),
    "",
    "autorevoke COMMAND --help tells the options. The edge's URL is taken from AUTOREVOKE_ENDPOINT or --endpoint, the API",
    "key or JWT from AUTOREVOKE_TOKEN or --token. A token among the arguments can be seen by other users of the machine",
    "while the command runs, and stays in the shell's history: prefer the variable.",
    "",
    "Exit status: 0 done; 1 the CA or the edge said no, or a log cannot be believed; 2 wrong use; 3 it is not known what",
    "became of it: do not take it for a no. job watch: 0 all done; 1 some refused, or cancelled; 3 some are unknown, or it",
    "was no longer watched. It does not depend on who reads the output: what could not be written there is said on standard",
    "error, and a log or report that could not be written as a whole is 3.",
  ].join("\n");
