// The package grows past none of its limits.
import assert from "node:assert/strict";
import { test } from "node:test";
import { rows } from "../../benches/size.bench.mjs";

test("what pages load and npm installs is within its limits", { timeout: 120_000 }, async (t) => {
  for (const { name, value, limit } of await rows()) {
    t.diagnostic(`${name}: ${value.toFixed(2)} of ${limit} KB`);
    assert.ok(value <= limit, `${name}: ${value.toFixed(2)} KB, over its limit of ${limit} KB`);
  }
});
