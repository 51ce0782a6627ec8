// The page of the command `autorevoke`, written from its own help.
import { helpOf } from "../../pkg/bin/arguments.js";
import { commands } from "../../pkg/bin/main.js";

/** @returns {string} */
export function commandPage() {
  return [
    "# The command",
    "",
    "`npx autorevoke COMMAND --help` prints what is below. The edge's URL comes from `AUTOREVOKE_ENDPOINT` or `--endpoint`, the",
    "API key or JWT from `AUTOREVOKE_TOKEN` or `--token`. A token among the arguments can be seen by other users of the machine:",
    "prefer the variable.",
    "",
    "| exit status | what it says |",
    "| ---: | --- |",
    "| 0 | done |",
    "| 1 | the CA or the edge said no, or a log cannot be believed |",
    "| 2 | wrong use; nothing was sent |",
    "| 3 | it is not known what became of it: do not take it for a no |",
    "",
    ...commands.flatMap((command) => [
      `## ${command.name}`,
      "",
      "```text",
      helpOf({ ...command, name: `autorevoke ${command.name}` }),
      "```",
      "",
    ]),
  ].join("\n");
}
