// One worker's share of the hunt for a false success: through the public revoke(), with answers in fetch's place.

import { parentPort, workerData } from "node:worker_threads";
import { RevocationError, revoke } from "autorevoke";
import { CA, EDGE, login } from "./calls.mjs";
import { randomness } from "../harness/randomness.mjs";
import { reply } from "./mutations.mjs";
import { codeOfDone, outcomeOfEdge } from "./success-oracle.mjs";

const MAX_LIES = 20;
const { seed, count } = workerData;
const random = randomness(seed);
const result = {
  calls: 0,
  done: 0,
  doubted: 0,
  lies: /** @type {string[]} */ ([]),
  seen: /** @type {string[]} */ ([]),
};
const seen = new Set();

/** @param {{ status: number, headers: Record<string, string>, body: Buffer }} reply */
const outcomeOfCa = (reply, order) => {
  switch (codeOfDone(reply, order)) {
    case 0:
      return order.test ? "tested" : "revoked";
    case -21:
      return "already-revoked";
    case -20:
      return "already-rejected";
    default:
      return undefined;
  }
};

const NodeRequest = globalThis.Request;
const ShapedRequest = /** @type {any} */ (
  class {
    /** @param {string} url */
    constructor(url) {
      this.url = url;
    }
  }
);

/** @param {{ status: number, headers: Record<string, string>, body: Buffer }} reply */
const shaped = ({ status, headers, body }) => ({
  status,
  headers: { get: (/** @type {string} */ name) => headers[name] ?? null },
  arrayBuffer: () => body.buffer.slice(body.byteOffset, body.byteOffset + body.length),
});

while (result.calls < count && result.lies.length < MAX_LIES) {
  result.calls += 1;
  const from = random.chance(0.7) ? "ca" : "edge";
  const order = { orderNumber: "123456", test: random.chance(0.25) };
  const answer = reply(random, from, order);
  const { status, headers, body } = answer;
  // Mostly a request and a response by shape: Node's own take several times as long to make as an answer to judge.
  const real = result.calls % 16 === 0;
  globalThis.Request = real ? NodeRequest : ShapedRequest;
  const fetch = async () => (real ? new Response(body, { status, headers }) : shaped(answer));
  const options = from === "ca" ? { endpoint: CA, credentials: login, fetch } : { endpoint: EDGE, fetch };
  const truth = from === "ca" ? outcomeOfCa(answer, order) : outcomeOfEdge(answer, order);
  // The edge's word that the call was no test, whatever was asked for.
  const actedForReal =
    order.test && from === "edge" && outcomeOfEdge(answer, { ...order, test: false }) !== undefined;
  let told;
  let trouble;
  try {
    const { outcome, ...rest } = await revoke(order, /** @type {any} */ (options));
    told = outcome;
    if (rest.test !== order.test || rest.orderNumber !== order.orderNumber) trouble = "another order";
  } catch (error) {
    if (!(error instanceof RevocationError)) trouble = `no RevocationError: ${error}`;
    else if (error.mayHaveRevoked && order.test && !actedForReal) trouble = "a test that may have revoked";
    else if (error.kind === "unknown-outcome" && !error.mayHaveRevoked && !order.test)
      trouble = "doubt is not said";
  }
  if (told !== undefined) {
    result.done += 1;
    seen.add(`${from} ${told}`);
  }
  if (told !== undefined && told !== truth) trouble = `told ${told}, but it is ${truth}`;
  if (told === undefined && truth !== undefined) result.doubted += 1;
  if (trouble) {
    result.lies.push(
      `${trouble}: ${from} ${status} ${JSON.stringify(headers)} ${JSON.stringify(body.toString("latin1"))}`,
    );
  }
}
result.seen = [...seen];
parentPort?.postMessage(result);
