// npm run backup: copies the ledger of an edge that does not run.
import { readArguments } from "./command/arguments.mjs";
import { runCommand } from "./command/faults.mjs";
import { backUp } from "./ledger-copies/backup.mjs";

await runCommand(async () => {
  const { values } = readArguments({
    name: "npm run backup --",
    about: [
      "Copies the ledger of an edge that was stopped, with a manifest that tells later whether the copy is whole.",
      "It holds no credentials, but who revoked what. docs/backup.md tells more.",
    ].join("\n"),
    options: {
      data: { value: "DIR", about: "the edge's data folder", required: true },
      to: { value: "FOLDER", about: "empty, or made when missing", required: true },
    },
  });
  const { files } = await backUp({ data: String(values.data), to: String(values.to) });
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  console.log(`backed up ${files.length} files, ${bytes} bytes, to ${values.to}`);
});
