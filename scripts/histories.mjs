// npm run test:histories: random histories of orders and jobs against references of a few lines, natively.
import { attempt, say } from "./command/running.mjs";
import { longTest } from "./test/long.mjs";

await longTest({
  name: "test:histories",
  about:
    "Random histories of orders and of jobs, with losses, crashes, probes and re-sends, each held to a reference that keeps\n" +
    "what may have been done: a refusal, a test call or a second caller never erases it.",
  numbers: { histories: ["so many of each", 100_000] },
  parts: [],
  async run({ numbers: { histories }, seed }) {
    const { ok, output } = await attempt(
      "cargo",
      [
        ...["test", "--features", "edge,full,lists,openapi", "--test", "ledger", "histories"],
        ...["--", "--nocapture"],
      ],
      {
        label: `cargo test: ${histories} histories of each kind`,
        env: { AUTOREVOKE_HISTORIES: String(histories), SEED: String(seed) },
      },
    );
    const passed = Number(/^test result: ok\. (\d+) passed/m.exec(output)?.[1] ?? 0);
    if (ok && passed === 0) say(output);
    return {
      findings: ok && passed > 0 ? [] : [output.trimEnd()],
      summary: `${passed} kinds of histories hold, ${histories} times each`,
    };
  },
});
