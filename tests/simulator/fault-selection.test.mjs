// Which requests meet a fault: how many, which of them, for which order.

import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { startSimulator } from "autorevoke-simulator";
import { post } from "./calls.mjs";

let ca;
before(async () => {
  ca = await startSimulator();
});
beforeEach(() => ca.reset());
after(() => ca.close());

const statuses = async (...calls) => {
  const seen = [];
  for (const fields of calls) seen.push((await post(ca, { test: "Y", ...fields })).status);
  return seen;
};
const five = [{}, {}, {}, {}, {}];

test("until it is cleared", async () => {
  ca.faults.add({ fault: "http-status" });
  assert.deepEqual(await statuses({}, {}, {}), [500, 500, 500]);
  ca.faults.clear();
  assert.deepEqual(await statuses({}), [200]);
});

test("so many times", async () => {
  ca.faults.add({ fault: "http-status", times: 2 });
  assert.deepEqual(await statuses(...five), [500, 500, 200, 200, 200]);
  assert.deepEqual(ca.faults.list(), []);
});

test("after so many, and every nth", async () => {
  ca.faults.add({ fault: "http-status", skip: 1, every: 2, times: 2 });
  assert.deepEqual(await statuses(...five, {}, {}), [200, 500, 200, 500, 200, 200, 200]);
});

test("only for one order, given as a number or as a string", async () => {
  ca.faults.add(
    { fault: "http-status", orderNumber: 7 },
    { fault: "http-status", orderNumber: "8", status: 503 },
  );
  assert.deepEqual(await statuses({}, { orderNumber: "7" }, { orderNumber: "8" }), [200, 500, 503]);
});

test("only tests, or only real calls", async () => {
  ca.faults.add({ fault: "http-status", test: false }, { fault: "http-status", status: 503, test: true });
  assert.deepEqual(await statuses({ test: "Y" }, { test: "N" }, { test: undefined }), [503, 500, 500]);
});

test("the first that fits; the next waits for its turn", async () => {
  ca.faults.add(
    { fault: "http-status", status: 501, times: 1 },
    { fault: "http-status", status: 502, times: 1 },
  );
  assert.deepEqual(await statuses({}, {}, {}), [501, 502, 200]);
});

test("a fault of several is cleared by its id", async () => {
  const [first, second] = ca.faults.add(
    { fault: "http-status", status: 501 },
    { fault: "http-status", status: 502 },
  );
  ca.faults.clear(first);
  assert.deepEqual(await statuses({}), [502]);
  assert.deepEqual(ca.faults.list(), [{ id: second, fault: "http-status", status: 502, acts: true, met: 1 }]);
});

test("reset-before-reading may be counted too", async () => {
  ca.faults.add({ fault: "reset-before-reading", skip: 1, times: 1 });
  assert.equal((await post(ca)).status, 200);
  await assert.rejects(post(ca));
  assert.equal((await post(ca)).status, 200);
});

test("a path that is not the endpoint meets no fault", async () => {
  ca.faults.add({ fault: "http-status", times: 1 });
  assert.equal((await fetch(`${ca.url}/elsewhere`)).status, 404);
  assert.deepEqual(await statuses({}), [500]);
});

test("a setting that is not sound: every fault named, nothing switched on", () => {
  const wrong = [
    { fault: "http-status", status: 500 },
    { fault: "gremlin" },
    { fault: "http-status", status: 99, orderNumber: "x", times: 0, colour: "red" },
    { fault: "reset-before-reading", orderNumber: 7, acts: true },
    { fault: "raw-socket" },
    { fault: "raw", headers: { "X-Bad": "a\r\nb" } },
    { fault: "redirect", location: "/\r\nX: y" },
    "latency",
  ];
  assert.throws(
    () => ca.faults.add(...wrong),
    (error) => {
      assert.deepEqual(
        error.findings.map(({ where }) => where),
        [
          "faults[1].fault",
          "faults[2].colour",
          "faults[2].orderNumber",
          "faults[2].times",
          "faults[2].status",
          "faults[3].orderNumber",
          "faults[3].acts",
          "faults[4].bytes",
          "faults[5].headers",
          "faults[6].location",
          "faults[7]",
        ],
      );
      return true;
    },
  );
  assert.deepEqual(ca.faults.list(), []);
});
