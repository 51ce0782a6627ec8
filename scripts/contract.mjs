// npm run test:contract: the edge against its own OpenAPI document, by schemathesis.
import { randomInt } from "node:crypto";
import { readArguments } from "./command/arguments.mjs";
import { Failure, runCommand } from "./command/faults.mjs";
import { inRoot } from "./command/places.mjs";
import { say } from "./command/running.mjs";
import { ensureNpmPackages } from "./setup/npm-packages.mjs";
import { ensureSchemathesis } from "./setup/schemathesis.mjs";

const REQUESTS = 20_000;
const LARGEST_SEED = 999_999_999;

/** @param {string} text */
const numberFault = (text) => (/^[1-9]\d{0,8}$/.test(text) ? undefined : `not a number from 1: ${text}`);

await runCommand(async () => {
  const { values } = readArguments({
    name: "npm run test:contract --",
    about: "Asks a fresh edge whatever its OpenAPI document allows and forbids, and holds each answer to it.",
    options: {
      requests: { value: "N", about: `at least so many; default ${REQUESTS}`, fault: numberFault },
      seed: { value: "N", about: "of an earlier run, to see it again", fault: numberFault },
    },
  });
  const requests = Number(values.requests ?? REQUESTS);
  const seed = Number(values.seed ?? randomInt(1, LARGEST_SEED));
  await ensureNpmPackages();
  const { build } = await import("./build/parts.mjs");
  await build(["edge"]);
  const python = await ensureSchemathesis();
  const { runRounds } = await import(inRoot("tests/contract/rounds.mjs"));

  say(`contract: at least ${requests} requests, from seed ${seed}`);
  /** @type {import("../tests/contract/rounds.mjs").Result} */
  const result = await runRounds({ python, requests, seed, say });
  say(result.answers);
  if (result.fault) {
    const again = `npm run test:contract -- --requests ${requests} --seed ${result.seed}`;
    throw new Failure(
      `${result.fault}\ncontract: broken, after ${result.requests} requests; to see it again: ${again}`,
    );
  }
  console.log(`contract: kept in ${result.requests} requests, from seed ${seed}`);
});
