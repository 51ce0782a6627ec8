// A module that has trapped and cannot be renewed: a call whose request has left is never told that nothing was sent.
import assert from "node:assert/strict";
import { test } from "node:test";
import { instance } from "../../pkg/instance.js";

test("a renewal that fails: not-sent before the request, unknown-outcome after it", async () => {
  const glue = {
    default: async () => {},
    plan: () => assert.fail("a trap"),
    judge: () => assert.fail("not renewed, and called all the same"),
    __wbg_reset_state: () => {
      throw new RangeError("out of memory");
    },
  };
  const wasm = await instance(
    () => /** @type {any} */ (glue),
    () => new Uint8Array(),
  ).exports();
  assert.throws(() => wasm("plan", false), { kind: "not-sent", mayHaveRevoked: false });
  assert.throws(() => wasm("plan", false), { kind: "not-sent", mayHaveRevoked: false });
  assert.throws(() => wasm("judge", true), { kind: "unknown-outcome", mayHaveRevoked: true });
});
