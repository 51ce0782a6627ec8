// A connection that is kept for the next order, and dies under it: the runtime must not send that one again by itself.
// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { startWorld } from "./world.mjs";

// One each, so that no other order is about: of a call on a dead connection the CA does not know whose it was.
const worlds = { "on-next-request": await startWorld(), "after-answer": await startWorld() };

for (const [close, world] of Object.entries(worlds)) {
  test(`a kept connection that dies ${close}: the next order is sent once at most, and unknown`, async () => {
    world.ca.faults.add({ fault: "keep-alive-race", close, times: 1 });
    const first = await world.revoke({ orderNumber: world.newOrder() });
    assert.equal(first.json.outcome, "revoked");
    const after = world.ca.ledger().at(-1)?.seq;
    const orderNumber = world.newOrder();
    const { json, kind } = await world.revoke({ orderNumber });
    const calls = world.ca.ledger({ after }).filter(({ test }) => !test);
    assert.ok(calls.length <= 1, JSON.stringify(calls));
    // The order may still have been read and carried out on a connection that no answer came back on.
    const revoked = calls.some(({ acted }) => acted);
    assert.ok(
      (revoked ? ["revoked", "unknown-outcome"] : ["unknown-outcome"]).includes(json.outcome ?? kind),
      JSON.stringify(json),
    );
  });
}
