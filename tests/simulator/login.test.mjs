// Who gets in, by which method, and how many at once.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { startSimulator } from "autorevoke-simulator";
import { code, form, post } from "./calls.mjs";

let ca;
before(async () => {
  ca = await startSimulator();
});
beforeEach(() => ca.reset());
after(() => ca.close());

describe("login", () => {
  test("name and password are case-sensitive", async () => {
    for (const wrong of [
      { loginName: "Demo-reseller" },
      { loginPassword: "Demo-password" },
      { loginPassword: "demo-password " },
      { loginName: "demo-password", loginPassword: "demo-reseller" },
    ]) {
      assert.equal(await code(ca, wrong), -16);
      assert.equal(ca.ledger().at(-1).loginOk, false);
    }
    assert.deepEqual(ca.orders.list(), []);
  });

  test("a locked account answers -16 to the right password", async () => {
    ca.login.lock();
    assert.equal(await code(ca), -16);
    assert.equal(ca.ledger()[0].loginOk, true, "the login itself was right");
    ca.login.unlock();
    assert.equal(await code(ca), 0);
  });

  test("wrong logins in a row lock it, if that is wanted", async () => {
    const strict = await startSimulator({ lockAfter: 2 });
    try {
      const codes = [];
      for (const loginPassword of ["a", "demo-password", "a", "b", "demo-password"]) {
        codes.push(await code(strict, { loginPassword, test: "Y" }));
      }
      assert.deepEqual(codes, [-16, 0, -16, -16, -16]);
    } finally {
      await strict.close();
    }
  });

  test("the account can be changed, and a reset gives the first one back", async () => {
    ca.login.change({ loginPassword: "a new one & more" });
    assert.equal(await code(ca), -16);
    assert.equal(await code(ca, { loginPassword: "a new one & more" }), 0);
    ca.reset();
    assert.equal(await code(ca), 0);
  });
});

describe("method", () => {
  test("GET is -17, with the arguments in the query or not", async () => {
    assert.equal(await (await fetch(ca.endpoint)).text(), "-17\nThe request must be sent by POST!\n");
    const response = await fetch(`${ca.endpoint}?${form()}`);
    assert.equal(await response.text(), "-17\nThe request must be sent by POST!\n");
    assert.equal(response.status, 200);
    assert.deepEqual(ca.orders.list(), []);
    const shown = JSON.stringify(ca.ledger());
    assert.doesNotMatch(shown, /demo-(reseller|password)/);
    assert.match(ca.ledger()[1].path, /loginPassword=\[masked\]&orderNumber=123456/);
  });

  for (const method of ["PUT", "DELETE", "OPTIONS", "PATCH"]) {
    test(`${method} is -17`, async () => {
      assert.match((await post(ca, {}, { method })).body, /-17/);
    });
  }

  test("arguments in the query of a POST are not read", async () => {
    const response = await fetch(`${ca.endpoint}?${form()}`, { method: "POST" });
    assert.equal(await response.text(), "-3\nThe 'loginName' argument is missing!\n");
  });
});

describe("limits", () => {
  test("so many at once, and -42 to the rest", async () => {
    ca.limits.set({ concurrent: 2 });
    ca.faults.add({ fault: "latency", ms: 1000 });
    const codes = await Promise.all([1, 2, 3, 4].map((n) => code(ca, { orderNumber: String(n) })));
    assert.deepEqual(codes.toSorted(), [-42, -42, 0, 0].toSorted());
    assert.equal(ca.ledger().filter(({ acted }) => acted).length, 2);
    assert.deepEqual(
      ca.ledger().map(({ concurrent }) => concurrent),
      [1, 2, 3, 4],
    );
    assert.equal(await code(ca, { orderNumber: "5" }), 0);
  });

  test("so many a second", async () => {
    ca.limits.set({ perSecond: 3 });
    const codes = [];
    for (let n = 1; n <= 5; n += 1) codes.push(await code(ca, { orderNumber: String(n) }));
    assert.deepEqual(codes, [0, 0, 0, -42, -42]);
    await new Promise((resolve) => setTimeout(resolve, 1050));
    assert.equal(await code(ca, { orderNumber: "6" }), 0);
  });
});

test("settings that are not sound are refused", async () => {
  await assert.rejects(
    startSimulator({ host: "0.0.0.0", prot: 1, lockAfter: -1, limits: { concurrent: "2" } }),
    (error) => {
      assert.deepEqual(
        error.findings.map(({ where }) => where),
        ["settings.prot", "settings.host", "settings.lockAfter", "settings.limits.concurrent"],
      );
      return true;
    },
  );
});
