// One order on the dashboard: revoked, tested, settled, before a real edge. Each "(design: ...)" names the fault of the page before
// this one that the test would find there.
import assert from "node:assert/strict";
import { problem } from "./dashboard-world.mjs";
import { openDashboard } from "./visits.mjs";

const { world, visit } = await openDashboard();

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
    await visitor.asks("700003");
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
    await visitor.page.getByText(/No answer from the server since/).waitFor({ state: "hidden" });
    await visitor.press("Revoke…");
    await visitor.page.getByRole("dialog").waitFor();
    await visitor.press("Cancel");
    assert.deepEqual(world.received("700030"), []);
  },
);

visit("a lost connection takes nothing from an order's screen, which goes on by itself", async (visitor) => {
  world.simulator.faults.add({ fault: "reset-after-reading", orderNumber: "700031" });
  assert.equal((await visitor.revoke({ orderNumber: "700031" })).tone, "unknown");
  await visitor.page.context().setOffline(true);
  await visitor.sees("The server did not answer.");
  const { tone, words } = await visitor.read();
  assert.equal(tone, "unknown");
  assert.match(words, /It is not known whether order 700031 was revoked/);
  await visitor.page.context().setOffline(false);
  await visitor.page.getByText("The server did not answer.").waitFor({ state: "hidden" });
  assert.equal((await visitor.read()).tone, "unknown");
});

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
