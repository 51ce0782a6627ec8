#!/usr/bin/env node
// The command `autorevoke`: finds which of its commands is meant, runs it, and ends with its status.
import { WrongUse, generalHelp, helpOf, readArguments } from "./arguments.js";
import { auditExport } from "./commands/audit-export.js";
import { auditHead } from "./commands/audit-head.js";
import { auditVerify } from "./commands/audit-verify.js";
import { codes } from "./commands/codes.js";
import { jobCreate } from "./commands/job-create.js";
import { jobCancel, jobPause, jobPauseAll, jobResume } from "./commands/job-hold.js";
import { jobList } from "./commands/job-list.js";
import { jobOrders } from "./commands/job-orders.js";
import { jobReport } from "./commands/job-report.js";
import { jobShow } from "./commands/job-show.js";
import { jobApprove, jobStart } from "./commands/job-start.js";
import { jobWatch } from "./commands/job-watch.js";
import { revocation } from "./commands/revoke.js";
import { DONE, WRONG_USE, tell } from "./ending.js";
import { print } from "./output.js";
import { version } from "./version.js";

/** One a file; more of them go here. @type {import("./arguments.js").Command[]} */
const commands = [
  revocation,
  ...[jobCreate, jobStart, jobApprove, jobWatch, jobPause, jobResume, jobCancel, jobPauseAll],
  ...[jobList, jobShow, jobOrders, jobReport],
  ...[auditExport, auditHead, auditVerify],
  codes,
];

process.exitCode = await main(process.argv.slice(2));

/** @param {string[]} argv @returns {Promise<number>} the exit status */
async function main(argv) {
  const command = commands.find(({ name }) => name.split(" ").every((word, at) => argv[at] === word));
  /** @type {Partial<import("./arguments.js").Arguments>} */
  let read = {};
  try {
    read = readArguments(command, argv);
    const { values } = read;
    if (values?.help) return print(command ? helpOf(command) : generalHelp(commands));
    if (values?.version) return print(version());
    if (!command) throw new WrongUse([whichOf(argv)]);
    if (read.faults?.length) throw new WrongUse(read.faults);
    return (await command.run(/** @type {import("./arguments.js").Arguments} */ (read))) ?? DONE;
  } catch (error) {
    if (!(error instanceof WrongUse)) return tell(error, Boolean(read.values?.json));
    for (const fault of error.faults) console.error(`autorevoke: ${fault}`);
    if (command) console.error(`See autorevoke ${command.name} --help.`);
    return WRONG_USE;
  }
}

/** What may have been meant. @param {string[]} argv */
function whichOf([word]) {
  const near = commands.filter(({ name }) => name.startsWith(`${word} `)).map(({ name }) => name);
  return `which command? ${near.length > 0 ? `There are ${near.join(", ")}.` : "See autorevoke --help."}`;
}
