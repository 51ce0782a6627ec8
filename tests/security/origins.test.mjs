// Pages of other sites: only exact origins may call and read, and an origin is never a proof of who calls.
import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { examined } from "../edge/answers.mjs";
import { sendRaw } from "../edge/raw-http.mjs";
import { startWorld, testTraces } from "../edge/world.mjs";

const ALLOWED = [
  "https://dash.example.com",
  "https://dash.example.com:8443",
  "http://localhost:5173",
  "http://[::1]:5173",
  "https://xn--dsh-qla.example.com",
];
const world = await startWorld({ variables: { ALLOWED_ORIGINS: ALLOWED.join(", ") } });
beforeEach(() => world.ca.forgetRequests());

/**
 * A browser sets Origin itself; Node's fetch lets us.
 * @param {string} origin
 * @param {import("../edge/world.mjs").Request} [request]
 */
const from = (origin, { headers, ...request } = {}) => ({ ...request, headers: { ...headers, origin } });

/** What a browser sends before a call of this method that is not a simple one. @param {string} method */
const preflight = (method) => ({
  method: "OPTIONS",
  headers: {
    "access-control-request-method": method,
    "access-control-request-headers": "authorization,content-type,idempotency-key",
  },
});

/** @param {import("../edge/answers.mjs").Answer} answer */
const cors = ({ headers }) =>
  Object.fromEntries([...headers].filter(([name]) => name.startsWith("access-control-")));

const revocation = () => ({ as: "operator", body: { orderNumber: world.newOrder() } });

const READABLE = { "access-control-expose-headers": "Location, Retry-After, RateLimit, RateLimit-Policy" };

for (const origin of ALLOWED) {
  test(`${origin} may call, and read the answer, a problem as well`, async () => {
    const done = await world.ask("/v1/revocations", from(origin, revocation()));
    assert.equal(done.json.outcome, "revoked");
    const problem = await world.ask("/v1/revocations", from(origin, { body: {} }));
    assert.equal(problem.status, 401, "an origin is no identity");
    const reading = await world.ask("/v1/me", from(origin, { as: "operator" }));
    const nowhere = await world.ask("/nowhere", from(origin));
    for (const answer of [done, problem, reading, nowhere]) {
      assert.deepEqual(cors(answer), { "access-control-allow-origin": origin, ...READABLE });
      assert.equal(answer.headers.get("vary"), "Origin");
    }
  });

  test(`${origin}: preflights tell the method and the headers, and nothing of credentials`, async () => {
    for (const [path, method] of [
      ["/v1/revocations", "POST"],
      ["/v1/orders/7", "GET"],
      ["/v1/me", "GET"],
    ]) {
      const answer = await world.ask(path, from(origin, preflight(method)));
      assert.equal(answer.status, 204);
      assert.equal(answer.headers.get("vary"), "Origin");
      assert.deepEqual(cors(answer), {
        "access-control-allow-origin": origin,
        "access-control-allow-methods": method,
        "access-control-allow-headers": "Authorization, Content-Type, Idempotency-Key, Last-Event-ID",
        "access-control-max-age": "600",
        ...READABLE,
      });
    }
    assert.deepEqual(world.ca.ledger(), []);
  });
}

/** What an attacker would own, or a careless comparison would take for an allowed one. */
const FOREIGN = {
  "another site": "https://evil.example",
  "no origin of its own": "null",
  "null in capitals": "NULL",
  "a wildcard": "*",
  "a wildcard for a label": "https://*.example.com",
  "the allowed one with more behind": "https://dash.example.com.evil.example",
  "the allowed one as a label": "https://dash.example.com-evil.example",
  "the allowed one with more before": "https://evil-dash.example.com",
  "letters before": "https://xdash.example.com",
  "letters behind": "https://dash.example.comx",
  "a letter less": "https://dash.example.co",
  "a label below": "https://sub.dash.example.com",
  "a label above": "https://example.com",
  "a dot that is any character": "https://dashxexample.com",
  "no encryption": "http://dash.example.com",
  "another scheme": "ftp://dash.example.com",
  "a web socket's scheme": "wss://dash.example.com",
  "no scheme": "dash.example.com",
  "nothing but slashes": "//dash.example.com",
  "the scheme in capitals": "HTTPS://dash.example.com",
  "the host in capitals": "https://DASH.example.com",
  "the default port written out": "https://dash.example.com:443",
  "another port": "https://dash.example.com:8444",
  "a port with a zero before": "https://dash.example.com:08443",
  "a port that begins alike": "https://dash.example.com:84430",
  "an empty port": "https://dash.example.com:",
  "a trailing slash": "https://dash.example.com/",
  "a trailing dot": "https://dash.example.com.",
  "a path": "https://dash.example.com/page",
  "a query": "https://dash.example.com?",
  "a fragment": "https://dash.example.com#",
  "the allowed one as a user": "https://dash.example.com@evil.example",
  "a user at the allowed one": "https://evil@dash.example.com",
  "the allowed one in a path": "https://evil.example/https://dash.example.com",
  "the allowed one in a query": "https://evil.example?https://dash.example.com",
  "a backslash": "https://evil.example\\https://dash.example.com",
  "two, the right one first": "https://dash.example.com, https://evil.example",
  "two, the right one last": "https://evil.example, https://dash.example.com",
  "two with a blank": "https://dash.example.com https://evil.example",
  "two allowed ones": "https://dash.example.com, http://localhost:5173",
  "the configured list itself": ALLOWED.join(", "),
  "a comma behind": "https://dash.example.com,",
  "a dot written as an escape": "https://dash%2eexample.com",
  "a zero behind": "https://dash.example.com%00",
  "a look-alike in punycode": "https://xn--dsh-5cd.example.com",
  "localhost without its port": "http://localhost",
  "localhost at another port": "http://localhost:51730",
  "localhost by its address": "http://127.0.0.1:5173",
  "localhost in IPv6, written out": "http://[0:0:0:0:0:0:0:1]:5173",
  "localhost in IPv6, mapped": "http://[::ffff:127.0.0.1]:5173",
  "localhost in IPv6 without brackets": "http://::1:5173",
  "localhost with encryption": "https://localhost:5173",
  "a file": "file://",
  "a file of the allowed host": "file://dash.example.com",
  "an extension of Chromium": "chrome-extension://abcdefghijklmnopabcdefghijklmnop",
  "an extension of Firefox": "moz-extension://2c127fa4-62c7-7e4f-90e5-472b45eecfdc",
  "a data address": "data:",
  "a blob": "blob:https://dash.example.com",
  "an app": "capacitor://localhost",
};

for (const [name, origin] of Object.entries(FOREIGN)) {
  test(`${name}, ${JSON.stringify(origin)}: no mutation, no preflight, nothing readable`, async () => {
    const mutation = await world.ask("/v1/revocations", from(origin, revocation()));
    assert.deepEqual([mutation.status, mutation.kind], [403, "forbidden"]);
    const asked = await world.ask("/v1/revocations", from(origin, preflight("POST")));
    assert.equal(asked.status, 405);
    // Reading is no mutation: the key decides. But the page does not get to see what it says.
    const reading = await world.ask("/v1/me", from(origin, { as: "operator" }));
    assert.equal(reading.status, 200);
    const stranger = await world.ask("/v1/me", from(origin));
    assert.equal(stranger.status, 401);
    for (const answer of [mutation, asked, reading, stranger]) {
      assert.deepEqual(cors(answer), {});
      assert.equal(answer.headers.get("vary"), "Origin");
    }
    assert.deepEqual(world.ca.ledger(), []);
  });
}

test("every answer varies by Origin, though none was sent", async () => {
  for (const request of [{}, { as: "operator" }]) {
    for (const path of ["/v1/me", "/healthz", "/nowhere"]) {
      const answer = await world.ask(path, request);
      assert.equal(answer.headers.get("vary"), "Origin");
      assert.deepEqual(cors(answer), {});
    }
  }
});

test("the edge's own origin may call; it needs no CORS", async () => {
  const answer = await world.ask("/v1/revocations", from(world.url, revocation()));
  assert.equal(answer.json.outcome, "revoked");
  assert.deepEqual(cors(answer), {});
});

test("its own origin under another scheme, host or port is another's", async () => {
  const { port } = new URL(world.url);
  for (const origin of [`https://127.0.0.1:${port}`, `http://localhost:${port}`, "http://127.0.0.1"]) {
    const answer = await world.ask("/v1/revocations", from(origin, revocation()));
    assert.equal(answer.status, 403, origin);
  }
  assert.deepEqual(world.ca.ledger(), []);
});

test("an Origin without text is none: workerd hands none on, and no browser sends one", async () => {
  const answer = await world.ask("/v1/revocations", from("", revocation()));
  assert.equal(answer.json.outcome, "revoked");
  assert.deepEqual(cors(answer), {});
  assert.equal((await world.ask("/v1/revocations", from("", { body: {} }))).status, 401);
});

test("a preflight without an origin is none: 405", async () => {
  assert.equal((await world.ask("/v1/revocations", preflight("POST"))).status, 405);
});

test("an allowed origin's OPTIONS at no path is 404, and does nothing", async () => {
  const answer = await world.ask("/nowhere", from(ALLOWED[0], preflight("POST")));
  assert.equal(answer.status, 404);
});

test("two Origin headers, one of them right: 403", async () => {
  const body = '{"orderNumber":"7"}';
  for (const origins of [
    [ALLOWED[0], "https://evil.example"],
    ["https://evil.example", ALLOWED[0]],
    [ALLOWED[0], ALLOWED[0]],
  ]) {
    const request = [
      "POST /v1/revocations HTTP/1.1",
      `Host: ${new URL(world.url).host}`,
      `Authorization: Bearer ${world.keys.operator}`,
      "Content-Type: application/json",
      `Content-Length: ${body.length}`,
      ...origins.map((origin) => `Origin: ${origin}`),
      "",
      body,
    ].join("\r\n");
    const answer = world.note(await examined(await sendRaw(world.url, request)));
    assert.equal(answer.status, 403);
    assert.deepEqual(cors(answer), {});
  }
  assert.deepEqual(world.ca.ledger(), []);
});

test("a request for a private network's permission gets none", async () => {
  const headers = { ...preflight("POST").headers, "access-control-request-private-network": "true" };
  const answer = await world.ask("/v1/revocations", from(ALLOWED[0], { method: "OPTIONS", headers }));
  assert.equal(cors(answer)["access-control-allow-private-network"], undefined);
});

test("a form that a page of another site can post without asking is not taken", async () => {
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
