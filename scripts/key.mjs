// npm run key: makes an API key, or the key that signs the audit log, as `npx autorevoke key` does. Needs nothing but Node.
import { key } from "../pkg/bin/commands/key.js";
import { readArguments } from "./command/arguments.mjs";
import { runCommand } from "./command/faults.mjs";

await runCommand(async () => {
  const { values, switches } = readArguments({ ...key, name: "npm run key --" });
  const given = switches.has("audit") ? /** @type {const} */ ({ ...values, audit: true }) : values;
  return (await key.run({ values: given, rest: [], faults: [], asks: () => false })) ?? 0;
});
