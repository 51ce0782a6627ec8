// Orders that must not be sent: each limit at its edge and one beyond, wrong types, unknown members, all at once.

import assert from "node:assert/strict";
import { test } from "node:test";
import { revoke } from "autorevoke";
import { CA, EDGE, answering, caAnswer, failure, json, login, revoked } from "./calls.mjs";

/** The fields that are named, with nothing sent. */
async function faults(order, credentials = undefined) {
  const { fetch, requests } = answering(json(revoked()));
  const options =
    credentials === undefined ? { endpoint: EDGE, fetch } : { endpoint: CA, credentials, fetch };
  const error = await failure(revoke(order, /** @type {any} */ (options)));
  assert.equal(requests.length, 0, "nothing is sent");
  assert.deepEqual([error.kind, error.mayHaveRevoked], ["invalid-order", false]);
  for (const [name, fault] of Object.entries(error.fields))
    assert.ok(error.message.includes(`${name} ${fault}`));
  return error.fields;
}

/** Sent as it is. */
async function accepted(order, credentials = login) {
  const { fetch, requests } = answering(() => caAnswer("errorCode=0"));
  await revoke(order, { endpoint: CA, credentials, fetch });
  return new URLSearchParams(await requests[0].text());
}

const valid = { orderNumber: "123456" };

test("each limit at its edge is sent, one beyond is not", async () => {
  const edges = {
    orderNumber: ["1", "9223372036854775807", 1, Number.MAX_SAFE_INTEGER],
    revocationReason: ["x".repeat(1024), "€".repeat(1024), "🔑".repeat(1024), "line\n\tline"],
    productCode: ["x".repeat(50), "€".repeat(50)],
    product: [0, Number.MAX_SAFE_INTEGER],
    accountID: [0, Number.MAX_SAFE_INTEGER],
    codeReason: [0, 1, 3, 4, 5],
    responseFormat: [0, 1],
  };
  for (const [name, values] of Object.entries(edges)) {
    for (const value of values) {
      assert.equal((await accepted({ ...valid, [name]: value })).get(name), String(value));
    }
  }
  const beyond = {
    orderNumber: [
      "",
      "0",
      "9223372036854775808",
      "007",
      "+1",
      "-1",
      "1.0",
      "1e3",
      " 1",
      "１",
      0,
      -1,
      1.5,
      NaN,
      Infinity,
    ],
    revocationReason: ["x".repeat(1025), "🔑".repeat(1025), "nul\0", "\x1b[2J", "\x7f", "\r", "\ud800"],
    productCode: ["x".repeat(51), "a\nb", "\udc00"],
    product: [-1, 1.5, 2 ** 53, NaN, "488"],
    accountID: [-1, 2 ** 53, "1"],
    codeReason: [2, 6, -1, 1.5, "1", "keycompromise", "KeyCompromise", ""],
    responseFormat: [2, "1", true],
    test: ["y", "n", "true", 1, 0, ""],
  };
  for (const [name, values] of Object.entries(beyond)) {
    for (const value of values) {
      assert.deepEqual(
        Object.keys(await faults({ ...valid, [name]: value }, login)),
        [name],
        `${name} ${String(value)}`,
      );
    }
  }
});

test("a number beyond 2^53-1 is refused with the advice to pass a string", async () => {
  for (const orderNumber of [2 ** 53, 2 ** 63, 1e300]) {
    assert.match((await faults({ orderNumber })).orderNumber, /string/);
  }
  assert.match((await faults({ orderNumber: 123n })).orderNumber, /string/);
});

test("wrong types are named, whatever they are", async () => {
  const odd = [null, {}, [], () => "1", Symbol("s"), 1n, new String("1"), new Date(0)];
  for (const name of ["orderNumber", "codeReason", "revocationReason", "productCode", "product", "test"]) {
    for (const value of odd) {
      assert.deepEqual(
        Object.keys(await faults({ ...valid, [name]: value })),
        [name],
        `${name} ${typeof value}`,
      );
    }
  }
});

test("what is undefined is absent", async () => {
  const form = await accepted({ ...valid, codeReason: undefined, test: undefined, foo: undefined });
  assert.deepEqual(
    [...form.keys()],
    ["loginName", "loginPassword", "orderNumber", "codeReason", "responseFormat"],
  );
  assert.deepEqual(await faults({ orderNumber: undefined }), { orderNumber: "is missing" });
});

test("unknown members are an error, own ones only", async () => {
  assert.deepEqual(await faults({ ...valid, reason: 1 }), { reason: "is not a member of an order" });
  const polluting = JSON.parse('{"orderNumber":"1","__proto__":{"test":true}}');
  assert.ok(Object.hasOwn(await faults(polluting), "__proto__"));
  assert.deepEqual(await faults(Object.create({ orderNumber: "1" })), { orderNumber: "is missing" });
});

test("what the edge decides for itself is refused on the way through it", async () => {
  const fields = await faults({
    ...valid,
    accountID: 1,
    responseFormat: 1,
    loginName: "a",
    loginPassword: "b",
  });
  assert.deepEqual(Object.keys(fields).sort(), ["accountID", "loginName", "loginPassword", "responseFormat"]);
});

test("an order that is no object", async () => {
  for (const order of [undefined, null, "123456", 123456, true, [], [valid], () => valid]) {
    assert.deepEqual(await faults(order), { order: "must be an object" });
  }
  const throwing = Object.defineProperty({}, "orderNumber", {
    enumerable: true,
    get() {
      throw new Error(login.loginPassword);
    },
  });
  assert.deepEqual(await faults(throwing), { order: "must be an object" });
});

test("faults of the login are named with those of the order, and no value is quoted", async () => {
  const secret = "hunter2-hunter2-hunter2";
  const order = { orderNumber: secret, codeReason: secret, product: secret, nonsense: secret };
  const credentials = { loginName: "x".repeat(65), loginPassword: `${secret}\0`, extra: secret };
  const fields = await faults(order, credentials);
  assert.deepEqual(Object.keys(fields).sort(), [
    ...["codeReason", "credentials.extra", "loginName", "loginPassword"],
    ...["nonsense", "orderNumber", "product"],
  ]);
  assert.ok(!JSON.stringify(fields).includes("hunter2"));
});

test("each limit of the login, in characters", async () => {
  for (const [name, limit] of [
    ["loginName", 64],
    ["loginPassword", 128],
  ]) {
    for (const character of ["x", "€", "🔑"]) {
      const fits = { ...login, [name]: character.repeat(limit) };
      assert.equal((await accepted(valid, fits)).get(name), fits[name]);
      assert.deepEqual(Object.keys(await faults(valid, { ...login, [name]: character.repeat(limit + 1) })), [
        name,
      ]);
    }
    for (const value of ["", undefined, null, 1, {}, "a\nb", "\ud800", "x".repeat(1_000_000)]) {
      assert.deepEqual(Object.keys(await faults(valid, { ...login, [name]: value })), [name]);
    }
  }
  for (const credentials of [null, "login", [], 1]) {
    assert.deepEqual(Object.keys(await faults(valid, credentials)), ["credentials"]);
  }
});
