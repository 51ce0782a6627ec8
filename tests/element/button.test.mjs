// <autorevoke-button>: one order, asked and told in a dialog.
import assert from "node:assert/strict";
import { after, before, beforeEach, test } from "node:test";
import { launch, skip } from "../browsers/chromium.mjs";
import { Visitor } from "./visitor.mjs";
import { startWorld } from "./world.mjs";

let next = 830_000;
/** @type {Record<string, string>} */
const pages = {};
/** @type {import("./world.mjs").World} */
let world;
/** @type {import("playwright-core").Browser} */
let browser;

before(async () => {
  if (skip) return;
  world = await startWorld({ pages });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await world?.close();
});
beforeEach(() => world?.simulator.reset());

/** @param {string} orderNumber */
const real = (orderNumber) => world.received(orderNumber).filter(({ test }) => test !== "Y");

/**
 * @param {string} name
 * @param {string} attributes
 * @param {(visitor: Visitor, orderNumber: string) => Promise<void>} steps
 */
function visit(name, attributes, steps) {
  test(name, { skip, timeout: 300_000 }, async () => {
    const orderNumber = String((next += 1));
    pages[`/${orderNumber}`] = `<!doctype html><html lang="en"><title>Button</title>
      <script type="module" src="/pkg/dist/element.js"></script>
      <main><h1>Page</h1><autorevoke-button order-number="${orderNumber}" ${attributes}>Revoke this one</autorevoke-button></main></html>`;
    const visitor = await Visitor.open(browser, `${world.url}/${orderNumber}`, {
      element: "autorevoke-button",
      token: world.keys.operator,
    });
    await steps(visitor, orderNumber);
    await visitor.leave();
  });
}

visit(
  "with a reason of the page: number typed, revoked once, told, and shown beside it",
  'code-reason="keyCompromise" revocation-reason="Ticket 7"',
  async (visitor, orderNumber) => {
    await visitor.press("Revoke this one");
    const dialog = visitor.element.getByRole("dialog", { name: `Revoke order ${orderNumber}?` });
    await dialog.waitFor();
    assert.match(await dialog.innerText(), /Key compromise \(1\)[^]*Ticket 7[^]*This cannot be undone/);
    assert.equal((await visitor.focused()).id, "confirmation-number");
    await visitor.element.getByLabel("Type the order number to confirm").fill(orderNumber);
    await visitor.element.getByRole("button", { name: `Revoke order ${orderNumber}` }).dblclick();
    assert.equal((await visitor.read()).tone, "done");
    assert.deepEqual(
      real(orderNumber).map(({ codeReason, revocationReason }) => [codeReason, revocationReason]),
      [["1", "Ticket 7"]],
    );
    assert.deepEqual(
      (await visitor.told()).map(([event, { outcome }]) => [event, outcome]),
      [["revoked", "revoked"]],
    );
    await visitor.press("Close");
    // The button does not offer it again.
    assert.equal(await visitor.element.getByRole("button", { name: "Revoke this one" }).count(), 0);
    await visitor.press("Show");
    assert.match((await visitor.read()).words, /accepted/);
  },
);

visit("without one it is chosen in the dialog, and has to be", "", async (visitor, orderNumber) => {
  await visitor.press("Revoke this one");
  await visitor.confirm(orderNumber);
  await visitor.element.getByText("Choose a reason.").waitFor();
  assert.deepEqual(real(orderNumber), []);
  await visitor.element.getByRole("radio", { name: "Superseded" }).check();
  await visitor.press("Test only");
  assert.match((await visitor.read()).words, /Nothing was changed/);
  await visitor.press("Close");
  await visitor.press("Revoke this one");
  await visitor.confirm(orderNumber);
  assert.equal((await visitor.read()).tone, "done");
  assert.deepEqual(
    real(orderNumber).map(({ codeReason }) => codeReason),
    ["4"],
  );
});

visit(
  "closed by Escape, nothing is sent, and the button has the focus",
  'code-reason="4"',
  async (visitor, orderNumber) => {
    await visitor.press("Revoke this one");
    await visitor.element.getByLabel("Type the order number to confirm").waitFor();
    await visitor.page.keyboard.press("Escape");
    await visitor.element.getByRole("dialog").waitFor({ state: "hidden" });
    assert.equal(await visitor.page.evaluate(() => document.activeElement?.localName), "autorevoke-button");
    assert.deepEqual([real(orderNumber), await visitor.told()], [[], []]);
  },
);

visit(
  "an unknown outcome is shown beside it, after a reload too, and only for its order",
  'code-reason="4"',
  async (visitor, orderNumber) => {
    await visitor.loseCall();
    await visitor.press("Revoke this one");
    await visitor.confirm(orderNumber);
    assert.equal((await visitor.read()).tone, "unknown");
    await visitor.page.reload();
    await visitor.prepare(world.keys.operator);
    await visitor.element.getByText(`Order ${orderNumber}: outcome not known`).waitFor();
    await visitor.press("Show");
    await visitor.press("Try again");
    await visitor.hears("The CA accepted the revocation");
    assert.equal(real(orderNumber).length, 1);
  },
);

visit(
  "what one element leaves unsettled, another one shows, until either settles it",
  'code-reason="4"',
  async (visitor, orderNumber) => {
    const { page } = visitor;
    await page.evaluate((token) => {
      const form = /** @type {any} */ (document.createElement("autorevoke-form"));
      form.token = token;
      document.querySelector("main")?.append(form);
    }, world.keys.operator);
    const band = page.locator("autorevoke-form").getByText(`Order ${orderNumber}: outcome not known`);
    await visitor.loseCall();
    await visitor.press("Revoke this one");
    await visitor.confirm(orderNumber);
    await band.waitFor({ state: "attached" });
    await visitor.press("Try again");
    await visitor.hears(/accepted/);
    await band.waitFor({ state: "detached" });
    assert.equal(real(orderNumber).length, 1);
  },
);

visit(
  "used for another order it says nothing of the one before, and that one's call is told all the same",
  'code-reason="4"',
  async (visitor, orderNumber) => {
    const other = `9${orderNumber}`;
    /** @type {() => void} */
    let go = () => {};
    const held = new Promise((resolve) => (go = () => resolve(undefined)));
    await visitor.intercept("/v1/revocations", async (route) => {
      await held;
      await route.continue();
    });
    await visitor.press("Revoke this one");
    await visitor.confirm(orderNumber);
    await visitor.element.getByText(`Revoking order ${orderNumber}…`).first().waitFor();
    await visitor.element.evaluate((button, number) => button.setAttribute("order-number", number), other);
    await visitor.element.getByRole("dialog").waitFor({ state: "hidden" });
    const ended = visitor.page.evaluate(
      () => new Promise((resolve) => document.addEventListener("revoked", () => resolve(undefined))),
    );
    go();
    await ended;
    assert.deepEqual(
      (await visitor.told()).map(([event, detail]) => [event, detail.orderNumber]),
      [["revoked", orderNumber]],
    );
    await visitor.press("Revoke this one");
    await visitor.confirm(other);
    assert.match((await visitor.read()).words, new RegExp(`accepted the revocation of order ${other}`));
    await visitor.element.evaluate((button) => button.setAttribute("order-number", "5"));
    await visitor.element.getByRole("button", { name: "Revoke this one" }).waitFor();
    assert.deepEqual([real(orderNumber).length, real(other).length], [1, 1]);
  },
);

visit(
  "what the page got wrong is told, and nothing is sent",
  'code-reason="bogus"',
  async (visitor, orderNumber) => {
    await visitor.press("Revoke this one");
    await visitor.element
      .getByRole("dialog")
      .getByText(/codeReason|reason/i)
      .first()
      .waitFor();
    await visitor.press("Close");
    await visitor.element.getByRole("dialog").waitFor({ state: "hidden" });
    assert.deepEqual(world.received(orderNumber), []);
  },
);

visit("a question that is not answered can be left", 'code-reason="4"', async (visitor, orderNumber) => {
  await visitor.page.route("**/v1/me", () => {});
  await visitor.press("Revoke this one");
  await visitor.element.getByText("Asking the server about the order…").first().waitFor();
  await visitor.page.keyboard.press("Escape");
  await visitor.element.getByRole("dialog").waitFor({ state: "hidden" });
  await visitor.page.unroute("**/v1/me");
  await visitor.press("Revoke this one");
  await visitor.confirm(orderNumber);
  assert.equal((await visitor.read()).tone, "done");
  assert.equal(real(orderNumber).length, 1);
});
