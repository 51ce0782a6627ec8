// After a resume a single call goes out, and the others wait for what it brings: none of them for ever.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PEOPLE, startWorld, testTraces } from "./world.mjs";

const world = await startWorld({
  people: [...PEOPLE, { id: "steward", permissions: ["operate"], orders: ["*"] }],
  variables: { RESEND_WINDOW_MS: "0" },
});

test("with many unknown outcomes to be settled, every call after a resume is answered soon", async () => {
  for (let order = 0; order < 100; order += 1) {
    const orderNumber = world.newOrder();
    world.ca.orders.set({ orderNumber, errorCode: -14 });
    await world.revoke({ orderNumber });
  }
  for (let round = 0; round < 25; round += 1) {
    const orderNumber = world.newOrder();
    world.ca.orders.set({ orderNumber, errorCode: -16 });
    assert.equal((await world.revoke({ orderNumber })).kind, "ca-login-refused");
    assert.equal(
      (await world.ask("/v1/breaker/resume", { as: "steward", body: {} })).json.state,
      "half-open",
    );
    const began = Date.now();
    const signal = AbortSignal.timeout(15_000);
    const answers = await Promise.all(
      Array.from({ length: 3 }, () => world.revoke({ orderNumber: world.newOrder() }, { signal })),
    );
    for (const { json } of answers) assert.equal(json.outcome, "revoked");
    assert.ok(Date.now() - began < 8_000, `${Date.now() - began} ms`);
  }
});

testTraces(world);
