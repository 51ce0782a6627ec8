// Who may call, and what for: everybody else is told so, and nothing of theirs reaches the CA.
import assert from "node:assert/strict";
import { test } from "node:test";
import { examined } from "./answers.mjs";
import { sendRaw } from "./raw-http.mjs";
import { PEOPLE, startWorld, testTraces } from "./world.mjs";

const DAY_MS = 86_400_000;
const inDays = (/** @type {number} */ days) => new Date(Date.now() + days * DAY_MS).toISOString();

const world = await startWorld({
  people: [
    ...PEOPLE,
    { id: "ranges", person: "rita", permissions: ["revoke"], orders: ["5", "1000-1999"] },
    { id: "auditor", person: "audrey", permissions: ["audit", "plan", "approve", "operate"], orders: ["*"] },
    { id: "expired", person: "elmo", permissions: ["revoke"], orders: ["*"], expires: inDays(-1) },
    { id: "expiring", person: "elmo", permissions: ["revoke"], orders: ["*"], expires: inDays(1) },
    { id: "rotated", person: "rob", permissions: ["revoke"], orders: ["1"] },
    { id: "rotated", person: "rob", permissions: ["revoke"], orders: ["2"] },
    { id: "nobody", permissions: ["revoke"], orders: ["*"] },
  ],
});
const [oldKey, newKey] = world.allKeys.filter((key) => key.startsWith("ark_rotated_"));
const ORDER = { orderNumber: "1500" };

/** Nothing may reach the CA, whatever is answered. @param {() => Promise<void>} refused */
async function withoutTheCa(refused) {
  world.ca.forgetRequests();
  await refused();
  assert.deepEqual(world.ca.ledger(), []);
}

const { operator } = world.keys;
const notCallers = {
  "no header": undefined,
  "an empty header": "",
  "no scheme": operator,
  "another scheme": `Basic ${operator}`,
  "a key that nobody has": "Bearer ark_operator_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
  "no key": "Bearer",
  "blanks for a key": "Bearer    ",
  "a key without its last letter": `Bearer ${operator.slice(0, -1)}`,
  "a key with a letter more": `Bearer ${operator}A`,
  "another's id before the secret": `Bearer ${operator.replace("operator", "second")}`,
  "the hash instead of the key": `Bearer ${JSON.parse(world.configuration.API_KEYS)[0].sha256}`,
  "an expired key": `Bearer ${world.keys.expired}`,
  "a JWT, which this edge does not take": "Bearer eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.",
  "the CA's own login": `Basic ${Buffer.from("canary-login-7f3a:x").toString("base64")}`,
};

for (const [name, authorization] of Object.entries(notCallers)) {
  test(`${name}: 401`, () =>
    withoutTheCa(async () => {
      const headers = authorization === undefined ? {} : { authorization };
      for (const answer of [
        await world.ask("/v1/revocations", { body: ORDER, headers }),
        await world.ask("/v1/orders/1500", { headers }),
        await world.ask("/v1/me", { headers }),
      ]) {
        assert.deepEqual([answer.status, answer.kind], [401, "unauthenticated"]);
        assert.equal(answer.json.mayHaveRevoked, false);
      }
    }));
}

test("a scheme in another case and blanks around the key are understood", async () => {
  const { status } = await world.ask("/v1/me", { headers: { authorization: `bEARER   ${operator}  ` } });
  assert.equal(status, 200);
});

test("a JWT from Cloudflare Access is not taken: 401", () =>
  withoutTheCa(async () => {
    const answer = await world.ask("/v1/revocations", {
      body: ORDER,
      headers: { "cf-access-jwt-assertion": "eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0." },
    });
    assert.deepEqual([answer.status, answer.kind], [401, "unauthenticated"]);
  }));

test("two identities at once: 400", () =>
  withoutTheCa(async () => {
    for (const path of ["/v1/revocations", "/v1/me"]) {
      const answer = await world.ask(path, {
        as: "operator",
        ...(path === "/v1/revocations" && { body: ORDER }),
        headers: { "cf-access-jwt-assertion": "x" },
      });
      assert.deepEqual([answer.status, answer.kind], [400, "malformed-request"]);
    }
  }));

const body = JSON.stringify(ORDER);
const twice = {
  Authorization: `Bearer ${operator}`,
  "Content-Type": "application/json",
  "Idempotency-Key": "the-same",
  Host: "127.0.0.1",
  "Cf-Access-Jwt-Assertion": "x",
};

for (const [name, value] of Object.entries(twice)) {
  test(`${name} twice: 400`, () =>
    withoutTheCa(async () => {
      const head = {
        Host: "127.0.0.1",
        Authorization: `Bearer ${operator}`,
        "Content-Type": "application/json",
        "Content-Length": String(body.length),
        [name]: value,
      };
      const lines = Object.entries(head).map((header) => header.join(": "));
      const request = ["POST /v1/revocations HTTP/1.1", ...lines, `${name}: ${value}`, "", body].join("\r\n");
      const answer = world.note(await examined(await sendRaw(world.url, request)));
      assert.deepEqual([answer.status, answer.kind], [400, "malformed-request"]);
    }));
}

test("a Host that is none: 400", () =>
  withoutTheCa(async () => {
    for (const host of ["a b", "[", "a:port", "%"]) {
      const response = await sendRaw(world.url, ["GET /healthz HTTP/1.1", `Host: ${host}`]);
      const answer = world.note(await examined(response));
      assert.deepEqual([answer.status, answer.kind], [400, "malformed-request"], host);
    }
  }));

test("two lengths of the body are not taken for a request", () =>
  withoutTheCa(async () => {
    const response = await sendRaw(
      world.url,
      [
        "POST /v1/revocations HTTP/1.1",
        "Host: 127.0.0.1",
        `Authorization: Bearer ${operator}`,
        "Content-Type: application/json",
        `Content-Length: ${body.length}`,
        "Content-Length: 2",
        "",
        body,
      ].join("\r\n"),
    );
    // workerd itself says so, before the edge is asked.
    assert.equal(response.status, 400);
  }));

test("an order out of the caller's range: 403, and not its neighbours", () =>
  withoutTheCa(async () => {
    for (const orderNumber of ["4", "6", "999", "2000", "51", "9223372036854775807"]) {
      const answer = await world.revoke({ orderNumber }, { as: "ranges" });
      assert.deepEqual([answer.status, answer.kind], [403, "forbidden"]);
      assert.equal(answer.json.orderNumber, orderNumber);
      assert.equal(answer.json.mayHaveRevoked, false);
    }
  }));

test("orders at the ends of the caller's range are the caller's", async () => {
  for (const orderNumber of ["5", "1000", "1999"]) {
    const { json } = await world.revoke({ orderNumber }, { as: "ranges" });
    assert.equal(json.outcome, "revoked");
  }
});

test("without the permission: 403, a test call included", () =>
  withoutTheCa(async () => {
    for (const order of [ORDER, { ...ORDER, test: true }]) {
      const answer = await world.revoke(order, { as: "auditor" });
      assert.deepEqual([answer.status, answer.kind], [403, "forbidden"]);
    }
    const answer = await world.ask("/v1/orders/1500", { as: "auditor" });
    assert.deepEqual([answer.status, answer.kind], [403, "forbidden"]);
  }));

test("permission to test is none to revoke, however test is spelt", () =>
  withoutTheCa(async () => {
    for (const order of [ORDER, { ...ORDER, test: false }, { ...ORDER, test: "N" }]) {
      const answer = await world.revoke(order, { as: "tester" });
      assert.deepEqual([answer.status, answer.kind], [403, "forbidden"]);
    }
  }));

test("permission to test is enough for a test call; so is permission to revoke", async () => {
  for (const as of ["tester", "ranges"]) {
    for (const test of [true, "Y"]) {
      const { json } = await world.revoke({ ...ORDER, test }, { as });
      assert.equal(json.outcome, "tested");
    }
  }
});

test("an invalid order of a caller without rights is not sent either", () =>
  withoutTheCa(async () => {
    const { status } = await world.revoke({ orderNumber: "0" }, { as: "auditor" });
    assert.equal(status, 422);
  }));

test("rotation: two keys of one id, each with its own rights", async () => {
  const revoked = [];
  for (const as of [oldKey, newKey]) {
    for (const orderNumber of ["1", "2"]) {
      revoked.push((await world.revoke({ orderNumber }, { as })).status);
    }
  }
  assert.deepEqual(revoked, [200, 403, 403, 200]);
  assert.equal((await world.history("2")).attempts[0].actor, "key:rotated");
});

test("a key that expires later works until then", async () => {
  const { status } = await world.ask("/v1/me", { as: "expiring" });
  assert.equal(status, 200);
});

test("/v1/me names the caller, the person and the rights; without a person, the key", async () => {
  const named = await world.ask("/v1/me", { as: "ranges" });
  assert.deepEqual(named.json, {
    actor: "key:ranges",
    person: "rita",
    grants: [{ permissions: ["revoke"], orders: ["5", "1000-1999"] }],
    limits: named.json.limits,
  });
  assert.deepEqual(named.json.limits.approvalAbove, { limit: 10, left: 10 });
  const unnamed = await world.ask("/v1/me", { as: "nobody" });
  assert.equal(unnamed.json.person, "key:nobody");
  assert.match(unnamed.json.personReason, /names no person/);
});

test("/healthz needs no caller", async () => {
  for (const method of ["GET", "HEAD"]) {
    const { status, headers } = await world.ask("/healthz", { method });
    assert.deepEqual([status, headers.get("content-type")], [200, "application/json"]);
  }
});

testTraces(world);
