// npm run mutants: changes the protocol and the ledger in small ways, one at a time, and sees whether a test notices.
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { readArguments } from "./command/arguments.mjs";
import { Failure, runCommand } from "./command/faults.mjs";
import { inRoot, targetDirectory } from "./command/places.mjs";
import { attempt, say } from "./command/running.mjs";
import { environment, parts } from "./mutants/parts.mjs";
import { reasons } from "./mutants/reasons.mjs";
import { ensureCargoTool } from "./setup/cargo-tool.mjs";

const CARGO_MUTANTS = {
  name: "cargo-mutants",
  version: "27.1.0",
  takes: "some minutes, once for all clones",
};
/** A mutant may loop for ever; a machine may be slow. */
const LEAST_TIMEOUT_S = 60;
/** cargo-mutants' own: all were noticed; some were missed; some took too long. */
const ENDED = /^(Found|\d+ mutants tested)/m;

await runCommand(async () => {
  const { values } = readArguments({
    name: "npm run mutants --",
    about:
      "Changes src/protocol and the ledger's state machine in small ways, one at a time, and sees whether a test notices.\n" +
      "Those that none may notice are in scripts/mutants/reasons.mjs, each with its reason.\n" +
      "Takes some hours; --file does a part of it.",
    options: {
      part: {
        value: "NAME",
        about: `this one only: ${Object.keys(parts).join(", ")}`,
        fault: (text) => (Object.hasOwn(parts, text) ? undefined : `there is no such part: ${text}`),
      },
      file: { value: "PATH", about: "this file of the part only" },
    },
  });
  const tool = await ensureCargoTool(CARGO_MUTANTS);
  const unexplained = [];
  for (const [name, part] of Object.entries(parts)) {
    if (values.part && values.part !== name) continue;
    unexplained.push(...(await mutate(tool, name, part, values.file)));
  }
  if (unexplained.length > 0) {
    throw new Failure(`no test notices these:\n${unexplained.map((text) => `  ${text}`).join("\n")}`);
  }
  console.log("every mutant is noticed, or there is a reason why not");
});

/**
 * @param {string} tool
 * @param {string} name
 * @param {import("./mutants/parts.mjs").Part} part
 * @param {string} [file]
 * @returns {Promise<string[]>} those that were missed without a reason
 */
async function mutate(tool, name, { files, tests }, file) {
  const folder = join(targetDirectory, "mutants", "found", name);
  await mkdir(folder, { recursive: true });
  const chosen = (file ? [file] : files).flatMap((path) => ["--file", path]);
  const { output } = await attempt(
    `${tool}/bin/cargo-mutants`,
    [
      ...["mutants", ...chosen, "--output", folder, "--profile", "mutants"],
      ...[
        "--minimum-test-timeout",
        String(LEAST_TIMEOUT_S),
        "--no-times",
        "--colors",
        "never",
        "--",
        ...tests,
      ],
    ],
    // What is not ours is compiled once.
    {
      label: `mutants: ${name}`,
      env: { ...environment, CARGO_TARGET_DIR: join(targetDirectory, "mutants") },
    },
  );
  if (!ENDED.test(output)) throw new Failure(`${output.trimEnd()}\nmutants: ${name} did not come to an end`);
  const outcome = async (/** @type {string} */ how) =>
    (await readFile(join(folder, "mutants.out", `${how}.txt`), "utf8")).split("\n").filter(Boolean);
  const [caught, missed, timeout, unviable] = await Promise.all(
    ["caught", "missed", "timeout", "unviable"].map(outcome),
  );
  const unexplained = missed.filter((mutant) => !Object.hasOwn(reasons, placeless(mutant)));
  say(
    `  ${caught.length} noticed, ${timeout.length} noticed by time, ${missed.length - unexplained.length} explained, ` +
      `${unexplained.length} missed; ${unviable.length} do not compile`,
  );
  return unexplained;
}

/** Without the place, which moves with every change of the file. @param {string} mutant */
function placeless(mutant) {
  return mutant.replace(/^([^:]+):\d+:\d+: /, "$1: ");
}
