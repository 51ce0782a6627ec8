// The dashboard as a page: how it is served and signed in to, and what stays behind in it.
import assert from "node:assert/strict";
import { test } from "node:test";
import { skip } from "./chromium.mjs";
import { publishedHeaders } from "./dashboard-world.mjs";
import { Visitor } from "./visitor.mjs";
import { openDashboard } from "./visits.mjs";

const { world, browser, visit } = await openDashboard();

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

visit("each screen has a title of its own (design: less grave)", async (visitor) => {
  assert.equal(await visitor.page.title(), "Now · autorevoke");
  await visitor.go("#/orders/700060");
  await visitor.hears("Order 700060");
  assert.equal(await visitor.page.title(), "Order 700060 · autorevoke");
  await visitor.press("Sign out");
  assert.equal(await visitor.page.title(), "Sign in · autorevoke");
});

test("no key and a wrong key are told apart (design: less grave)", { skip, timeout: 300_000 }, async () => {
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
  { skip, timeout: 300_000 },
  async () => {
    const context = await browser.newContext();
    const page = await context.newPage();
    await page.route("**/assets/*.js", (route) => route.abort());
    await page.goto(world.url);
    assert.match(await page.innerText("body"), /the page's script could not be loaded: nothing works here/);
    await context.close();
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
