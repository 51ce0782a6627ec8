// The elements for everyone: WCAG A and AA by axe, light and dark, narrow and at 200 %, in both languages; what is read aloud.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { launch, skip } from "../browsers/chromium.mjs";
import { Visitor } from "./visitor.mjs";
import { startWorld } from "./world.mjs";

const page = (/** @type {string} */ body) => `<!doctype html><html lang="en"><title>Page</title>
  <meta name="viewport" content="width=device-width, initial-scale=1" /><link rel="stylesheet" href="/page.css" />
  <script type="module" src="/pkg/dist/element.js"></script><main><h1>Page</h1>${body}</main></html>`;
const PAGES = {
  "/form": page("<autorevoke-form></autorevoke-form>"),
  "/test": page("<autorevoke-form test></autorevoke-form>"),
  "/button": page('<autorevoke-button order-number="840000">Revoke</autorevoke-button>'),
  "/page.css": ":root { color-scheme: light dark; font: 1rem/1.5 system-ui } body { margin: 1rem }",
};

/** @type {import("./world.mjs").World} */
let world;
/** @type {import("playwright-core").Browser} */
let browser;
/** @type {string} */
let axe;
let next = 840_000;

before(async () => {
  if (skip) return;
  axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  world = await startWorld({ pages: PAGES });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await world?.close();
});

const SCREENS = /** @type {[string, import("playwright-core").BrowserContextOptions, string][]} */ ([
  ["light, English", { colorScheme: "light" }, "en"],
  ["dark, German", { colorScheme: "dark" }, "de"],
  ["320 px wide, German", { viewport: { width: 320, height: 640 } }, "de"],
  // 1280 px at 200 %.
  [
    "at 200 %, dark, English",
    { colorScheme: "dark", viewport: { width: 640, height: 400 }, deviceScaleFactor: 2 },
    "en",
  ],
  ["forced colours and reduced motion", { forcedColors: "active", reducedMotion: "reduce" }, "en"],
]);

/** The buttons and labels by language. @type {Record<string, Record<string, any>>} */
const WORDS = {
  en: {
    number: "Order number",
    reason: "Key compromise",
    revoke: "Revoke…",
    type: "Type the order number to confirm",
    go: (/** @type {string} */ n) => `Revoke order ${n}`,
    send: "Send again…",
    cancel: "Cancel",
    back: "Back to the form",
    test: "Test only",
  },
  de: {
    number: "Bestellnummer",
    reason: "Schlüssel kompromittiert",
    revoke: "Widerrufen …",
    type: "Zur Bestätigung die Bestellnummer eingeben",
    go: (/** @type {string} */ n) => `Bestellung ${n} widerrufen`,
    send: "Noch einmal senden …",
    cancel: "Abbrechen",
    back: "Zurück zum Formular",
    test: "Nur testen",
  },
};

for (const [name, screen, lang] of SCREENS) {
  test(`every state of the form passes: ${name}`, { skip, timeout: 300_000 }, async () => {
    const visitor = await Visitor.open(browser, `${world.url}/form`, {
      element: "autorevoke-form",
      token: world.keys.operator,
      screen,
      lang,
    });
    const { element } = visitor;
    const words = WORDS[lang];
    const orderNumber = String((next += 1));
    await passes(visitor, "empty");
    await visitor.press(words.revoke);
    await element.locator("#orderNumber[aria-invalid]").waitFor();
    await passes(visitor, "with errors at the fields");
    await element.getByLabel(words.number, { exact: true }).fill(orderNumber);
    await element.getByRole("radio", { name: words.reason }).check();
    await element.locator("#revocationReason").fill("A-very-long-word-".repeat(40));
    await element
      .locator("details")
      .first()
      .evaluate((details) => details.setAttribute("open", ""));
    await passes(visitor, "filled in");
    world.simulator.faults.add({ fault: "early-close", orderNumber, acts: false });
    await visitor.press(words.revoke);
    await element.getByLabel(words.type).fill("1");
    await visitor.press(words.go(orderNumber));
    await passes(visitor, "with the confirmation");
    await element.getByLabel(words.type).fill(orderNumber);
    await visitor.press(words.go(orderNumber));
    assert.equal((await visitor.read()).tone, "unknown");
    await passes(visitor, "with an unknown outcome");
    await visitor.press(words.send);
    await passes(visitor, "with the confirmation to send again");
    await visitor.press(words.cancel);
    await visitor.press(words.back);
    await passes(visitor, "with an unsettled call");
    world.simulator.faults.clear();
    const other = String((next += 1));
    await element.getByLabel(words.number, { exact: true }).fill(other);
    await visitor.press(words.revoke);
    await element.getByLabel(words.type).fill(other);
    await visitor.press(words.go(other));
    assert.equal((await visitor.read()).tone, "done");
    await passes(visitor, "with a result");
    await visitor.leave();
  });
}

test("the test mode and the button pass, light and dark", { skip, timeout: 300_000 }, async () => {
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    const form = await Visitor.open(browser, `${world.url}/test`, {
      element: "autorevoke-form",
      token: world.keys.operator,
      screen: { colorScheme },
    });
    await passes(form, "test mode");
    await form.leave();
    const button = await Visitor.open(browser, `${world.url}/button`, {
      element: "autorevoke-button",
      token: world.keys.operator,
      screen: { colorScheme },
    });
    await passes(button, "the button");
    await button.press("Revoke");
    await button.element.getByLabel("Type the order number to confirm").waitFor();
    await passes(button, "its dialog");
    await button.leave();
  }
});

test(
  "what happens is said in a live region, and the outcome's heading has the focus and is in view",
  { skip, timeout: 300_000 },
  async () => {
    const visitor = await Visitor.open(browser, `${world.url}/form`, {
      element: "autorevoke-form",
      token: world.keys.operator,
      screen: { viewport: { width: 1366, height: 657 } },
    });
    await visitor.page.evaluate(() => {
      const page = /** @type {any} */ (globalThis);
      page.said = [];
      const region = document.querySelector("autorevoke-form")?.shadowRoot?.querySelector('[role="status"]');
      if (!region) throw new Error("no live region");
      new MutationObserver(() => page.said.push(region.textContent)).observe(region, {
        subtree: true,
        childList: true,
        characterData: true,
      });
    });
    const orderNumber = String((next += 1));
    await visitor.revoke({ orderNumber });
    const said = /** @type {string[]} */ (await visitor.page.evaluate("said.filter(Boolean)"));
    assert.deepEqual(said, [
      "Asking the server about the order…",
      `Revoking order ${orderNumber}…`,
      `The CA accepted the revocation of order ${orderNumber}.`,
    ]);
    assert.equal((await visitor.focused()).id, "title");
    const top = await visitor.element
      .locator("#title")
      .evaluate((title) => title.getBoundingClientRect().top);
    assert.ok(top >= 0 && top < 600, `the heading is at ${top}`);
    await visitor.leave();
  },
);

/** @param {Visitor} visitor @param {string} when */
async function passes({ page }, when) {
  // By the debugger, so that the page's policy stays as strict as it is.
  await page.evaluate(axe);
  const { violations } = /** @type {import("axe-core").AxeResults} */ (
    await page.evaluate(
      "axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })",
    )
  );
  const found = violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).join(" ")}`,
  );
  assert.deepEqual(found, [], when);
  const overhang = await page.evaluate(
    "document.documentElement.scrollWidth - document.documentElement.clientWidth",
  );
  assert.equal(overhang, 0, `${when}: the page scrolls sideways`);
}
