// npm run test:faults: the CA misbehaves in every way it knows, and the edge is held to what each must mean.
import { randomInt } from "node:crypto";
import { readArguments } from "./command/arguments.mjs";
import { Failure, runCommand } from "./command/faults.mjs";
import { inRoot } from "./command/places.mjs";
import { say } from "./command/running.mjs";
import { ensureNpmPackages } from "./setup/npm-packages.mjs";

const TIMES = 50;
const KEYS = 500;
const REQUESTS_PER_KEY = 50;
/** The default of RESEND_WINDOW_MS. */
const WINDOW_MS = 120_000;
const LARGEST_SEED = 999_999_999;
/** Histories are long; the first ones tell enough. */
const SHOWN = 3;

/** @param {string} text */
const numberFault = (text) => (/^[1-9]\d{0,8}$/.test(text) ? undefined : `not a number from 1: ${text}`);

await runCommand(async () => {
  const { values } = readArguments({
    name: "npm run test:faults --",
    about:
      "Revokes orders at a simulated CA that misbehaves in every way it knows, also with answers cut at every byte, and\n" +
      "compares every answer with what the misbehaviour must mean, and every order with what the CA did. Then revokes with\n" +
      `Idempotency-Keys, ${REQUESTS_PER_KEY} requests at once with each: one call a key, and one answer.`,
    options: {
      times: { value: "N", about: `calls for each misbehaviour; default ${TIMES}`, fault: numberFault },
      keys: { value: "N", about: `so many keys; default ${KEYS}`, fault: numberFault },
      seed: {
        value: "N",
        about: "of an earlier run: the same calls; the timing is the machine's",
        fault: numberFault,
      },
    },
  });
  const times = Number(values.times ?? TIMES);
  const keys = Number(values.keys ?? KEYS);
  const seed = Number(values.seed ?? randomInt(1, LARGEST_SEED));
  await ensureNpmPackages();
  const { build } = await import("./build/parts.mjs");
  await build(["client", "edge"]);
  /** @type {typeof import("../tests/faults/hunt.mjs")} */
  const { hunt } = await import(inRoot("tests/faults/hunt.mjs"));
  /** @type {typeof import("../tests/faults/keys.mjs")} */
  const { huntKeys } = await import(inRoot("tests/faults/keys.mjs"));
  /** @type {typeof import("../tests/faults/report.mjs")} */
  const { figures, table } = await import(inRoot("tests/faults/report.mjs"));
  /** @type {typeof import("../tests/kill/report.mjs")} */
  const { shown } = await import(inRoot("tests/kill/report.mjs"));

  say(`faults: every misbehaviour ${times} times, and answers cut at every byte, from seed ${seed}`);
  const result = await hunt({ times, seed, windowMs: WINDOW_MS, say });
  say(`${table(result.met)}\n\n${figures(result)}\n`);
  say(`keys: ${REQUESTS_PER_KEY} requests at once with each of ${keys} keys`);
  const { answers, posts, seconds, ...hunted } = await huntKeys({ keys, requests: REQUESTS_PER_KEY, say });
  say(`  answers: 200 ${answers[200]}, 409 ${answers[409]}; POSTs at the CA: ${posts}; ${seconds} s`);

  const findings = [...result.findings, ...hunted.findings];
  if (findings.length > 0) {
    const again = `npm run test:faults -- --times ${times} --keys ${keys} --seed ${seed}`;
    throw new Failure(
      `${shown(findings, SHOWN)}\nfaults: ${findings.length} disagreements; to see the same calls again: ${again}`,
    );
  }
  console.log(
    `faults: nothing misunderstood in ${result.met.length} calls, and ${posts} calls for ${keys} keys, from seed ${seed}`,
  );
});
