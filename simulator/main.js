#!/usr/bin/env node
// The command: serves the simulator until a signal stops it.

import { parseArgs } from "node:util";
import { SettingError } from "./checks.js";
import { startSimulator } from "./index.js";

const help = `A stand-in for the CA's !autoRevokeCertificate endpoint, on loopback only.

Usage: node simulator/main.js [--port N] [options]

  --port N            the port (default 8788; 0: any free one)
  --host ADDRESS      a loopback address (default 127.0.0.1)
  --login-name NAME   the account's name (default: $SIMULATOR_LOGIN_NAME, or demo-reseller)
  --lock-after N      lock the account after N wrong logins in a row (default: never)
  --latency MS        answer so late (default: at once)
  --concurrent N      answer -42 to more than N calls at once (default: any number)
  --per-second N      answer -42 to more than N calls a second (default: any number)
  --help              this text

The account's password is $SIMULATOR_LOGIN_PASSWORD, or demo-password: it is no option, since everybody on the
machine can read those. Prints "ready http://ADDRESS:PORT" once calls are answered. GET /_simulator tells the rest.
`;

/** @param {string} message @returns {never} */
function misused(message) {
  process.stderr.write(`${message}\nTry --help.\n`);
  process.exit(2);
}

function readOptions() {
  try {
    return parseArgs({
      options: {
        port: { type: "string" },
        host: { type: "string" },
        "login-name": { type: "string" },
        "lock-after": { type: "string" },
        latency: { type: "string" },
        concurrent: { type: "string" },
        "per-second": { type: "string" },
        help: { type: "boolean", short: "h" },
      },
    }).values;
  } catch (error) {
    return misused(/** @type {Error} */ (error).message);
  }
}

/** @param {string | undefined} text as a number, or what the checks will refuse */
const number = (text) => (text === undefined ? undefined : /^[0-9]+$/.test(text) ? Number(text) : Number.NaN);

/** Without the members that are undefined. @template {object} T @param {T} settings @returns {T} */
const given = (settings) =>
  /** @type {T} */ (Object.fromEntries(Object.entries(settings).filter(([, value]) => value !== undefined)));

const options = readOptions();
if (options.help) {
  process.stdout.write(help);
  process.exit(0);
}

try {
  const { SIMULATOR_LOGIN_NAME, SIMULATOR_LOGIN_PASSWORD } = process.env;
  const ca = await startSimulator(
    given({
      port: number(options.port) ?? 8788,
      host: options.host,
      loginName: options["login-name"] ?? SIMULATOR_LOGIN_NAME,
      loginPassword: SIMULATOR_LOGIN_PASSWORD,
      lockAfter: number(options["lock-after"]),
      limits: given({ concurrent: number(options.concurrent), perSecond: number(options["per-second"]) }),
    }),
  );
  const latency = number(options.latency);
  if (latency !== undefined) ca.faults.add({ fault: "latency", ms: latency });
  process.stdout.write(`ready ${ca.url}\n`);
  for (const signal of ["SIGINT", "SIGTERM"]) process.once(signal, () => void ca.close());
} catch (error) {
  if (error instanceof SettingError)
    misused(error.findings.map(({ where, problem }) => `${where} ${problem}`).join("\n"));
  process.stderr.write(`The simulator could not start: ${/** @type {Error} */ (error).message}\n`);
  process.exit(1);
}
