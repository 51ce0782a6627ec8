// npm run restore: puts a backup of the ledger in place. What was there is set aside.
import { readArguments } from "./command/arguments.mjs";
import { runCommand } from "./command/faults.mjs";
import { ensureNpmPackages } from "./setup/npm-packages.mjs";

const NEXT = `
Next: start the edge. With the first request it sees that this ledger is older than one that was there, and says so in
its log ("ledger-restored") and in the audit log ("restore"). Orders that were refused or unknown are unknown then, and
found out by test calls; nothing is sent again by itself. An order that the ledger does not know may have been revoked
since the backup was made: the edge does not say that it was not.`.trimStart();

await runCommand(async () => {
  const { values } = readArguments({
    name: "npm run restore --",
    about: [
      "Puts a backup of the ledger in place, if it is whole. The ledger that is there is set aside, never deleted.",
      "docs/backup.md tells what the edge does with an older ledger.",
    ].join("\n"),
    options: {
      from: { value: "FOLDER", about: "the backup", required: true },
      data: {
        value: "DIR",
        about: "the data folder of an edge that does not run; made when missing",
        required: true,
      },
    },
  });
  await ensureNpmPackages();
  const { restore } = await import("./ledger-copies/restore.mjs");
  const { time, setAside } = await restore({ from: String(values.from), data: String(values.data) });
  console.log(`restored the ledger of ${time} to ${values.data}`);
  if (setAside) console.log(`what was there before is in ${setAside}`);
  console.log(NEXT);
});
