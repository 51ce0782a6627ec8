// Requests as no client would send them: what each must get, and that none of them revokes what it should not.
import assert from "node:assert/strict";
import { connect } from "node:net";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { examined } from "../edge/answers.mjs";
import { startWorld, testTraces } from "../edge/world.mjs";
import { exchange } from "./connection.mjs";
import { ODD, length, rawShapes, refused, requestsOf } from "./raw-shapes.mjs";

const world = await startWorld();
const AUTH = `Authorization: Bearer ${world.keys.operator}`;
const { revocation, bare } = requestsOf(AUTH);

/** @type {string[]} */
const hiddenOrders = [];

for (const [name, shape, must] of rawShapes(AUTH)) {
  test(`${name}: ${told(must)}`, async () => {
    const [orderNumber, hiddenNumber] = [world.newOrder(), world.newOrder()];
    hiddenOrders.push(hiddenNumber);
    const order = `{"orderNumber":"${orderNumber}"}`;
    const hidden = revocation(`{"orderNumber":"${hiddenNumber}"}`);
    const mayHide = name.startsWith("hidden");
    const sent = shape(order, hidden);
    const { answers, rest, closed } = await exchange(world.url, [sent], {
      toEnd: must.closes || must.leaves || mayHide,
      silenceMs: mayHide ? 400 : 3_000,
      bodiless: name === "HEAD",
    });

    if (must.leaves) await isAsItMustBe(/** @type {Response} */ (answers.pop()), refused, asked(sent));
    assert.equal(answers.length, must.status ? 1 : 0, rest);
    assert.equal(rest, "");
    if (must.closes) assert.ok(closed, "the connection is still open");
    for (const response of answers) await isAsItMustBe(response, must, asked(sent));
    assert.equal(world.sent(orderNumber).length, must.revokes ? 1 : 0);
    assert.deepEqual(world.sent(hiddenNumber), []);
  });
}

/** @param {import("./raw-shapes.mjs").Must} must */
function told({ status, kind, revokes, workerd }) {
  if (revokes) return "sent, once";
  if (!status) return "no answer";
  return [String(status), kind, workerd && "by workerd"].filter(Boolean).join(" ");
}

/** The request as the edge gets to see it. @param {string} bytes */
function asked(bytes) {
  const [method, target] = bytes.trimStart().split(/[ \r\n]/, 2);
  const address = target?.startsWith("/")
    ? `http://edge${target}`
    : new URL(target || "/", "http://edge").href;
  return { method, path: new URL(address).pathname };
}

/**
 * @param {Response} response
 * @param {import("./raw-shapes.mjs").Must} must
 * @param {{ method: string, path: string }} request
 */
async function isAsItMustBe(response, must, request) {
  assert.equal(response.status, must.status);
  assert.ok(!JSON.stringify([...response.headers]).includes(ODD));
  assert.equal(response.headers.has("cache-control"), !must.workerd, "whose answer it is");
  if (must.workerd) {
    assert.match(await response.text(), /^[A-Za-z -.:]{0,100}$/);
    return;
  }
  const answer = await examined(response, request);
  if (answer.kind) world.note(answer);
  assert.ok(!answer.text.includes(ODD));
  assert.equal(answer.kind, must.kind);
}

test("three requests in one packet: three answers in their order", async () => {
  const orderNumber = world.newOrder();
  const one = revocation(`{"orderNumber":"${orderNumber}"}`);
  const packet = bare("GET /v1/me HTTP/1.1") + one + "GET /v1/me HTTP/1.1\r\nHost: edge\r\n\r\n";
  const { answers, rest } = await exchange(world.url, [packet], { answers: 3 });
  assert.deepEqual(
    answers.map(({ status }) => status),
    [200, 200, 401],
  );
  assert.equal(rest, "");
  assert.equal(world.sent(orderNumber).length, 1);
});

test("slow callers are answered or dropped, send nothing, and hold up nobody", async () => {
  const orders = { head: world.newOrder(), body: world.newOrder(), drip: world.newOrder() };
  const order = (/** @type {string} */ orderNumber) => `{"orderNumber":"${orderNumber}"}`;
  const began = Date.now();
  const dripping = [...order(orders.drip)].map((bytes) => ({ afterMs: 900, bytes }));
  const [start, ...lines] = revocation(order(orders.head)).split("\r\n");
  const slow = Promise.all([
    exchange(world.url, [start, { afterMs: 17_000, bytes: `\r\n${lines.join("\r\n")}` }], {
      silenceMs: 2_000,
    }),
    exchange(world.url, [revocation("", { more: [length(order(orders.body))] })], { silenceMs: 15_000 }).then(
      (got) => ({ ...got, ms: Date.now() - began }),
    ),
    exchange(world.url, [revocation("", { more: [length(order(orders.drip))] }), ...dripping], {
      silenceMs: 2_000,
    }),
  ]);
  // Meanwhile others are served as ever.
  for (let asked = 0; asked < 20; asked += 1) {
    const before = Date.now();
    assert.equal((await world.revoke({ orderNumber: world.newOrder() })).status, 200);
    assert.ok(Date.now() - before < 5_000);
    await pause(100);
  }
  const [head, body, drip] = await slow;
  assert.ok(head.closed && head.answers.length <= 1, "workerd waits 15 s for a head");
  assert.equal(body.answers.length, 1);
  assert.ok(body.ms > 9_000 && body.ms < 14_000, `${body.ms} ms`);
  for (const response of [...body.answers, ...drip.answers]) {
    assert.equal(world.note(await examined(response, asked(revocation("")))).kind, "malformed-request");
  }
  for (const orderNumber of Object.values(orders)) assert.deepEqual(world.sent(orderNumber), []);
});

test("callers who leave in the middle of a head or a body: nothing is sent", async () => {
  const orderNumber = world.newOrder();
  const whole = revocation(`{"orderNumber":"${orderNumber}"}`);
  const { hostname, port } = new URL(world.url);
  for (let length = 10; length < whole.length; length += 20) {
    const socket = connect(Number(port), hostname);
    await new Promise((resolve) => socket.once("connect", resolve));
    await new Promise((resolve) => socket.write(whole.slice(0, length), resolve));
    if (length % 40 === 10) socket.resetAndDestroy();
    else socket.end();
    socket.on("error", () => {}).resume();
  }
  await pause(300);
  assert.deepEqual(world.sent(orderNumber), []);
  assert.equal((await world.revoke({ orderNumber })).json.outcome, "revoked");
});

test("a path hidden in the Host: on no operation does it change what is asked", async () => {
  const order = world.newOrder();
  const body = `{"orderNumber":"${order}"}`;
  for (const target of ["/", "/healthz", "/openapi.json", "/v1/me", "/revocations"]) {
    for (const host of [
      "edge/v1/revocations#",
      "edge/v1",
      "edge/v1/revocations?",
      "edge\\v1\\revocations#",
      "edge#",
    ]) {
      for (const method of ["POST", "GET"]) {
        const sent = revocation(body, { start: `${method} ${target} HTTP/1.1`, host: `Host: ${host}` });
        const { answers } = await exchange(world.url, [sent]);
        assert.equal(answers.length, 1);
        const answer = world.note(await examined(answers[0], { method, path: target }));
        assert.deepEqual(
          [answer.status, answer.kind],
          [400, "malformed-request"],
          `${method} ${target} ${host}`,
        );
      }
    }
  }
  assert.deepEqual(world.sent(order), []);
});

test("a request hidden in another is never carried out, not even later", () => {
  assert.ok(hiddenOrders.length > 50);
  for (const orderNumber of hiddenOrders) assert.deepEqual(world.sent(orderNumber), []);
});

test("nothing odd is in the log, which has the id of every problem", async () => {
  await world.end();
  assert.ok(!world.log.includes(ODD));
  for (const instance of world.instances) assert.ok(world.log.includes(instance), instance);
});

testTraces(world);
