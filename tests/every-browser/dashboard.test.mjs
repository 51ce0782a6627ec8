// The dashboard in every browser, as the edge serves it: signing in, a revocation, a drill, and each screen.
// @ts-check
import assert from "node:assert/strict";
import { after, before } from "node:test";
import { By, Key, until } from "selenium-webdriver";
import { startWorld } from "../browsers/dashboard-world.mjs";
import { inEveryBrowser } from "./browsers.mjs";

const SHOWS_WITHIN_MS = 30_000;
let orderNumber = 860_000;

/** @type {import("../browsers/dashboard-world.mjs").World} */
let world;

before(async () => {
  world = await startWorld();
});
after(() => world?.close());

/** @param {import("selenium-webdriver").WebDriver} driver */
function visitor(driver) {
  const find = (/** @type {string} */ css) => driver.wait(until.elementLocated(By.css(css)), SHOWS_WITHIN_MS);
  return {
    find,
    /** @param {keyof typeof world.keys} person */
    async signIn(person) {
      await driver.get(`${world.url}/#/server`);
      await (await find("#key")).sendKeys(world.keys[person], Key.ENTER);
      await find("#you-heading");
    },
    /** @param {string} hash */
    go: (hash) => driver.executeScript("location.hash = arguments[0]", hash),
    /** @param {string} css */
    press: async (css) => driver.executeScript("arguments[0].click()", await find(css)),
    /** @param {RegExp} text */
    async sees(text) {
      const words = async () => String(await driver.executeScript("return document.body.innerText"));
      await driver.wait(async () => text.test(await words()), SHOWS_WITHIN_MS).catch(() => {});
      assert.match(await words(), text);
    },
  };
}

inEveryBrowser("an order is revoked on the dashboard, once", async (driver) => {
  const order = String((orderNumber += 1));
  const { find, signIn, go, press, sees } = visitor(driver);
  await signIn("operator");
  await go(`#/orders/${order}`);
  await press("#codeReason-superseded");
  await press("form.card button.danger");
  await (await find("#confirmation-number")).sendKeys(order, Key.ENTER);
  await sees(new RegExp(`The CA accepted the revocation of order ${order}`));
  assert.equal(world.received(order).filter(({ acted }) => acted).length, 1);
});

inEveryBrowser("a drill is planned from a pasted list, and watched to its end", async (driver) => {
  const first = (orderNumber += 10);
  const { find, signIn, go, press, sees } = visitor(driver);
  await signIn("operator");
  await go("#/jobs/new");
  // As a paste does: WebKit's driver types no line break.
  await driver.executeScript(
    "const [at, text] = arguments; at.value = text; at.dispatchEvent(new InputEvent('input'))",
    await find("#plan-list"),
    `${first}\n${first + 1}`,
  );
  await sees(/2 rows read/);
  await driver.executeScript(
    "const at = arguments[0]; at.value = 'superseded'; at.dispatchEvent(new Event('change'))",
    await find("#plan-reason"),
  );
  await press("form.card .buttons:last-of-type button.primary");
  await (await find("#total")).sendKeys("2", Key.ENTER);
  await sees(/The drill is over\. Nothing was changed\./);
});

inEveryBrowser("each screen opens, and the audit log is verified in a worker", async (driver) => {
  const { find, signIn, go, press, sees } = visitor(driver);
  await signIn("operator");
  for (const [route, shows] of [
    ["#/", "look-up"],
    ["#/jobs", "jobs-screen h1"],
    ["#/unknown", "unknown-screen h1"],
    ["#/approvals", "approvals-screen h1"],
    ["#/server", "#breaker-heading"],
  ]) {
    await go(route);
    await find(shows);
  }
  await driver.navigate().refresh();
  await signIn("auditor");
  await go("#/audit");
  await press("audit-verification button.primary");
  await sees(/Whole, 1 to \d+/);
});
