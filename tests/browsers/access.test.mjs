// The page for everyone: WCAG A and AA by axe, light and dark, and no sideways scrolling on a narrow screen.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { launch, skip } from "./chromium.mjs";
import { startPage } from "./page-server.mjs";
import { Visitor } from "./visitor.mjs";

const ORDER = { orderNumber: "123456", reason: "keyCompromise" };
const UNKNOWN = {
  type: "urn:autorevoke:problem:unknown-outcome",
  title: "Unknown",
  status: 502,
  mayHaveRevoked: true,
};

/** @type {Awaited<ReturnType<typeof startPage>>} */
let site;
/** @type {import("playwright-core").Browser} */
let browser;
/** @type {string} */
let axe;

before(async () => {
  if (skip) return;
  axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  site = await startPage();
  site.answerWith(({ path }) =>
    path === "/v1/me"
      ? {
          status: 200,
          body: { actor: "key:k", person: "p", grants: [{ permissions: ["revoke"], orders: ["*"] }] },
        }
      : { status: 502, body: UNKNOWN },
  );
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await site?.close();
});

for (const [name, screen] of /** @type {[string, import("./visitor.mjs").Screen][]} */ ([
  ["light", { colorScheme: "light" }],
  ["dark", { colorScheme: "dark" }],
  ["360 px wide", { viewport: { width: 360, height: 740 } }],
])) {
  test(`every state of the page passes, ${name}`, { skip, timeout: 60_000 }, async () => {
    const visitor = await Visitor.open(browser, site.url, screen);
    await visitor.presentKey("ark_k_s");
    await passes(visitor, "with a key");
    await visitor.askToRevoke();
    await visitor.page.locator("#orderNumber[aria-invalid]").waitFor();
    await passes(visitor, "with errors at the fields");
    await visitor.fill({ ...ORDER, comment: "A-very-long-word-".repeat(20) });
    await visitor.askToRevoke();
    await visitor.page.getByRole("dialog").waitFor();
    await passes(visitor, "with the confirmation");
    await visitor.confirm("123456");
    await visitor.read();
    await passes(visitor, "with an outcome and a history");
    await visitor.leave();
  });
}

/**
 * @param {Visitor} visitor
 * @param {string} when
 */
async function passes({ page }, when) {
  // By the debugger, so that the page's policy stays as strict as it is.
  await page.evaluate(axe);
  const { violations } = /** @type {import("axe-core").AxeResults} */ (
    await page.evaluate(
      "axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })",
    )
  );
  const found = violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target).join(" ")}`);
  assert.deepEqual(found, [], when);
  const overhang = await page.evaluate(
    "document.documentElement.scrollWidth - document.documentElement.clientWidth",
  );
  assert.equal(overhang, 0, `${when}: the page scrolls sideways`);
}
