// npm run test:kill: the edge is killed again and again, and nothing is lost, and nothing reported wrong.
import { randomInt } from "node:crypto";
import { readArguments } from "./command/arguments.mjs";
import { Failure, runCommand } from "./command/faults.mjs";
import { inRoot } from "./command/places.mjs";
import { say } from "./command/running.mjs";
import { ensureNpmPackages } from "./setup/npm-packages.mjs";

const KILLS = 1_000;
const ORDERS_PER_KILL = { random: 20, receipt: 3 };
const LARGEST_SEED = 999_999_999;
/** Histories are long; the first ones tell enough. */
const SHOWN = 3;

/** @param {string} text */
const numberFault = (text) => (/^[1-9]\d{0,8}$/.test(text) ? undefined : `not a number from 1: ${text}`);

await runCommand(async () => {
  const { values } = readArguments({
    name: "npm run test:kill --",
    about:
      "Revokes orders at a simulated CA that answers, refuses, is busy or breaks off, kills the edge at random moments,\n" +
      "starts it again on the same data, and at the end compares every order with what the CA did.",
    options: {
      kills: { value: "N", about: `so many; default ${KILLS}`, fault: numberFault },
      orders: {
        value: "N",
        about: "at least so many; default 20 for each kill, or 3 at receipt",
        fault: numberFault,
      },
      at: {
        value: "receipt",
        about: "kill when the CA has just read a call",
        fault: (text) => (text === "receipt" ? undefined : `there is no such moment: ${text}`),
      },
      seed: {
        value: "N",
        about: "of an earlier run: the same orders; the timing is the machine's",
        fault: numberFault,
      },
    },
  });
  const kills = Number(values.kills ?? KILLS);
  const atReceipt = values.at === "receipt";
  const orders = Number(values.orders ?? kills * ORDERS_PER_KILL[atReceipt ? "receipt" : "random"]);
  const seed = Number(values.seed ?? randomInt(1, LARGEST_SEED));
  await ensureNpmPackages();
  const { build } = await import("./build/parts.mjs");
  await build(["client", "edge"]);
  /** @type {typeof import("../tests/kill/hunt.mjs")} */
  const { hunt } = await import(inRoot("tests/kill/hunt.mjs"));
  /** @type {typeof import("../tests/kill/report.mjs")} */
  const { figures, shown } = await import(inRoot("tests/kill/report.mjs"));

  const moment = atReceipt ? "at receipt" : "at random moments";
  say(`kill: ${kills} kills ${moment}, at least ${orders} orders, from seed ${seed}`);
  const result = await hunt({ kills, orders, seed, atReceipt, say });
  say(figures(result));
  const { findings } = result;
  if (findings.length > 0) {
    const again = `npm run test:kill -- --kills ${kills} --orders ${orders}${atReceipt ? " --at receipt" : ""} --seed ${seed}`;
    throw new Failure(
      `${shown(findings, SHOWN)}\nkill: ${findings.length} disagreements; to see the same orders again: ${again}`,
    );
  }
  console.log(
    `kill: nothing lost and nothing wrong in ${result.orders.length} orders and ${kills} kills, from seed ${seed}`,
  );
});
