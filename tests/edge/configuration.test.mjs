// Without a whole configuration nothing is served: the command refuses to start, and workerd alone fails closed.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { startSimulator } from "autorevoke-simulator";
import { newApiKey } from "../../pkg/bin/keys/api-key.js";
import { newSigningKey } from "../../pkg/bin/keys/signing-key.js";
import { startEdge } from "../../scripts/run/edge.mjs";
import { serve } from "../../scripts/run/workerd.mjs";
import { keepAnswers, keepFolder } from "../../scripts/test/evidence.mjs";
import { examined } from "./answers.mjs";
import { LOGIN_NAME, LOGIN_PASSWORD, revealed } from "./canary.mjs";

const { key, entry } = newApiKey({ id: "a", permissions: ["revoke"], orders: ["*"] });
const ca = await startSimulator({ loginName: LOGIN_NAME, loginPassword: LOGIN_PASSWORD });
const whole = {
  CA_ENDPOINT: ca.endpoint,
  CA_LOGIN_NAME: LOGIN_NAME,
  CA_LOGIN_PASSWORD: LOGIN_PASSWORD,
  API_KEYS: JSON.stringify([entry]),
  AUDIT_SIGNING_KEY: JSON.stringify(newSigningKey()),
};
const REQUIRED = /** @type {const} */ ([
  "CA_LOGIN_NAME",
  "CA_LOGIN_PASSWORD",
  "API_KEYS",
  "AUDIT_SIGNING_KEY",
]);

let data = "";
before(async () => (data = await mkdtemp(join(tmpdir(), "autorevoke-test-"))));
after(async () => {
  await ca.close();
  keepFolder(data);
  await rm(data, { recursive: true, force: true });
});

/**
 * What `startEdge` says when it refuses.
 * @param {Record<string, string>} variables
 * @returns {Promise<string[]>}
 */
async function refusal(variables) {
  try {
    const edge = await startEdge({ variables, data: join(data, "refused") });
    await edge.stop();
  } catch (error) {
    const { name, faults } = /** @type {import("../../scripts/command/faults.mjs").WrongUse} */ (error);
    assert.equal(name, "WrongUse", String(error));
    return faults;
  }
  throw new assert.AssertionError({ message: "it started" });
}

/** @param {string} name */
const without = (name) => Object.fromEntries(Object.entries(whole).filter(([other]) => other !== name));

for (const name of REQUIRED) {
  for (const [how, variables] of Object.entries({
    missing: without(name),
    empty: { ...whole, [name]: "" },
    blank: { ...whole, [name]: "  " },
  })) {
    test(`${name} ${how}: the edge does not start, and says which`, async () => {
      const faults = await refusal(variables);
      assert.equal(faults.length, 1);
      assert.ok(faults[0].startsWith(`${name} `), faults[0]);
    });
  }
}

test("everything missing: all of it is named at once", async () => {
  const faults = await refusal({});
  for (const name of REQUIRED)
    assert.equal(faults.filter((fault) => fault.startsWith(`${name} `)).length, 1, name);
  assert.equal(faults.length, REQUIRED.length);
});

const wrong = {
  CA_LOGIN_NAME: ["x".repeat(65), "a\u0007b"],
  CA_LOGIN_PASSWORD: ["x".repeat(129), "a\u0007b"],
  CA_ACCOUNT_ID: ["-1", "1.5", "abc", "9007199254740992", "1e3", "0x10"],
  CA_ENDPOINT: [
    "http://ca.example/x",
    "ftp://127.0.0.1/",
    "https://user:pass@ca.example/",
    "https://ca.example/?x=1",
    "https://ca.example/#x",
    "ca.example",
    "https://",
    "http://127.0.0.1.evil.example/",
    "http://localhost.evil.example/",
    "https:///x",
    "https://a b/",
    "http://127.0.0.1:99999/",
  ],
  CA_TIMEOUT_MS: ["0", "-1", "600001", "1.5", "30s"],
  CA_MAX_CONNECTIONS: ["0", "7", "many"],
  CA_MAX_PER_SECOND: ["0", "-1", "fast"],
  RATE_LIMIT_PER_MINUTE: ["-1", "x"],
  DAILY_LIMIT: ["1.5"],
  ALLOWED_ORIGINS: [
    "*",
    "null",
    "https://*.example.com",
    "https://dash.test/",
    "https://dash.test:443",
    "https://DASH.example.com",
    "http://dash.test",
    "dash.test",
    "https://a.example,,https://b.example",
  ],
  AUDIT_SIGNING_KEY: [
    "x",
    "{}",
    "[]",
    '{"kty":"OKP","crv":"Ed25519","x":"short","d":"short"}',
    '{"kty":"RSA"}',
  ],
  API_KEYS: [
    "x",
    "{}",
    "[]",
    "null",
    `[${JSON.stringify({ ...entry, id: "a_b" })}]`,
    `[${JSON.stringify({ ...entry, id: "" })}]`,
    `[${JSON.stringify({ ...entry, id: "x".repeat(33) })}]`,
    `[${JSON.stringify({ ...entry, sha256: key })}]`,
    `[${JSON.stringify({ ...entry, sha256: entry.sha256.slice(1) })}]`,
    `[${JSON.stringify({ ...entry, permissions: [] })}]`,
    `[${JSON.stringify({ ...entry, permissions: ["revoke", "everything"] })}]`,
    `[${JSON.stringify({ ...entry, permissions: "revoke" })}]`,
    `[${JSON.stringify({ ...entry, orders: [] })}]`,
    `[${JSON.stringify({ ...entry, orders: "*" })}]`,
    `[${JSON.stringify({ ...entry, orders: [5] })}]`,
    `[${JSON.stringify({ ...entry, orders: ["5-4"] })}]`,
    `[${JSON.stringify({ ...entry, orders: ["007"] })}]`,
    `[${JSON.stringify({ ...entry, orders: ["1-"] })}]`,
    `[${JSON.stringify({ ...entry, orders: ["**"] })}]`,
    `[${JSON.stringify({ ...entry, person: "" })}]`,
    `[${JSON.stringify({ ...entry, expires: "tomorrow" })}]`,
    `[${JSON.stringify({ ...entry, expires: "2027-02-30T00:00:00Z" })}]`,
    `[${JSON.stringify({ ...entry, expires: 1 })}]`,
    `[${JSON.stringify({ ...entry, admin: true })}]`,
    `[${JSON.stringify(entry)}, 1]`,
    `[${JSON.stringify(entry).replace("{", '{"id":"b",')}]`,
  ],
};

for (const [name, values] of Object.entries(wrong)) {
  test(`${name}: what is wrong is refused by name, and never quoted`, async () => {
    for (const value of values) {
      const faults = await refusal({ ...whole, [name]: value });
      assert.equal(faults.length, 1, `${value}: ${faults}`);
      assert.ok(faults[0].startsWith(name), faults[0]);
      // The shortest are parts of words.
      if (value.length > 6) assert.ok(!faults[0].includes(value), faults[0]);
      for (const secret of [key, entry.sha256]) assert.ok(!faults[0].includes(secret));
      assert.equal(revealed(faults[0]), undefined);
    }
  });
}

test("several things wrong: each is named", async () => {
  const names = ["CA_ENDPOINT", "CA_TIMEOUT_MS", "CA_MAX_CONNECTIONS", "API_KEYS", "ALLOWED_ORIGINS"];
  const faults = await refusal({ ...whole, ...Object.fromEntries(names.map((name) => [name, "?"])) });
  for (const name of names)
    assert.ok(
      faults.some((fault) => fault.startsWith(name)),
      name,
    );
});

const halfConfigured = {
  "nothing at all": {},
  ...Object.fromEntries(REQUIRED.map((name) => [`all but ${name}`, without(name)])),
  "a limit that is no number": { ...whole, CA_TIMEOUT_MS: "soon" },
};

for (const [name, env] of Object.entries(halfConfigured)) {
  test(`workerd started directly with ${name}: 503 on every route, nothing reaches the CA`, async () => {
    const ledger = await mkdtemp(join(data, "ledger-"));
    const served = await serve({
      config: "worker/workerd.capnp",
      env,
      port: 0,
      directories: { ledger },
      lock: join(ledger, "lock"),
    });
    keepAnswers(`http://127.0.0.1:${served.port}`);
    try {
      for (const [path, request] of /** @type {[string, RequestInit][]} */ ([
        ["/healthz", {}],
        ["/v1/me", {}],
        ["/v1/orders/7", {}],
        ["/v1/revocations", { method: "POST", body: '{"orderNumber":"7"}' }],
      ])) {
        const headers = { authorization: `Bearer ${key}`, "content-type": "application/json" };
        const response = await fetch(`http://127.0.0.1:${served.port}${path}`, { headers, ...request });
        const answer = await examined(response, { method: request.method ?? "GET", path });
        assert.deepEqual([answer.status, answer.kind], [503, "not-configured"], path);
        assert.equal(answer.json.mayHaveRevoked, false);
      }
    } finally {
      await served.stop();
    }
    assert.deepEqual(ca.ledger(), []);
  });
}
