// npm run simulate:day: a day of mass revocation in fast motion, against the simulated CA.
import { readArguments } from "./command/arguments.mjs";
import { Failure, runCommand } from "./command/faults.mjs";
import { inRoot } from "./command/places.mjs";
import { say } from "./command/running.mjs";
import { ensureNpmPackages } from "./setup/npm-packages.mjs";

/** The certificates that one CA had to revoke within a day in July 2024. */
const ORDERS = 83_267;
const KILLS = 3;
const ANSWER_MS = 5;
const SHOWN = 10;

/** @param {string} text */
const numberFault = (text) => (/^\d{1,7}$/.test(text) ? undefined : `not a number: ${text}`);

await runCommand(async () => {
  const { values, switches } = readArguments({
    name: "npm run simulate:day --",
    about:
      "Runs one job of 83,267 orders at a simulated CA that answers fast, is busy at times, breaks calls off and is down for a\n" +
      "while, and kills the edge meanwhile. Then every order is compared with what the CA did, every page and export is\n" +
      "counted, and it is told how long the same takes at the pace of a real CA.",
    options: {
      orders: { value: "N", about: `so many; default ${ORDERS}`, fault: numberFault },
      kills: { value: "N", about: `of the edge; default ${KILLS}`, fault: numberFault },
      "answer-ms": {
        value: "N",
        about: `how long the CA takes to answer; default ${ANSWER_MS}`,
        fault: numberFault,
      },
      calm: { about: "without anything that goes wrong at the CA" },
    },
  });
  const orders = Number(values.orders ?? ORDERS);
  const kills = Number(values.kills ?? KILLS);
  await ensureNpmPackages();
  const { build } = await import("./build/parts.mjs");
  await build(["client", "edge"]);
  /** @type {typeof import("../tests/day/day.mjs")} */
  const { simulateDay } = await import(inRoot("tests/day/day.mjs"));
  /** @type {typeof import("../tests/day/report.mjs")} */
  const { told } = await import(inRoot("tests/day/report.mjs"));
  const answerMs = Number(values["answer-ms"] ?? ANSWER_MS);
  const day = await simulateDay({ orders, kills, answerMs, faults: !switches.has("calm"), say });
  console.log(told(day));
  const { findings } = day;
  if (findings.length > 0) {
    throw new Failure(`${findings.slice(0, SHOWN).join("\n")}\nday: ${findings.length} disagreements`);
  }
  console.log(`day: every one of ${orders} orders is reported as it is at the CA`);
});
