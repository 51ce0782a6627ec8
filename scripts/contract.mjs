// npm run test:contract: the edge against its own OpenAPI document, by schemathesis.
import { inRoot } from "./command/places.mjs";
import { say } from "./command/running.mjs";
import { ensureSchemathesis } from "./setup/schemathesis.mjs";
import { longTest } from "./test/long.mjs";

await longTest({
  name: "test:contract",
  about: "Asks a fresh edge whatever its OpenAPI document allows and forbids, and holds each answer to it.",
  numbers: { requests: ["at least so many", 20_000] },
  parts: ["edge"],
  async run({ numbers: { requests }, seed }) {
    const python = await ensureSchemathesis();
    const { runRounds } = await import(inRoot("tests/contract/rounds.mjs"));
    /** @type {import("../tests/contract/rounds.mjs").Result} */
    const result = await runRounds({ python, requests, seed, say });
    say(result.answers);
    const { fault } = result;
    return {
      findings: fault ? [`${fault}\n(the round of --seed ${result.seed})`] : [],
      summary: `kept in ${result.requests} requests`,
    };
  },
});
