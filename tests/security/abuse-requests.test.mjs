// Rows of the abuse table (README.md in this folder): what a caller, or a page in a caller's browser, may try.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { beforeEach, test } from "node:test";
import { document } from "../edge/documented.mjs";
import { startIssuer } from "../edge/issuer.mjs";
import { sendRaw } from "../edge/raw-http.mjs";
import { AUDIENCE, ISSUER, ecKey, signed } from "../edge/tokens.mjs";
import { examined } from "../edge/answers.mjs";
import { startWorld, testTraces } from "../edge/world.mjs";
import { exchange } from "./connection.mjs";

const issuerKey = ecKey();
const issuer = await startIssuer([issuerKey.jwk]);
const world = await startWorld({
  people: [
    {
      id: "operator",
      person: "olivia",
      permissions: ["revoke", "test", "plan", "approve", "audit", "operate"],
      orders: ["*"],
    },
    { id: "tenant", person: "tess", permissions: ["revoke", "test"], orders: ["1-999"] },
    { id: "visitor", person: "vera", permissions: ["revoke", "test"], orders: ["1-999"] },
  ],
  variables: {
    ALLOWED_ORIGINS: "https://dash.example.com",
    JWT_ISSUER: ISSUER,
    JWT_AUDIENCE: AUDIENCE,
    JWT_JWKS_URL: issuer.jwksUrl,
    GRANTS: JSON.stringify([
      { claim: "groups", value: "revokers", permissions: ["revoke", "operate"], orders: ["*"] },
    ]),
  },
});
beforeEach(() => world.ca.forgetRequests());

const nothingSent = () => assert.deepEqual(world.ca.ledger(), []);

/** Every operation that changes something, as the document has them. */
const MUTATIONS = Object.entries(document.paths)
  .filter(([, item]) => item.post)
  .map(([path]) => path.replace("{orderNumber}", "4711").replace("{id}", "job_0123456789abcdef01234567"));
/** The one that takes larger bodies, and CSV besides. */
const PLANNING = "/v1/jobs";

/** As Cloudflare Access makes it of a visitor's cookie: the browser of a tricked visitor sends this along. */
const fromCookie = () => ({ "cf-access-jwt-assertion": signed(issuerKey) });

for (const path of MUTATIONS) {
  test(`cross-site form or simple request: ${path}, though the visitor's cookie is good`, async () => {
    const body = '{"orderNumber":"4711"}';
    for (const type of [
      "text/plain",
      "text/plain;application/json",
      "application/x-www-form-urlencoded",
      "multipart/form-data; boundary=x",
      "",
    ]) {
      // No Origin: a browser that leaves it out, and a proxy that strips it.
      const { status } = await world.ask(path, { body, headers: { ...fromCookie(), "content-type": type } });
      assert.equal(status, 415, type);
    }
    for (const origin of ["https://evil.example", "null", "https://dash.example.com.evil.example"]) {
      const { status, kind } = await world.ask(path, { body, headers: { ...fromCookie(), origin } });
      assert.deepEqual([status, kind], [403, "forbidden"], origin);
    }
    nothingSent();
  });
}

test("cross-site form or simple request: no mutation is there without POST", () => {
  for (const [path, item] of Object.entries(document.paths)) {
    const methods = Object.keys(item).filter((name) => name !== "parameters");
    assert.ok(
      methods.every((method) => ["get", "post", "summary", "description"].includes(method)),
      path,
    );
  }
});

test("Origin look-alikes, null, prefix, suffix", async () => {
  for (const origin of [
    "null",
    "https://dash.example.co",
    "https://dash.example.com.",
    "https://xdash.example.com",
  ]) {
    const body = { orderNumber: world.newOrder() };
    const answer = await world.ask("/v1/revocations", { as: "operator", body, headers: { origin } });
    assert.equal(answer.status, 403);
    assert.equal(answer.headers.get("access-control-allow-origin"), null);
    assert.equal(answer.headers.get("vary"), "Origin");
  }
  nothingSent();
  const body = { orderNumber: world.newOrder() };
  const stranger = await world.ask("/v1/revocations", {
    body,
    headers: { origin: "https://dash.example.com" },
  });
  assert.equal(stranger.status, 401, "Origin is never authentication");
});

for (const [name, values] of /** @type {[string, () => string[]][]} */ ([
  ["Authorization", () => [`Bearer ${world.keys.operator}`, `Bearer ${world.keys.operator}`]],
  ["Content-Type", () => ["application/json", "application/json"]],
  ["Host", () => ["edge", "edge"]],
  ["Idempotency-Key", () => ["one", "one"]],
  ["Cf-Access-Jwt-Assertion", () => Object.values({ ...fromCookie(), again: signed(issuerKey) })],
])) {
  test(`two ${name} headers, on every mutation`, async () => {
    for (const path of MUTATIONS) {
      const head = {
        Host: "edge",
        ...(!name.startsWith("Cf-") && { Authorization: `Bearer ${world.keys.operator}` }),
        "Content-Type": "application/json",
        "Content-Length": "2",
      };
      const lines = Object.entries(head).filter(([other]) => other !== name);
      const twice = values().map((value) => `${name}: ${value}`);
      const request = [`POST ${path} HTTP/1.1`, ...lines.map((line) => line.join(": ")), ...twice, "", "{}"];
      const answer = world.note(await examined(await sendRaw(world.url, request.join("\r\n"))));
      assert.deepEqual([answer.status, answer.kind], [400, "malformed-request"], path);
    }
    nothingSent();
  });
}

test("two identities at once, a key and a cookie's token", async () => {
  for (const path of MUTATIONS) {
    const answer = await world.ask(path, { as: "operator", body: {}, headers: fromCookie() });
    assert.deepEqual([answer.status, answer.kind], [400, "malformed-request"]);
  }
  nothingSent();
});

for (const path of MUTATIONS) {
  test(`duplicate JSON members, deep nesting, __proto__: ${path}`, async () => {
    for (const body of [
      '{"orderNumber":"7","orderNumber":"8"}',
      '{"resend":true,"resend":false}',
      '{"a":{"b":1,"b":2}}',
      '{"__proto__":{"test":true}}',
      '{"constructor":{"__proto__":1}}',
      `{"a":${"[".repeat(8)}${"]".repeat(8)}}`,
      `{"a":${"[".repeat(30_000)}${"]".repeat(30_000)}}`,
      `{"a":${'{"a":'.repeat(9)}1${"}".repeat(9)}}`,
    ]) {
      const { status, kind } = await world.ask(path, { as: "operator", body });
      assert.deepEqual([status, kind], [400, "malformed-request"], body.slice(0, 50));
    }
    nothingSent();
  });

  test(`unknown members and wrong types, each named: ${path}`, async () => {
    const members = { endpoint: "https://evil.example", loginName: "evil", accountID: 1 };
    const answer = await world.ask(path, { as: "operator", body: members });
    assert.deepEqual([answer.status, answer.kind], [422, "invalid-order"]);
    for (const name of Object.keys(members)) assert.ok(name in answer.json.fields, name);
    nothingSent();
  });
}

test("wrong types, each named", async () => {
  const wrong = {
    orderNumber: 1.5,
    codeReason: "1",
    revocationReason: 1,
    productCode: [],
    product: "1",
    test: 1,
  };
  const { status, json } = await world.revoke(wrong);
  assert.equal(status, 422);
  assert.deepEqual(Object.keys(json.fields).sort(), Object.keys(wrong).sort());
  const settling = await world.ask("/v1/orders/7/settle", { as: "operator", body: { resend: "true" } });
  assert.deepEqual([settling.status, Object.keys(settling.json.fields)], [422, ["resend"]]);
  nothingSent();
});

/** What workerd holds of memory, in bytes. */
async function memory() {
  const status = await readFile(`/proc/${world.pid}/status`, "utf8");
  return 1024 * Number(/^VmRSS:\s+(\d+) kB$/m.exec(status)?.[1]);
}

test("oversize body: refused by its length, before it is read", async () => {
  const lengths = ["65537", "8388609", "99999999999"];
  const asked = MUTATIONS.flatMap((path) =>
    lengths.slice(path === PLANNING ? 1 : 0).map((length) => ({ path, length })),
  );
  // All at once: the edge gives each sender some seconds to finish, and these send nothing.
  const answers = await Promise.all(
    asked.map(({ path, length }) => {
      const head = [`POST ${path} HTTP/1.1`, "Host: edge", `Authorization: Bearer ${world.keys.operator}`];
      return sendRaw(world.url, [...head, "Content-Type: application/json", `Content-Length: ${length}`]);
    }),
  );
  for (const answer of answers) assert.equal(world.note(await examined(answer)).status, 413);
  nothingSent();
});

test("oversize body: a caller who may not plan is refused before the plan is read", async () => {
  const head = ["POST /v1/jobs HTTP/1.1", "Host: edge", `Authorization: Bearer ${world.keys.visitor}`];
  const answers = await Promise.all(
    ["application/json", "text/csv"].map((type) =>
      sendRaw(world.url, [...head, `Content-Type: ${type}`, "Content-Length: 8000000"]),
    ),
  );
  for (const answer of answers) {
    const { status, kind } = world.note(await examined(answer));
    assert.deepEqual([status, kind], [403, "forbidden"]);
  }
  nothingSent();
});

test("oversize bodies without a length, many at once: bounded memory", { timeout: 60_000 }, async (t) => {
  await world.revoke({ orderNumber: world.newOrder() });
  const before = await memory();
  const piece = "x".repeat(64 * 1024);
  const chunk = `${piece.length.toString(16)}\r\n${piece}\r\n`;
  const head = [
    "POST /v1/revocations HTTP/1.1",
    "Host: edge",
    `Authorization: Bearer ${world.keys.operator}`,
    ...["Content-Type: application/json", "Transfer-Encoding: chunked", "", ""],
  ].join("\r\n");
  let most = before;
  const watch = setInterval(async () => (most = Math.max(most, await memory())), 20);
  t.after(() => clearInterval(watch));
  // 4 MiB of each, 600 MiB in all.
  for (let wave = 0; wave < 3; wave += 1) {
    const all = Array.from({ length: 50 }, () =>
      exchange(world.url, [head, ...Array(64).fill(chunk), "0\r\n\r\n"], { silenceMs: 10_000 }),
    );
    const answers = (await Promise.all(all)).flatMap((exchange) => exchange.answers);
    assert.ok(answers.length > 0);
    for (const answer of answers) assert.equal(answer.status, 413);
  }
  assert.ok(most - before < 256 * 1024 * 1024, `grew by ${Math.round((most - before) / 1e6)} MB`);
  assert.deepEqual(world.ca.ledger().length, 1);
});

test("another tenant's order: as if it did not exist, and an audit entry", async () => {
  const orderNumber = world.newOrder();
  await world.revoke({ orderNumber });
  world.ca.forgetRequests();
  const { seq: before } = (await world.ask("/v1/audit/head", { as: "operator" })).json;
  for (const [path, body] of [
    [`/v1/orders/${orderNumber}`],
    [`/v1/orders/${orderNumber}/settle`, {}],
    [`/v1/orders/${orderNumber}/settle`, { resend: true }],
  ]) {
    const answer = await world.ask(String(path), { as: "tenant", body });
    assert.deepEqual([answer.status, answer.kind], [404, "not-found"]);
    assert.ok(!answer.text.includes(orderNumber));
  }
  assert.equal((await world.revoke({ orderNumber }, { as: "tenant" })).status, 403);
  nothingSent();
  const { json } = await world.ask(`/v1/audit?limit=10000&after=${before}`, { as: "operator" });
  const told = json.entries
    .filter((/** @type {any} */ { actor }) => actor === "key:tenant")
    .map((/** @type {any} */ { action, phase, reason }) => `${action} ${phase} ${reason}`);
  assert.deepEqual(told, [
    "read-order refused not-found",
    "settle refused not-found",
    "revoke refused forbidden",
  ]);
});

testTraces(world);
