// Someone who uses the page: opens it, fills it in, reads what it says. Watches for anything that its policy forbids.
import assert from "node:assert/strict";
import { keep, keeper } from "../../scripts/test/evidence.mjs";

/** @typedef {import("playwright-core").BrowserContextOptions} Screen */

export class Visitor {
  /** What the browser refused, and what the page let fall. @type {string[]} */
  complaints = [];

  /** @param {import("playwright-core").Page} page */
  constructor(page) {
    this.page = page;
    page.on("pageerror", (error) => this.complaints.push(error.message));
    page.on("response", async (response) => {
      const head = JSON.stringify(response.headers());
      keep("page-answers", head + (await response.text().catch(() => "")));
    });
    const keepConsole = keeper("console");
    page.on("console", (message) => {
      keepConsole(`${message.text()}\n`);
      if (message.text().includes("Content Security Policy")) this.complaints.push(message.text());
    });
  }

  /**
   * @param {import("playwright-core").Browser} browser
   * @param {string} url
   * @param {Screen} [screen]
   */
  static async open(browser, url, screen = {}) {
    const context = await browser.newContext(screen);
    const page = await context.newPage();
    page.setDefaultTimeout(20_000);
    const visitor = new Visitor(page);
    await page.exposeFunction("complain", (/** @type {string} */ what) => visitor.complaints.push(what));
    await page.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) =>
        // @ts-expect-error exposed above
        complain(`${event.violatedDirective}: ${event.blockedURI}`),
      );
    });
    await page.goto(url);
    return visitor;
  }

  /** Leaves, and insists that nothing was complained about. */
  async leave() {
    keep("page", await this.page.content());
    keep("page-text", await this.page.innerText("html"));
    await this.page.context().close();
    assert.deepEqual(this.complaints, []);
  }

  get outcome() {
    return this.page.locator("#outcome");
  }

  get confirmButton() {
    return this.page.locator("#confirmation-go");
  }

  /** @param {string} key */
  async presentKey(key) {
    const field = this.page.getByLabel("API key", { exact: true });
    await field.fill(key);
    await field.press("Tab");
    await this.page.locator("#identity.known").waitFor();
  }

  /** @param {{ orderNumber: string, reason: string, comment?: string, dryRun?: boolean }} order */
  async fill({ orderNumber, reason, comment = "", dryRun = false }) {
    await this.page.getByLabel("Order number", { exact: true }).fill(orderNumber);
    await this.page.getByRole("radio", { name: reason }).check();
    await this.page.getByLabel("Comment").fill(comment);
    await this.page.getByLabel("Dry run").setChecked(dryRun);
  }

  async askToRevoke() {
    await this.page.getByRole("button", { name: "Revoke…" }).click();
  }

  async check() {
    await this.page.getByRole("button", { name: "Run the check" }).click();
  }

  /** @param {string} orderNumber */
  async confirm(orderNumber) {
    await this.page.getByLabel("Type the order number to confirm").fill(orderNumber);
    await this.confirmButton.click();
  }

  /** The whole of it: fill in, ask, confirm, read. @param {Parameters<Visitor["fill"]>[0]} order */
  async revoke(order) {
    await this.fill(order);
    await this.askToRevoke();
    await this.confirm(order.orderNumber);
    return this.read();
  }

  /** @param {Parameters<Visitor["fill"]>[0]} order */
  async dryRun(order) {
    await this.fill({ ...order, dryRun: true });
    await this.check();
    return this.read();
  }

  /** Waits for the outcome and gives its tone and words. */
  async read() {
    // A call begins by moving here, so an earlier outcome is never taken for the new one.
    await this.page.locator("#outcome:focus-within, #outcome:focus").waitFor();
    await this.page.locator('#outcome[data-tone]:not([data-tone="waiting"])').waitFor();
    return { tone: await this.outcome.getAttribute("data-tone"), words: await this.outcome.innerText() };
  }

  /** @param {string} name */
  fieldError(name) {
    return this.page.locator(`#${name}-error`).innerText();
  }
}
