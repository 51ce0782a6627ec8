// npm run try: the edge on this machine, before a simulated CA. Nothing real is touched.
import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { setTimeout as pause } from "node:timers/promises";
import { startSimulator } from "autorevoke/simulator";
import workerd from "workerd";
import { secrets } from "./secrets.mjs";

const { PORT = "8787", CA_PORT = "8788", PATH } = process.env;
const url = `http://127.0.0.1:${PORT}`;
const ledger = fileURLToPath(new URL(".ledger", import.meta.url));
const built = import.meta.resolve("autorevoke/worker");
const config = fileURLToPath(new URL("workerd-dashboard.capnp", built));
const dashboard = fileURLToPath(new URL("../dashboard", built));

const { values, apiKey } = secrets();
const ca = await startSimulator({ port: Number(CA_PORT) });
mkdirSync(ledger, { recursive: true, mode: 0o700 });
const edge = spawn(
  workerd.default,
  [
    "serve",
    config,
    "--experimental",
    `--socket-addr=http=127.0.0.1:${PORT}`,
    `--directory-path=ledger=${ledger}`,
    `--directory-path=files=${dashboard}`,
  ],
  {
    env: {
      PATH,
      ...values,
      CA_ENDPOINT: ca.endpoint,
      CA_LOGIN_NAME: "demo-reseller",
      CA_LOGIN_PASSWORD: "demo-password",
    },
    // Its log is no output of this command.
    stdio: ["ignore", 2, 2],
  },
);
edge.once("exit", (code) => process.exit(code ?? 0));
for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => edge.kill());

while (!(await fetch(`${url}/healthz`).catch(() => undefined))?.ok) await pause(50);
console.log(`ready ${url}`);
if (apiKey) console.log(`\nYour API key, shown this once:\n${apiKey}`);
console.log(`
The dashboard is at ${url}/. In another terminal:

  export AUTOREVOKE_ENDPOINT=${url} AUTOREVOKE_TOKEN=${apiKey ?? "(your API key)"}
  npx autorevoke revoke 123456 --reason keyCompromise --yes

Ctrl-C ends it. The CA's side: ${ca.url}/_simulator/ledger`);
