// npm run demo: everything on loopback, to be tried out.
import { portFault, readArguments } from "./command/arguments.mjs";
import { end, whenEnding } from "./command/ending.mjs";
import { WrongUse, runCommand } from "./command/faults.mjs";
import { say } from "./command/running.mjs";
import { endWithAncestors } from "./run/ancestors.mjs";
import { portInUse } from "./run/ports.mjs";
import { ensureNpmPackages } from "./setup/npm-packages.mjs";

await runCommand(async () => {
  const { values } = readArguments({
    name: "npm run demo --",
    about: "Serves the dashboard, the edge and the CA simulator on 127.0.0.1. Ctrl-C ends everything.",
    options: {
      port: { value: "N", about: "of dashboard and edge; default 8787; 0: any free one", fault: portFault },
      data: { value: "DIR", about: "keeps the ledger and the keys there; default: forgotten at the end" },
    },
  });
  await endWithAncestors(() => end(1));
  const port = Number(values.port ?? 8787);
  const taken = await portInUse(port);
  if (taken) throw new WrongUse([`--port: ${taken}; choose another: npm run demo -- --port N`]);
  await ensureNpmPackages();
  const { build } = await import("./build/parts.mjs");
  await build();
  const { startDemo } = await import("./run/demo.mjs");

  const demo = await startDemo({ port, data: values.data });
  whenEnding(() => say("\ndemo: ended"));
  console.log(`ready ${demo.url}`);
  console.log(description(demo));
  say((await demo.died) + "; the demo is over");
  await end(1);
});

/** @param {import("./run/demo.mjs").Demo} demo */
function description({ url, simulator, keys }) {
  const operator = keys.find(({ permissions }) => permissions.includes("revoke"));
  const width = Math.max(...keys.map(({ person, permissions }) => `${person} ${permissions}`.length)) + 2;
  return [
    "",
    "API keys of this demo (paste one into the dashboard):",
    ...keys.map(
      ({ person, permissions, key }) => `  ${`${person}: ${permissions.join(",")}`.padEnd(width)} ${key}`,
    ),
    "",
    "Revoke an order (nothing real is touched; the CA is the simulator):",
    `  curl -sS ${url}/v1/revocations -H 'Authorization: Bearer ${operator?.key}' ` +
      `-H 'Content-Type: application/json' -d '{"orderNumber":"123456","codeReason":"keyCompromise"}'`,
    "",
    `What the simulated CA has seen: ${simulator.url}/_simulator/ledger`,
  ].join("\n");
}
