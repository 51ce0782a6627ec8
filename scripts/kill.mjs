// npm run test:kill: the edge is killed again and again, and nothing is lost, and nothing reported wrong.
import { inRoot } from "./command/places.mjs";
import { say } from "./command/running.mjs";
import { longTest } from "./test/long.mjs";

const ORDERS_PER_KILL = { random: 20, receipt: 3 };
const MOMENTS = ["receipt", "switch"];

await longTest({
  name: "test:kill",
  about:
    "Revokes orders at a simulated CA that answers, refuses, is busy or breaks off, kills the edge at random moments,\n" +
    "starts it again on the same data, and at the end compares every order with what the CA did. With --at switch the kill\n" +
    "switch is thrown so often while jobs run, and the edge is killed with it: what had not left is never sent.",
  numbers: {
    kills: ["so many", 1_000],
    orders: ["at least so many; default 20 for each kill, or 3 at receipt", undefined],
  },
  options: {
    at: {
      value: MOMENTS.join("|"),
      about: "kill when the CA has just read a call, or when the kill switch is thrown",
      fault: (text) => (MOMENTS.includes(text) ? undefined : `there is no such moment: ${text}`),
    },
  },
  async run({ numbers: { kills, orders }, values, seed }) {
    /** @type {typeof import("../tests/kill/hunt.mjs")} */
    const { hunt } = await import(inRoot("tests/kill/hunt.mjs"));
    /** @type {typeof import("../tests/kill/report.mjs")} */
    const { figures, shown } = await import(inRoot("tests/kill/report.mjs"));
    if (values.at === "switch") {
      /** @type {typeof import("../tests/kill/kill-switch.mjs")} */
      const { throwSwitch } = await import(inRoot("tests/kill/kill-switch.mjs"));
      const { findings, ...counted } = await throwSwitch({ throws: kills, seed, say });
      for (const [name, count] of Object.entries(counted)) say(`  ${name.padEnd(10)}  ${count}`);
      return {
        findings: findings.map(shown),
        summary: `nothing that had not left was sent, ${counted.neverLeft} rows after ${kills} throws of the switch`,
      };
    }
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
