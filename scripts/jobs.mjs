// npm run test:jobs: jobs run while the edge is killed again and again, or while two people contradict each other.
import { inRoot } from "./command/places.mjs";
import { say } from "./command/running.mjs";
import { longTest } from "./test/long.mjs";

await longTest({
  name: "test:jobs",
  about:
    "Runs a large job and three others before a simulated CA that refuses, is busy and breaks off, kills the edge at\n" +
    "random moments, starts it again on the same data, and at the end compares every row with what the CA did.\n" +
    "With --interleavings: two callers at once plan, start, approve, pause, resume and cancel small jobs, at random; the\n" +
    "states change only as they may, and the counts add up at any moment.",
  numbers: {
    kills: ["so many", 100],
    orders: ["of the large job; each of the others has a twentieth", 10_000],
    interleavings: ["so many of these, instead of the kills", undefined],
  },
  async run({ numbers: { kills, orders, interleavings }, seed }) {
    /** @type {typeof import("../tests/kill/report.mjs")} */
    const { shown } = await import(inRoot("tests/kill/report.mjs"));
    if (interleavings !== undefined) {
      /** @type {typeof import("../tests/jobs/interleavings.mjs")} */
      const { interleave } = await import(inRoot("tests/jobs/interleavings.mjs"));
      const { findings, moves } = await interleave({ count: interleavings, seed, say });
      for (const [move, times] of moves) say(`  ${String(times).padStart(6)}  ${move}`);
      return { findings: findings.map(shown), summary: `only legal moves in ${interleavings} interleavings` };
    }
    /** @type {typeof import("../tests/jobs/hunt.mjs")} */
    const { hunt } = await import(inRoot("tests/jobs/hunt.mjs"));
    /** @type {typeof import("../tests/jobs/hunt-report.mjs")} */
    const { figures } = await import(inRoot("tests/jobs/hunt-report.mjs"));
    const result = await hunt({ kills, orders, seed, say });
    say(figures(result));
    return {
      findings: result.findings.map(shown),
      summary: `every row of ${result.orders.length} is what the CA did, after ${kills} kills`,
    };
  },
});
