// npm run test:kill: the edge is killed again and again, and nothing is lost, and nothing reported wrong.
import { inRoot } from "./command/places.mjs";
import { say } from "./command/running.mjs";
import { longTest } from "./test/long.mjs";

const ORDERS_PER_KILL = { random: 20, receipt: 3 };

await longTest({
  name: "test:kill",
  about:
    "Revokes orders at a simulated CA that answers, refuses, is busy or breaks off, kills the edge at random moments,\n" +
    "starts it again on the same data, and at the end compares every order with what the CA did.",
  numbers: {
    kills: ["so many", 1_000],
    orders: ["at least so many; default 20 for each kill, or 3 at receipt", undefined],
  },
  options: {
    at: {
      value: "receipt",
      about: "kill when the CA has just read a call",
      fault: (text) => (text === "receipt" ? undefined : `there is no such moment: ${text}`),
    },
  },
  async run({ numbers: { kills, orders }, values, seed }) {
    /** @type {typeof import("../tests/kill/hunt.mjs")} */
    const { hunt } = await import(inRoot("tests/kill/hunt.mjs"));
    /** @type {typeof import("../tests/kill/report.mjs")} */
    const { figures, shown } = await import(inRoot("tests/kill/report.mjs"));
    const atReceipt = values.at === "receipt";
    const least = orders ?? kills * ORDERS_PER_KILL[atReceipt ? "receipt" : "random"];
    const result = await hunt({ kills, orders: least, seed, atReceipt, say });
    say(figures(result));
    return {
      findings: result.findings.map(shown),
      summary: `nothing lost and nothing wrong in ${result.orders.length} orders and ${kills} kills`,
    };
  },
});
