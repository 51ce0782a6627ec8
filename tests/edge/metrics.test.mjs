// GET /metrics: what was asked and what came of it, counted exactly, and in no words but the edge's own.
import assert from "node:assert/strict";
import { test } from "node:test";
import { exchange } from "../security/connection.mjs";
import { document } from "./documented.mjs";
import { startWorld, testTraces } from "./world.mjs";

const world = await startWorld({
  people: [
    { id: "operator", person: "olivia", permissions: ["revoke", "test"], orders: ["*"] },
    { id: "auditor", person: "audrey", permissions: ["audit", "operate"], orders: ["*"] },
  ],
  // What is lost stays so: no call but those that are asked for, and their probes.
  variables: { RESEND_WINDOW_MS: "0" },
});

/** As Prometheus 3 asks. */
const ACCEPT =
  "application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;" +
  "q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1";

const WORDS = /^[A-Za-z0-9/{}?_. -]*$/;

/** Every sample, by its name with its labels; that the format is kept is checked on the way. */
async function samples() {
  const answer = await world.ask("/metrics", { as: "auditor", headers: { accept: ACCEPT } });
  assert.equal(answer.status, 200);
  assert.match(answer.headers.get("content-type") ?? "", /^text\/plain\b/);
  assert.ok(answer.text.endsWith("\n"));
  /** @type {Map<string, number>} */
  const found = new Map();
  const families = new Set();
  let [helped, typed] = ["", ""];
  for (const line of answer.text.trimEnd().split("\n")) {
    const [, comment, name] = /^# (HELP|TYPE) ([a-z_]+) \S/.exec(line) ?? [];
    if (comment === "HELP") {
      assert.ok(!families.has(name), `${name} is in two places`);
      families.add(name);
      helped = name;
    } else if (comment === "TYPE") {
      assert.match(line, / (counter|gauge)$/);
      assert.equal(name, helped);
      typed = name;
    } else {
      const [, family, , labels = "", value] =
        /^([a-z_]+)(\{((?:[a-z]+="[^"\\]*",?)+)\})? (\d+)$/.exec(line) ?? [];
      assert.equal(family, typed, line);
      for (const [, text] of labels.matchAll(/="([^"]*)"/g)) assert.match(text, WORDS);
      const sample = line.slice(0, line.lastIndexOf(" "));
      assert.ok(!found.has(sample), `${sample} is there twice`);
      found.set(sample, Number(value));
    }
  }
  return found;
}

/** By how much each sample grows while something is done; what does not is left out. @param {() => Promise<unknown>} work */
async function growth(work) {
  const before = await samples();
  await work();
  const after = await samples();
  const grown = [...after].map(
    ([name, value]) => /** @type {const} */ ([name, value - (before.get(name) ?? 0)]),
  );
  return Object.fromEntries(grown.filter(([, by]) => by !== 0));
}

const requests = (/** @type {string} */ route, /** @type {string} */ method, /** @type {number} */ status) =>
  `autorevoke_http_requests_total{route="${route}",method="${method}",status="${status}"}`;
const calls = (/** @type {string} */ outcome, test = false) =>
  `autorevoke_calls_total{purpose="revoke",test="${test}",outcome="${outcome}"}`;
const orders = (/** @type {string} */ state) => `autorevoke_orders{state="${state}"}`;
/** The look before is counted by then. */
const LOOK = { [requests("/metrics", "GET", 200)]: 1 };
/** @param {Record<string, number>} grown */
const withoutProbes = (grown) =>
  Object.fromEntries(
    Object.entries(grown).filter(([name]) => !/purpose="settle"|calls_under_way|audit_entries/.test(name)),
  );

test("requests are counted by route, method and status", async () => {
  const grown = await growth(async () => {
    for (let time = 0; time < 3; time += 1) await world.ask("/v1/me", { as: "operator" });
    await world.ask("/v1/me");
    await world.ask("/v1/orders/7", { as: "ark_nobody_x" });
    await world.ask("/v1/me", { as: "operator", method: "DELETE" });
    await world.ask("/nowhere", { as: "operator" });
    await world.ask("/healthz");
  });
  assert.deepEqual(grown, {
    ...LOOK,
    [requests("/v1/me", "GET", 200)]: 3,
    [requests("/v1/me", "GET", 401)]: 1,
    [requests("/v1/orders/{orderNumber}", "GET", 401)]: 1,
    [requests("/v1/me", "DELETE", 405)]: 1,
    [requests("?", "GET", 404)]: 1,
    [requests("/healthz", "GET", 200)]: 1,
    autorevoke_unauthenticated_total: 2,
  });
});

test("calls are counted by what they were made for and how they ended, orders by where they stand", async () => {
  const [refused, lost] = [world.newOrder(), world.newOrder()];
  world.ca.faults.add({ fault: "fixed-code", errorCode: -3, errorMessage: "No", orderNumber: refused });
  world.ca.faults.add({ fault: "reset-after-reading", orderNumber: lost });
  const grown = await growth(async () => {
    await world.revoke({ orderNumber: world.newOrder() });
    await world.revoke({ orderNumber: world.newOrder() });
    await world.revoke({ orderNumber: world.newOrder(), test: true });
    await world.revoke({ orderNumber: refused });
    await world.revoke({ orderNumber: lost });
    // Never sent, and so no call.
    await world.revoke({ orderNumber: "0" });
  });
  assert.deepEqual(withoutProbes(grown), {
    ...LOOK,
    [requests("/v1/revocations", "POST", 200)]: 3,
    [requests("/v1/revocations", "POST", 422)]: 2,
    [requests("/v1/revocations", "POST", 502)]: 1,
    [calls("revoked")]: 2,
    [calls("tested", true)]: 1,
    [calls("refused")]: 1,
    [calls("unknown")]: 1,
    [orders("revoked")]: 2,
    [orders("refused")]: 1,
    [orders("unknown")]: 1,
  });
});

test("the length of the audit log is the number of its last entry", async () => {
  // An entry may be written between the two looks.
  for (let look = 0; ; look += 1) {
    const { json } = await world.ask("/v1/audit/head", { as: "auditor" });
    const told = (await samples()).get("autorevoke_audit_entries_total");
    if (told === json.seq) break;
    assert.ok(look < 20, `${told} is not ${json.seq}`);
  }
});

test("no path, method or header of a caller becomes a label, however many are tried", async () => {
  const ofRequests = async () =>
    new Map([...(await samples())].filter(([name]) => name.startsWith("autorevoke_http_requests_total")));
  const before = (await ofRequests()).size;
  for (let time = 0; time < 30; time += 1) {
    const odd = `odd-${time}`;
    await world.ask(`/${odd}`, { headers: { "x-odd": odd } });
    await world.ask(`/v1/orders/${odd}`, { as: "operator" });
    await world.ask(`/v1/me?${odd}`, { as: `ark_${odd}_x` });
  }
  // Those that workerd lets through although no client would send them.
  for (const method of ["PROPFIND", "TRACE", "SEARCH", "UNLOCK"]) {
    const auth = `Authorization: Bearer ${world.keys.operator}`;
    await exchange(world.url, [`${method} /v1/me HTTP/1.1\r\nHost: edge\r\n${auth}\r\n\r\n`]);
  }
  const after = await ofRequests();
  assert.ok(![...after.keys()].some((name) => /odd|PROPFIND|TRACE/.test(name)));
  assert.equal(after.get(requests("/v1/me", "other", 405)), 4);
  // A 404 and a 405 that were not there before; the others were.
  assert.equal(after.size, before + 2);
  const routes = new Set([...after.keys()].map((name) => /route="([^"]*)"/.exec(name)?.[1]).filter(Boolean));
  for (const route of routes) assert.ok(route === "?" || route in document.paths, route);
});

test("what the CA was asked is counted over a restart; what callers asked begins anew", async () => {
  const before = await samples();
  await world.kill();
  await world.startAgain();
  const after = await samples();
  assert.equal(after.get(calls("revoked")), before.get(calls("revoked")));
  assert.equal(after.get(orders("unknown")), 1);
  assert.equal(after.get(requests("/v1/me", "GET", 200)), undefined);
});

test("the breaker's state is the one that is 1", async () => {
  const states = async () => {
    const all = await samples();
    return ["closed", "half-open", "open"].map((state) => all.get(`autorevoke_breaker{state="${state}"}`));
  };
  assert.deepEqual(await states(), [1, 0, 0]);
  const orderNumber = world.newOrder();
  world.ca.faults.add({ fault: "fixed-code", errorCode: -16, errorMessage: "No", orderNumber });
  await world.revoke({ orderNumber });
  assert.deepEqual(await states(), [0, 0, 1]);
  await world.ask("/v1/breaker/resume", { as: "auditor", body: {} });
  assert.deepEqual(await states(), [0, 1, 0]);
});

testTraces(world);
