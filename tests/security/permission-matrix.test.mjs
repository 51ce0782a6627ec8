// Every operation by every permission, for one's own orders and for others': the very table of docs/permissions.md.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { describe, test } from "node:test";
import { document } from "../edge/documented.mjs";
import { startIssuer } from "../edge/issuer.mjs";
import { AUDIENCE, ISSUER, ecKey, signed } from "../edge/tokens.mjs";
import { startWorld, testTraces } from "../edge/world.mjs";

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
    ]),
  },
});

/** @param {...string} groups */
const bearer = (...groups) => ({ authorization: `Bearer ${signed(issuerKey, { groups })}` });

let orders = 0;
/** The number of an order that nobody spoke of, and that some callers reach. */
const ownOrder = () => String(FIRST + ++orders);
/** The same, of others. */
const foreignOrder = () => String(FOREIGN + ++orders);

/**
 * @typedef {object} Cell
 * @property {string} method
 * @property {string} path with `{orderNumber}`
 * @property {string | undefined} body with `"N"` for it
 * @property {string} over `this`, `others`, `all`, `some` or `any`
 * @property {string} column a permission, `no grant` or `no caller`
 * @property {string} must `yes` or a status
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
    const [, method, path, , body] = /^`([A-Z]+) (\S+)`( `(.*)`)?$/.exec(operation) ?? [];
    return rights.map((must, index) => ({
      ...{ method, path, body, over, must },
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

/** @param {Cell} cell @param {string} orderNumber */
function ask({ method, path, body, ...cell }, orderNumber) {
  return world.ask(path.replace("{orderNumber}", orderNumber), {
    ...asking({ method, path, body, ...cell }),
    method,
    body: body?.replace('"N"', `"${orderNumber}"`),
  });
}

/** What the audit log calls the operation. @type {Record<string, string>} */
const ACTIONS = {
  "/v1/revocations": "revoke",
  "/v1/orders/{orderNumber}": "read-order",
  "/v1/orders/{orderNumber}/settle": "settle",
  "/v1/audit": "read-audit",
  "/v1/audit/head": "read-audit",
  "/metrics": "read-metrics",
  "/v1/breaker": "read-breaker",
  "/v1/breaker/resume": "resume-breaker",
};
const KINDS = { 401: "unauthenticated", 403: "forbidden", 404: "not-found" };

/** What the audit log must have at the end. @type {Set<string>} */
const refusals = new Set();

describe("the table", () => {
  for (const cell of cells) {
    const { method, path, body, over, column, must } = cell;
    const asked = [`${method} ${path}`, body].filter(Boolean).join(" ");
    test(`${asked}, over ${over}, with ${column}: ${must}`, async () => {
      const orderNumber = over === "others" ? foreignOrder() : ownOrder();
      // There is something to see, were it the caller's.
      if (path.includes("{orderNumber}")) await world.revoke({ orderNumber });
      world.ca.forgetRequests();
      const answer = await ask(cell, orderNumber);
      if (must === "yes") {
        // 409: nothing to settle, no breaker to resume; that much they may know.
        assert.ok(answer.status === 200 || answer.kind === "illegal-state", answer.text);
        return;
      }
      const status = /** @type {keyof typeof KINDS} */ (Number(must));
      assert.deepEqual([answer.status, answer.kind], [status, KINDS[status]]);
      assert.equal(answer.json.mayHaveRevoked, false);
      assert.deepEqual(world.ca.ledger(), []);
      if (status === 401) return;
      const actor = column === "no grant" ? `jwt:${ISSUER}#olivia` : `key:${asking(cell).as}`;
      refusals.add(`${actor} ${ACTIONS[path]} ${KINDS[status]}`);
    });
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
    assert.ok(cells.every(({ must }) => /^(yes|401|403|404)$/.test(must)));
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
  for (const path of ["/v1/audit", "/v1/audit/head", "/metrics", "/v1/breaker"]) {
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
