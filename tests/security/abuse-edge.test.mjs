// Rows of the abuse table (README.md in this folder): what could be got out of the edge itself, and out of its place.
import assert from "node:assert/strict";
import { once } from "node:events";
import { readFile, readdir } from "node:fs/promises";
import { createServer } from "node:http";
import { after, test } from "node:test";
import { revoke } from "autorevoke";
import { newApiKey } from "../../pkg/bin/keys/api-key.js";
import { revealed } from "../edge/canary.mjs";
import { document } from "../edge/documented.mjs";
import { startWorld, testTraces } from "../edge/world.mjs";
import { runCommand } from "../harness/command.mjs";

const world = await startWorld();
const trapping = await startWorld();
await trapping.startAgain("tests/edge/trapping.capnp");
const untouched = await startWorld();

/** Every operation there is. */
const OPERATIONS = Object.entries(document.paths).flatMap(([path, item]) =>
  ["get", "post"]
    .filter((method) => item[method])
    .map((method) => ({
      method: method.toUpperCase(),
      path: path.replace("{orderNumber}", "4711").replace("{id}", "job_0123456789abcdef01234567"),
    })),
);

for (const name of [
  "front_visit",
  "frontvisit_admit",
  "frontvisit_decide",
  "ledgercall_begin",
  "ledgercall_answered",
]) {
  test(`panic or exception anywhere: a fixed problem document, no text of it (${name})`, async () => {
    assert.equal(await (await trapping.fetch(`/trap/${name}`)).text(), "armed");
    const answer = await trapping.revoke({ orderNumber: trapping.newOrder() });
    const { status, json } = answer;
    assert.ok([500, 502].includes(status));
    await trapping.logLine(answer);
    assert.deepEqual(
      Object.keys(json).filter((member) => member !== "orderNumber"),
      Object.keys(json).filter((member) =>
        /^(type|title|status|detail|instance|mayHaveRevoked)$/.test(member),
      ),
    );
    assert.doesNotMatch(
      JSON.stringify(json) + trapping.log,
      /unreachable|canary-of-the-trap|wasm|\.js:|\n +at /,
    );
  });
}

test("`wrangler dev` as the product: no command starts it, and the one that passes arguments on refuses it", async () => {
  const scripts = new URL("../../scripts/", import.meta.url);
  const files = (await readdir(scripts, { recursive: true })).filter(
    (name) => name.endsWith(".mjs") && !name.includes("node_modules"),
  );
  assert.ok(files.length > 20);
  for (const name of files) {
    const text = await readFile(new URL(name, scripts), "utf8");
    assert.doesNotMatch(text, /wrangler\(\[[^\]]*"dev"/, name);
  }
  for (const args of [["dev"], ["--port", "0", "dev"], ["pages", "dev"]]) {
    const { code, stdout, stderr } = await runCommand("wrangler", args);
    assert.equal(code, 2, stderr);
    assert.equal(stdout, "");
    assert.match(stderr, /wrangler dev/);
  }
});

test("`wrangler dev` as the product: what is served has no explorer, no debugger, no page of errors", async () => {
  for (const path of [
    "/cdn-cgi/explorer",
    "/cdn-cgi/handler/scheduled",
    "/__scheduled",
    "/json/list",
    "/_debug",
  ]) {
    for (const request of [{}, { as: "operator" }]) {
      const { status, kind } = await world.ask(path, request);
      assert.deepEqual([status, kind], [404, "not-found"]);
    }
  }
});

test("API key timing: whatever is wrong with a key, the answer is the same, and takes as long", async () => {
  const { operator } = world.keys;
  const wrong = {
    "an id that nobody has": operator.replace("operator", "nobody-at"),
    "a right id, another secret": newApiKey({ id: "operator", permissions: ["test"], orders: ["*"] }).key,
    "right but for the last character": operator.slice(0, -1) + (operator.endsWith("A") ? "B" : "A"),
    "right but for the first character": operator.replace(/^(ark_operator_)./, "$1~"),
  };
  /** @type {Record<string, number[]>} */
  const times = Object.fromEntries(Object.keys(wrong).map((name) => [name, []]));
  const bodies = new Set();
  for (let round = 0; round < 150; round += 1) {
    for (const [name, key] of Object.entries(wrong)) {
      const began = process.hrtime.bigint();
      const response = await fetch(`${world.url}/v1/me`, { headers: { authorization: `Bearer ${key}` } });
      const text = await response.text();
      times[name].push(Number(process.hrtime.bigint() - began));
      bodies.add(text.replace(/urn:uuid:[0-9a-f-]+/, ""));
    }
  }
  assert.equal(bodies.size, 1);
  const medians = Object.values(times).map((all) => all.sort((a, b) => a - b)[75]);
  // Each digest is compared as a whole (`subtle`): what a comparison of letters would tell is far below this noise.
  assert.ok(Math.max(...medians) < 1.5 * Math.min(...medians) + 500_000, String(medians));
});

test("floods of bad tokens: no audit rows, no ledger calls for them", async () => {
  const bad = ["ark_operator_x", "x", "a.b.c", "eyJhbGciOiJub25lIn0.e30.", "", "Ä"].map(
    (token) => `Bearer ${token}`,
  );
  for (let round = 0; round < 50; round += 1) {
    const answers = await Promise.all(
      OPERATIONS.filter(({ path }) => path.startsWith("/v1/") && path !== "/v1/audit/key").map(
        ({ method, path }) => {
          const body = method === "POST" ? { orderNumber: "4711" } : undefined;
          return untouched.ask(path, { body, headers: { authorization: bad[round % bad.length] } });
        },
      ),
    );
    for (const { status, kind } of answers) assert.deepEqual([status, kind], [401, "unauthenticated"]);
  }
  assert.deepEqual(untouched.ca.ledger(), []);
  // The ledger object was never even made.
  const files = await readdir(untouched.data, { recursive: true });
  assert.deepEqual(
    files.filter((name) => /[0-9a-f]{64}\.sqlite$/.test(name)),
    [],
  );
  assert.equal((await untouched.revoke({ orderNumber: untouched.newOrder() })).status, 200);
  const after = await readdir(untouched.data, { recursive: true });
  assert.ok(after.some((name) => /[0-9a-f]{64}\.sqlite$/.test(name)));
});

/** What may stand in the edge's place. @type {Record<string, { status: number, type: string, body: string, headers?: Record<string, string> }>} */
const IMPOSTORS = {
  "a captive portal": { status: 200, type: "text/html", body: "<title>Sign in to this hotspot</title>" },
  "a captive portal that redirects": {
    status: 302,
    type: "text/html",
    body: "",
    headers: { Location: "/signin" },
  },
  "a cache with another order's answer": {
    ...{ status: 200, type: "application/json" },
    body: '{"orderNumber":"9","outcome":"revoked","errorCode":0,"test":false,"auditSeq":1}',
  },
  "a proxy that is glad": { status: 200, type: "application/json", body: '{"ok":true}' },
  "a proxy's own error": { status: 503, type: "application/json", body: '{"error":"unavailable"}' },
  "a problem that is not the edge's": {
    ...{ status: 429, type: "application/problem+json" },
    body: '{"type":"about:blank","status":429,"title":"Too many"}',
  },
  "a problem under another status": {
    ...{ status: 200, type: "application/problem+json" },
    body: '{"type":"urn:autorevoke:problem:not-sent","status":503,"title":"x","mayHaveRevoked":false}',
  },
};
for (const [name, { status, type, body, headers }] of Object.entries(IMPOSTORS)) {
  test(`a middlebox or captive portal answers in the edge's place: ${name}`, async () => {
    const server = createServer((request, response) => {
      request.resume();
      response.writeHead(status, { "Content-Type": type, ...headers }).end(body);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    after(() => server.close());
    const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
    const options = { endpoint: `http://127.0.0.1:${port}`, token: "ark_a_b", timeout: 5_000 };
    await assert.rejects(
      () => revoke({ orderNumber: "7" }, options),
      (/** @type {any} */ error) => {
        assert.deepEqual([error.kind, error.mayHaveRevoked], ["unknown-outcome", true]);
        return true;
      },
    );
    server.closeAllConnections();
  });
}

for (const missing of ["API_KEYS", "CA_LOGIN_PASSWORD", "AUDIT_SIGNING_KEY"]) {
  test(`nothing configured: without ${missing} the edge does not start`, async () => {
    const rest = Object.fromEntries(Object.entries(world.configuration).filter(([name]) => name !== missing));
    const { startEdge } = await import("../../scripts/run/edge.mjs");
    await assert.rejects(
      () => startEdge({ variables: rest, data: world.data }),
      (/** @type {any} */ error) => error.name === "WrongUse" && error.message.includes(missing),
    );
  });
}

// The last one: the probe takes the edge's place.
test("credentials in globals: nothing that code can reach by itself has them", async () => {
  assert.equal((await world.revoke({ orderNumber: world.newOrder() })).status, 200);
  await world.kill();
  await world.startProbe();
  const { objects, texts } = await world.probe("/texts");
  assert.ok(objects > 1_000 && texts.length > 1_000, `${objects} objects, ${texts.length} texts`);
  assert.ok(texts.includes("structuredClone"), "the walk saw the globals");
  assert.equal(revealed(texts.join("\n")), undefined);
  const { API_KEYS, AUDIT_SIGNING_KEY, CA_ENDPOINT } = world.configuration;
  const others = [API_KEYS, AUDIT_SIGNING_KEY, JSON.parse(AUDIT_SIGNING_KEY).d, CA_ENDPOINT];
  for (const text of others) assert.ok(!texts.some((/** @type {string} */ found) => found.includes(text)));
});

testTraces(world, untouched);
