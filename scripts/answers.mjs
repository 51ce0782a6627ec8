// npm run test:answers: revoke() before a million answers that are mutated from valid ones, and no false success.
import { inRoot } from "./command/places.mjs";
import { longTest } from "./test/long.mjs";

await longTest({
  name: "test:answers",
  about:
    "Makes up answers of the CA and of the edge, and compares what revoke() says with an independent reading of the rule.",
  numbers: { answers: ["so many", 1_000_000] },
  parts: ["client"],
  async run({ numbers: { answers }, seed }) {
    /** @type {typeof import("../tests/client/false-success.mjs")} */
    const { huntFalseSuccess } = await import(inRoot("tests/client/false-success.mjs"));
    const { calls, done, doubted, lies } = await huntFalseSuccess({ answers, seed });
    return {
      findings: lies,
      summary: `no false success in ${calls} answers (${done} done, ${doubted} refused beyond the oracle)`,
    };
  },
});
