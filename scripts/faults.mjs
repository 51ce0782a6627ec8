// npm run test:faults: the CA misbehaves in every way it knows, and the edge is held to what each must mean.
import { inRoot } from "./command/places.mjs";
import { say } from "./command/running.mjs";
import { longTest } from "./test/long.mjs";

const REQUESTS_PER_KEY = 50;
/** The default of RESEND_WINDOW_MS. */
const WINDOW_MS = 120_000;

await longTest({
  name: "test:faults",
  about:
    "Revokes orders at a simulated CA that misbehaves in every way it knows, also with answers cut at every byte, and\n" +
    "compares every answer with what the misbehaviour must mean, and every order with what the CA did. Then revokes with\n" +
    `Idempotency-Keys, ${REQUESTS_PER_KEY} requests at once with each: one call a key, and one answer.`,
  numbers: { times: ["calls for each misbehaviour", 50], keys: ["so many keys", 500] },
  async run({ numbers: { times, keys }, seed }) {
    /** @type {typeof import("../tests/faults/hunt.mjs")} */
    const { hunt } = await import(inRoot("tests/faults/hunt.mjs"));
    /** @type {typeof import("../tests/faults/keys.mjs")} */
    const { huntKeys } = await import(inRoot("tests/faults/keys.mjs"));
    /** @type {typeof import("../tests/faults/report.mjs")} */
    const { figures, table } = await import(inRoot("tests/faults/report.mjs"));
    /** @type {typeof import("../tests/kill/report.mjs")} */
    const { shown } = await import(inRoot("tests/kill/report.mjs"));
    const result = await hunt({ times, seed, windowMs: WINDOW_MS, say });
    say(`${table(result.met)}\n\n${figures(result)}\n`);
    say(`keys: ${REQUESTS_PER_KEY} requests at once with each of ${keys} keys`);
    const { answers, posts, seconds, findings } = await huntKeys({ keys, requests: REQUESTS_PER_KEY, say });
    say(`  answers: 200 ${answers[200]}, 409 ${answers[409]}; POSTs at the CA: ${posts}; ${seconds} s`);
    return {
      findings: [...result.findings, ...findings].map(shown),
      summary: `nothing misunderstood in ${result.met.length} calls, and ${posts} calls for ${keys} keys`,
    };
  },
});
