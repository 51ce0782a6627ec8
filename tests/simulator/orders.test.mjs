// The states of an order, what each answers, and what a call makes of it.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { startSimulator } from "autorevoke-simulator";
import { answer, code, post } from "./calls.mjs";

let ca;
before(async () => {
  ca = await startSimulator();
});
beforeEach(() => ca.reset());
after(() => ca.close());

const stateOf = (orderNumber) => ca.orders.list(orderNumber).at(-1)?.state;

describe("states", () => {
  const states = [
    [{ state: "issued" }, 0, -21, "revoked"],
    [{ state: "unissued" }, 0, -20, "rejected"],
    [{ state: "being-issued" }, -23, -23, "being-issued"],
    [{ state: "being-issued", errorCode: -26 }, -26, -26, "being-issued"],
    [{ state: "expired" }, -35, -35, "expired"],
    [{ state: "revoked" }, -21, -21, "revoked"],
    [{ state: "rejected" }, -20, -20, "rejected"],
  ];
  for (const [setting, first, second, becomes] of states) {
    test(`${JSON.stringify(setting)}: ${first}, then ${second}`, async () => {
      ca.orders.set({ orderNumber: "7", ...setting });
      assert.equal(await code(ca, { orderNumber: "7", test: "Y" }), first, "the test answers alike");
      assert.equal(stateOf("7"), setting.state, "and changes nothing");
      assert.equal(await code(ca, { orderNumber: "7" }), first);
      assert.equal(await code(ca, { orderNumber: "7" }), second);
      assert.equal(stateOf("7"), becomes);
      assert.deepEqual(
        ca.ledger().map(({ acted }) => acted),
        [false, first === 0, false],
      );
    });
  }

  test("an order that nobody spoke of is issued", async () => {
    assert.equal(await code(ca, { orderNumber: "9223372036854775807" }), 0);
    assert.equal(await code(ca, { orderNumber: "9223372036854775807" }), -21);
  });

  test("every failure has a text", async () => {
    for (const state of ["being-issued", "expired", "revoked", "rejected"]) {
      ca.orders.set({ orderNumber: 8, state });
      assert.ok((await answer(ca, { orderNumber: "8" })).message);
    }
  });

  test("a state that is set again holds again", async () => {
    assert.equal(await code(ca), 0);
    ca.orders.set({ orderNumber: 123456, state: "issued" });
    assert.equal(await code(ca), 0);
  });

  test("tells with what reason an order was revoked, and by which request", async () => {
    await code(ca, { test: "Y" });
    await code(ca, { codeReason: "4" });
    assert.deepEqual(ca.orders.list("123456"), [
      { orderNumber: "123456", state: "revoked", codeReason: "4", seq: 2 },
    ]);
  });
});

describe("any code at all", () => {
  for (const errorCode of [-1, -14, -16, -18, -26, -42, -43, -160, -999, -999999999, 1, 20]) {
    test(String(errorCode), async () => {
      ca.orders.set({ orderNumber: "7", errorCode, errorMessage: "As told: 100% & more" });
      assert.deepEqual(await answer(ca, { orderNumber: "7" }), {
        code: errorCode,
        message: "As told: 100% & more",
      });
      assert.equal(
        (await post(ca, { orderNumber: "7", responseFormat: "0" })).body,
        `${errorCode}\nAs told: 100% & more\n`,
      );
      assert.equal(ca.ledger()[0].acted, false);
    });
  }

  test("without a text", async () => {
    ca.orders.set({ orderNumber: "7", errorCode: -14 });
    assert.equal((await post(ca, { orderNumber: "7" })).body, "errorCode=-14");
    assert.equal((await post(ca, { orderNumber: "7", responseFormat: "0" })).body, "-14\n");
  });
});

describe("a state for a while", () => {
  test("being issued for two calls, then issued", async () => {
    ca.orders.set({ orderNumber: "7", state: "being-issued", errorCode: -26, times: 2 });
    const codes = [];
    for (let call = 0; call < 4; call += 1) codes.push(await code(ca, { orderNumber: "7" }));
    assert.deepEqual(codes, [-26, -26, 0, -21]);
  });

  test("a test call changes nothing, the count of calls neither", async () => {
    for (const [setting, first, then] of [
      [{ state: "revoked", times: 1, then: "issued" }, -21, 0],
      [{ state: "being-issued", times: 1 }, -23, 0],
      [{ errorCode: -14, times: 1, then: "unissued" }, -14, 0],
    ]) {
      ca.orders.set({ orderNumber: "7", ...setting });
      for (let call = 0; call < 3; call += 1) {
        const before = ca.orders.list("7");
        assert.equal(await code(ca, { orderNumber: "7", test: "Y" }), first);
        assert.deepEqual(ca.orders.list("7"), before);
      }
      assert.equal(await code(ca, { orderNumber: "7" }), first);
      assert.equal(await code(ca, { orderNumber: "7", test: "Y" }), then);
      assert.equal(await code(ca, { orderNumber: "7" }), then);
    }
  });

  test("-42 once, then unissued", async () => {
    ca.orders.set({ orderNumber: "7", errorCode: -42, times: 1, then: "unissued" });
    const codes = [];
    for (let call = 0; call < 3; call += 1) codes.push(await code(ca, { orderNumber: "7" }));
    assert.deepEqual(codes, [-42, 0, -20]);
  });
});

describe("order number, product code and product together say what is revoked", () => {
  test("each triple is revoked on its own", async () => {
    const triples = [{}, { productCode: "ssl" }, { product: "287" }, { productCode: "ssl", product: "287" }];
    for (const triple of triples) assert.equal(await code(ca, triple), 0);
    for (const triple of triples) assert.equal(await code(ca, triple), -21);
  });

  test("a state of the order holds for all of them, a narrower one for its own", async () => {
    ca.orders.set(
      { orderNumber: "7", state: "expired" },
      { orderNumber: "7", product: 287, state: "rejected" },
    );
    assert.equal(await code(ca, { orderNumber: "7" }), -35);
    assert.equal(await code(ca, { orderNumber: "7", product: "1" }), -35);
    assert.equal(await code(ca, { orderNumber: "7", product: "287" }), -20);
    ca.orders.set({ orderNumber: "7", state: "issued" });
    assert.equal(await code(ca, { orderNumber: "7", product: "287" }), 0);
  });
});

test("a setting that is not sound: every fault named, nothing done", () => {
  assert.throws(
    () =>
      ca.orders.set(
        { orderNumber: "7", state: "expired" },
        { orderNumber: "08", state: "lost", colour: 1 },
        { state: "issued", errorCode: -3 },
        { orderNumber: 1, state: "fixed" },
        { orderNumber: 2, state: "being-issued", errorCode: -24 },
        { orderNumber: 3, times: 2 },
      ),
    (error) => {
      assert.equal(error.name, "SettingError");
      assert.deepEqual(
        error.findings.map(({ where }) => where),
        [
          "orders[1].colour",
          "orders[1].orderNumber",
          "orders[1].state",
          "orders[2].orderNumber",
          "orders[3].errorCode",
          "orders[4].errorCode",
          "orders[5].times",
        ],
      );
      return true;
    },
  );
  assert.deepEqual(ca.orders.list(), []);
});
