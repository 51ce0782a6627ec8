// npm run simulate:day: the size of a real mass revocation, through everything that can go wrong on such a day.
import { inRoot } from "./command/places.mjs";
import { say } from "./command/running.mjs";
import { longTest } from "./test/long.mjs";

await longTest({
  name: "simulate:day",
  about:
    "Runs one job of 83,267 orders at a simulated CA that answers fast, is busy at times, breaks calls off and is down for a\n" +
    "while, and kills the edge meanwhile. Then every order is compared with what the CA did, every page and export is\n" +
    "counted, and it says how long the same takes at the pace of a real CA.",
  numbers: {
    // The certificates that one CA had to revoke within a day in July 2024.
    orders: ["so many", 83_267],
    kills: ["of the edge", 3],
    "answer-ms": ["how long the CA takes to answer", 5],
  },
  options: { calm: { about: "without anything that goes wrong at the CA or the edge" } },
  async run({ numbers: { orders, kills, "answer-ms": answerMs }, switches, seed }) {
    /** @type {typeof import("../tests/day/day.mjs")} */
    const { simulateDay } = await import(inRoot("tests/day/day.mjs"));
    /** @type {typeof import("../tests/day/report.mjs")} */
    const { summary } = await import(inRoot("tests/day/report.mjs"));
    const calm = switches.has("calm");
    const day = await simulateDay({ orders, kills: calm ? 0 : kills, answerMs, faults: !calm, seed, say });
    say(summary(day));
    return {
      findings: day.findings,
      summary: `every one of ${orders} orders is reported as it is at the CA`,
    };
  },
});
