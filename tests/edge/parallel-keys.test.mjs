// Fifty requests at once for each key: sent once, and nobody is told anything else. `npm run test:faults` does more of it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { faultsOf, hammerKeys } from "./parallel-keys.mjs";
import { startWorld, testTraces } from "./world.mjs";

const KEYS = 20;
const REQUESTS = 50;
const world = await startWorld();

test(`${KEYS} keys, ${REQUESTS} requests at once with each: one POST a key, and one answer`, async (context) => {
  const { findings, answers } = await hammerKeys(world, { keys: KEYS, requests: REQUESTS });
  context.diagnostic(`answers: 200 ${answers[200]}, 409 ${answers[409]}`);
  assert.deepEqual(findings, []);
  assert.equal(answers[200] + answers[409], KEYS * REQUESTS);
  assert.ok(answers[409] > KEYS, "few were there at the same time");
  assert.ok(answers[200] > KEYS, "few were there when the answer was");
});

test("what is wrong with answers is seen", () => {
  const done = { status: 200, json: { outcome: "revoked" }, text: '{"outcome":"revoked"}' };
  const waiting = { status: 409, kind: "in-progress", json: { mayHaveRevoked: true }, text: "" };
  assert.deepEqual(faultsOf([done, waiting, done], done), []);
  const already = {
    status: 200,
    json: { outcome: "already-revoked" },
    text: '{"outcome":"already-revoked"}',
  };
  for (const [replies, kept] of [
    [[done, already], done],
    [[done, done], already],
    [[waiting], done],
    [[done, waiting], waiting],
    [[done, { ...waiting, json: { mayHaveRevoked: false } }], done],
    [[done, { ...waiting, kind: "idempotency-mismatch" }], done],
    [[done, { status: 502, kind: "unknown-outcome", json: {}, text: "" }], done],
    [[done, { lost: true }], done],
  ]) {
    assert.notDeepEqual(faultsOf(replies, kept), [], JSON.stringify(replies));
  }
});

testTraces(world);
