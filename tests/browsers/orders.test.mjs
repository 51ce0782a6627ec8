// One order on the dashboard: looked up, revoked, tested, settled, before a real edge. Each "(design: ...)" names the fault of the
// page before this one that the test would find there.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, beforeEach, test } from "node:test";
import { inRoot } from "../../scripts/command/places.mjs";
import { launch, skip } from "./chromium.mjs";
import { LOGIN_NAME, LOGIN_PASSWORD, problem, publishedHeaders, startWorld } from "./dashboard-world.mjs";
import { Visitor } from "./visitor.mjs";

/** @type {import("./dashboard-world.mjs").World} */
let world;
/** @type {import("playwright-core").Browser} */
let browser;

before(async () => {
  if (skip) return;
  world = await startWorld();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await world?.close();
});
beforeEach(() => world?.simulator.reset());

/**
 * @param {string} name
 * @param {(visitor: Visitor) => Promise<void>} steps
 * @param {{ person?: import("./dashboard-world.mjs").Person, screen?: import("./visitor.mjs").Screen }} [how]
 */
function visit(name, steps, { person = "operator", screen } = {}) {
  test(name, { skip, timeout: 120_000 }, async () => {
    const key = world.keys[person];
    const visitor = await Visitor.open(browser, world.url, { key, screen });
    await steps(visitor);
    const page = await visitor.page.content();
    for (const secret of [LOGIN_NAME, LOGIN_PASSWORD, key])
      assert.ok(!page.includes(secret), "a credential is in the page");
    await visitor.leave();
  });
}

test(
  "the edge serves the page, with the headers that it is published with (design: grave 7)",
  { skip },
  async () => {
    const page = await fetch(world.url);
    assert.equal(page.status, 200);
    for (const [name, value] of Object.entries(await publishedHeaders()))
      assert.equal(page.headers.get(name), value, name);
    const policy = page.headers.get("content-security-policy") ?? "";
    assert.match(policy, /script-src 'self' 'wasm-unsafe-eval';/);
    assert.match(policy, /require-trusted-types-for 'script'/);
    assert.doesNotMatch(policy, /unsafe-inline|data:/);
  },
);

visit("a revocation reaches the CA once, as filled in, and nothing is asked twice", async (visitor) => {
  await visitor.lookUp("#700 001");
  await visitor.sees("The server has never sent this order");
  await visitor.fill({ reason: "Key compromise", comment: "50% of R&D + more = leaked\nsee ticket ü" });
  await visitor.page.getByText("One product of the order").click();
  await visitor.page.getByLabel("Product code").fill("SSL & more");
  await visitor.page.getByLabel("Product number").fill("488");
  await visitor.press("Revoke…");
  await visitor.page.getByLabel("Type the order number to confirm").fill("700001");
  // Twice at once, as nervous hands do.
  await visitor.page
    .getByRole("button", { name: "Revoke order 700001" })
    .evaluate((/** @type {any} */ button) => {
      button.click();
      button.click();
    });
  const { tone, words } = await visitor.read();
  assert.equal(tone, "done");
  assert.match(words, /The CA accepted the revocation of order 700001/);
  assert.match(words, /Revoked, or cancelled if it had not been issued yet/);
  assert.match(words, /Audit entry\s+\d+/);
  assert.doesNotMatch(words, /publish/i);
  const [{ test: _, ...sent }, ...more] = /** @type {any[]} */ (world.received("700001"));
  assert.deepEqual(more, []);
  assert.deepEqual(sent, {
    acted: true,
    orderNumber: "700001",
    codeReason: "1",
    revocationReason: "50% of R&D + more = leaked\nsee ticket ü",
    productCode: "SSL & more",
    product: "488",
    responseFormat: "1",
  });
  // The result stands in the form's place, and the ledger's own words below it.
  assert.equal(await visitor.page.getByRole("radio").count(), 0);
  await visitor.sees(/key:operator/);

  await visitor.press("Next order");
  await visitor.hears("Now");
});

visit(
  "an order that was revoked before is said to be so, and perhaps with a weaker reason",
  async (visitor) => {
    await world.api("colleague", "/v1/revocations", { orderNumber: "700005", codeReason: 4 });
    await visitor.lookUp("700005");
    await visitor.sees("The server's record says: revoked.");
    await visitor.press("Revoke once more…");
    await visitor.fill({ reason: "Key compromise" });
    await visitor.press("Revoke…");
    await visitor.confirm("700005");
    const again = await visitor.read();
    assert.equal(again.tone, "note");
    assert.match(again.words, /Order 700005 is revoked already/);
    assert.match(again.words, /may be a weaker one/);
    assert.doesNotMatch(again.words, /accepted/);
  },
);

visit(
  "a dry run asks for no confirmation, reaches the CA as test=Y, and says that nothing was changed",
  async (visitor) => {
    const { tone, words } = await visitor.dryRun({ orderNumber: "700002" });
    assert.equal(tone, "note");
    assert.match(words, /Nothing was changed/);
    assert.deepEqual(
      world.received("700002").map(({ test: dryRun, codeReason, acted }) => [dryRun, codeReason, acted]),
      [["Y", "4", false]],
    );
    await visitor.press("Back to the form");
    // What was filled in is there still.
    assert.equal(await visitor.page.getByRole("radio", { name: "Superseded" }).isChecked(), true);
  },
);

visit(
  "an unknown outcome stays until it is settled, whatever is done meanwhile (design: grave 1)",
  async (visitor) => {
    world.simulator.faults.add({ fault: "reset-after-reading", orderNumber: "700003" });
    const { tone, words } = await visitor.revoke({ orderNumber: "700003" });
    assert.equal(tone, "unknown");
    assert.match(words, /It is not known whether order 700003 was revoked/);
    assert.doesNotMatch(words, /accepted|nothing was (sent|revoked|changed)/i);

    // A dry run by someone else, questions, another screen, a reload: none of it settles it.
    await world.api("colleague", "/v1/revocations", { orderNumber: "700003", test: true });
    await visitor.press("Ask the server (revokes nothing)");
    await visitor.sees("Ask the server again after a minute or two");
    assert.equal((await visitor.read()).tone, "unknown");
    await visitor.go("#/orders/700999");
    await visitor.hears("Order 700999");
    await visitor.page.goBack();
    assert.equal((await visitor.read()).tone, "unknown");
    await visitor.page.reload();
    await visitor.signIn(world.keys.operator);
    assert.match((await visitor.read()).words, /It is not known whether order 700003 was revoked/);

    // The CA answers again: it had revoked, which a probe can tell.
    world.simulator.faults.clear();
    await visitor.press("Ask the server (revokes nothing)");
    await visitor.hears("Order 700003 is revoked already");
    assert.match((await visitor.read()).words, /likely, not proven/);
    assert.equal(world.received("700003").filter(({ acted }) => acted).length, 1);
  },
);

visit("an unknown order is sent again only by who has ticked and typed", async (visitor) => {
  world.simulator.faults.add({ fault: "reset-before-reading" });
  await visitor.revoke({ orderNumber: "700010" });
  world.simulator.faults.clear();
  await visitor.press("Send again…");
  const dialog = visitor.page.getByRole("dialog");
  await dialog.getByLabel("Type the order number to confirm").fill("700010");
  await dialog.getByRole("button", { name: "Revoke order 700010" }).click();
  await visitor.sees("Tick this first.");
  await dialog.getByLabel("The certificate has not been replaced").check();
  await dialog.getByRole("button", { name: "Revoke order 700010" }).click();
  await visitor.hears("The CA accepted the revocation of order 700010");
});

visit(
  "after every outcome its heading is in view and has the focus (design: grave 2)",
  async (visitor) => {
    await visitor.revoke({ orderNumber: "700011", reason: "Unspecified" });
    assert.deepEqual(await visitor.focused(), {
      id: "title",
      text: "The CA accepted the revocation of order 700011.",
      inView: true,
    });
    await visitor.dryRun({ orderNumber: "700012", reason: "Unspecified" });
    assert.equal((await visitor.focused()).inView, true);
    world.simulator.orders.set({ orderNumber: "700013", state: "expired" });
    await visitor.revoke({ orderNumber: "700013", reason: "Unspecified" });
    const { id, text, inView } = await visitor.focused();
    assert.equal(`${id} ${inView}`, "title true");
    assert.match(text, /The CA refused order 700013/);
  },
  { screen: { viewport: { width: 1366, height: 657 } } },
);

visit(
  "a reload in the middle of a call asks the ledger, and says what it says (design: grave 3)",
  async (visitor) => {
    world.simulator.faults.add({ fault: "latency", orderNumber: "700020", ms: 1500 });
    await visitor.go("#/orders/700020");
    await visitor.fill({});
    await visitor.press("Revoke…");
    await visitor.confirm("700020");
    await visitor.hears("Revoking order 700020…");
    await visitor.page.reload();
    await visitor.hears("Sign in");
    assert.match(visitor.page.url(), /#\/orders\/700020$/);
    await visitor.signIn(world.keys.operator);
    await visitor.hears("The CA accepted the revocation of order 700020");
    assert.equal(world.received("700020").length, 1);
  },
);

visit(
  "what cannot be asked is not confirmed, and no call has left that is not known (design: grave 4)",
  async (visitor) => {
    await visitor.go("#/orders/700030");
    await visitor.fill({});
    await visitor.page.context().setOffline(true);
    await visitor.press("Revoke…");
    const { tone, words } = await visitor.read();
    assert.equal(tone, "no");
    assert.match(words, /Nothing was sent/);
    assert.equal(await visitor.page.getByRole("dialog").isVisible(), false);
    await visitor.sees(/No answer from the server since/);
    await visitor.page.context().setOffline(false);
    await visitor.press("Revoke…");
    await visitor.page.getByRole("dialog").waitFor();
    await visitor.press("Cancel");
    assert.deepEqual(world.received("700030"), []);
  },
);

visit(
  "who may only test gets no red button, and is told so (design: grave 6)",
  async (visitor) => {
    await visitor.go("#/orders/700040");
    await visitor.sees("You may test this order, and not revoke it.");
    assert.equal(await visitor.page.getByRole("button", { name: "Revoke…" }).count(), 0);
    await visitor.fill({});
    await visitor.press("Dry run");
    assert.equal((await visitor.read()).tone, "note");
  },
  { person: "tester" },
);

visit(
  "who is out of range is told before anything is filled in (design: grave 6)",
  async (visitor) => {
    await visitor.go("#/orders/2000");
    await visitor.sees("Your permissions for orders cover: 1000-1999.");
    assert.equal(await visitor.page.getByRole("radio").count(), 0);
    assert.equal((await visitor.revoke({ orderNumber: "1000" })).tone, "done");
  },
  { person: "reseller" },
);

for (const person of /** @type {const} */ (["auditor", "approver"]))
  visit(
    `an ${person} finds no form for orders (design: grave 6)`,
    async (visitor) => {
      await visitor.sees("Your permissions do not cover single orders.");
      await visitor.go("#/orders/700041");
      await visitor.sees("You may neither see nor revoke this order.");
      assert.equal(await visitor.page.getByRole("radio").count(), 0);
    },
    { person },
  );

visit(
  "an order that someone else has revoked is shown as that when looked up (design: less grave)",
  async (visitor) => {
    await visitor.go("#/orders/700050");
    await visitor.sees("The server has never sent this order");
    await world.api("colleague", "/v1/revocations", { orderNumber: "700050", codeReason: 1 });
    await visitor.lookUp("700050");
    await visitor.sees("The server's record says: revoked.");
    assert.match(await visitor.words(), /key:colleague/);
  },
);

test(
  "what happens in another tab, and by the server itself, shows without a reload",
  { skip, timeout: 120_000 },
  async () => {
    const key = world.keys.operator;
    const route = "#/orders/700049";
    const [one, other] = await Promise.all(
      [1, 2].map(() => Visitor.open(browser, world.url, { key, route })),
    );
    await other.sees("The server has never sent this order");
    world.simulator.faults.add({ fault: "reset-after-reading", orderNumber: "700049" });
    assert.equal((await one.revoke({ orderNumber: "700049" })).tone, "unknown");
    await other.hears("It is not known whether order 700049 was revoked.");
    world.simulator.faults.clear();
    await other.press("Ask the server (revokes nothing)");
    await other.hears("Order 700049 is revoked already");
    await one.hears("Order 700049 is revoked already");
    await one.leave();
    await other.leave();
  },
);

visit(
  "a lookup that fails says so of the order, and not of who you are (design: less grave)",
  async (visitor) => {
    await visitor.intercept("/v1/orders/700051", (route) => route.abort());
    await visitor.lookUp("700051");
    await visitor.sees("The server did not answer.");
    assert.doesNotMatch(await visitor.words(), /who you are|never sent/);
    await visitor.press("Try again");
    await visitor.sees("The server has never sent this order");
  },
);

visit(
  "an empty form on a phone brings the first wrong field into view (design: less grave)",
  async (visitor) => {
    await visitor.go("#/orders/700052");
    await visitor.press("Revoke…");
    await visitor.sees("Choose a reason.");
    const { id, inView } = await visitor.focused();
    assert.equal(id, "codeReason-keyCompromise");
    assert.equal(inView, true);
    assert.equal(
      await visitor.page.getByText("Choose a reason.").evaluate((at) => {
        const { top, bottom } = at.getBoundingClientRect();
        return top >= 0 && bottom <= innerHeight;
      }),
      true,
    );
  },
  { screen: { viewport: { width: 360, height: 640 } } },
);

visit("another person finds nothing of the one before (design: less grave)", async (visitor) => {
  await visitor.loseCall();
  assert.equal((await visitor.revoke({ orderNumber: "700053" })).tone, "unknown");
  await visitor.press("Sign out");
  await visitor.signIn(world.keys.colleague);
  await visitor.sees("The server has never sent this order");
  assert.doesNotMatch(await visitor.words(), /not known whether/);
  // The one before finds it again.
  await visitor.press("Sign out");
  await visitor.signIn(world.keys.operator);
  assert.equal((await visitor.read()).tone, "unknown");
});

visit("what is in progress elsewhere is a note, and no failure (design: less grave)", async (visitor) => {
  await visitor.intercept("/v1/revocations", (route) => route.fulfill(problem("in-progress", 409)));
  const { tone, words } = await visitor.revoke({ orderNumber: "700054" });
  assert.equal(tone, "note");
  assert.match(words, /Another call is working on this order/);
});

visit("what is left of the limits is said beforehand (design: less grave)", async (visitor) => {
  await visitor.go("#/orders/700055");
  await visitor.sees(/of 10,000 calls this minute, [\d,]+ of 10,000 revocations today/);
});

visit("a refusal that names its cause is shown with it (design: less grave)", async (visitor) => {
  await visitor.intercept("/v1/revocations", (route) =>
    route.fulfill(problem("forbidden", 403, { detail: "The key was withdrawn a minute ago." })),
  );
  const { words } = await visitor.revoke({ orderNumber: "700056" });
  assert.match(words, /The key was withdrawn a minute ago\./);
});

visit("an old outcome does not stand beside the next order (design: less grave)", async (visitor) => {
  await visitor.revoke({ orderNumber: "700057" });
  await visitor.lookUp("700058");
  await visitor.hears("Order 700058");
  assert.doesNotMatch(await visitor.words(), /accepted|700057/);
});

visit(
  "numbers are taken as people paste them, and said to be wrong where they are (design: less grave)",
  async (visitor) => {
    for (const [pasted, title] of [
      ["#123457", "Order 123457"],
      ["12 34", "Order 1234"],
      ["serial: 0a:1B:2c", "Certificate serial:0A1B2C"],
      ["0x00ab", "Certificate serial:AB"],
      ["certificate:42", "Certificate certificate:42"],
    ]) {
      await visitor.lookUp(pasted);
      await visitor.hears(title);
    }
    for (const [pasted, fault] of [
      ["", "Enter a number."],
      ["0123", "does not begin with 0"],
      ["9223372036854775808", "too long"],
      ["order", "neither an order number nor a serial number"],
    ]) {
      await visitor.lookUp(pasted);
      await visitor.sees(fault);
    }
  },
);

visit("times have their zone, UTC first (design: less grave)", async (visitor) => {
  await visitor.revoke({ orderNumber: "700059" });
  assert.match(
    await visitor.page.locator(".timeline").innerText(),
    /\d\d:\d\d UTC \(\d\d:\d\d (CET|CEST|GMT[+]\d)\)/,
  );
});

visit("each screen has a title of its own (design: less grave)", async (visitor) => {
  assert.equal(await visitor.page.title(), "Now · autorevoke");
  await visitor.go("#/orders/700060");
  await visitor.hears("Order 700060");
  assert.equal(await visitor.page.title(), "Order 700060 · autorevoke");
  await visitor.press("Sign out");
  assert.equal(await visitor.page.title(), "Sign in · autorevoke");
});

test("no key and a wrong key are told apart (design: less grave)", { skip, timeout: 60_000 }, async () => {
  const visitor = await Visitor.open(browser, world.url);
  await visitor.press("Sign in");
  await visitor.sees("Enter your API key.");
  await visitor.page.locator("#key").fill("ark_operator_wrong");
  await visitor.press("Sign in");
  await visitor.sees("The server does not know this key.");
  assert.equal((await visitor.focused()).id, "key");
  await visitor.leave();
});

test(
  "a page whose script does not load says so (design: less grave)",
  { skip, timeout: 60_000 },
  async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.route("**/assets/*.js", (route) => route.abort());
    await page.goto(world.url);
    assert.match(await page.innerText("body"), /the page's script could not be loaded: nothing works here/);
    await context.close();
  },
);

visit("the question needs the right number, and a no sends nothing", async (visitor) => {
  await visitor.go("#/orders/700070");
  await visitor.fill({});
  const typed = visitor.page.getByLabel("Type the order number to confirm");
  const dialog = visitor.page.getByRole("dialog");
  for (const sayNo of [() => visitor.press("Cancel"), () => visitor.page.keyboard.press("Escape")]) {
    await visitor.press("Revoke…");
    assert.match(await dialog.innerText(), /Order\s+700070\s+Reason\s+Superseded \(4\)/);
    assert.match(await dialog.innerText(), /This cannot be undone/);
    for (const wrong of ["", "70007", "7000700", "x"]) {
      await typed.fill(wrong);
      await typed.press("Enter");
      assert.equal(await dialog.isVisible(), true, `"${wrong}" and Enter went through`);
    }
    await typed.fill("700070");
    await sayNo();
    await dialog.waitFor({ state: "hidden" });
  }
  await visitor.press("Revoke…");
  assert.equal(await typed.inputValue(), "");
  await visitor.press("Cancel");
  assert.deepEqual(world.received("700070"), []);
});

visit("an invalid order is told at its fields, all at once, and nothing is sent", async (visitor) => {
  await visitor.go("#/orders/700071");
  await visitor.page.getByLabel("Comment").fill("x".repeat(1025));
  await visitor.page.getByText("One product of the order").click();
  await visitor.page.getByLabel("Product code").fill("x".repeat(51));
  await visitor.page.getByLabel("Product number").fill("many");
  await visitor.press("Revoke…");
  for (const fault of [
    "Choose a reason.",
    "At most 1,024 characters.",
    "At most 50 characters.",
    "digits only.",
  ])
    await visitor.sees(fault);
  assert.deepEqual(world.received("700071"), []);
});

visit("the fields that the server finds wrong are told at the fields too", async (visitor) => {
  await visitor.intercept("/v1/revocations", (route) =>
    route.fulfill(problem("invalid-order", 422, { fields: { productCode: "is not one of this edge's" } })),
  );
  await visitor.go("#/orders/700072");
  await visitor.fill({});
  await visitor.press("Revoke…");
  await visitor.confirm("700072");
  await visitor.sees("is not one of this edge's");
  assert.equal(await visitor.page.getByLabel("Product code").isVisible(), true);
});

visit("whatever may have revoked is unknown, with what to do now", async (visitor) => {
  let orderNumber = 700080;
  const accepted = (/** @type {object} */ members) => ({
    json: { orderNumber: String(orderNumber), outcome: "revoked", errorCode: 0, test: false, ...members },
  });
  for (const answer of [
    () => problem("unknown-outcome", 502, { mayHaveRevoked: true }),
    () => problem("in-progress", 409, { mayHaveRevoked: true }),
    // A success that is none: for another order, of another kind, without an outcome.
    () => accepted({ orderNumber: "654321" }),
    () => accepted({ outcome: "tested", test: true }),
    () => accepted({ outcome: undefined }),
    // Not a problem document of the edge.
    () => ({ status: 500, json: { error: "gateway" } }),
  ]) {
    orderNumber += 1;
    const fulfilled = answer();
    await visitor.intercept("/v1/revocations", (route) => route.fulfill(fulfilled));
    const { tone, words } = await visitor.revoke({ orderNumber: String(orderNumber) });
    const to = JSON.stringify(fulfilled);
    assert.equal(tone, "unknown", to);
    assert.match(words, /not known whether order \d+ was revoked/, to);
    assert.match(words, /Do not assume either[^]*What to do now[^]*ask the CA/i, to);
    assert.doesNotMatch(words, /accepted|nothing was (sent|revoked|changed)/i, to);
  }
});

visit("what certainly revoked nothing is said in the words of its kind", async (visitor) => {
  let orderNumber = 700100;
  for (const [kind, status, words, members] of /** @type {[string, number, RegExp, object?][]} */ ([
    ["malformed-request", 400, /could not read the request/],
    ["idempotency-mismatch", 422, /took this for another call/],
    ["unsupported-request", 415, /does not take this request/],
    ["internal", 500, /The server failed/],
    ["rate-limited", 429, /your limit of calls[^]*in 30 seconds/, { retryAfter: 30 }],
    [
      "ca-refused",
      422,
      /The CA refused order \d+: Expired[^]*Not after <b>2020<\/b>/,
      { errorCode: -35, errorMessage: "Not after <b>2020</b>" },
    ],
    [
      "ca-login-refused",
      502,
      /The CA refused the server's login[^]*not about your sign-in/,
      { errorCode: -16 },
    ],
    ["ca-busy", 503, /takes no more calls just now[^]*in 2 minutes/, { errorCode: -42, retryAfter: 120 }],
    ["not-sent", 503, /Nothing was sent/],
    ["not-configured", 503, /not set up yet/],
  ])) {
    orderNumber += 1;
    await visitor.intercept("/v1/revocations", (route) => route.fulfill(problem(kind, status, members)));
    const answer = await visitor.revoke({ orderNumber: String(orderNumber) });
    assert.equal(answer.tone, "no", kind);
    assert.match(answer.words, words);
    assert.doesNotMatch(answer.words, /accepted|not known whether/, kind);
  }
});

visit(
  "while a call is in flight: no second one, seconds shown, a warning to those who leave",
  async (visitor) => {
    world.simulator.faults.add({ fault: "latency", orderNumber: "700120", ms: 3000 });
    await visitor.go("#/orders/700120");
    await visitor.fill({});
    await visitor.press("Revoke…");
    await visitor.confirm("700120");
    await visitor.sees(/^For 1 second$/);
    assert.equal(await visitor.page.getByRole("button", { name: "Revoke…" }).count(), 0);
    const asked = visitor.page.waitForEvent("dialog");
    await visitor.page.close({ runBeforeUnload: true });
    const warning = await asked;
    assert.equal(warning.type(), "beforeunload");
    await warning.dismiss();
    assert.equal((await visitor.read()).tone, "done");
    assert.equal(world.received("700120").length, 1);
  },
);

visit(
  "the API key is in no markup, storage or address, and gone after the page was left",
  async (visitor) => {
    await visitor.loseCall();
    await visitor.revoke({ orderNumber: "700130" });
    const { page } = visitor;
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
    assert.match(left, /700130/);
    const secret = world.keys.operator.replace("ark_operator_", "");
    assert.ok(!left.includes(secret), "the key was found in the page's markup, storage or address");
    await page.goto("about:blank");
    await page.goBack();
    await visitor.hears("Sign in");
    assert.equal(await page.locator("#key").inputValue(), "");
  },
);

visit("a revocation works by keyboard alone, from looking up to the outcome", async (visitor) => {
  const { keyboard } = visitor.page;
  await visitor.page.getByLabel("Order number or serial number").focus();
  await keyboard.type("700140");
  await keyboard.press("Enter");
  await visitor.hears("Order 700140");
  assert.equal((await visitor.focused()).text, "Order 700140");
  await visitor.sees("The server has never sent this order");
  await keyboard.press("Tab");
  assert.equal((await visitor.focused()).id, "codeReason-keyCompromise");
  await keyboard.press("Space");
  await keyboard.press("Enter");
  await visitor.page.getByRole("dialog").waitFor();
  await keyboard.type("700140");
  await keyboard.press("Enter");
  assert.equal((await visitor.read()).tone, "done");
  assert.equal((await visitor.focused()).id, "title");
});

visit("a certificate is revoked by its serial number, which is typed to confirm", async (visitor) => {
  await visitor.lookUp("0d:1b:2c");
  await visitor.sees("The server has never sent this order");
  await visitor.fill({});
  await visitor.press("Revoke…");
  await visitor.page.getByLabel("Type the order number to confirm").fill("0d 1b:2c");
  await visitor.press("Revoke order serial:0D1B2C");
  await visitor.hears("The CA accepted the revocation of order serial:0D1B2C");
  const acted = world.simulator.ledger({ serialNumber: "0D1B2C" }).filter((entry) => entry.acted);
  assert.equal(acted.length, 1);
  await visitor.page.reload();
  await visitor.signIn(world.keys.operator);
  await visitor.sees("The server's record says: revoked.");
});

visit(
  "a certificate that is dropped is looked up by its serial number, of a chain the leaf",
  async (visitor) => {
    const file = (/** @type {string} */ name) => readFile(inRoot("tests", name));
    const chosen = async (/** @type {string} */ name) =>
      visitor.page
        .getByLabel("Or choose the certificate")
        .setInputFiles({ name: "a.pem", mimeType: "", buffer: await file(name) });
    for (const [name, serial] of [
      ["front/certificates/leaf.pem", "0D0E"],
      ["front/certificates/leaf.der", "0D0E"],
      ["files/fullchain.pem", "B71E0C5D4A9F3E2168D0C7B5A4938271"],
    ]) {
      await visitor.go("#/");
      await chosen(name);
      await visitor.hears(`Certificate serial:${serial}`);
    }
    await visitor.go("#/");
    await chosen("files/bundle.pem");
    await visitor.sees("This file has several certificates.");
    await chosen("files/pkcs7.p7b");
    await visitor.sees("This file has no certificate that can be looked up.");
    await visitor.sees(/PKCS#7 bundle/);
  },
);
