// The table has every fault that the simulator knows, and no two rows under one name.
// @ts-check
import assert from "node:assert/strict";
import { test } from "node:test";
import { describe } from "../../simulator/faults/catalogue.js";
import { randomness } from "../harness/randomness.mjs";
import { cutAnswers } from "./cut-answers.mjs";
import { misbehaviours } from "./misbehaviours.mjs";

/** They concern more than the call that meets them: `unread.mjs` has them. */
const ELSEWHERE = ["reset-before-reading", "keep-alive-race"];
const DRAWS = 300;

const random = randomness(1);
const table = misbehaviours({ timeoutMs: 1_000, endpoint: "http://127.0.0.1/" });
const drawn = [...Array.from({ length: DRAWS }, () => table).flat(), ...cutAnswers()].map(({ draw }) =>
  draw(random),
);

test("every fault, in every variant that the simulator lists", () => {
  const used = new Set(drawn.map(({ fault }) => fault?.fault));
  for (const { name } of describe()) assert.ok(used.has(name) || ELSEWHERE.includes(name), name);
  for (const [name, parameter] of [
    ["wrong-length", "variant"],
    ["contradictory-fields", "variant"],
    ["wrong-charset", "charset"],
    ["compressed-body", "encoding"],
    ["cut-answer", "framing"],
  ]) {
    const { expects } =
      describe().find((fault) => fault.name === name)?.parameters[parameter] ?? assert.fail();
    const variants = new Set(
      drawn.filter(({ fault }) => fault?.fault === name).map(({ fault }) => fault?.[parameter]),
    );
    for (const variant of variants) assert.ok(expects.includes(`${variant}`));
    assert.equal(variants.size, expects.split(",").length, `${name}: ${[...variants]} of ${expects}`);
  }
});

test("rows have names of their own, and where nothing is known it may have been done or not", () => {
  assert.equal(new Set(table.map(({ name }) => name)).size, table.length);
  for (const { name, means, draw } of table) {
    if (means.length > 1 || means[0] !== "unknown") continue;
    const meetings = Array.from({ length: 100 }, () => draw(random)).filter(({ fault }) => fault);
    if (meetings.length === 0) continue;
    assert.deepEqual(new Set(meetings.map(({ fault }) => fault?.acts)), new Set([true, false]), name);
  }
});
