// Pages of other sites: only exact origins may call and read, and an origin is never a proof of who calls.
import assert from "node:assert/strict";
import { test } from "node:test";
import { examined } from "./answers.mjs";
import { sendRaw } from "./raw-http.mjs";
import { startWorld, testTraces } from "./world.mjs";

const ALLOWED = ["https://dash.example.com", "https://dash.example.com:8443", "http://localhost:5173"];
const world = await startWorld({ variables: { ALLOWED_ORIGINS: ALLOWED.join(", ") } });

/**
 * A browser sets Origin itself; Node's fetch lets us.
 * @param {string} origin
 * @param {import("./world.mjs").Request} [request]
 */
const from = (origin, { headers, ...request } = {}) => ({ ...request, headers: { ...headers, origin } });

/** @param {import("./answers.mjs").Answer} answer */
const cors = ({ headers }) =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith("access-control-")));

test("every answer varies by Origin", async () => {
  for (const request of [{}, { as: "operator" }, from(ALLOWED[0]), from("https://evil.example")]) {
    for (const path of ["/v1/me", "/healthz", "/nowhere"]) {
      const { headers } = await world.ask(path, request);
      assert.equal(headers.get("vary"), "Origin");
    }
  }
});

for (const origin of ALLOWED) {
  test(`${origin} may call, and read the answer, a problem as well`, async () => {
    const orderNumber = world.newOrder();
    const done = await world.ask("/v1/revocations", from(origin, { as: "operator", body: { orderNumber } }));
    assert.equal(done.json.outcome, "revoked");
    const problem = await world.ask("/v1/revocations", from(origin, { body: {} }));
    assert.equal(problem.status, 401, "an origin is no identity");
    for (const answer of [done, problem]) {
      assert.deepEqual(cors(answer), {
        "access-control-allow-origin": origin,
        "access-control-expose-headers": "Location, Retry-After, RateLimit, RateLimit-Policy",
      });
    }
  });

  test(`${origin}: preflights tell the method and the headers`, async () => {
    for (const [path, method] of [
      ["/v1/revocations", "POST"],
      ["/v1/orders/7", "GET"],
      ["/v1/me", "GET"],
    ]) {
      const answer = await world.ask(
        path,
        from(origin, {
          method: "OPTIONS",
          headers: {
            "access-control-request-method": method,
            "access-control-request-headers": "authorization",
          },
        }),
      );
      assert.equal(answer.status, 204);
      const told = cors(answer);
      assert.equal(told["access-control-allow-origin"], origin);
      assert.equal(told["access-control-allow-methods"], method);
      const names = told["access-control-allow-headers"].toLowerCase().split(/, */).sort();
      assert.deepEqual(names, ["authorization", "content-type", "idempotency-key"]);
      assert.equal(told["access-control-allow-credentials"], undefined);
    }
  });
}

const foreign = [
  "https://evil.example",
  "null",
  "*",
  "https://dash.example.com.evil.example",
  "https://evil-dash.example.com",
  "https://sub.dash.example.com",
  "https://example.com",
  "http://dash.example.com",
  "https://dash.example.com:443",
  "https://dash.example.com:8444",
  "https://dash.example.com/",
  "https://DASH.example.com",
  "https://dash.example.com@evil.example",
  "https://dash.example.com, https://evil.example",
  "http://localhost",
  "http://localhost:51730",
  "http://127.0.0.1:5173",
];
for (const origin of foreign) {
  test(`${JSON.stringify(origin)}: no mutation, no preflight, nothing readable`, async () => {
    world.ca.forgetRequests();
    const mutation = await world.ask(
      "/v1/revocations",
      from(origin, { as: "operator", body: { orderNumber: world.newOrder() } }),
    );
    assert.deepEqual([mutation.status, mutation.kind], [403, "forbidden"]);
    assert.deepEqual(world.ca.ledger(), []);
    const preflight = await world.ask("/v1/revocations", from(origin, { method: "OPTIONS" }));
    assert.equal(preflight.status, 405);
    const reading = await world.ask("/v1/me", from(origin, { as: "operator" }));
    for (const answer of [mutation, preflight, reading]) assert.deepEqual(cors(answer), {});
  });
}

test("the edge's own origin may call; it needs no CORS", async () => {
  const orderNumber = world.newOrder();
  const answer = await world.ask(
    "/v1/revocations",
    from(world.url, { as: "operator", body: { orderNumber } }),
  );
  assert.equal(answer.json.outcome, "revoked");
  assert.deepEqual(cors(answer), {});
});

test("its own origin under another scheme, host or port is another's", async () => {
  const { port } = new URL(world.url);
  for (const origin of [`https://127.0.0.1:${port}`, `http://localhost:${port}`, "http://127.0.0.1"]) {
    const answer = await world.ask(
      "/v1/revocations",
      from(origin, { as: "operator", body: { orderNumber: "7" } }),
    );
    assert.equal(answer.status, 403, origin);
  }
});

test("a preflight without an origin is none: 405", async () => {
  assert.equal((await world.ask("/v1/revocations", { method: "OPTIONS" })).status, 405);
});

test("two Origin headers, one of them right: 403", async () => {
  const body = '{"orderNumber":"7"}';
  const request = [
    "POST /v1/revocations HTTP/1.1",
    `Host: ${new URL(world.url).host}`,
    `Authorization: Bearer ${world.keys.operator}`,
    "Content-Type: application/json",
    `Content-Length: ${body.length}`,
    `Origin: ${ALLOWED[0]}`,
    "Origin: https://evil.example",
    "",
    body,
  ].join("\r\n");
  assert.equal(world.note(await examined(await sendRaw(world.url, request))).status, 403);
});

test("a form that a page of another site can post without asking is not taken", async () => {
  world.ca.forgetRequests();
  for (const type of ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"]) {
    const { status } = await world.ask("/v1/revocations", {
      as: "operator",
      body: '{"orderNumber":"7"}',
      headers: { "content-type": type },
    });
    assert.equal(status, 415);
  }
  assert.deepEqual(world.ca.ledger(), []);
});

testTraces(world);
