// Orders that are not sent: every limit at its edge and one over, every fault named, all at once.
import assert from "node:assert/strict";
import { test } from "node:test";
import { startWorld, testTraces } from "./world.mjs";

const world = await startWorld();

/**
 * The order goes out, in exactly these pairs beside the login.
 * @param {string} name
 * @param {object} order
 * @param {Record<string, string>} expected the pairs besides loginName, loginPassword and responseFormat
 */
function goesOut(name, order, expected) {
  test(`${name}: sent`, async () => {
    world.ca.forgetRequests();
    const { status, text } = await world.revoke(order);
    assert.equal(status, 200, text);
    const [entry, ...more] = world.ca.ledger();
    assert.deepEqual(more, []);
    const pairs = entry.pairs.filter(
      ([name]) => !["loginName", "loginPassword", "responseFormat"].includes(name),
    );
    assert.deepEqual(Object.fromEntries(pairs), expected);
  });
}

/**
 * The order is refused for these members, and nothing is sent.
 * @param {string} name
 * @param {object | string} order text: JSON as it is
 * @param {...string} fields
 */
function staysHere(name, order, ...fields) {
  test(`${name}: 422, not sent`, async () => {
    world.ca.forgetRequests();
    const answer = await world.ask("/v1/revocations", { as: "operator", body: order });
    assert.deepEqual([answer.status, answer.kind], [422, "invalid-order"], answer.text);
    assert.deepEqual(Object.keys(answer.json.fields).sort(), [...fields].sort());
    for (const fault of Object.values(answer.json.fields)) assert.ok(fault.length > 0);
    assert.equal(answer.json.mayHaveRevoked, false);
    assert.deepEqual(world.ca.ledger(), []);
  });
}

const MAX_ORDER_NUMBER = "9223372036854775807";
const MAX_INTEGER = Number.MAX_SAFE_INTEGER;
const reasonOnly = { codeReason: "0" };

goesOut("the smallest order number", { orderNumber: "1" }, { orderNumber: "1", ...reasonOnly });
goesOut(
  "the largest order number",
  { orderNumber: MAX_ORDER_NUMBER },
  { orderNumber: MAX_ORDER_NUMBER, ...reasonOnly },
);
goesOut(
  "the largest order number that is a number",
  { orderNumber: MAX_INTEGER },
  { orderNumber: String(MAX_INTEGER), ...reasonOnly },
);
staysHere("order number 0", { orderNumber: "0" }, "orderNumber");
staysHere("order number 0 as a number", { orderNumber: 0 }, "orderNumber");
staysHere("2^63", { orderNumber: "9223372036854775808" }, "orderNumber");
staysHere("20 digits", { orderNumber: "10000000000000000000" }, "orderNumber");
staysHere("2^53 as a number", '{"orderNumber": 9007199254740992}', "orderNumber");
staysHere("2^53+1 as a number", '{"orderNumber": 9007199254740993}', "orderNumber");
staysHere("2^63-1 as a number", `{"orderNumber": ${MAX_ORDER_NUMBER}}`, "orderNumber");
staysHere("2^64 as a number", '{"orderNumber": 18446744073709551616}', "orderNumber");
staysHere("a number beyond all", '{"orderNumber": 1e300}', "orderNumber");
staysHere("a fraction", { orderNumber: 1.5 }, "orderNumber");
staysHere("a fraction that a double cannot hold", '{"orderNumber": 4503599627370497.5}', "orderNumber");
staysHere("a negative number", { orderNumber: -1 }, "orderNumber");
staysHere("no order number", {}, "orderNumber");
for (const orderNumber of [
  "",
  "007",
  "+7",
  "-7",
  " 7",
  "7 ",
  "7.0",
  "7e3",
  "0x7",
  "٧",
  "７",
  "7\n",
  "1,000",
  "7\u0000",
]) {
  staysHere(`order number ${JSON.stringify(orderNumber)}`, { orderNumber }, "orderNumber");
}
for (const orderNumber of [null, true, [], ["7"], {}, { toString: "7" }]) {
  staysHere(`order number ${JSON.stringify(orderNumber)}`, { orderNumber }, "orderNumber");
}

const reasons = [
  [0, "unspecified"],
  [1, "keyCompromise"],
  [3, "affiliationChanged"],
  [4, "superseded"],
  [5, "cessationOfOperation"],
];
for (const [number, name] of reasons) {
  for (const codeReason of [number, name]) {
    const orderNumber = world.newOrder();
    const expected = { orderNumber, codeReason: String(number) };
    goesOut(`reason ${JSON.stringify(codeReason)}`, { orderNumber, codeReason }, expected);
  }
}
for (const codeReason of [
  2,
  6,
  -1,
  0.5,
  "1",
  "KeyCompromise",
  "keycompromise",
  "",
  "certificateHold",
  null,
  true,
  [1],
]) {
  staysHere(`reason ${JSON.stringify(codeReason)}`, { orderNumber: "7", codeReason }, "codeReason");
}

// Characters, not bytes and not UTF-16 units: an emoji is one.
for (const [letter, name] of [
  ["a", "letters"],
  ["ä", "umlauts"],
  ["😀", "emojis"],
]) {
  const orderNumber = world.newOrder();
  const revocationReason = letter.repeat(1024);
  const expected = { orderNumber, ...reasonOnly, revocationReason };
  goesOut(`a comment of 1024 ${name}`, { orderNumber, revocationReason }, expected);
  const tooLong = { orderNumber: "7", revocationReason: letter.repeat(1025) };
  staysHere(`a comment of 1025 ${name}`, tooLong, "revocationReason");
}
{
  const orderNumber = world.newOrder();
  const revocationReason = "a&loginName=evil\n\t%26+\"'<b>ü";
  goesOut(
    "a comment that would like to be pairs",
    { orderNumber, revocationReason },
    { orderNumber, ...reasonOnly, revocationReason },
  );
}
for (const letter of ["\u0000", "\r", "\u001b", "\u007f", "\u0085"]) {
  const order = { orderNumber: "7", revocationReason: `a${letter}b` };
  staysHere(`a comment with ${JSON.stringify(letter)}`, order, "revocationReason");
}
for (const revocationReason of [null, 1, true, ["a"], { a: "b" }]) {
  staysHere(
    `comment ${JSON.stringify(revocationReason)}`,
    { orderNumber: "7", revocationReason },
    "revocationReason",
  );
}

{
  const orderNumber = world.newOrder();
  const productCode = "p".repeat(50);
  const members = { orderNumber, productCode, product: MAX_INTEGER };
  const expected = { orderNumber, ...reasonOnly, productCode, product: String(MAX_INTEGER) };
  goesOut("the longest product code, the largest product", members, expected);
}
staysHere("a product code of 51", { orderNumber: "7", productCode: "p".repeat(51) }, "productCode");
for (const productCode of [null, 7, true, [], {}]) {
  staysHere(`product code ${JSON.stringify(productCode)}`, { orderNumber: "7", productCode }, "productCode");
}
for (const product of ["488", -1, 1.5, null, true, [], {}]) {
  staysHere(`product ${JSON.stringify(product)}`, { orderNumber: "7", product }, "product");
}
staysHere("a product of 2^53", '{"orderNumber": "7", "product": 9007199254740992}', "product");

for (const test of ["y", "n", "true", "yes", "", 1, 0, null, [], {}]) {
  staysHere(`test ${JSON.stringify(test)}`, { orderNumber: "7", test }, "test");
}

for (const name of [
  "accountID",
  "responseFormat",
  "loginName",
  "loginPassword",
  "endpoint",
  "OrderNumber",
  "reason",
  "",
]) {
  staysHere(`the member ${JSON.stringify(name)}`, { orderNumber: "7", [name]: 1 }, name);
}
staysHere(
  "members of Object's own",
  { orderNumber: "7", constructor: 1, toString: "Y" },
  "constructor",
  "toString",
);

staysHere(
  "everything wrong at once",
  {
    orderNumber: "012",
    codeReason: 2,
    revocationReason: "x".repeat(1025),
    productCode: 5,
    product: "5",
    test: "y",
    loginPassword: "p",
    what: null,
  },
  "orderNumber",
  "codeReason",
  "revocationReason",
  "productCode",
  "product",
  "test",
  "loginPassword",
  "what",
);

test("a fault quotes no value: it may be a password in the wrong place", async () => {
  const secret = "hunter2-in-the-wrong-place";
  const members = ["orderNumber", "codeReason", "productCode", "product", "test", "loginPassword", "what"];
  const order = Object.fromEntries(members.map((name) => [name, [secret]]));
  const texts = {
    ...order,
    orderNumber: secret,
    codeReason: secret,
    productCode: secret.repeat(3),
    test: secret,
  };
  for (const body of [order, texts]) {
    const answer = await world.revoke(body);
    assert.equal(answer.status, 422);
    assert.ok(!answer.text.includes(secret));
    await world.logLine(answer);
  }
  assert.ok(!world.log.includes(secret));
});

test("a number that is too large is answered with the advice to pass a string", async () => {
  const { json } = await world.ask("/v1/revocations", {
    as: "operator",
    body: '{"orderNumber": 9007199254740993}',
  });
  assert.match(json.fields.orderNumber, /string/);
});

testTraces(world);
