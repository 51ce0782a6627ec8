// npm run edge: the edge, self-hosted on workerd, alone or with the dashboard.
import { portFault, readArguments } from "./command/arguments.mjs";
import { end } from "./command/ending.mjs";
import { runCommand } from "./command/faults.mjs";
import { say } from "./command/running.mjs";
import { endWithAncestors } from "./run/ancestors.mjs";
import { ensureNpmPackages } from "./setup/npm-packages.mjs";

await runCommand(async () => {
  const { values, switches } = readArguments({
    name: "npm run edge --",
    about: "Serves the edge on 127.0.0.1, configured from a file. Put a TLS proxy in front of it.",
    options: {
      env: { value: "FILE", about: "NAME=value lines, as npm's dotenv reads them", required: true },
      port: { value: "N", about: "default 8787; 0: any free one", fault: portFault },
      data: { value: "DIR", about: "where its ledger is kept; made when missing", required: true },
      dashboard: { about: "serves the dashboard at /, too" },
    },
  });
  await endWithAncestors(() => end(1));
  await ensureNpmPackages();
  const { build } = await import("./build/parts.mjs");
  const dashboard = switches.has("dashboard");
  await build(dashboard ? ["edge", "dashboard"] : ["edge"]);
  const { configurationFaults, configurationNotices, keySetNotices, readEnvFile } =
    await import("./run/configuration.mjs");
  const { startEdge } = await import("./run/edge.mjs");
  const { canDieWithParent } = await import("./run/workerd.mjs");

  const file = String(values.env);
  const { variables, unknown, faults, notices } = await readEnvFile(file);
  for (const notice of notices) say(`warning: ${file}: ${notice}`);
  for (const name of unknown) say(`warning: ${file}: the edge knows no ${name}; it is ignored`);
  for (const notice of variables ? await configurationNotices(variables) : []) say(`warning: ${notice}`);
  if (variables && (await configurationFaults(variables)).length === 0) {
    // Beside the start, which an issuer that does not answer holds up for no one.
    void keySetNotices(variables).then((notices) => notices.forEach((notice) => say(`warning: ${notice}`)));
  }
  if (!canDieWithParent())
    say(
      "warning: there is no setpriv (util-linux): if this command is killed, the edge may go on without it",
    );
  const edge = await startEdge({
    variables,
    port: Number(values.port ?? 8787),
    data: String(values.data),
    faults,
    dashboard,
  });
  console.log(`ready ${edge.url}`);
  say((await edge.died) + "; the edge is down");
  return 1;
});
