// The ordinary course: what is sent, what comes of it, and what is known of an order afterwards.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PEOPLE, startWorld, testTraces } from "./world.mjs";

const ACCOUNT = "4711";
const world = await startWorld({
  variables: { CA_ACCOUNT_ID: ACCOUNT },
  people: [
    ...PEOPLE,
    { id: "witness", permissions: ["audit"], orders: ["*"] },
    { id: "low", permissions: ["revoke", "test"], orders: ["1-50000"] },
  ],
});

/** Attempts without what differs from run to run. @param {any} attempt */
const essence = ({ outcome, errorCode, test, codeReason, actor }) => ({
  outcome,
  errorCode,
  test,
  codeReason,
  actor,
});

test("revoked, then already revoked: the state stays, each attempt is kept", async () => {
  const orderNumber = world.newOrder();
  const first = await world.revoke({ orderNumber, codeReason: "superseded" });
  assert.equal(first.status, 200);
  const { auditSeq, ...done } = first.json;
  assert.deepEqual(done, { orderNumber, outcome: "revoked", errorCode: 0, test: false });
  assert.ok(Number.isInteger(auditSeq) && auditSeq > 1);

  const again = await world.revoke({ orderNumber, codeReason: "keyCompromise" }, { as: "second" });
  assert.equal(again.status, 200);
  assert.deepEqual([again.json.outcome, again.json.errorCode], ["already-revoked", -21]);

  const { attempts, auditSeqs, ...rest } = await world.history(orderNumber);
  assert.deepEqual(rest, { orderNumber, state: "revoked" });
  assert.deepEqual(attempts.map(essence), [
    { outcome: "revoked", errorCode: 0, test: false, codeReason: 4, actor: "key:operator" },
    { outcome: "already-revoked", errorCode: -21, test: false, codeReason: 1, actor: "key:second" },
  ]);
  assert.deepEqual(
    auditSeqs,
    attempts.flatMap((/** @type {any} */ attempt) => attempt.auditSeqs),
  );
  assert.ok(attempts[0].auditSeqs.includes(auditSeq) && attempts[1].auditSeqs.includes(again.json.auditSeq));
  for (const { startedAt, endedAt } of attempts) assert.ok(Date.parse(startedAt) <= Date.parse(endedAt));
  assert.equal(world.sent(orderNumber).filter(({ acted }) => acted).length, 1);
});

for (const [state, code, outcome] of /** @type {const} */ ([
  ["rejected", -20, "already-rejected"],
  ["revoked", -21, "already-revoked"],
])) {
  test(`${state} by somebody else: ${outcome}, with the CA's code and words`, async () => {
    const orderNumber = world.newOrder();
    world.ca.orders.set({ orderNumber, state });
    const { status, json } = await world.revoke({ orderNumber });
    assert.equal(status, 200);
    assert.deepEqual([json.outcome, json.errorCode], [outcome, code]);
    assert.match(json.errorMessage, /already/);
    assert.equal((await world.history(orderNumber)).state, outcome);
  });
}

test("an order that was not issued yet is cancelled, which the CA calls done as well", async () => {
  const orderNumber = world.newOrder();
  world.ca.orders.set({ orderNumber, state: "unissued" });
  assert.equal((await world.revoke({ orderNumber })).json.outcome, "revoked");
});

test("a test call: tested, nothing is changed, the order's state is as before", async () => {
  const orderNumber = world.newOrder();
  for (const test of [true, "Y"]) {
    const { status, json } = await world.revoke({ orderNumber, test });
    assert.equal(status, 200);
    assert.deepEqual([json.outcome, json.errorCode, json.test], ["tested", 0, true]);
  }
  assert.deepEqual(
    world.sent(orderNumber).map(({ test, acted }) => ({ test, acted })),
    [
      { test: true, acted: false },
      { test: true, acted: false },
    ],
  );
  const before = await world.history(orderNumber);
  assert.equal(before.state, "pending");
  assert.deepEqual(before.attempts.map(essence)[0], {
    outcome: "tested",
    errorCode: 0,
    test: true,
    codeReason: 0,
    actor: "key:operator",
  });
  await world.revoke({ orderNumber });
  const known = await world.revoke({ orderNumber, test: true });
  assert.deepEqual([known.json.outcome, known.json.test], ["already-revoked", true]);
  assert.equal((await world.history(orderNumber)).state, "revoked");
});

test("the form arrives pair by pair, each once, in the vendor's names", async () => {
  const orderNumber = world.newOrder();
  const revocationReason = "Schlüssel & Co. = 100 % +1\nsecond line\tend 😀 &loginName=evil";
  await world.revoke({
    orderNumber,
    codeReason: "keyCompromise",
    revocationReason,
    productCode: "a/b&c d",
    product: 488,
    test: true,
  });
  const [{ pairs, loginOk, method, path, headers, ...entry }, ...more] = world.sent(orderNumber);
  assert.deepEqual(more, []);
  assert.deepEqual(pairs, [
    ["loginName", "[masked]"],
    ["loginPassword", "[masked]"],
    ["orderNumber", orderNumber],
    ["accountID", ACCOUNT],
    ["codeReason", "1"],
    ["revocationReason", revocationReason],
    ["productCode", "a/b&c d"],
    ["product", "488"],
    ["test", "Y"],
    ["responseFormat", "1"],
  ]);
  assert.ok(loginOk, "the login came as it is");
  assert.deepEqual([method, path], ["POST", "/products/!AutoRevokeCertificate"]);
  assert.equal(headers["content-type"], "application/x-www-form-urlencoded");
  assert.equal(Number(headers["content-length"]) > 0, true);
  for (const name of ["authorization", "cookie", "origin", "referer"]) assert.equal(headers[name], undefined);
  assert.equal(entry.test, true);
});

test("a real call has no test argument at all, and no empty ones", async () => {
  const orderNumber = world.newOrder();
  await world.revoke({ orderNumber, test: "N" });
  assert.deepEqual(
    world.sent(orderNumber)[0].pairs.map(([name]) => name),
    ["loginName", "loginPassword", "orderNumber", "accountID", "codeReason", "responseFormat"],
  );
});

test("certificates of one order are revoked each on its own, and its history has them all", async () => {
  const orderNumber = world.newOrder();
  const products = [{ product: 1 }, { product: 2 }, { productCode: "x" }, {}];
  for (const product of products) {
    assert.equal((await world.revoke({ orderNumber, ...product })).json.outcome, "revoked");
  }
  world.ca.faults.add({ fault: "reset-after-reading", orderNumber, times: 1 });
  await world.revoke({ orderNumber, product: 3 });
  const { state, attempts } = await world.history(orderNumber);
  assert.equal(attempts.length, 5);
  assert.equal(state, "unknown", "the most careful of all");
});

test("the history of an order whose number begins with another's has none of it", async () => {
  const orderNumber = world.newOrder();
  await world.revoke({ orderNumber: `${orderNumber}1` });
  const { status } = await world.ask(`/v1/orders/${orderNumber}`, { as: "operator" });
  assert.equal(status, 404);
});

test("another's order looks exactly like one that nobody has heard of", async () => {
  const orderNumber = world.newOrder();
  await world.revoke({ orderNumber });
  const theirs = await world.ask(`/v1/orders/${orderNumber}`, { as: "low" });
  const unknown = await world.ask(`/v1/orders/${world.newOrder()}`, { as: "low" });
  const own = await world.ask("/v1/orders/50000", { as: "low" });
  assert.equal(theirs.status, 404);
  const seen = [theirs, unknown, own].map(({ text, json, headers }) => ({
    text: text.replace(json.instance, "INSTANCE"),
    headers: [...headers].filter(([name]) => name !== "date"),
  }));
  assert.deepEqual(seen[0], seen[1]);
  assert.deepEqual(seen[0], seen[2]);
});

test("a caller who may only test reads histories as well", async () => {
  const orderNumber = world.newOrder();
  await world.revoke({ orderNumber });
  assert.equal((await world.ask(`/v1/orders/${orderNumber}`, { as: "tester" })).status, 200);
});

test("what is known outlives a restart", async () => {
  const orderNumber = world.newOrder();
  await world.revoke({ orderNumber });
  const before = await world.history(orderNumber);
  await world.kill();
  await world.startAgain();
  assert.deepEqual(await world.history(orderNumber), before);
});

test("the audit numbers of all that was done are whole: none missing, none twice", async () => {
  const orders = [...new Set(world.ca.ledger().map(({ orderNumber }) => orderNumber))];
  const histories = await Promise.all(orders.map((orderNumber) => world.history(String(orderNumber))));
  // The one that is lost above may have been probed by now, or be so in a moment.
  const attempts = histories
    .flatMap(({ attempts }) => attempts)
    .filter(({ purpose }) => purpose === undefined);
  const seqs = attempts.flatMap(({ auditSeqs }) => auditSeqs).sort((a, b) => a - b);
  const { json } = await world.ask("/v1/audit?limit=10000", { as: "witness" });
  /** @type {{ seq: number, action: string, phase: string }[]} */
  const { entries } = json;
  assert.deepEqual(
    entries.map(({ seq }) => seq),
    entries.map((_, index) => index + 1),
  );
  // Those that are about no order: the beginning, the configuration, and refusals.
  const calls = entries.filter(({ action, phase }) => action === "revoke" && phase !== "refused");
  assert.deepEqual(
    seqs,
    calls.map(({ seq }) => seq),
  );
});

testTraces(world);
