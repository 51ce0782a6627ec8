// npm run simulator: the CA simulator alone.
import { portFault, readArguments } from "./command/arguments.mjs";
import { end, whenEnding } from "./command/ending.mjs";
import { WrongUse, runCommand } from "./command/faults.mjs";
import { say } from "./command/running.mjs";
import { endWithAncestors } from "./run/ancestors.mjs";
import { portInUse } from "./run/ports.mjs";
import { ensureNpmPackages } from "./setup/npm-packages.mjs";

await runCommand(async () => {
  const { values } = readArguments({
    name: "npm run simulator --",
    about: "Serves the CA simulator on 127.0.0.1, a stand-in for the vendor's endpoint.",
    options: { port: { value: "N", about: "default 8788; 0: any free one", fault: portFault } },
  });
  await endWithAncestors(() => end(1));
  const port = Number(values.port ?? 8788);
  const fault = await portInUse(port);
  if (fault) throw new WrongUse([`--port: ${fault}`]);
  await ensureNpmPackages();
  const { startSimulator } = await import("autorevoke-simulator");
  const simulator = await startSimulator({ port, host: "127.0.0.1" });
  whenEnding(() => simulator.close());
  console.log(`ready ${simulator.url}`);
  say(`endpoint ${simulator.endpoint}\nledger   ${simulator.url}/_simulator/ledger`);
});
