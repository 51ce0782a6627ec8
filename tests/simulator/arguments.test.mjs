// The arguments: unknown, missing, invalid, each limit at its edge and one over.

import assert from "node:assert/strict";
import { after, before, beforeEach, describe, test } from "node:test";
import { startSimulator } from "autorevoke-simulator";
import { answer, code, form, login, post } from "./calls.mjs";

let ca;
before(async () => {
  ca = await startSimulator();
});
beforeEach(() => ca.reset());
after(() => ca.close());

const invalid = (name) => ({ code: -4, message: `The '${name}' argument is invalid!` });
const missing = (name) => ({ code: -3, message: `The '${name}' argument is missing!` });

describe("unknown", () => {
  for (const name of ["idempotencyKey", "ordernumber", "LoginName", "reason"]) {
    test(name, async () => {
      assert.deepEqual(await answer(ca, { [name]: "1" }), {
        code: -2,
        message: `The '${name}' argument is unknown!`,
      });
    });
  }

  test("comes before missing, and missing before invalid, and all before the login", async () => {
    const wrong = { loginPassword: "wrong", codeReason: "2" };
    assert.equal(await code(ca, { ...wrong, orderNumber: undefined, more: "1" }), -2);
    assert.equal(await code(ca, { ...wrong, orderNumber: undefined }), -3);
    assert.equal(await code(ca, wrong), -4);
    assert.equal(await code(ca, { ...wrong, codeReason: "1" }), -16);
  });
});

describe("missing", () => {
  for (const name of ["loginName", "loginPassword", "orderNumber"]) {
    test(`${name} left out or empty`, async () => {
      assert.deepEqual(await answer(ca, { [name]: undefined }), missing(name));
      assert.deepEqual(await answer(ca, { [name]: "" }), missing(name));
    });
  }

  test("the first of several, in the order of the vendor's page", async () => {
    assert.deepEqual(await answer(ca, "responseFormat=1"), missing("loginName"));
  });

  test("a body that is no form has no arguments", async () => {
    const headers = { "Content-Type": "application/json" };
    const { body } = await post(ca, JSON.stringify(login), { headers });
    assert.equal(body, "-3\nThe 'loginName' argument is missing!\n");
  });

  test("codeReason may be left out: it is 0 then", async () => {
    assert.equal(await code(ca, { codeReason: undefined }), 0);
    assert.equal(ca.orders.list("123456")[0].codeReason, "0");
  });
});

describe("limits, in characters", () => {
  const wide = "\u{1f511}";
  for (const character of ["a", "ä", wide, "&"]) {
    test(`of ${JSON.stringify(character)}`, async () => {
      const of = (length) => character.repeat(length);
      assert.equal(await code(ca, { loginName: of(64) }), -16);
      assert.deepEqual(await answer(ca, { loginName: of(65) }), invalid("loginName"));
      assert.equal(await code(ca, { loginPassword: of(128) }), -16);
      assert.deepEqual(await answer(ca, { loginPassword: of(129) }), invalid("loginPassword"));
      assert.equal(await code(ca, { revocationReason: of(1024), test: "Y" }), 0);
      assert.deepEqual(await answer(ca, { revocationReason: of(1025) }), invalid("revocationReason"));
      assert.equal(await code(ca, { productCode: of(50), test: "Y" }), 0);
      assert.deepEqual(await answer(ca, { productCode: of(51) }), invalid("productCode"));
    });
  }
});

describe("values", () => {
  const sound = {
    orderNumber: ["1", "123456", "9007199254740993", "9223372036854775807"],
    accountID: ["0", "1", "9223372036854775807"],
    product: ["0", "287", "9223372036854775807"],
    codeReason: ["0", "1", "3", "4", "5"],
    test: ["Y", "N"],
    revocationReason: ["", "two\nlines\tand a tab", "100% sure & more=less + plus"],
    productCode: ["", "ssl"],
  };
  const unsound = {
    orderNumber: ["0", "-1", "+1", "01", "1.0", "1e3", "0x10", " 1", "1 ", "9223372036854775808", "one"],
    accountID: ["", "x", "1.5", "9223372036854775808", "00"],
    product: ["", "x", "007", "99999999999999999999"],
    codeReason: ["", "2", "6", "-1", "01", "1 ", "keyCompromise"],
    test: ["", "y", "n", "YES", "true", "1", "Y "],
    responseFormat: ["", "2", "-1", "00", "10", "x"],
  };
  for (const [name, values] of Object.entries(sound)) {
    for (const value of values) {
      test(`${name}=${JSON.stringify(value)} is sound`, async () => {
        assert.equal(await code(ca, { test: "Y", [name]: value }), 0);
      });
    }
  }
  for (const [name, values] of Object.entries(unsound)) {
    for (const value of values) {
      test(`${name}=${JSON.stringify(value)} is not`, async () => {
        const { body } = await post(ca, { [name]: value });
        const text = `The '${name}' argument is invalid!`;
        const { message } =
          name === "responseFormat" ? { message: body } : await answer(ca, { [name]: value });
        assert.equal(message, name === "responseFormat" ? `-4\n${text}\n` : text);
        assert.deepEqual(ca.orders.list(), []);
      });
    }
  }
});

describe("exactly one name says what is revoked", () => {
  const only = (names) => ({ orderNumber: undefined, ...names });

  test("a serial number or a certificate's number instead of the order's", async () => {
    for (const names of [{ serialNumber: "0a1F" }, { certificateID: "123456" }]) {
      assert.equal(await code(ca, only({ ...names, test: "Y" })), 0);
      assert.equal(await code(ca, only(names)), 0);
      assert.equal(await code(ca, only(names)), -21);
      const [{ orderNumber, acted, ...entry }] = ca.ledger().filter(({ acted }) => acted);
      assert.deepEqual([orderNumber, acted], [undefined, true]);
      const [name] = Object.keys(names);
      assert.equal(entry[name], names[name]);
      assert.equal(ca.orders.list(names)[0].state, "revoked");
      ca.forgetRequests();
    }
    // A name is an order of its own until somebody says which order it means.
    assert.equal(await code(ca, { orderNumber: "123456" }), 0);
  });

  test("none is a missing one, two are an invalid one", async () => {
    assert.deepEqual(await answer(ca, only({})), missing("orderNumber"));
    assert.deepEqual(await answer(ca, only({ serialNumber: "" })), missing("orderNumber"));
    assert.deepEqual(await answer(ca, { serialNumber: "0A" }), invalid("serialNumber"));
    assert.deepEqual(await answer(ca, { certificateID: "5" }), invalid("certificateID"));
    assert.deepEqual(
      await answer(ca, only({ serialNumber: "0A", certificateID: "5" })),
      invalid("certificateID"),
    );
    assert.deepEqual(ca.orders.list(), []);
  });

  test("their limits", async () => {
    for (const [name, sound, unsound] of [
      ["serialNumber", ["1", "A".repeat(34), "00ff"], ["A".repeat(35), "0x1", "1:2", " 1", "g"]],
      ["certificateID", ["1", "9".repeat(16)], ["9".repeat(17), "0", "-1", "1.0", "A"]],
    ]) {
      for (const value of sound) assert.equal(await code(ca, only({ [name]: value, test: "Y" })), 0, value);
      for (const value of unsound) {
        assert.deepEqual(await answer(ca, only({ [name]: value })), invalid(name), value);
      }
    }
  });

  test("an order that was set by several names is one order", async () => {
    ca.orders.set({ orderNumber: 7, serialNumber: "0A1F", certificateID: 99 });
    assert.equal(await code(ca, only({ serialNumber: "a1f" })), 0);
    assert.equal(await code(ca, { orderNumber: "7" }), -21);
    assert.equal(await code(ca, only({ certificateID: "99" })), -21);
    assert.deepEqual(ca.orders.list(7).at(-1), ca.orders.list({ serialNumber: "0A1F" }).at(-1));
  });

  test("what is left out of the CA's list is revoked, and it shows", async () => {
    assert.deepEqual(await answer(ca, { includeInCRL: "n" }), invalid("includeInCRL"));
    assert.equal(await code(ca, { orderNumber: "8", includeInCRL: "Y" }), 0);
    assert.equal(await code(ca, { orderNumber: "9", includeInCRL: "N" }), 0);
    const [kept, left] = ["8", "9"].map((number) => ca.orders.list(number)[0]);
    assert.deepEqual([kept.state, kept.includeInCRL], ["revoked", undefined]);
    assert.deepEqual([left.state, left.includeInCRL], ["revoked", "N"]);
  });
});

describe("spelling", () => {
  for (const name of ["loginName", "orderNumber", "codeReason", "test"]) {
    test(`${name} twice`, async () => {
      const value = new URLSearchParams(form({ test: "N" })).get(name);
      assert.deepEqual(await answer(ca, `${form({ test: "N" })}&${name}=${value}`), invalid(name));
    });
  }

  test("an escape that is broken, and bytes that are not UTF-8", async () => {
    assert.deepEqual(await answer(ca, `${form()}&revocationReason=100%`), invalid("revocationReason"));
    assert.deepEqual(await answer(ca, `${form()}&revocationReason=100%zz`), invalid("revocationReason"));
    assert.deepEqual(await answer(ca, `${form()}&revocationReason=%e4`), invalid("revocationReason"));
    assert.deepEqual(await answer(ca, `${form()}&revocationReason=%C3%A4`), { code: 0, message: undefined });
  });

  test("an encoded & or = stays inside its value", async () => {
    assert.equal(await code(ca, { revocationReason: "x&test=Y", orderNumber: "77" }), 0);
    assert.equal(ca.orders.list("77")[0].state, "revoked");
  });
});
