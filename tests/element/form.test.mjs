// <autorevoke-form> in a page with a strict policy, before a real edge: what is asked, sent, said and told.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { launch, skip } from "../browsers/chromium.mjs";
import { problem, Visitor } from "./visitor.mjs";
import { startWorld } from "./world.mjs";

const PAGES = {
  "/": `<!doctype html><html lang="en"><title>Form</title><script type="module" src="/pkg/dist/element.js"></script>
    <main><h1>Page</h1><autorevoke-form></autorevoke-form></main></html>`,
  "/test": `<!doctype html><html lang="en"><title>Test</title><script type="module" src="/pkg/dist/element.js"></script>
    <main><h1>Page</h1><autorevoke-form test></autorevoke-form></main></html>`,
};

/** @type {import("./world.mjs").World} */
let world;
/** @type {import("playwright-core").Browser} */
let browser;
let next = 820_000;
const number = () => String((next += 1));

before(async () => {
  if (skip) return;
  world = await startWorld({ pages: PAGES });
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
 * @param {{ path?: string, token?: string, screen?: object, lang?: string, complaints?: RegExp }} [how]
 */
function visit(name, steps, { path = "/", token, screen, lang } = {}) {
  test(name, { skip, timeout: 300_000 }, async () => {
    const key = token ? world.keys[/** @type {"operator"} */ (token)] : world.keys.operator;
    const visitor = await Visitor.open(browser, world.url + path, {
      element: "autorevoke-form",
      token: key,
      screen,
      lang,
    });
    await steps(visitor);
    await visitor.leave();
  });
}

/** @param {string} orderNumber */
const real = (orderNumber) => world.received(orderNumber).filter(({ test }) => test !== "Y");

visit("an order is revoked once, and the page is told", async (visitor) => {
  const orderNumber = number();
  const { tone, words } = await visitor.revoke({
    orderNumber,
    reason: "Key compromise",
    comment: "ü & + <b>\nTicket 7",
  });
  assert.equal(tone, "done");
  assert.match(words, new RegExp(`The CA accepted the revocation of order ${orderNumber}`));
  assert.match(words, /Key compromise \(1\)/);
  const [sent, ...more] = real(orderNumber);
  assert.deepEqual(more, []);
  assert.deepEqual([sent.acted, sent.codeReason, sent.revocationReason], [true, "1", "ü & + <b>\nTicket 7"]);
  const told = await visitor.told();
  assert.equal(told.length, 1);
  assert.equal(told[0][0], "revoked");
  assert.deepEqual(
    { ...told[0][1], auditSeq: 0 },
    { orderNumber, outcome: "revoked", errorCode: 0, test: false, auditSeq: 0 },
  );
  assert.deepEqual(await visitor.focused(), {
    id: "title",
    text: `The CA accepted the revocation of order ${orderNumber}.`,
  });
  await visitor.press("Next order");
  assert.equal(await visitor.element.getByLabel("Order number", { exact: true }).inputValue(), "");
  assert.equal(await visitor.element.getByRole("radio", { checked: true }).count(), 0);
});

visit("nothing is sent before the order number is typed", async (visitor) => {
  const orderNumber = number();
  await visitor.fill({ orderNumber });
  await visitor.press("Revoke…");
  await visitor.element.getByLabel("Type the order number to confirm").fill("999");
  await visitor.press(`Revoke order ${orderNumber}`);
  await visitor.element.getByText(`This is not ${orderNumber}.`).waitFor();
  assert.equal((await visitor.focused()).id, "confirmation-number");
  await visitor.page.keyboard.press("Escape");
  await visitor.element.getByRole("dialog").waitFor({ state: "hidden" });
  await visitor.press("Revoke…");
  await visitor.press("Cancel");
  assert.deepEqual(real(orderNumber), []);
  assert.deepEqual(await visitor.told(), []);
});

visit(
  "an order that is changed while the server is asked is not the one that is confirmed",
  async (visitor) => {
    const [first, second] = [number(), number()];
    const asked = new Promise((resolve) => void visitor.intercept("/v1/me", resolve));
    await visitor.fill({ orderNumber: first });
    await visitor.press("Revoke…");
    const route = /** @type {import("playwright-core").Route} */ (await asked);
    await visitor.element.getByLabel("Order number", { exact: true }).fill(second);
    await route.fulfill({ response: await route.fetch() });
    await visitor.press("Revoke…");
    await visitor.element.getByRole("dialog", { name: `Revoke order ${second}?` }).waitFor();
    await visitor.confirm(second);
    await visitor.read();
    assert.deepEqual([real(first).length, real(second).length], [0, 1]);
  },
);

visit("what the page changes while it is confirmed does not change what is sent", async (visitor) => {
  const [first, second] = [number(), number()];
  await visitor.fill({ orderNumber: first });
  await visitor.press("Revoke…");
  await visitor.element.getByLabel("Type the order number to confirm").fill(first);
  await visitor.element.evaluate((form, other) => form.setAttribute("order-number", other), second);
  await visitor.press(`Revoke order ${first}`);
  await visitor.read();
  assert.deepEqual([real(first).length, real(second).length], [1, 0]);
});

visit("a double click on the last button sends one call", async (visitor) => {
  const orderNumber = number();
  await visitor.fill({ orderNumber });
  await visitor.press("Revoke…");
  await visitor.element.getByLabel("Type the order number to confirm").fill(orderNumber);
  await visitor.element.getByRole("button", { name: `Revoke order ${orderNumber}` }).dblclick();
  await visitor.read();
  assert.equal(real(orderNumber).length, 1);
  assert.equal((await visitor.told()).length, 1);
});

visit("what is wrong is said at the fields, all at once, and the first has the focus", async (visitor) => {
  await visitor.press("Revoke…");
  await visitor.element.getByText("Enter the order number.").waitFor();
  await visitor.element.getByText("Choose a reason.").waitFor();
  assert.equal((await visitor.focused()).id, "orderNumber");
  const field = visitor.element.getByLabel("Order number", { exact: true });
  assert.equal(await field.getAttribute("aria-invalid"), "true");
  assert.match(String(await field.getAttribute("aria-describedby")), /orderNumber-error/);
  // As tickets write it.
  const orderNumber = number();
  await visitor.fill({ orderNumber: ` #${orderNumber.slice(0, 3)} ${orderNumber.slice(3)}` });
  await visitor.press("Test only");
  assert.equal((await visitor.read()).tone, "note");
  assert.equal(world.received(orderNumber).length, 1);
});

visit("a test changes nothing, and is told as a test", async (visitor) => {
  const orderNumber = number();
  await visitor.fill({ orderNumber });
  await visitor.press("Test only");
  const { tone, words } = await visitor.read();
  assert.equal(tone, "note");
  assert.match(words, /passed\. Nothing was changed/);
  assert.deepEqual(
    world.received(orderNumber).map(({ test, acted }) => [test, acted]),
    [["Y", false]],
  );
  assert.deepEqual(
    (await visitor.told()).map(([event, { outcome }]) => [event, outcome]),
    [["tested", "tested"]],
  );
});

visit(
  "in test mode there is no way to revoke, and the mode is seen",
  async (visitor) => {
    await visitor.element.getByText("TEST: nothing is changed").waitFor();
    assert.equal(await visitor.element.getByRole("button", { name: "Revoke…" }).count(), 0);
    const orderNumber = number();
    await visitor.fill({ orderNumber });
    await visitor.page.keyboard.press("Enter");
    assert.equal((await visitor.read()).tone, "note");
    assert.deepEqual(
      world.received(orderNumber).map(({ test }) => test),
      ["Y"],
    );
  },
  { path: "/test" },
);

visit(
  "an answer that is lost, of an order that the server has: it is found at once, and sent once",
  async (visitor) => {
    const orderNumber = number();
    await visitor.intercept("/v1/revocations", async (route) => {
      await route.fetch();
      await route.abort();
    });
    const { tone } = await visitor.revoke({ orderNumber });
    assert.equal(tone, "done");
    assert.equal(real(orderNumber).length, 1);
    assert.deepEqual(
      (await visitor.told()).map(([event]) => event),
      ["revoked"],
    );
  },
);

visit("an unknown outcome stays until it is settled, through a reload", async (visitor) => {
  const orderNumber = number();
  await visitor.loseCall();
  const { tone, words } = await visitor.revoke({ orderNumber });
  assert.equal(tone, "unknown");
  assert.match(words, /It is not known whether order \d+ was revoked/);
  assert.doesNotMatch(words, /accepted|nothing was (sent|revoked|changed)/i);
  assert.deepEqual(
    (await visitor.told()).map(([event, detail]) => [
      event,
      detail.kind,
      detail.mayHaveRevoked,
      detail.orderNumber,
    ]),
    [["unknown", "unknown-outcome", true, orderNumber]],
  );
  await visitor.press("Back to the form");
  await visitor.element.getByText(`Order ${orderNumber}: outcome not known`).waitFor();

  await visitor.page.reload();
  await visitor.prepare(world.keys.operator);
  await visitor.element.getByText(`Order ${orderNumber}: outcome not known`).waitFor();
  await visitor.press("Show");
  await visitor.press("Ask the server");
  await visitor.element.getByText(`The server has never sent order ${orderNumber}`).waitFor();
  assert.deepEqual(real(orderNumber), [], "asking revoked");
  await visitor.press("Try again");
  await visitor.hears("The CA accepted the revocation");
  assert.equal(real(orderNumber).length, 1);
  assert.deepEqual(
    (await visitor.told()).map(([event]) => event),
    ["revoked"],
  );
  await visitor.press("Next order");
  assert.equal(await visitor.element.getByText("outcome not known").count(), 0);
});

visit(
  "what the server does not know either is sent again only when a person says so, and confirms",
  async (visitor) => {
    const orderNumber = number();
    world.simulator.faults.add({ fault: "early-close", orderNumber, acts: false });
    const { tone, words } = await visitor.revoke({ orderNumber });
    assert.equal(tone, "unknown");
    assert.match(words, /The server does not know the outcome either/);
    world.simulator.faults.clear();
    assert.equal(await visitor.element.getByRole("button", { name: "Try again" }).count(), 0);
    await visitor.press("Ask the server");
    await visitor.press("Send again…");
    await visitor.press("Cancel");
    assert.equal((await visitor.read()).tone, "unknown");
    await visitor.press("Send again…");
    await visitor.element.getByLabel("Type the order number to confirm").fill(orderNumber);
    await visitor.press(`Revoke order ${orderNumber}`);
    await visitor.element.getByText("Tick this first.").waitFor();
    assert.equal(real(orderNumber).length, 1);
    await visitor.element.getByLabel("The certificate has not been replaced").check();
    await visitor.press(`Revoke order ${orderNumber}`);
    await visitor.hears("The CA accepted the revocation");
    assert.equal(real(orderNumber).length, 2);
  },
);

visit("an order that was left unknown by someone else is shown as that, and not sent", async (visitor) => {
  const orderNumber = number();
  world.simulator.faults.add({ fault: "early-close", orderNumber, acts: false });
  await fetch(`${world.edge}/v1/revocations`, {
    method: "POST",
    headers: { Authorization: `Bearer ${world.keys.operator}`, "Content-Type": "application/json" },
    body: JSON.stringify({ orderNumber }),
  });
  await visitor.fill({ orderNumber });
  await visitor.press("Revoke…");
  const { tone, words } = await visitor.read();
  assert.equal(tone, "unknown");
  assert.match(words, /The server does not know the outcome either/);
  assert.equal(real(orderNumber).length, 1);
  // It is found out by the server, and told as what it is: not this page's doing.
  world.simulator.faults.clear();
  world.simulator.orders.set({ orderNumber, state: "revoked" });
  await visitor.press("Ask the server");
  await visitor.hears(`Order ${orderNumber} is revoked already.`);
  assert.equal(real(orderNumber).length, 1);
  assert.deepEqual(await visitor.told(), []);
});

visit("a record from before the call is told as that, and settles nothing", async (visitor) => {
  const orderNumber = number();
  await visitor.revoke({ orderNumber });
  await visitor.press("Next order");
  // Replaced under its number.
  world.simulator.orders.set({ orderNumber, state: "issued" });
  await visitor.loseCall();
  assert.equal((await visitor.revoke({ orderNumber })).tone, "unknown");
  await visitor.press("Ask the server");
  await visitor.element.getByText("That is from before this call").waitFor();
  assert.equal((await visitor.read()).tone, "unknown");
  await visitor.press("Try again");
  await visitor.hears(/accepted/);
  assert.equal(real(orderNumber).length, 2);
});

visit("what the server knows of an order is said before it is confirmed", async (visitor) => {
  const orderNumber = number();
  await visitor.revoke({ orderNumber });
  await visitor.press("Next order");
  await visitor.fill({ orderNumber, reason: "Key compromise" });
  await visitor.press("Revoke…");
  await visitor.element.getByRole("dialog").getByText("The server's record says: revoked.").waitFor();
  await visitor.confirm(orderNumber);
  await visitor.element.getByText("may be a weaker one").waitFor();
  const told = await visitor.told();
  assert.deepEqual([told[1][0], told[1][1].outcome], ["revoked", "already-revoked"]);
});

visit("what the CA refuses is said in its words, as text", async (visitor) => {
  const orderNumber = number();
  world.simulator.orders.set({
    orderNumber,
    errorCode: -4,
    errorMessage: "<img src=x onerror=alert(1)> is invalid",
  });
  const { tone, words } = await visitor.revoke({ orderNumber });
  assert.equal(tone, "no");
  assert.match(words, /The CA refused order \d+: Invalid argument/);
  assert.match(words, /<img src=x onerror=alert\(1\)> is invalid/);
  assert.deepEqual(
    (await visitor.told()).map(([event, { kind, errorCode }]) => [event, kind, errorCode]),
    [["failed", "ca-refused", -4]],
  );
  await visitor.press("Back to the form");
  assert.equal(await visitor.element.getByLabel("Order number", { exact: true }).inputValue(), orderNumber);
});

visit(
  "who may not revoke is told before anything is confirmed",
  async (visitor) => {
    await visitor.fill({ orderNumber: number() });
    await visitor.press("Revoke…");
    await visitor.hears("You may not revoke this order.");
    await visitor.element.getByText("Your permissions let you test it only.").waitFor();
    assert.equal(await visitor.element.getByRole("dialog").count(), 0);
    await visitor.press("Test only");
    await visitor.hears(/passed\. Nothing was changed/);
  },
  { token: "tester" },
);

visit(
  "an order out of range is refused before it is confirmed; one within goes through",
  async (visitor) => {
    for (const outside of ["999", "2000", "6"]) {
      await visitor.fill({ orderNumber: outside });
      await visitor.press("Revoke…");
      await visitor.hears("You may not revoke this order.");
    }
    await visitor.fill({ orderNumber: "1999" });
    await visitor.press("Revoke…");
    await visitor.confirm("1999");
    await visitor.hears("The CA accepted the revocation of order 1999");
  },
  { token: "reseller" },
);

visit("a server that cannot be reached stops it before the question", async (visitor) => {
  const orderNumber = number();
  await visitor.page.route("**/v1/me", (route) => route.abort());
  await visitor.fill({ orderNumber });
  await visitor.press("Revoke…");
  const { tone, words } = await visitor.read();
  assert.equal(tone, "no");
  assert.match(words, /Nothing was sent/);
  assert.deepEqual(world.received(orderNumber), []);
});

visit("each kind of refusal is said in words, with the next step", async (visitor) => {
  for (const [kind, status, words, members] of /** @type {[string, number, RegExp, object?][]} */ ([
    ["malformed-request", 400, /could not read the request/],
    ["unauthenticated", 401, /does not know who you are/],
    ["forbidden", 403, /You may not revoke this order/],
    ["in-progress", 409, /Another call is working on this order[^]*Ask the server/],
    ["idempotency-mismatch", 422, /took this for another call/],
    ["not-found", 404, /does not show you this order/],
    ["unsupported-request", 415, /does not take this request/],
    ["internal", 500, /The server failed/],
    ["rate-limited", 429, /your limit of calls[^]*in 30 seconds/, { retryAfter: 30 }],
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
    const orderNumber = number();
    await visitor.intercept("/v1/revocations", (route) =>
      route.fulfill(problem(kind, status, { orderNumber, ...members })),
    );
    const said = await visitor.revoke({ orderNumber });
    assert.notEqual(said.tone, "unknown", kind);
    assert.match(said.words, words, kind);
    assert.doesNotMatch(said.words, /accepted|not known/, kind);
    const told = await visitor.told();
    assert.deepEqual([told.at(-1)?.[0], told.at(-1)?.[1].kind], ["failed", kind]);
    await visitor.press("Back to the form");
  }
});

visit("the token is nowhere in the page, and no attribute takes it", async (visitor) => {
  await visitor.revoke({ orderNumber: number() });
  const left = await visitor.page.evaluate(() =>
    JSON.stringify({
      markup: document
        .querySelector("autorevoke-form")
        ?.getHTML({ serializableShadowRoots: true, shadowRoots: [] }),
      outer: document.documentElement.outerHTML,
      inner: document.querySelector("autorevoke-form")?.shadowRoot?.innerHTML,
      session: { ...sessionStorage },
      local: { ...localStorage },
    }),
  );
  assert.ok(!left.includes("ark_"), "the token was found in the page");
  await visitor.page.evaluate(() =>
    document.querySelector("autorevoke-form")?.setAttribute("token", "ark_x_s3cret"),
  );
  assert.equal(await visitor.element.getAttribute("token"), null);
  assert.equal(visitor.complaints.length, 1);
  assert.match(visitor.complaints[0], /"token" is a property/);
  assert.ok(!visitor.complaints[0].includes("s3cret"));
  visitor.complaints = [];
});

visit("while a call is in flight who leaves is warned, and the seconds are told", async (visitor) => {
  const orderNumber = number();
  /** @type {() => void} */
  let go = () => {};
  const held = new Promise((resolve) => (go = () => resolve(undefined)));
  await visitor.intercept("/v1/revocations", async (route) => {
    await held;
    await route.continue();
  });
  await visitor.fill({ orderNumber });
  await visitor.press("Revoke…");
  await visitor.confirm(orderNumber);
  await visitor.element.getByText("For 1 second").waitFor();
  assert.match((await visitor.focused()).text, /Revoking order/);
  const asked = visitor.page.waitForEvent("dialog");
  await visitor.page.close({ runBeforeUnload: true });
  const warning = await asked;
  assert.equal(warning.type(), "beforeunload");
  await warning.dismiss();
  go();
  assert.equal((await visitor.read()).tone, "done");
  assert.equal(real(orderNumber).length, 1);
});

visit("a whole revocation works by keyboard alone", async (visitor) => {
  const orderNumber = number();
  const { keyboard } = visitor.page;
  await keyboard.press("Tab");
  assert.equal((await visitor.focused()).id, "orderNumber");
  await keyboard.type(orderNumber);
  await keyboard.press("Tab");
  await keyboard.press("Space");
  await keyboard.press("Enter");
  await visitor.element.getByLabel("Type the order number to confirm").waitFor();
  assert.equal((await visitor.focused()).id, "confirmation-number");
  await keyboard.type(orderNumber);
  await keyboard.press("Enter");
  const { words } = await visitor.read();
  assert.match(words, /accepted[^]*Key compromise \(1\)/);
  assert.equal((await visitor.focused()).id, "title");
});

visit(
  "German, by the document's language: texts, numbers and times; changed while it is shown",
  async (visitor) => {
    const orderNumber = number();
    await visitor.element.getByLabel("Bestellnummer", { exact: true }).fill(orderNumber);
    await visitor.element.getByLabel("Kommentar").fill("x".repeat(1025));
    await visitor.element.getByText("1.025 von 1.024 Zeichen").waitFor();
    await visitor.press("Widerrufen …");
    await visitor.element.getByText("Höchstens 1.024 Zeichen.").waitFor();
    await visitor.element.getByLabel("Kommentar").fill("");
    await visitor.element.getByRole("radio", { name: "Ersetzt" }).check();
    world.simulator.orders.set({ orderNumber, state: "expired" });
    await visitor.press("Widerrufen …");
    await visitor.element.getByLabel("Zur Bestätigung die Bestellnummer eingeben").fill(orderNumber);
    await visitor.press(`Bestellung ${orderNumber} widerrufen`);
    const { words } = await visitor.read();
    assert.match(words, new RegExp(`Die CA hat Bestellung ${orderNumber} zurückgewiesen: abgelaufen\\.`));
    assert.match(words, /\d{2}:\d{2}:\d{2} MEZ/);
    assert.equal(await visitor.element.locator("[part=base]").getAttribute("lang"), "de");
    await visitor.page.evaluate(() => (document.documentElement.lang = "fr"));
    await visitor.hears(`The CA refused order ${orderNumber}: Expired.`);
    assert.equal(await visitor.element.locator("[part=base]").getAttribute("lang"), "en");
  },
  { lang: "de" },
);
