// `repeatable()`: one line that may be run again and again revokes once, and says what is known; over a real edge, by connections
// that break before and after it.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { createClient, RevocationError } from "autorevoke";
import { repeatable } from "autorevoke/repeat";
import fc from "fast-check";
import { startWorld } from "./world.mjs";

/** @type {import("./world.mjs").World} */
let world;
/** What happens to the next request of this method and path. @type {{ match: RegExp, how: "before" | "after" }[]} */
let breaks = [];
/** What left. @type {string[]} */
let sent = [];
let next = 810_000;

before(async () => {
  world = await startWorld();
});
after(() => world?.close());
beforeEach(() => {
  world.simulator.reset();
  breaks = [];
  sent = [];
});

const newOrder = (more = {}) => ({ orderNumber: String((next += 1)), codeReason: "superseded", ...more });

/** A client whose connections break as they are told to. */
function client(token = world.keys.operator) {
  return createClient({
    endpoint: world.edge,
    token,
    async fetch(request) {
      const line = `${request.method} ${new URL(request.url).pathname}`;
      const at = breaks.findIndex(({ match }) => match.test(line));
      const broken = at < 0 ? undefined : breaks.splice(at, 1)[0];
      if (broken?.how === "before") throw new TypeError("connection lost");
      sent.push(line);
      const answer = await fetch(request);
      if (broken?.how === "after") throw new TypeError("connection lost");
      return answer;
    },
  });
}

const memory = () => {
  /** @type {Map<string, string>} */
  const kept = new Map();
  return {
    kept,
    getItem: async (/** @type {string} */ key) => kept.get(key) ?? null,
    setItem: async (/** @type {string} */ key, /** @type {string} */ value) => void kept.set(key, value),
    removeItem: async (/** @type {string} */ key) => void kept.delete(key),
    keys: () => kept.keys(),
  };
};

const losePost = (how = "after") => breaks.push({ match: /^POST .*revocations$/, how });
/** @param {Promise<unknown>} call */
const failure = async (call) => {
  const error = await call.then(
    (done) => assert.fail(`it ended with ${JSON.stringify(done)}`),
    (error) => error,
  );
  assert.ok(error instanceof RevocationError, String(error));
  return error;
};
const acted = (order) => world.received(order.orderNumber).filter(({ acted }) => acted).length;
const reads = (order) => world.received(order.orderNumber).filter(({ test }) => test !== "Y").length;

test("a call that nothing troubles is sent once, and nothing is kept of it", async () => {
  const storage = memory();
  const calls = repeatable(client(), { storage });
  const order = newOrder();
  const done = await calls.revoke(order);
  assert.equal(done.outcome, "revoked");
  assert.equal(acted(order), 1);
  assert.equal(storage.kept.size, 0);
  assert.deepEqual(await calls.unsettled(), []);
});

test("an answer that was lost after the CA had acted is found by trying again, without another call to the CA", async () => {
  const storage = memory();
  const order = newOrder();
  losePost();
  const error = await failure(repeatable(client(), { storage }).revoke(order));
  assert.deepEqual([error.kind, error.mayHaveRevoked], ["unknown-outcome", true]);
  // After a reload.
  const calls = repeatable(client(), { storage });
  const [call] = await calls.unsettled();
  assert.deepEqual(call.order, order);
  const done = await calls.revoke(call.order);
  assert.deepEqual([done.outcome, done.errorCode, done.test], ["revoked", 0, false]);
  assert.ok(done.auditSeq > 0);
  assert.equal(reads(order), 1);
  assert.deepEqual(await calls.unsettled(), []);
});

test("each name has a key of its own, the same however it is written, and is asked for by itself", async () => {
  const storage = memory();
  const number = String((next += 1));
  const orders = [
    { orderNumber: number },
    { serialNumber: `0x00${number}` },
    { certificateID: Number(number) },
  ];
  const lost = repeatable(client(), { storage });
  for (const order of orders) {
    losePost();
    assert.equal((await failure(lost.revoke({ ...order, codeReason: 4 }))).mayHaveRevoked, true);
  }
  assert.equal(storage.kept.size, 3);
  const calls = repeatable(client(), { storage });
  const spelt = [orders[0], { serialNumber: number.replace(/(..)/g, "$1:") }, { certificateID: number }];
  for (const order of spelt) {
    const { settled } = await calls.lookUp({ ...order, codeReason: 4 });
    const [member] = Object.keys(order);
    assert.deepEqual([settled?.outcome, settled?.[member]], ["revoked", number]);
  }
  assert.deepEqual(await calls.unsettled(), []);
  for (const name of [number, `serial:${number}`, `certificate:${number}`])
    assert.ok(sent.includes(`GET /v1/orders/${name}`), `${name} in ${sent}`);
});

test("an order that is named by a certificate cannot be looked up, so it is not sent", async () => {
  const error = await failure(repeatable(client(), { storage: memory() }).revoke({ certificate: "x" }));
  assert.deepEqual([error.kind, Object.keys(error.fields)], ["invalid-order", ["certificate"]]);
  assert.deepEqual(sent, []);
});

test("a call that never reached the edge is sent by trying again, with the key of the first time", async () => {
  const storage = memory();
  const order = newOrder();
  losePost("before");
  await failure(repeatable(client(), { storage }).revoke(order));
  const { key } = JSON.parse([...storage.kept.values()][0]);
  const done = await repeatable(client(), { storage }).revoke(order);
  assert.equal(done.outcome, "revoked");
  assert.equal(acted(order), 1);
  // The edge knows it by this key.
  const again = await client().revoke(order, { idempotencyKey: key });
  assert.deepEqual([again.outcome, reads(order)], ["revoked", 1]);
});

test("what the edge does not know either is probed, and not sent again unless a person says so", async () => {
  const storage = memory();
  const order = newOrder();
  world.simulator.faults.add({ fault: "early-close", orderNumber: order.orderNumber, acts: false });
  const calls = repeatable(client(), { storage });
  const first = await failure(calls.revoke(order));
  assert.equal(first.mayHaveRevoked, true);
  world.simulator.faults.clear();
  const second = await failure(calls.revoke(order));
  assert.deepEqual([second.kind, second.mayHaveRevoked], ["unknown-outcome", true]);
  assert.equal(reads(order), 1, "it was sent again");
  assert.ok(
    world.received(order.orderNumber).some(({ test }) => test === "Y"),
    "it was not probed",
  );
  const { record, settled } = await calls.lookUp(order);
  assert.deepEqual([record?.state, settled], ["unknown", undefined]);

  const done = await calls.revoke(order, { resend: true });
  assert.equal(done.outcome, "revoked");
  assert.deepEqual([reads(order), acted(order)], [2, 1]);
  assert.deepEqual(await calls.unsettled(), []);
});

test("a probe that finds the order revoked settles the call", async () => {
  const order = newOrder({ codeReason: "keyCompromise" });
  world.simulator.faults.add({ fault: "reset-after-reading", orderNumber: order.orderNumber });
  const calls = repeatable(client(), { storage: memory() });
  await failure(calls.revoke(order));
  world.simulator.faults.clear();
  const { settled } = await calls.lookUp(order);
  assert.deepEqual([settled?.outcome, settled?.errorCode], ["already-revoked", -21]);
  assert.equal(reads(order), 1);
  assert.deepEqual(await calls.unsettled(), []);
});

test("what was revoked before the call began settles nothing", async () => {
  const order = newOrder();
  await client().revoke(order);
  // Replaced under its number: there is something to revoke again.
  world.simulator.orders.set({ orderNumber: order.orderNumber, state: "issued" });
  const calls = repeatable(client(), { storage: memory() });
  losePost("before");
  await failure(calls.revoke(order));
  const { record, settled } = await calls.lookUp(order);
  assert.deepEqual([record?.state, settled], ["revoked", undefined]);
  assert.equal((await calls.revoke(order)).outcome, "revoked");
  assert.equal(acted(order), 2);
});

test("another call's revocation with another reason is not told as this one's", async () => {
  const order = newOrder({ codeReason: "keyCompromise" });
  const calls = repeatable(client(), { storage: memory() });
  losePost("before");
  await failure(calls.revoke(order));
  await client().revoke({ ...order, codeReason: "superseded" });
  const done = await calls.revoke(order);
  assert.equal(done.outcome, "already-revoked");
});

test("an order that is asked for anew with another reason gets an answer of its own", async () => {
  const order = newOrder();
  const calls = repeatable(client(), { storage: memory() });
  losePost();
  await failure(calls.revoke(order));
  const done = await calls.revoke({ ...order, codeReason: "keyCompromise" });
  assert.equal(done.outcome, "already-revoked");
  assert.deepEqual(await calls.unsettled(), []);
});

test("an order that is being sent is not sent beside it, and the call in flight is found by its key", async () => {
  const storage = memory();
  const order = newOrder();
  world.simulator.faults.add({ fault: "latency", ms: 3_000, orderNumber: order.orderNumber });
  const calls = repeatable(client(), { storage });
  const first = calls.revoke(order);
  await world.simulator.waitForRequests(1);
  // Another page of the same person.
  const again = await failure(repeatable(client(), { storage }).revoke(order));
  assert.deepEqual([again.kind, again.mayHaveRevoked], ["in-progress", true]);
  const other = await failure(repeatable(client(), { storage: memory() }).revoke(order));
  assert.deepEqual([other.kind, other.mayHaveRevoked], ["in-progress", false]);
  assert.equal((await first).outcome, "revoked");
  assert.equal(reads(order), 1);
});

test("no answer to a repetition takes back that the first may have acted", async () => {
  const order = newOrder();
  const calls = repeatable(client(), { storage: memory() });
  losePost("before");
  await failure(calls.revoke(order));
  world.simulator.orders.set({ orderNumber: order.orderNumber, state: "expired" });
  const refused = await failure(calls.revoke(order));
  assert.deepEqual([refused.kind, refused.mayHaveRevoked, refused.errorCode], ["unknown-outcome", true, -35]);
  breaks.push({ match: /^GET/, how: "before" });
  assert.equal((await failure(calls.revoke(order))).mayHaveRevoked, true);
  assert.equal(
    (await failure(repeatable(client("ark_operator_wrong"), { storage: memory() }).revoke(order))).kind,
    "unauthenticated",
  );
  assert.equal((await calls.unsettled()).length, 1);
  await calls.forget(order);
  assert.deepEqual(await calls.unsettled(), []);
});

test("a refusal of a first call is final, and the next call has a key of its own", async () => {
  const storage = memory();
  const calls = repeatable(client(), { storage });
  const order = newOrder();
  world.simulator.orders.set({ orderNumber: order.orderNumber, state: "expired" });
  const refused = await failure(calls.revoke(order));
  assert.deepEqual([refused.kind, refused.mayHaveRevoked], ["ca-refused", false]);
  assert.equal(storage.kept.size, 0);
  world.simulator.orders.set({ orderNumber: order.orderNumber, state: "issued" });
  assert.equal((await calls.revoke(order)).outcome, "revoked");
});

test("another content for an unsettled order has a key of its own, and leaves the doubt", async () => {
  const storage = memory();
  const calls = repeatable(client(), { storage });
  const order = newOrder();
  losePost("before");
  await failure(calls.revoke(order));
  const first = JSON.parse([...storage.kept.values()][0]);
  losePost("before");
  await failure(calls.revoke({ ...order, codeReason: "keyCompromise" }));
  const second = JSON.parse([...storage.kept.values()][0]);
  assert.notEqual(second.key, first.key);
  assert.equal(second.since, first.since);
});

test("a second click meets the call in flight; another call for the order is refused", async () => {
  const calls = repeatable(client(), { storage: memory() });
  const order = newOrder();
  const both = await Promise.all([calls.revoke(order), calls.revoke({ ...order })]);
  assert.equal(both[0], both[1]);
  assert.equal(acted(order), 1);
  const other = newOrder();
  const running = calls.revoke(other);
  const refused = await failure(calls.revoke({ ...other, codeReason: "unspecified" }));
  assert.deepEqual([refused.kind, refused.mayHaveRevoked], ["in-progress", false]);
  await running;
  assert.equal(reads(other), 1);
});

test("nothing is sent when the edge cannot be asked first, or the key cannot be kept", async () => {
  const order = newOrder();
  breaks.push({ match: /^GET/, how: "before" });
  const unasked = await failure(repeatable(client(), { storage: memory() }).revoke(order));
  assert.deepEqual([unasked.kind, unasked.mayHaveRevoked], ["not-sent", false]);
  const full = { ...memory(), setItem: () => Promise.reject(new Error("quota")) };
  const unkept = await failure(repeatable(client(), { storage: full }).revoke(order));
  assert.deepEqual([unkept.kind, unkept.mayHaveRevoked], ["not-sent", false]);
  assert.deepEqual(world.received(order.orderNumber), []);
});

test("faults of the order are all named, and nothing is asked or sent", async () => {
  const calls = repeatable(client(), { storage: memory() });
  const error = await failure(
    calls.revoke({ orderNumber: "0", codeReason: 9, revocationReason: "x".repeat(1025) }),
  );
  assert.deepEqual(Object.keys(error.fields).sort(), ["codeReason", "orderNumber", "revocationReason"]);
  assert.deepEqual(sent, []);
});

test("a test order is passed on, and settles nothing", async () => {
  const storage = memory();
  const calls = repeatable(client(), { storage });
  const order = newOrder();
  losePost("before");
  await failure(calls.revoke(order));
  assert.equal((await calls.revoke({ ...order, test: true })).outcome, "tested");
  assert.equal((await calls.unsettled()).length, 1);
});

test("a product of an order is settled by calls for this product alone", async () => {
  const order = newOrder({ productCode: "A" });
  const calls = repeatable(client(), { storage: memory() });
  losePost("before");
  await failure(calls.revoke(order));
  await client().revoke({ ...order, productCode: "B" });
  assert.equal((await calls.lookUp(order)).settled, undefined);
  await client().revoke(order);
  assert.equal((await calls.lookUp(order)).settled?.outcome, "revoked");
});

test("nothing of the token is kept", async () => {
  const storage = memory();
  losePost("before");
  await failure(repeatable(client(), { storage }).revoke(newOrder(), { token: world.keys.operator }));
  assert.ok(storage.kept.size === 1 && !JSON.stringify([...storage.kept]).includes("ark_"));
});

test("an attempt that says less than all of it settles nothing", async () => {
  const order = newOrder();
  const whole = { outcome: "revoked", test: false, codeReason: 4, auditSeqs: [7, 8] };
  for (const [changes, settles] of /** @type {[object, boolean][]} */ ([
    [{}, true],
    [{ test: true }, false],
    [{ outcome: "tested", test: true }, false],
    [{ outcome: "refused" }, false],
    [{ outcome: "unknown" }, false],
    [{ auditSeqs: [] }, false],
    [{ auditSeqs: [6, 7] }, false],
    [{ auditSeqs: ["7", "8"] }, false],
    [{ product: 1 }, false],
  ])) {
    const records = [
      { orderNumber: order.orderNumber, state: "pending", attempts: [], auditSeqs: [5, 6] },
      {
        orderNumber: order.orderNumber,
        state: "revoked",
        attempts: [{ ...whole, ...changes }],
        auditSeqs: [5, 6, 7, 8],
      },
    ];
    const endpoint = world.edge;
    const edge = createClient({
      endpoint,
      async fetch(request) {
        if (request.method === "POST") throw new TypeError("connection lost");
        return Response.json(records.shift());
      },
    });
    const calls = repeatable(edge, { storage: memory() });
    await failure(calls.revoke(order));
    assert.equal((await calls.lookUp(order)).settled !== undefined, settles, JSON.stringify(changes));
  }
});

test(
  "whatever breaks, and however often it is tried again, what is said is what the CA did",
  { timeout: 300_000 },
  async () => {
    const property = fc.asyncProperty(
      fc.array(
        fc.record({
          question: fc.constantFrom("right", "right", "right", "right", "before", "after"),
          call: fc.constantFrom("right", "right", "right", "before", "after"),
          ca: fc.constantFrom("right", "lost before", "lost after", "expired"),
          reload: fc.boolean(),
        }),
        { minLength: 2, maxLength: 4 },
      ),
      async (tries) => {
        const order = newOrder();
        const { orderNumber } = order;
        const storage = memory();
        let calls = repeatable(client(), { storage });
        const unbroken = createClient({ endpoint: world.edge, token: world.keys.operator });
        let mayHaveRevoked = false;
        for (const { question, call, ca, reload } of tries) {
          breaks = [
            ...(question === "right" ? [] : [{ match: /^GET/, how: question }]),
            ...(call === "right" ? [] : [{ match: /^POST .*revocations$/, how: call }]),
          ];
          world.simulator.faults.clear();
          if (ca.startsWith("lost")) {
            world.simulator.faults.add({ fault: "early-close", orderNumber, acts: ca === "lost after" });
          } else if (acted(order) === 0) {
            world.simulator.orders.set({ orderNumber, state: ca === "expired" ? "expired" : "issued" });
          }
          const known = await unbroken.orders.get(orderNumber).catch(() => undefined);
          const earlier = reads(order);
          if (reload) calls = repeatable(client(), { storage });
          const [done, error] = await calls.revoke(order).then(
            (done) => [done, undefined],
            (error) => [undefined, error],
          );
          if (known?.state === "unknown") assert.equal(reads(order), earlier, "it was sent again");
          if (done) {
            assert.equal(acted(order), 1, `${done.outcome}, and the CA did nothing`);
            assert.equal((await calls.unsettled()).length, 0);
            return;
          }
          assert.ok(error instanceof RevocationError, String(error));
          assert.ok(error.mayHaveRevoked || acted(order) === 0, `${error.kind}, and the CA had acted`);
          assert.ok(error.mayHaveRevoked || !mayHaveRevoked, "the doubt was taken back");
          assert.equal((await calls.unsettled()).length, error.mayHaveRevoked ? 1 : 0);
          ({ mayHaveRevoked } = error);
        }
      },
    );
    await fc.assert(property, { numRuns: 40, includeErrorInReport: true });
  },
);
