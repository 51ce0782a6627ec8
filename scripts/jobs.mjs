// npm run test:jobs: jobs run while the edge is killed again and again, or while two people contradict each other.
import { randomInt } from "node:crypto";
import { readArguments } from "./command/arguments.mjs";
import { Failure, runCommand } from "./command/faults.mjs";
import { inRoot } from "./command/places.mjs";
import { say } from "./command/running.mjs";
import { ensureNpmPackages } from "./setup/npm-packages.mjs";

const KILLS = 100;
const ORDERS = 10_000;
const LARGEST_SEED = 999_999_999;
/** Histories are long; the first ones tell enough. */
const SHOWN = 3;

/** @param {string} text */
const numberFault = (text) => (/^[1-9]\d{0,8}$/.test(text) ? undefined : `not a number from 1: ${text}`);

await runCommand(async () => {
  const { values } = readArguments({
    name: "npm run test:jobs --",
    about:
      "Runs a large job and three others before a simulated CA that refuses, is busy and breaks off, kills the edge at\n" +
      "random moments, starts it again on the same data, and at the end compares every row with what the CA did.\n" +
      "With --interleavings: two callers at once plan, start, approve, pause, resume and cancel small jobs, at random; the\n" +
      "states change only as they may, and the counts add up at any moment.",
    options: {
      kills: { value: "N", about: `so many; default ${KILLS}`, fault: numberFault },
      orders: {
        value: "N",
        about: `of the large job; default ${ORDERS}; each of the others has a twentieth`,
        fault: numberFault,
      },
      interleavings: { value: "N", about: "so many of these, instead of the kills", fault: numberFault },
      seed: {
        value: "N",
        about: "of an earlier run: the same orders and wishes; the timing is the machine's",
        fault: numberFault,
      },
    },
  });
  const seed = Number(values.seed ?? randomInt(1, LARGEST_SEED));
  await ensureNpmPackages();
  const { build } = await import("./build/parts.mjs");
  await build(["client", "edge"]);
  await (values.interleavings ? interleave(Number(values.interleavings), seed) : kill(values, seed));
});

/** @param {Record<string, string | undefined>} values @param {number} seed */
async function kill(values, seed) {
  const kills = Number(values.kills ?? KILLS);
  const orders = Number(values.orders ?? ORDERS);
  /** @type {typeof import("../tests/jobs/hunt.mjs")} */
  const { hunt } = await import(inRoot("tests/jobs/hunt.mjs"));
  /** @type {typeof import("../tests/jobs/hunt-report.mjs")} */
  const { figures } = await import(inRoot("tests/jobs/hunt-report.mjs"));
  say(`jobs: ${kills} kills during a job of ${orders} orders, with three others, from seed ${seed}`);
  const result = await hunt({ kills, orders, seed, say });
  say(figures(result));
  await conclude(result.findings, `--kills ${kills} --orders ${orders} --seed ${seed}`);
  console.log(
    `jobs: every row of ${result.orders.length} is what the CA did, after ${kills} kills, from seed ${seed}`,
  );
}

/** @param {number} count @param {number} seed */
async function interleave(count, seed) {
  /** @type {typeof import("../tests/jobs/interleavings.mjs")} */
  const { interleavings } = await import(inRoot("tests/jobs/interleavings.mjs"));
  say(`jobs: ${count} interleavings of what two callers want, from seed ${seed}`);
  const { findings, moves, seconds } = await interleavings({ count, seed, say });
  for (const [move, times] of moves) say(`  ${String(times).padStart(6)}  ${move}`);
  await conclude(findings, `--interleavings ${count} --seed ${seed}`);
  console.log(`jobs: only legal moves in ${count} interleavings, from seed ${seed}, in ${seconds} s`);
}

/** @param {import("../tests/kill/comparison.mjs").Finding[]} findings @param {string} how */
async function conclude(findings, how) {
  if (findings.length === 0) return;
  /** @type {typeof import("../tests/kill/report.mjs")} */
  const { shown } = await import(inRoot("tests/kill/report.mjs"));
  throw new Failure(
    `${shown(findings, SHOWN)}\njobs: ${findings.length} disagreements; to see the same again: npm run test:jobs -- ${how}`,
  );
}
