// npm run test:all: npm test, and then everything that takes longer. For a release, or a change to what they are about.
import { readArguments } from "./command/arguments.mjs";
import { runCommand } from "./command/faults.mjs";
import { say, show } from "./command/running.mjs";

const FUZZ_SECONDS = "300";

/** In the order of what they tell for the time that they take. */
const COMMANDS = [
  ["test"],
  ["docs"],
  ["test:browsers"],
  ["test:answers"],
  ["test:faults"],
  ["test:histories"],
  ["test:contract"],
  ["test:jobs", "--interleavings", "1000"],
  ["test:kill", "--at", "switch"],
  ["test:kill", "--at", "receipt"],
  ["test:kill"],
  ["test:jobs"],
  ["simulate:day"],
  ["fuzz", FUZZ_SECONDS],
];

await runCommand(async () => {
  readArguments({
    name: "npm run test:all",
    about:
      "Runs npm test and all the longer tests, which takes two to three hours. Each says how to run it alone.",
  });
  const failed = [];
  for (const [name, ...args] of COMMANDS) {
    const command = `npm run ${[name, ...(args.length > 0 ? ["--", ...args] : [])].join(" ")}`;
    say(`\n${command}`);
    if ((await show("npm", ["run", "--silent", name, "--", ...args])) !== 0) failed.push(command);
  }
  for (const command of failed) console.error(`failed: ${command}`);
  console.log(`${COMMANDS.length - failed.length} passed, ${failed.length} failed`);
  return failed.length === 0 ? 0 : 1;
});
