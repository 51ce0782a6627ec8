// The page alone: what it asks, sends and says, against an edge that answers as told.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, skip } from "./chromium.mjs";
import { startPage } from "./page-server.mjs";
import { Visitor } from "./visitor.mjs";

const KEY = "ark_demo-operator_s3cret-of-the-test";
const ME = {
  actor: "key:demo-operator",
  person: "olivia",
  grants: [{ permissions: ["revoke", "test"], orders: ["*"] }],
};
const ORDER = { orderNumber: "123456", reason: "keyCompromise" };

/** @type {Awaited<ReturnType<typeof startPage>>} */
let site;
/** @type {import("playwright-core").Browser} */
let browser;

before(async () => {
  if (skip) return;
  site = await startPage();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.close();
});

/** @typedef {import("./page-server.mjs").Answer} Answer */

/** @param {Answer | ((call: import("./page-server.mjs").Call) => Answer)} answer to whatever is not `/v1/me` */
function edgeAnswers(answer) {
  site.answerWith((call) => {
    if (call.path === "/v1/me") return { status: 200, body: ME };
    return typeof answer === "function" ? answer(call) : answer;
  });
}

/** @param {object} members @returns {Exclude<Answer, "reset">} */
const accepted = (members = {}) => ({
  status: 200,
  body: { orderNumber: "123456", outcome: "revoked", errorCode: 0, test: false, auditSeq: 7, ...members },
});

/** @param {string} kind @param {number} status @param {object} members @returns {Answer} */
const problem = (kind, status, members = {}) => ({
  status,
  body: {
    type: `urn:autorevoke:problem:${kind}`,
    title: kind,
    status,
    detail: `The edge's words on ${kind}.`,
    instance: "urn:uuid:0b5f0c1e",
    mayHaveRevoked: false,
    orderNumber: "123456",
    ...members,
  },
});

/**
 * @param {string} name
 * @param {(visitor: Visitor) => Promise<void>} steps
 * @param {import("./visitor.mjs").Screen} [screen]
 */
function visit(name, steps, screen) {
  test(name, { skip, timeout: 60_000 }, async () => {
    edgeAnswers(accepted());
    const visitor = await Visitor.open(browser, site.url, screen);
    await visitor.presentKey(KEY);
    await steps(visitor);
    await visitor.leave();
  });
}

test("who is no person reads why", { skip, timeout: 60_000 }, async () => {
  const personReason = "JWT_PERSON_CLAIM is not set, so nobody who comes by JWT is a person.";
  site.answerWith(() => ({ status: 200, body: { ...ME, person: null, personReason } }));
  const visitor = await Visitor.open(browser, site.url);
  await visitor.presentKey(KEY);
  assert.ok((await visitor.page.locator("#identity").innerText()).includes(personReason));
  await visitor.leave();
});

visit("a confirmed revocation is one call with the order as filled in", async (visitor) => {
  edgeAnswers({ ...accepted(), delay: 300 });
  await visitor.fill({ ...ORDER, comment: "Found in a repository" });
  await visitor.page.getByText("More: one product").click();
  await visitor.page.getByLabel("Product code").fill("SSL & more");
  await visitor.page.getByLabel("Product optional", { exact: true }).fill("488");
  await visitor.askToRevoke();
  await visitor.page.getByLabel("Type the order number to confirm").fill("123456");
  // Twice at once, as nervous hands do.
  await visitor.confirmButton.evaluate((/** @type {HTMLElement} */ button) => {
    button.click();
    button.click();
  });
  const { tone, words } = await visitor.read();

  assert.equal(tone, "done");
  assert.match(words, /The CA accepted the revocation of order 123456/);
  assert.match(words, /Revoked, or cancelled if it had not been issued yet/);
  assert.match(words, /Audit entry\s+7/);
  assert.doesNotMatch(words, /publish/i);
  assert.equal(site.revocations().length, 1);
  const [{ path, body, headers }] = site.revocations();
  assert.equal(path, "/v1/revocations");
  assert.equal(headers.authorization, `Bearer ${KEY}`);
  const { test: dryRun = false, codeReason, ...rest } = body;
  assert.ok(codeReason === 1 || codeReason === "keyCompromise");
  assert.ok(dryRun === false || dryRun === "N");
  assert.deepEqual(rest, {
    orderNumber: "123456",
    revocationReason: "Found in a repository",
    productCode: "SSL & more",
    product: 488,
  });
  // The next order's reason is chosen anew.
  assert.equal(await visitor.page.locator("#reasons input:checked").count(), 0);
});

visit("the red button needs the right order number, and a no sends nothing", async (visitor) => {
  await visitor.fill({ ...ORDER, reason: "superseded" });
  const typed = visitor.page.getByLabel("Type the order number to confirm");
  const dialog = visitor.page.getByRole("dialog");
  for (const say of [
    () => visitor.page.getByRole("button", { name: "Cancel" }).click(),
    () => visitor.page.keyboard.press("Escape"),
  ]) {
    await visitor.askToRevoke();
    assert.match(await dialog.innerText(), /Order\s+123456\s+Reason\s+superseded/);
    assert.match(await dialog.innerText(), /This cannot be undone/);
    for (const wrong of ["", "12345", "1234567", "123465", "0123456", "x"]) {
      await typed.fill(wrong);
      assert.equal(await visitor.confirmButton.isDisabled(), true, `enabled by "${wrong}"`);
      await typed.press("Enter");
      assert.equal(await dialog.isVisible(), true, `"${wrong}" and Enter went through`);
    }
    await typed.fill("123456");
    assert.equal(await visitor.confirmButton.isEnabled(), true);
    await say();
    await dialog.waitFor({ state: "hidden" });
  }
  // What was typed for one question does not answer the next.
  await visitor.askToRevoke();
  await dialog.waitFor();
  assert.equal(await visitor.confirmButton.isDisabled(), true);
  assert.equal(site.revocations().length, 0);
});

visit("an invalid order is told at its fields, all at once, and nothing is sent", async (visitor) => {
  await visitor.askToRevoke();
  await visitor.page.locator("#orderNumber[aria-invalid]").waitFor();
  assert.match(await visitor.fieldError("orderNumber"), /^The order number is missing/);
  assert.match(await visitor.fieldError("codeReason"), /^The reason has to be chosen/);
  assert.equal(await visitor.page.evaluate("document.activeElement.id"), "orderNumber");

  await visitor.fill({ orderNumber: "0123", reason: "unspecified", comment: "x".repeat(1025) });
  await visitor.page.getByText("More: one product").click();
  await visitor.page.getByLabel("Product code").fill("x".repeat(51));
  await visitor.page.getByLabel("Product optional", { exact: true }).fill("many");
  await visitor.askToRevoke();
  await visitor.page.locator("#product[aria-invalid]").waitFor();
  assert.match(await visitor.fieldError("orderNumber"), /leading zeros/);
  assert.match(await visitor.fieldError("revocationReason"), /1024/);
  assert.match(await visitor.fieldError("productCode"), /50/);
  assert.match(await visitor.fieldError("product"), /integer/);
  assert.equal(await visitor.fieldError("codeReason"), "");
  assert.match(await visitor.page.locator("#revocationReason-count").innerText(), /1 too many/);
  assert.equal(await visitor.page.getByRole("dialog").isVisible(), false);
  assert.equal(site.revocations().length, 0);
});

visit("the fields that the edge finds wrong are told at the fields too", async (visitor) => {
  edgeAnswers(problem("invalid-order", 422, { fields: { productCode: "is not one of this edge's" } }));
  await visitor.fill(ORDER);
  await visitor.askToRevoke();
  await visitor.confirm("123456");
  await visitor.page.locator("#productCode[aria-invalid]").waitFor();
  assert.equal(await visitor.fieldError("productCode"), "The product code is not one of this edge's.");
  assert.equal(await visitor.page.locator("#productCode").isVisible(), true);
});

visit("a dry run asks for no confirmation, says test, and says that nothing was changed", async (visitor) => {
  edgeAnswers(accepted({ outcome: "tested", test: true }));
  const { tone, words } = await visitor.dryRun(ORDER);
  assert.equal(tone, "note");
  assert.match(words, /The dry run passed\. Nothing was changed/);
  assert.doesNotMatch(words, /accepted the revocation/);
  assert.deepEqual(
    site.revocations().map(({ body }) => body.test === true || body.test === "Y"),
    [true],
  );
});

visit(
  "already revoked is said to be so, and the weaker reason when keyCompromise was asked for",
  async (visitor) => {
    edgeAnswers(
      accepted({ outcome: "already-revoked", errorCode: -21, errorMessage: "Revoked <i>already</i>!" }),
    );
    const grave = await visitor.revoke(ORDER);
    assert.match(grave.words, /Order 123456 had already been revoked before this call/);
    assert.match(grave.words, /You asked for keyCompromise. The reason on record may be a weaker one/);
    assert.match(grave.words, /Revoked <i>already<\/i>!/, "the CA's text is text, not markup");
    const mild = await visitor.revoke({ ...ORDER, reason: "superseded" });
    assert.doesNotMatch(mild.words, /keyCompromise/);
    assert.doesNotMatch(mild.words, /accepted/);
  },
);

visit("whatever may have revoked is unknown, with what to do now", async (visitor) => {
  for (const answer of /** @type {Answer[]} */ ([
    "reset",
    problem("unknown-outcome", 502, { mayHaveRevoked: true }),
    // The very same call is still under way.
    problem("in-progress", 409, { mayHaveRevoked: true }),
    // A success that is none: for another order, of another kind, without an outcome.
    accepted({ orderNumber: "654321" }),
    accepted({ outcome: "tested", test: true }),
    { status: 200, body: { orderNumber: "123456", test: false } },
    // Not a problem document of the edge.
    { status: 500, body: { error: "gateway" } },
  ])) {
    edgeAnswers(answer);
    const { tone, words } = await visitor.revoke(ORDER);
    const to = JSON.stringify(answer);
    assert.equal(tone, "unknown", to);
    assert.match(words, /We do not know whether order 123456 was revoked/, to);
    assert.match(words, /Do not assume either[^]*What to do now[^]*ask the CA/i, to);
    assert.doesNotMatch(words, /accepted|nothing was (sent|revoked|changed)/i, to);
  }
});

visit(
  "after an unknown outcome the edge can be asked, and a dry run that passes settles nothing",
  async (visitor) => {
    edgeAnswers(problem("unknown-outcome", 502, { mayHaveRevoked: true }));
    await visitor.revoke(ORDER);

    edgeAnswers({
      status: 200,
      body: {
        orderNumber: "123456",
        state: "unknown",
        attempts: [
          {
            codeReason: 1,
            test: false,
            outcome: "unknown",
            detail: "The <b>connection</b> broke.",
            actor: "key:demo-operator",
            startedAt: "2026-03-01T12:00:00Z",
          },
        ],
        auditSeqs: [7, 8],
      },
    });
    await visitor.page.getByRole("button", { name: "What does the edge know of it?" }).click();
    await visitor.page.getByText("The edge says of order 123456: unknown").waitFor();
    assert.match(
      await visitor.outcome.innerText(),
      /revocation, keyCompromise · by key:demo-operator · unknown: The <b>connection<\/b> broke/,
    );
    assert.deepEqual(
      site.calls.map(({ method, path }) => `${method} ${path}`),
      ["GET /v1/orders/123456"],
    );

    edgeAnswers(accepted({ outcome: "tested", test: true }));
    await visitor.page.getByRole("button", { name: "Do a dry run of it" }).click();
    await visitor.page.getByText("This does not settle the earlier call whose outcome is unknown").waitFor();
    assert.equal(site.revocations().length, 1);
    assert.match(await visitor.page.locator("#history").innerText(), /dry run[^]*We do not know whether/);

    // Another refusal does not settle it either; -21 does.
    edgeAnswers(problem("ca-refused", 422, { errorCode: -3 }));
    const refused = await visitor.revoke(ORDER);
    assert.match(refused.words, /The earlier call of this session, whose outcome is unknown, is not settled/);
    edgeAnswers(accepted({ outcome: "already-revoked", errorCode: -21 }));
    const settled = await visitor.revoke(ORDER);
    assert.match(settled.words, /may have been the earlier call of this session[^]*likely, not proven/);
    edgeAnswers(problem("ca-refused", 422, { errorCode: -3 }));
    assert.doesNotMatch((await visitor.revoke(ORDER)).words, /earlier call/);
  },
);

visit("what certainly revoked nothing is said in the words of its kind", async (visitor) => {
  for (const [kind, status, words, members] of /** @type {[string, number, RegExp, object?][]} */ ([
    ["malformed-request", 400, /could not read the request/],
    ["forbidden", 403, /You may not revoke this order/],
    ["in-progress", 409, /being worked on by another call[^]*What does the edge know/],
    ["idempotency-mismatch", 422, /took this for another call/],
    ["not-found", 404, /no edge at this address/],
    ["unsupported-request", 415, /does not take this request/],
    ["internal", 500, /The edge failed/],
    ["rate-limited", 429, /your limit of calls[^]*in 30 seconds/, { retryAfter: 30 }],
    [
      "ca-refused",
      422,
      /The CA refused order 123456: Expired[^]*Not after <b>2020<\/b>/,
      { errorCode: -35, errorMessage: "Not after <b>2020</b>" },
    ],
    [
      "ca-login-refused",
      502,
      /The CA refused the edge's login[^]*not about your API key/,
      { errorCode: -16 },
    ],
    ["ca-busy", 503, /takes no more calls just now[^]*in 2 minutes/, { errorCode: -42, retryAfter: 120 }],
    ["not-sent", 503, /Nothing was sent/],
    ["not-configured", 503, /not set up yet/],
  ])) {
    edgeAnswers(problem(kind, status, members));
    const answer = await visitor.revoke(ORDER);
    assert.equal(answer.tone, "refused", kind);
    assert.match(answer.words, words);
    assert.match(answer.words, /urn:uuid:0b5f0c1e/, kind);
    assert.doesNotMatch(answer.words, /accepted|We do not know/, kind);
  }
});

visit("a key that the edge does not know is told before anything is confirmed", async (visitor) => {
  site.answerWith(() => problem("unauthenticated", 401, { orderNumber: undefined }));
  await visitor.fill(ORDER);
  await visitor.askToRevoke();
  await visitor.page.getByText("The edge does not know who you are").waitFor();
  assert.equal(await visitor.page.getByRole("dialog").isVisible(), false);
  assert.equal(await visitor.page.evaluate("document.activeElement.id"), "token");
  assert.equal(site.revocations().length, 0);
});

visit(
  "while a call is under way: no second one, seconds shown, a warning to those who leave",
  async (visitor) => {
    edgeAnswers({ ...accepted(), delay: 3_000 });
    await visitor.fill(ORDER);
    await visitor.askToRevoke();
    await visitor.confirm("123456");
    await visitor.page.getByText(/^1 s$/).waitFor();
    assert.equal(await visitor.page.locator("#submit").isDisabled(), true);
    await visitor.page.evaluate("document.getElementById('order').requestSubmit()");
    const asked = visitor.page.waitForEvent("dialog");
    await visitor.page.close({ runBeforeUnload: true });
    const warning = await asked;
    assert.equal(warning.type(), "beforeunload");
    await warning.dismiss();
    assert.equal((await visitor.read()).tone, "done");
    assert.equal(site.revocations().length, 1);
  },
);

visit("the API key is nowhere but in its field", async (visitor) => {
  await visitor.revoke(ORDER);
  const { page } = visitor;
  const field = page.locator("#token");
  assert.equal(await field.getAttribute("type"), "password");
  await page.getByRole("button", { name: "Show the API key" }).click();
  assert.equal(await field.getAttribute("type"), "text");
  const left = await page.evaluate(async () =>
    JSON.stringify({
      markup: document.documentElement.outerHTML,
      local: { ...localStorage },
      session: { ...sessionStorage },
      databases: await indexedDB.databases(),
      caches: await caches.keys(),
      cookie: document.cookie,
      url: location.href,
      state: history.state,
      name: window.name,
    }),
  );
  assert.ok(left.includes("Revoke a certificate"));
  assert.ok(!left.includes("s3cret"), "the key was found in the page's markup, storage or address");
  assert.deepEqual(
    site.calls.filter(({ path, body }) => JSON.stringify([path, body ?? ""]).includes("s3cret")),
    [],
  );
  // Gone and back: whoever sits here next finds no key.
  await page.goto("about:blank");
  await page.goBack();
  assert.equal(await page.locator("#token").inputValue(), "");
});

visit("a whole revocation works by keyboard alone", async (visitor) => {
  const { keyboard } = visitor.page;
  await visitor.page.locator("#orderNumber").focus();
  await keyboard.type("123456");
  await keyboard.press("Tab");
  await keyboard.press("Space");
  await keyboard.press("Enter");
  await visitor.page.getByRole("dialog").waitFor();
  await keyboard.type("123456");
  await keyboard.press("Enter");
  assert.match((await visitor.read()).words, /accepted[^]*Reason: keyCompromise/);
  assert.equal(await visitor.page.evaluate("document.activeElement.id"), "outcome");
});
