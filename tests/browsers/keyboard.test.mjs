// The flows of many orders by keyboard alone: a drill, an approval, a refusal.
import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { launch, skip } from "./chromium.mjs";
import { startWorld } from "./dashboard-world.mjs";
import { Visitor } from "./visitor.mjs";

/** @type {import("./dashboard-world.mjs").World} */
let world;
/** @type {import("playwright-core").Browser} */
let browser;

before(async () => {
  if (skip) return;
  world = await startWorld({ APPROVAL_ABOVE: "20" });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await world?.close();
});

/**
 * Presses Tab until what has the focus is what is meant.
 * @param {Visitor} visitor
 * @param {(at: { id: string, text: string }) => boolean} is
 */
async function tabTo(visitor, is) {
  for (let presses = 0; presses < 60; presses += 1) {
    await visitor.page.keyboard.press("Tab");
    if (is(await visitor.focused())) return;
  }
  assert.fail(`no Tab leads to what ${is} tells`);
}

test("a drill is planned and started by keyboard alone", { skip, timeout: 300_000 }, async () => {
  const visitor = await Visitor.open(browser, world.url, { key: world.keys.operator });
  const { page } = visitor;
  await visitor.go("#/jobs/new");
  await visitor.hears("Revoke many");
  await tabTo(visitor, ({ id }) => id === "plan-list");
  await page.keyboard.type("orderNumber\n830400\n830401");
  await tabTo(visitor, ({ id }) => id === "plan-name");
  await page.keyboard.type("By keyboard");
  await tabTo(visitor, ({ id }) => id === "plan-reason");
  await page.keyboard.type("Super");
  await tabTo(visitor, ({ text }) => text === "Plan a drill of this list");
  await page.keyboard.press("Enter");
  await visitor.hears("By keyboard");
  await tabTo(visitor, ({ id }) => id === "total");
  await page.keyboard.type("2");
  await page.keyboard.press("Enter");
  await visitor.hears("The drill is over. Nothing was changed.");
  await visitor.leave();
});

test("a job is approved, and another declined, by keyboard alone", { skip, timeout: 300_000 }, async () => {
  const visitor = await Visitor.open(browser, world.url, { key: world.keys.approver, route: "#/approvals" });
  const { page } = visitor;
  const open = async (/** @type {string} */ name) => {
    await visitor.hears("Approvals");
    await page.getByRole("link", { name }).waitFor();
    await tabTo(visitor, ({ text }) => text === name);
    await page.keyboard.press("Enter");
    await visitor.hears(name);
    await visitor.sees(/rows at random/);
  };
  const from = async (/** @type {string} */ name, /** @type {number} */ first) => {
    const { id, planHash, total } = await world.api("operator", "/v1/jobs", {
      name,
      orders: Array.from({ length: 24 }, (_, at) => ({ orderNumber: String(first + at) })),
      defaults: { codeReason: 4 },
    });
    await world.api("operator", `/v1/jobs/${id}/start`, { planHash, total });
  };
  await from("To be approved", 830_500);
  await from("To be declined", 830_600);
  await open("To be approved");
  await tabTo(visitor, ({ id }) => id === "total");
  await page.keyboard.type("25");
  await page.keyboard.press("Enter");
  await visitor.sees("This is not 24.");
  assert.equal((await visitor.focused()).id, "total");
  await page.keyboard.press("ControlOrMeta+a");
  await page.keyboard.type("24");
  await page.keyboard.press("Enter");
  await visitor.sees(/24 of 24 accepted/);
  assert.equal((await visitor.focused()).inView, true);

  await page.keyboard.press("Shift+Tab");
  await tabTo(visitor, ({ text }) => text.startsWith("Approvals"));
  await page.keyboard.press("Enter");
  await open("To be declined");
  await tabTo(visitor, ({ id }) => id === "decline");
  await page.keyboard.type("Last year's list.");
  await tabTo(visitor, ({ text }) => text === "Decline");
  await page.keyboard.press("Enter");
  await visitor.sees("Declined by arthur: “Last year's list.”");
  await visitor.leave();
});
