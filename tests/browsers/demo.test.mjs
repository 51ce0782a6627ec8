// The whole way, for real: page, npm package, edge, CA (simulated), as `npm run demo` puts them together.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, beforeEach, test } from "node:test";
import { startDemo } from "../../scripts/run/demo.mjs";
import { keepAnswers, keepFolder } from "../../scripts/test/evidence.mjs";
import { launch, skip } from "./chromium.mjs";
import { publishedHeaders } from "./page-server.mjs";
import { Visitor } from "./visitor.mjs";

const LOGIN_NAME = "demo-reseller";
const LOGIN_PASSWORD = "demo-password";

/** @type {import("../../scripts/run/demo.mjs").Demo} */
let demo;
/** @type {import("playwright-core").Browser} */
let browser;
let data = "";

before(async () => {
  if (skip) return;
  data = await mkdtemp(join(tmpdir(), "autorevoke-browsers-"));
  demo = await startDemo({ port: 0, data });
  keepAnswers(demo.url);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await demo?.stop();
  keepFolder(data);
  await rm(data, { recursive: true, force: true });
});
beforeEach(() => demo?.simulator.reset());

/** What the CA was sent for an order, read as anyone would read it. @param {string} orderNumber */
async function receivedFor(orderNumber) {
  const response = await fetch(`${demo.simulator.url}/_simulator/ledger?orderNumber=${orderNumber}`);
  /** @type {import("../../simulator/ledger.js").LedgerEntry[]} */
  const entries = await response.json();
  return entries.map(({ pairs, acted, loginOk }) => ({
    acted,
    loginOk,
    sent: Object.fromEntries(pairs.filter(([name]) => !name.startsWith("login"))),
    names: pairs.map(([name]) => name),
  }));
}

/**
 * @param {string} name
 * @param {(visitor: Visitor) => Promise<void>} steps
 */
function visit(name, steps) {
  test(name, { skip, timeout: 120_000 }, async () => {
    const visitor = await Visitor.open(browser, demo.url);
    const operator = demo.keys.find(({ permissions }) => permissions.includes("revoke"));
    await visitor.presentKey(operator?.key ?? "");
    await steps(visitor);
    const page = await visitor.page.content();
    for (const secret of [LOGIN_NAME, LOGIN_PASSWORD, operator?.key ?? ""]) {
      assert.ok(!page.includes(secret), "a credential is in the page");
    }
    await visitor.leave();
  });
}

test("the demo serves the page with the headers that it is published with", { skip }, async () => {
  const { headers } = await fetch(demo.url);
  for (const [name, value] of Object.entries(await publishedHeaders())) {
    assert.equal(headers.get(name), value, name);
  }
});

visit(
  "a page that revokes through the edge loads neither the module for direct calls nor the verifier's",
  async (visitor) => {
    await visitor.revoke({ orderNumber: "700000", reason: "superseded" });
    const loaded = await visitor.page.evaluate(() =>
      performance.getEntriesByType("resource").map(({ name }) => name),
    );
    const modules = loaded.filter((name) => name.includes("autorevoke_"));
    assert.ok(modules.length > 0, "no module at all");
    assert.deepEqual(
      modules.filter((name) => /autorevoke_(direct|audit)/.test(name)),
      [],
    );
  },
);

visit("a revocation reaches the CA once, and a second one says that it was done before", async (visitor) => {
  const first = await visitor.revoke({
    orderNumber: "700001",
    reason: "keyCompromise",
    comment: "50% of R&D + more = leaked\nsee ticket ü",
  });
  assert.equal(first.tone, "done");
  assert.match(first.words, /The CA accepted the revocation of order 700001/);
  assert.match(first.words, /Audit entry\s+\d+/);

  const received = await receivedFor("700001");
  assert.equal(received.length, 1);
  assert.equal(received[0].acted, true);
  assert.equal(received[0].loginOk, true);
  const { test: dryRun = "N", ...sent } = received[0].sent;
  assert.equal(dryRun, "N");
  assert.deepEqual(sent, {
    orderNumber: "700001",
    codeReason: "1",
    revocationReason: "50% of R&D + more = leaked\nsee ticket ü",
    responseFormat: "1",
  });
  assert.equal(new Set(received[0].names).size, received[0].names.length, "an argument was sent twice");

  const second = await visitor.revoke({ orderNumber: "700001", reason: "keyCompromise" });
  assert.equal(second.tone, "note");
  assert.match(second.words, /Order 700001 had already been revoked before this call/);
  assert.match(second.words, /may be a weaker one/);
  assert.doesNotMatch(second.words, /accepted/);
});

visit("a dry run reaches the CA as test=Y and as nothing else", async (visitor) => {
  const { tone, words } = await visitor.dryRun({ orderNumber: "700002", reason: "superseded" });
  assert.equal(tone, "note");
  assert.match(words, /Nothing was changed/);
  const received = await receivedFor("700002");
  assert.deepEqual(
    received.map(({ sent, acted }) => ({ test: sent.test, codeReason: sent.codeReason, acted })),
    [{ test: "Y", codeReason: "4", acted: false }],
  );
});

visit("an answer that is lost is unknown, whatever the CA did", async (visitor) => {
  demo.simulator.faults.add({ fault: "reset-after-reading", orderNumber: "700003" });
  const { tone, words } = await visitor.revoke({ orderNumber: "700003", reason: "superseded" });
  assert.equal(tone, "unknown");
  assert.match(words, /We do not know whether order 700003 was revoked/);
  assert.doesNotMatch(words, /accepted|nothing was (sent|revoked|changed)/i);

  await visitor.page.getByRole("button", { name: "What does the edge know of it?" }).click();
  await visitor.page.getByRole("heading", { name: "The edge says of order 700003: unknown" }).waitFor();
  assert.match(await visitor.outcome.innerText(), /revocation, superseded · by key:demo-operator · unknown/);

  // The CA answers again: it had revoked, which only the dry run can tell.
  demo.simulator.faults.clear();
  await visitor.page.getByRole("button", { name: "Do a dry run of it" }).click();
  await visitor.page.getByRole("heading", { name: "Order 700003 had already been revoked" }).waitFor();
  assert.match((await visitor.read()).words, /Found by a dry run, which changed nothing/);
});

visit("what the CA refuses is said in its words, with what they mean", async (visitor) => {
  demo.simulator.orders.set({ orderNumber: "700004", state: "expired" });
  const { tone, words } = await visitor.revoke({ orderNumber: "700004", reason: "unspecified" });
  assert.equal(tone, "refused");
  assert.match(words, /The CA refused order 700004: Expired/);
  assert.match(words, /The certificate has expired and cannot be revoked!/);
});

visit("an order that the package refuses never reaches the CA", async (visitor) => {
  await visitor.fill({ orderNumber: "9223372036854775808", reason: "unspecified" });
  await visitor.askToRevoke();
  await visitor.page.locator("#orderNumber[aria-invalid]").waitFor();
  assert.match(await visitor.fieldError("orderNumber"), /9223372036854775807/);
  assert.deepEqual(await receivedFor("9223372036854775808"), []);
});
