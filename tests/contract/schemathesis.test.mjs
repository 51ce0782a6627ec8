// The edge against its own OpenAPI document, by schemathesis: a short run of `npm run test:contract`.
import assert from "node:assert/strict";
import { test } from "node:test";
import { Failure } from "../../scripts/command/faults.mjs";
import { ensureSchemathesis } from "../../scripts/setup/schemathesis.mjs";
import { SEED } from "../harness/randomness.mjs";
import { runRounds } from "./rounds.mjs";

const REQUESTS = 1_000;

/** @type {string | undefined} */
let python;
let lacking = "";
try {
  python = await ensureSchemathesis();
} catch (error) {
  if (!(error instanceof Failure)) throw error;
  lacking = error.message;
}

test(
  "what the document allows is taken, what it forbids is refused, and every answer is in it",
  {
    skip: lacking || false,
  },
  async () => {
    const { requests, seed, fault } = await runRounds({
      python: python ?? "",
      requests: REQUESTS,
      seed: SEED,
    });
    assert.equal(fault, undefined, `seed ${seed}: ${fault}`);
    assert.ok(requests >= REQUESTS);
  },
);
