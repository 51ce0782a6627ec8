// The fake edge of autorevoke/testing and the edge itself, on workerd before the simulated CA, to be asked the same.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createClient } from "autorevoke";
import { fakeEdge } from "autorevoke/testing";
import { examined } from "../edge/answers.mjs";
import { startWorld } from "../edge/world.mjs";
import { until } from "../harness/until.mjs";

/** @typedef {import("autorevoke/testing").FakeOrders} Orders */

const FAKE_URL = "https://edge.example/under/a/path";
/** How late the simulated CA is for an order that is held: longer than it takes to ask something meanwhile. */
const HELD_MS = 1_500;
const LOST = ["answer-lost", "call-lost"];

/** Callers who may do different things. @type {import("../../pkg/bin/keys/api-key.js").Grant[]} */
export const PEOPLE = [
  { id: "olivia", person: "olivia", permissions: ["plan", "revoke", "test", "approve"], orders: ["*"] },
  { id: "paul", person: "paul", permissions: ["plan", "revoke", "test", "approve"], orders: ["*"] },
  { id: "theo", person: "theo", permissions: ["plan", "test"], orders: ["*"] },
  { id: "robot", permissions: ["plan", "revoke", "approve"], orders: ["*"] },
  { id: "low", person: "lola", permissions: ["plan", "revoke", "test"], orders: ["1-99", "300"] },
  { id: "greta", person: "greta", permissions: ["operate", "audit"], orders: ["*"] },
  { id: "lister", person: "lisa", permissions: ["revoke", "plan"], orders: ["50000-50999"] },
];

/**
 * One of the two.
 * @typedef {object} Edge
 * @property {(who?: string) => any} client of this caller
 * @property {(path: string, init?: RequestInit & { as?: string }) => Promise<{ status: number, json: any, headers: Headers }>} ask
 * @property {(orders: Orders) => void} set what calls about orders meet
 * @property {(orderNumber: string) => () => void} hold
 * @property {(orderNumber: string) => Promise<void>} called the moment at which the CA has a call about it
 * @property {(orderNumber: string) => { test: boolean, acted: boolean }[]} calls that people asked for
 */

/**
 * Both, with the same callers and limits.
 * @param {{ people: import("../../pkg/bin/keys/api-key.js").Grant[], limits?: { minute?: number, day?: number, approvalAbove?: number } }} how
 */
export async function startBoth({ people, limits = {} }) {
  const { minute = 1_000_000, day = 1_000_000, approvalAbove = 5 } = limits;
  const world = await startWorld({
    people,
    variables: {
      RATE_LIMIT_PER_MINUTE: String(minute),
      DAILY_LIMIT: String(day),
      APPROVAL_ABOVE: String(approvalAbove),
    },
  });
  const tokens = world.keys;
  const callers = Object.fromEntries(people.map((person) => [tokens[person.id], person]));
  const fake = fakeEdge({ callers, limits: { minute, day, approvalAbove } });
  /** Checks of what was answered. @type {(() => Promise<unknown>)[]} */
  const checks = [];
  const real = /** @type {Edge} */ ({
    ...asked(world.url, (request) => fetch(request), tokens, checks),
    set: (orders) => Object.entries(orders).forEach(([number, met]) => setSimulator(world.ca, number, met)),
    hold: (orderNumber) => {
      world.ca.faults.add({ fault: "latency", ms: HELD_MS, orderNumber, times: 1 });
      return () => {};
    },
    // Probes of the edge's own come a second after a loss.
    calls: (orderNumber) => world.ca.ledger({ orderNumber }),
  });
  const faked = /** @type {Edge} */ ({
    ...asked(FAKE_URL, fake, tokens, checks),
    set: fake.set,
    hold: fake.hold,
    calls: (orderNumber) => fake.calls.filter((call) => call.orderNumber === orderNumber),
  });
  for (const edge of [real, faked])
    edge.called = (orderNumber) => until("the CA has the call", () => edge.calls(orderNumber).length > 0);
  return {
    /**
     * A test that both have to pass, and in which they say the same.
     * @param {string} name
     * @param {(edge: Edge) => Promise<unknown>} scenario gives what is to be compared
     */
    both(name, scenario) {
      test(name, { timeout: 60_000 }, async () => {
        const ofReal = alike(await scenario(real));
        const ofFake = alike(await scenario(faked));
        for (const check of checks.splice(0)) await check();
        assert.deepEqual([...differences(ofFake, ofReal)], []);
      });
    },
  };
}

/**
 * @param {string} url
 * @param {(request: Request) => Promise<Response>} send
 * @param {Record<string, string>} tokens
 * @param {(() => Promise<unknown>)[]} checks
 */
function asked(url, send, tokens, checks) {
  const fetch = async (/** @type {Request} */ request) => {
    const response = await send(request);
    const path = new URL(request.url).pathname.replace(new URL(url).pathname.replace(/\/$/, ""), "");
    const asking = { method: request.method, path };
    if (response.headers.get("content-type")?.startsWith("text/event-stream"))
      return overheard(response, (seen) => checks.push(() => examined(seen, asking)));
    const copy = response.clone();
    checks.push(() => examined(copy, asking));
    return response;
  };
  return {
    client: (who = "olivia") => createClient({ endpoint: url, token: tokens[who] ?? who, fetch }),
    /** @param {string} path @param {RequestInit & { as?: string }} [init] */
    async ask(path, { as, ...init } = {}) {
      const headers = {
        "content-type": "application/json",
        ...(as && { authorization: `Bearer ${tokens[as] ?? as}` }),
        ...init.headers,
      };
      const {
        status,
        headers: found,
        ...response
      } = await answerOf(new Request(url + path, { ...init, headers }));
      return { status, headers: found, ...response };
    },
  };

  /** @param {Request} request */
  async function answerOf(request) {
    const response = await fetch(request);
    const text = await response.text();
    const isJson = /json$/.test(response.headers.get("content-type") ?? "");
    return { status: response.status, headers: response.headers, json: isJson ? JSON.parse(text) : text };
  }
}

/**
 * A stream that can be left before its end: each event that came is to be as it must be.
 * @param {Response} response
 * @param {(seen: Response) => void} tell
 */
function overheard(response, tell) {
  const { status, headers, body } = response;
  const hear = new TransformStream({
    transform(chunk, controller) {
      tell(new Response(chunk, { status, headers }));
      controller.enqueue(chunk);
    },
  });
  return new Response(/** @type {ReadableStream} */ (body).pipeThrough(hear), { status, headers });
}

/**
 * Has the simulator do what the fake is told.
 * @param {Awaited<ReturnType<typeof startWorld>>["ca"]} ca
 * @param {string} orderNumber
 * @param {import("autorevoke/testing").FakeOrder | readonly import("autorevoke/testing").FakeOrder[]} met
 */
function setSimulator(ca, orderNumber, met) {
  const script = Array.isArray(met) ? met : [met];
  for (const each of script.filter((each) => LOST.includes(each)))
    ca.faults.add({
      fault: "reset-after-reading",
      orderNumber,
      test: false,
      times: 1,
      acts: each === "answer-lost",
    });
  const [state, then, ...more] = script.filter((each) => !LOST.includes(each));
  assert.deepEqual(more, [], "the simulator knows a state and the next");
  if (state === undefined) return;
  const setting =
    typeof state === "number" ? { errorCode: state } : typeof state === "string" ? { state } : state;
  // A CA gives words with a code.
  const words = "errorCode" in setting ? { errorMessage: "No." } : {};
  ca.orders.set({ orderNumber, ...words, ...setting, ...(then === undefined ? {} : { times: 1, then }) });
}

/** What came of a call: its value, or its error as JSON. @param {Promise<any>} call */
export const told = (call) =>
  call.then(
    (value) => ({ value }),
    (error) => ({ error: error.toJSON() }),
  );

const TIMES = /At$|^time$|^since$|Since$/;
const WORDS = [
  "title",
  "detail",
  "message",
  "errorMessage",
  "reason",
  "lastError",
  "statement",
  "personReason",
];
/** They depend on how fast something is, or how often it was looked at; and the fake settles nothing by itself. */
const LEFT_OUT = [
  ...["rate", "rates", "neededRate", "eta", "durationSeconds", "revision", "checkpoint", "auditSeqs"],
  ...["nextProbeAt", "resendUntil"],
];
const OWN = ["instance", "id", "jobId", "auditSeq", "actual"];

/** The same without what each edge has of its own: times, ids, wording. @param {any} value @returns {any} */
function alike(value) {
  if (Array.isArray(value)) return value.map(alike);
  if (typeof value !== "object" || value === null) return value;
  const members = Object.entries(value).flatMap(([name, member]) => {
    if (LEFT_OUT.includes(name) || member === undefined) return [];
    if (TIMES.test(name) && typeof member === "string") return [[name, "a time"]];
    if (WORDS.includes(name) && typeof member === "string") return [[name, "words"]];
    if (name === "actual") return [[name, Object.keys(member).sort()]];
    if (name === "fields") return [[name, Object.keys(member).sort()]];
    return [[name, OWN.includes(name) ? typeof member : alike(member)]];
  });
  return Object.fromEntries(members);
}

/** Where the two differ, a line for each place. @param {any} fake @param {any} real @returns {Generator<string>} */
function* differences(fake, real, at = "") {
  const isBranch = (/** @type {unknown} */ value) => typeof value === "object" && value !== null;
  if (!isBranch(fake) || !isBranch(real)) {
    if (fake !== real) yield `${at}: the fake says ${JSON.stringify(fake)}, the edge ${JSON.stringify(real)}`;
    return;
  }
  for (const name of new Set([...Object.keys(fake), ...Object.keys(real)]))
    yield* differences(fake[name], real[name], `${at}/${name}`);
}

/** @param {any} client @param {string} id */
export async function untilDone(client, id) {
  const seen = [];
  for await (const job of client.jobs.watch(id)) seen.push(job.state);
  return [...new Set(seen)];
}

/** @param {any} client @param {object} plan */
export async function run(client, plan) {
  const { id, planHash, total } = await client.jobs.create(plan);
  return client.jobs.start(id, { planHash, total });
}
