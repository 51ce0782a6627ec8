// Every operation by every permission, for one's own orders and for others': the very table of docs/permissions.md.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, test } from "node:test";
import { document } from "../edge/documented.mjs";
import { startIssuer } from "../edge/issuer.mjs";
import { AUDIENCE, ISSUER, ecKey, signed } from "../edge/tokens.mjs";
import { startWorld, testTraces } from "../edge/world.mjs";
import { jobMaker } from "./prepared-jobs.mjs";

const PERMISSIONS = ["revoke", "test", "plan", "approve", "audit", "operate"];
/** The caller's own orders, where they are not all. */
const [FIRST, LAST] = [1_000_000, 1_999_999];
const FOREIGN = 3_000_000;

const issuerKey = ecKey();
const issuer = await startIssuer([issuerKey.jwk]);
const world = await startWorld({
  people: [
    { id: "operator", person: "olivia", permissions: ["revoke", "test", "audit", "operate"], orders: ["*"] },
    ...PERMISSIONS.flatMap((permission) => [
      { id: `${permission}-all`, person: "a", permissions: [permission], orders: ["*"] },
      { id: `${permission}-some`, person: "s", permissions: [permission], orders: [`${FIRST}-${LAST}`] },
    ]),
  ],
  variables: {
    JWT_ISSUER: ISSUER,
    JWT_AUDIENCE: AUDIENCE,
    JWT_JWKS_URL: issuer.jwksUrl,
    JWT_PERSON_CLAIM: "sub",
    GRANTS: JSON.stringify([
      { claim: "groups", value: "first", permissions: ["revoke"], orders: ["1-10"] },
      { claim: "groups", value: "second", permissions: ["test"], orders: ["11-20"] },
      { claim: "groups", value: "half", permissions: ["audit"], orders: ["1-4611686018427387903"] },
      {
        claim: "groups",
        value: "other-half",
        permissions: ["audit"],
        orders: ["4611686018427387904-9223372036854775807"],
      },
      { claim: "groups", value: "everything", permissions: ["plan"], orders: ["*"] },
      { claim: "groups", value: "preparers", permissions: ["plan", "revoke", "test"], orders: ["*"] },
      { claim: "groups", value: "planners", permissions: ["plan"], orders: ["1-10", "21-30"] },
    ]),
  },
});

/** @param {...string} groups */
const bearer = (...groups) => ({ authorization: `Bearer ${signed(issuerKey, { groups })}` });

const prepare = jobMaker(world, (sub) => ({
  authorization: `Bearer ${signed(issuerKey, { sub, groups: ["preparers"] })}`,
}));

let orders = 0;
/** The number of an order that nobody spoke of, and that some callers reach. */
const ownOrder = () => String(FIRST + ++orders);
/** The same, of others. */
const foreignOrder = () => String(FOREIGN + ++orders);

/**
 * @typedef {object} Cell
 * @property {string} method
 * @property {string} path with `{orderNumber}`, or with `{id}` of a job
 * @property {string | undefined} body with `"N"` for the number, `"H"` for the job's hash
 * @property {boolean} drill whether the job is one
 * @property {string} over `this`, `others`, `all`, `some` or `any`
 * @property {string} column a permission, `no grant` or `no caller`
 * @property {string} must `yes`, `hidden` or a status
 */

const table = await readFile(new URL("../../docs/permissions.md", import.meta.url), "utf8");
const cells = cellsOf(table);

/** @param {string} markdown @returns {Cell[]} */
function cellsOf(markdown) {
  const [head, , ...rows] = markdown
    .split("\n")
    .filter((line) => line.startsWith("|"))
    .map((line) =>
      line
        .split("|")
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
  let operation = "";
  return rows.flatMap(([named, over, ...rights]) => {
    operation = named || operation;
    const [, method, path, , body, drill] =
      /^`([A-Z]+) (\S+)`( `(.*)`)?( of a drill)?$/.exec(operation) ?? [];
    return rights.map((must, index) => ({
      ...{ method, path, body, over, must, drill: drill !== undefined },
      column: head[index + 2].replaceAll("`", ""),
    }));
  });
}

/** Who asks, in this cell. @param {Cell} cell @returns {import("../edge/world.mjs").Request} */
function asking({ column, over }) {
  if (column === "no caller") return {};
  if (column === "no grant") return { headers: bearer("nothing-of-this") };
  return { as: `${column}-${["all", "any"].includes(over) ? "all" : "some"}` };
}

/**
 * @param {Cell} cell
 * @param {string} orderNumber
 * @param {{ id: string, planHash: string, total: number }} [job]
 */
function ask(cell, orderNumber, job) {
  const { method, path, body } = cell;
  return world.ask(path.replace("{orderNumber}", orderNumber).replace("{id}", job?.id ?? ""), {
    ...asking(cell),
    method,
    body: body
      ?.replace('"N"', `"${orderNumber}"`)
      .replace('"H"', `"${job?.planHash}"`)
      .replace('"total": 1', `"total": ${job?.total}`),
  });
}

/** What the audit log calls the operation. @type {Record<string, string>} */
const ACTIONS = {
  "/v1/revocations": "revoke",
  "/v1/orders": "read-order",
  "/v1/orders/{orderNumber}": "read-order",
  "/v1/orders/{orderNumber}/settle": "settle",
  "/v1/jobs": "plan-job",
  "/v1/jobs/pause-all": "pause-all-jobs",
  "/v1/jobs/{id}": "read-job",
  "/v1/jobs/{id}/orders": "read-job",
  "/v1/jobs/{id}/events": "read-job",
  "/v1/jobs/{id}/report": "read-job",
  "/v1/jobs/{id}/start": "start-job",
  "/v1/jobs/{id}/approve": "approve-job",
  "/v1/jobs/{id}/decline": "decline-job",
  "/v1/jobs/{id}/pause": "pause-job",
  "/v1/jobs/{id}/resume": "resume-job",
  "/v1/jobs/{id}/cancel": "cancel-job",
  "/v1/audit": "read-audit",
  "/v1/audit/head": "read-audit",
  "/metrics": "read-metrics",
  "/v1/breaker": "read-breaker",
  "/v1/breaker/resume": "resume-breaker",
};
const KINDS = { 401: "unauthenticated", 403: "forbidden", 404: "not-found" };

/** What the audit log must have at the end. @type {Set<string>} */
const refusals = new Set();

/** @param {Cell} cell @param {number} status that it was refused with */
function noteRefusal(cell, status) {
  const { method, path, column } = cell;
  const actor = column === "no grant" ? `jwt:${ISSUER}#olivia` : `key:${asking(cell).as}`;
  const action = `${method} ${path}` === "GET /v1/jobs" ? "read-job" : ACTIONS[path];
  refusals.add(`${actor} ${action} ${KINDS[/** @type {keyof typeof KINDS} */ (status)]}`);
}

/** Where a job may stand after an operation on it. @type {Record<string, string[]>} */
const AFTER = {
  "/v1/jobs/{id}/start": ["running", "done"],
  "/v1/jobs/{id}/approve": ["running", "done"],
  "/v1/jobs/{id}/decline": ["cancelled"],
  "/v1/jobs/{id}/pause": ["paused"],
  "/v1/jobs/{id}/resume": ["running"],
  "/v1/jobs/{id}/cancel": ["cancelled"],
  "/v1/jobs/pause-all": ["paused"],
};

/** Tries a cell about orders, or about the edge. @param {Cell} cell */
async function tryPlainly(cell) {
  const { path, over, must } = cell;
  const orderNumber = over === "others" ? foreignOrder() : ownOrder();
  // There is something to see, were it the caller's.
  if (path.startsWith("/v1/orders")) await world.revoke({ orderNumber });
  world.ca.forgetRequests();
  const answer = await ask(cell, orderNumber);
  if (path === "/v1/orders" && ["yes", "hidden"].includes(must)) {
    const numbers = answer.json.orders.map((/** @type {any} */ order) => order.orderNumber);
    assert.equal(numbers.includes(orderNumber), must === "yes");
    return;
  }
  if (must === "yes") {
    // 409: nothing to settle, no breaker to resume; that much they may know.
    assert.ok(answer.status === 200 || answer.kind === "illegal-state", answer.text);
    return;
  }
  assertRefused(cell, answer);
  assert.deepEqual(world.ca.ledger(), []);
}

const jobsInAll = async () => (await world.ask("/v1/jobs", { as: "plan-all" })).json.jobs.length;

/** Tries a cell about jobs, on one in the state that it takes. @param {Cell} cell */
async function tryOnJob(cell) {
  const { method, path, drill, over, must } = cell;
  const newOrder = over === "others" ? foreignOrder : ownOrder;
  const job = await prepare({ path, drill, newOrder });
  try {
    const before = await job.read();
    const jobs = await jobsInAll();
    const orderNumber = newOrder();
    world.ca.forgetRequests();
    const answer = await ask(cell, orderNumber, job);
    const { state, startedBy, approvals } = await job.read();
    if (["yes", "hidden"].includes(must)) {
      assert.ok(answer.status < 300, answer.text);
      assert.ok((AFTER[path] ?? [before.state]).includes(state), state);
      if (`${method} ${path}` === "GET /v1/jobs") {
        const ids = answer.json.jobs.map((/** @type {any} */ { id }) => id);
        assert.equal(ids.includes(job.id), must === "yes");
      }
      if (path === "/v1/jobs/pause-all") assert.deepEqual(answer.json.paused, [job.id]);
      return;
    }
    assertRefused(cell, answer);
    assert.deepEqual([state, startedBy, approvals], [before.state, before.startedBy, before.approvals]);
    const sent = world.ca.ledger().map((/** @type {any} */ { orderNumber }) => orderNumber);
    if (before.state === "running") assert.ok(sent.every((number) => job.numbers.includes(number ?? "")));
    else assert.deepEqual(sent, []);
    if (`${method} ${path}` === "POST /v1/jobs") {
      assert.deepEqual(answer.json.orders, cell.column === "plan" ? [orderNumber] : undefined);
      assert.equal(await jobsInAll(), jobs);
    }
  } finally {
    await job.giveUp();
  }
}

/** @param {Cell} cell @param {import("../edge/answers.mjs").Answer} answer */
function assertRefused(cell, { status, kind, json }) {
  const must = /** @type {keyof typeof KINDS} */ (Number(cell.must));
  assert.deepEqual([status, kind], [must, KINDS[must]]);
  assert.equal(json.mayHaveRevoked, false);
  if (status !== 401) noteRefusal(cell, status);
}

describe("the table", () => {
  for (const cell of cells) {
    const { method, path, body, drill, over, column, must } = cell;
    const asked = [`${method} ${path}`, body, drill && "of a drill"].filter(Boolean).join(" ");
    test(`${asked}, over ${over}, with ${column}: ${must}`, () =>
      path.startsWith("/v1/jobs") ? tryOnJob(cell) : tryPlainly(cell));
  }

  test("has every operation that there is, for every permission", () => {
    const documented = Object.entries(document.paths).flatMap(([path, item]) =>
      ["get", "post"].filter((method) => item[method]).map((method) => `${method.toUpperCase()} ${path}`),
    );
    const operations = new Set(cells.map(({ method, path }) => `${method} ${path}`));
    assert.deepEqual([...operations].sort(), documented.sort());
    for (const operation of operations) {
      const columns = cells.filter(({ method, path }) => `${method} ${path}` === operation);
      for (const column of [...PERMISSIONS, "no grant", "no caller"]) {
        assert.ok(columns.some((cell) => cell.column === column));
      }
    }
    assert.ok(cells.every(({ must }) => /^(yes|hidden|401|403|404)$/.test(must)));
  });

  test("leaves an entry in the audit log for everyone who was refused, and for nobody else", async () => {
    const { json } = await world.ask("/v1/audit?limit=10000", { as: "operator" });
    const refused = json.entries.filter((/** @type {any} */ { phase }) => phase === "refused");
    const logged = refused.map(
      (/** @type {any} */ { actor, action, reason }) => `${actor} ${action} ${reason}`,
    );
    assert.deepEqual(logged.sort(), [...refusals].sort());
    assert.ok(refused.every((/** @type {any} */ { count, person }) => count === 1 && person.length > 0));
  });
});

/** An answer without what each has of its own. @param {import("../edge/answers.mjs").Answer} answer */
function looks({ status, headers, json: { instance, ...rest } }) {
  return { status, rest, headers: [...headers].filter(([name]) => name !== "date") };
}

for (const [name, path, body] of /** @type {const} */ ([
  ["reading", "", undefined],
  ["settling", "/settle", "{}"],
])) {
  test(`${name} another's order looks exactly as if nobody had ever asked about it`, async () => {
    const [unseen, foreign, foreignUnseen] = [ownOrder(), foreignOrder(), foreignOrder()];
    await world.revoke({ orderNumber: foreign });
    const answers = await Promise.all(
      [unseen, foreign, foreignUnseen].map((number) =>
        world.ask(`/v1/orders/${number}${path}`, { as: "revoke-some", body }),
      ),
    );
    assert.equal(answers[0].status, 404);
    for (const answer of answers) assert.deepEqual(looks(answer), looks(answers[0]));
  });
}

/** @param {import("../edge/world.mjs").Request} how @param {string[]} numbers */
const planned = (how, numbers) =>
  world.ask("/v1/jobs", {
    ...how,
    body: { orders: numbers.map((orderNumber) => ({ orderNumber, codeReason: 1 })) },
  });

test("a job with a single order of others looks exactly as one that does not exist", async () => {
  const { json: mixed } = await planned({ as: "plan-all" }, [ownOrder(), foreignOrder()]);
  const { json: own } = await planned({ as: "plan-all" }, [ownOrder()]);
  const nobodys = "job_000000000000000000000000";
  const { planHash, total } = mixed;
  for (const [as, operation, body] of /** @type {[string, string, object?][]} */ ([
    ["plan-some", ""],
    ["plan-some", "/orders"],
    ["plan-some", "/events"],
    ["plan-some", "/report"],
    ["revoke-some", "/start", { planHash, total }],
    ["test-some", "/start", { planHash, total }],
    ["approve-some", "/approve", { planHash }],
    ["approve-some", "/decline", { planHash, comment: "C" }],
    ["revoke-some", "/pause", {}],
    ["revoke-some", "/resume", {}],
    ["revoke-some", "/cancel", {}],
  ])) {
    const asked = (/** @type {string} */ id) => world.ask(`/v1/jobs/${id}${operation}`, { as, body });
    const [none, others] = [await asked(nobodys), await asked(mixed.id)];
    assert.equal(none.status, 404, operation);
    assert.deepEqual(looks(others), looks(none), operation);
  }
  const { json } = await world.ask("/v1/jobs", { as: "plan-some" });
  const ids = json.jobs.map((/** @type {any} */ { id }) => id);
  assert.deepEqual([ids.includes(own.id), ids.includes(mixed.id)], [true, false]);
  assert.equal((await world.ask(`/v1/jobs/${mixed.id}`, { as: "plan-all" })).json.state, "planned");
});

test("no two grants together cover a job: neither its orders nor its permission", async () => {
  const headers = bearer("first", "second", "planners");
  const { status, json } = await planned({ headers }, ["5", "15", "25"]);
  assert.deepEqual([status, json.orders], [403, ["15"]], "the order of another grant");
  const own = await planned({ headers }, ["5", "25"]);
  assert.equal(own.status, 201);
  const { id, planHash, total } = own.json;
  const start = (/** @type {string} */ job) =>
    world.ask(`/v1/jobs/${job}/start`, { headers, body: { planHash, total } });
  assert.equal((await start(id)).status, 403, "it may be read, and 25 is nothing to revoke");
  const { json: others } = await planned({ as: "plan-all" }, ["5", "15"]);
  assert.equal((await world.ask(`/v1/jobs/${others.id}`, { headers })).status, 404, "half of it each");
  assert.equal((await start(others.id)).status, 404);
});

test("grants never add up: each must cover permission and order by itself", async () => {
  world.ca.forgetRequests();
  const headers = bearer("first", "second", "half", "other-half", "everything");
  const me = await world.ask("/v1/me", { headers });
  assert.equal(me.json.grants.length, 5);
  const asked = async (/** @type {object} */ order) =>
    (await world.ask("/v1/revocations", { headers, body: order })).status;
  assert.equal(await asked({ orderNumber: "15" }), 403, "revoke of the one, orders of the other");
  assert.equal(await asked({ orderNumber: "15", test: true }), 200);
  assert.equal(await asked({ orderNumber: "5" }), 200);
  assert.equal(await asked({ orderNumber: "25", test: true }), 403, "all orders are those of a third");
  assert.equal(await asked({ orderNumber: "25" }), 403);
  for (const path of ["/v1/audit", "/v1/audit/head", "/metrics"]) {
    const { status } = await world.ask(path, { headers });
    assert.equal(status, 403, `${path}: two halves are not all`);
  }
  assert.deepEqual(
    world.ca.ledger().map(({ orderNumber, test }) => [orderNumber, test]),
    [
      ["15", true],
      ["5", false],
    ],
  );
});

test("one grant of a bearer is enough", async () => {
  const { status } = await world.ask("/v1/orders/5", { headers: bearer("nothing-of-this", "first") });
  assert.equal(status, 200);
});

testTraces(world);
