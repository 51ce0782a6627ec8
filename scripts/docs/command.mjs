// The page of the command `autorevoke`, written from what it knows of its own arguments.
import { ofEdge } from "../../pkg/bin/edge.js";
import { commands } from "../../pkg/bin/main.js";
import { tableOf } from "./markdown.mjs";

/** @returns {string} */
export function commandPage() {
  return [
    "# The command",
    "",
    "The package has the command `autorevoke`: `npx autorevoke COMMAND ...`. What is below, `--help` tells as well.",
    "",
    "Options are read strictly: a mistake among them is named, and nothing is sent. A value that begins with a hyphen is written",
    "with an equals sign, `--comment=-x`. What revokes asks on a terminal for the order's number or the job's total; elsewhere it",
    "needs to be told.",
    "",
    "## Every command that speaks to an edge",
    "",
    ...optionsTable({ ...ofEdge, json: { about: "answer as JSON on standard output" } }),
    "",
    ...tableOf(
      ["exit status", "what it says"],
      [
        [0, "done"],
        [1, "the CA or the edge said no, or a log cannot be believed"],
        [2, "wrong use; nothing was sent"],
        [3, "it is not known what became of it: do not take it for a no"],
      ],
    ),
    "",
    ...commands.flatMap(({ name, about, rest = [], options = {} }) => {
      const own = Object.fromEntries(Object.entries(options).filter(([option]) => !(option in ofEdge)));
      return [
        `## ${name}`,
        "",
        "```sh",
        ["npx autorevoke", name, ...rest].join(" "),
        "```",
        "",
        about,
        "",
        ...(Object.keys(own).length > 0 ? [...optionsTable(own), ""] : []),
      ];
    }),
  ].join("\n");
}

/** @param {Record<string, import("../../pkg/bin/arguments.js").Option>} options */
const optionsTable = (options) =>
  tableOf(
    ["option", "what it does"],
    Object.entries(options).map(([name, { value, about }]) => [
      `\`--${name}${value ? ` ${value}` : ""}\``,
      about,
    ]),
  );
