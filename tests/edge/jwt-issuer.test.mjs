// An issuer that changes its keys, fails, misleads or is not there, and strangers who make the edge ask for keys.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";
import { until } from "../harness/until.mjs";
import { faults, redirect } from "./issuer.mjs";
import { me, startJwtWorld, testUntouchedLedger } from "./jwt-world.mjs";
import { rsaKey, signed } from "./tokens.mjs";

const [first, second, third, stranger] = [rsaKey(), rsaKey(), rsaKey(), rsaKey()];
const { issuer, world } = await startJwtWorld([first]);

/** Without a look at the rest of the answer, for those who come in thousands. @param {string} token */
async function isLetIn(token) {
  const response = await world.fetch("/v1/me", { headers: { authorization: `Bearer ${token}` } });
  await response.body?.cancel();
  return response.status === 200;
}

/** Signed by a key that nobody has heard of. */
const byUnknown = () => signed({ ...stranger, kid: randomUUID() });

/** The edge forgets what it knows of the issuer. */
async function forget() {
  await world.kill();
  await world.startAgain();
  issuer.fetches = 0;
}

/** What is said when the issuer cannot be asked. @param {string} token */
async function assertUnavailable(token) {
  const answer = await me(world, token);
  assert.deepEqual([answer.status, answer.kind], [401, "unauthenticated"]);
  assert.match(answer.json.detail, /cannot be fetched/);
}

test("2,000 tokens with unknown keys: all refused, and the issuer is asked once for them", async () => {
  assert.ok(await isLetIn(signed(first)));
  const tokens = Array.from({ length: 2_000 }, byUnknown);
  while (tokens.length > 0) {
    const letIn = await Promise.all(tokens.splice(-50).map(isLetIn));
    assert.ok(!letIn.includes(true));
  }
  assert.equal(issuer.fetches, 2);
  assert.ok(await isLetIn(signed(first)));
});

test("callers who come at once when nothing is known yet share one look at the keys", async () => {
  await forget();
  const letIn = await Promise.all(Array.from({ length: 100 }, () => isLetIn(signed(first))));
  assert.ok(!letIn.includes(false));
  assert.equal(issuer.fetches, 1);
});

test("callers who go away while the keys are fetched leave the others unharmed", async () => {
  await forget();
  issuer.fault = (response) =>
    void setTimeout(() => response.end(JSON.stringify({ keys: issuer.keys })), 500).unref();
  const leaving = new AbortController();
  const headers = { authorization: `Bearer ${signed(first)}` };
  const gone = world.fetch("/v1/me", { headers, signal: leaving.signal }).catch(() => "gone");
  await until("the issuer is asked", () => issuer.fetches > 0);
  const staying = Array.from({ length: 5 }, () => isLetIn(signed(first)));
  await pause(50);
  leaving.abort();
  assert.equal(await gone, "gone");
  assert.deepEqual(await Promise.all(staying), Array(5).fill(true));
  issuer.fault = undefined;
  assert.equal(issuer.fetches, 1);
});

test("rotation: a new key is accepted at first sight, beside the old one, by all who come at once", async () => {
  await forget();
  assert.ok(await isLetIn(signed(first)));
  issuer.keys = [first.jwk, second.jwk];
  const letIn = await Promise.all(Array.from({ length: 20 }, () => isLetIn(signed(second))));
  assert.ok(!letIn.includes(false));
  assert.ok(await isLetIn(signed(first)));
  assert.equal(issuer.fetches, 2);
});

test("rotation: a key that the issuer took back is refused from the next look on", async () => {
  await forget();
  assert.ok(await isLetIn(signed(second)));
  issuer.keys = [third.jwk];
  // By the third's token the edge sees the new list.
  assert.ok(await isLetIn(signed(third)));
  for (const old of [first, second]) assert.ok(!(await isLetIn(signed(old))));
  assert.equal(issuer.fetches, 2);
  issuer.keys = [first.jwk];
});

for (const [name, fault] of Object.entries(faults)) {
  test(`the issuer answers with ${name}: known keys stay good, and nothing is said of unknown ones`, async () => {
    await forget();
    assert.ok(await isLetIn(signed(first)));
    issuer.fault = fault();
    await assertUnavailable(byUnknown());
    assert.ok(await isLetIn(signed(first)));
    assert.equal(issuer.fetches, 2);
    issuer.fault = undefined;
  });

  // The edge waits five seconds for these: once is enough.
  if (name === "no answer" || name === "half an answer") continue;

  test(`the issuer answers with ${name} from the start: nobody is let in`, async () => {
    await forget();
    issuer.fault = fault();
    await assertUnavailable(signed(first));
    await assertUnavailable(signed(first));
    assert.equal(issuer.fetches, 1);
    issuer.fault = undefined;
  });
}

test("an issuer that redirects to another host is not followed", async () => {
  let visits = 0;
  const elsewhere = createServer((_, response) => {
    visits += 1;
    response.end(JSON.stringify({ keys: [stranger.jwk] }));
  }).on("connection", () => (visits += 1));
  elsewhere.listen(0, "127.0.0.1");
  await once(elsewhere, "listening");
  after(() => elsewhere.close());
  const { port } = /** @type {import("node:net").AddressInfo} */ (elsewhere.address());
  for (const status of [301, 302, 303, 307, 308]) {
    await forget();
    assert.ok(await isLetIn(signed(first)));
    issuer.fault = redirect(status, `http://127.0.0.1:${port}/jwks.json`);
    await assertUnavailable(signed(stranger));
    assert.ok(await isLetIn(signed(first)));
    assert.equal(issuer.fetches, 2);
    issuer.fault = undefined;
  }
  assert.equal(visits, 0);
});

test("an issuer that was down at the start is asked again, and then believed", async () => {
  await forget();
  issuer.fault = faults["a reset"]();
  await assertUnavailable(signed(first));
  issuer.fault = undefined;
  const began = Date.now();
  while (!(await isLetIn(signed(first)))) {
    assert.ok(Date.now() < began + 10_000);
    await pause(250);
  }
  assert.ok(Date.now() > began + 4_000, "asked again too soon");
  assert.equal(issuer.fetches, 2);
});

test("each failure of the issuer is one line of the log, without a word of any token", async () => {
  const lines = world.log
    .split("\n")
    .filter((line) => line.includes("issuer-unavailable"))
    .map((line) => JSON.parse(line));
  assert.ok(lines.length > Object.keys(faults).length);
  for (const line of lines) {
    assert.deepEqual(Object.keys(line).sort(), ["event", "failures", "reason", "time"]);
    assert.match(line.reason, /^(HTTP \d{3}|timed out|connection lost|too long|not a key set)$/);
  }
  assert.ok(lines.some(({ reason }) => reason === "timed out"));
  assert.ok(!world.log.includes("eyJ"), "a part of a token is in the log");
});

testUntouchedLedger(world);
