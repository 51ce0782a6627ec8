// A module that has trapped and cannot be renewed: a call whose request has left is never told that nothing was sent.
import assert from "node:assert/strict";
import { test } from "node:test";
import { instance } from "../../pkg/instance.js";

test("a renewal that fails: not-sent before the request, unknown-outcome after it", async () => {
  /** @type {any} */
  let left;
  const glue = {
    imports: () => ({}),
    begin: () => {},
    revoke: (/** @type {any} */ call) => {
      call.leaves(true, "orderNumber", "7");
      left = call;
      return 0;
    },
    resume: (/** @type {any[]} */ ...[, , , step]) => (step.wait = new Promise(() => {})),
    order: () => assert.fail("a trap"),
    __wasm: { memory: { buffer: new ArrayBuffer(8) } },
    __wbg_reset_state: () => {
      throw new RangeError("out of memory");
    },
  };
  const module = instance(
    () => glue,
    // The smallest that there is.
    () => new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]),
  );
  const underWay = (await module.start("revoke")).next();
  const trapping = await module.start("order");
  await assert.rejects(trapping.next(), { kind: "not-sent", mayHaveRevoked: false });
  await assert.rejects(underWay, { kind: "unknown-outcome", mayHaveRevoked: true, orderNumber: "7" });
  await assert.rejects(module.start("order"), { kind: "not-sent", mayHaveRevoked: false });
  assert.throws(() => left.leaves(true, "orderNumber", "7"), { kind: "unknown-outcome" });
});
