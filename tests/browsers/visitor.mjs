// Someone who uses the dashboard: signs in, goes to a screen, fills in, reads what it says. Watches for anything that the page's
// policy forbids, and for what the page lets fall.
import assert from "node:assert/strict";
import { keep, keeper } from "../../scripts/test/evidence.mjs";

/** @typedef {import("playwright-core").BrowserContextOptions} Screen */

export class Visitor {
  /** What the browser refused, and what the page let fall. @type {string[]} */
  complaints = [];

  /** Secrets of the keys that were presented: they may be in the header that they are for, and nowhere else. @type {Set<string>} */
  secrets = new Set();
  /** What left the page otherwise, and what its console has. @type {string[]} */
  seen = [];

  /** @param {import("playwright-core").Page} page @param {string} url */
  constructor(page, url) {
    this.page = page;
    this.url = url;
    page.on("pageerror", (error) => this.complaints.push(error.message));
    page.on("response", async (response) => {
      const head = JSON.stringify(response.headers());
      keep("page-answers", head + (await response.text().catch(() => "")));
    });
    page.on("request", (request) => this.seen.push(request.url(), request.postData() ?? ""));
    const keepConsole = keeper("console");
    page.on("console", (message) => {
      keepConsole(`${message.text()}\n`);
      this.seen.push(message.text());
      // A failed request is the test's own doing.
      if (message.type() === "error" && !/the server responded with|net::ERR/.test(message.text()))
        this.complaints.push(message.text());
    });
  }

  /**
   * @param {import("playwright-core").Browser} browser
   * @param {string} url
   * @param {{ key?: string, route?: string, screen?: Screen }} [how]
   */
  static async open(browser, url, { key, route = "", screen = {} } = {}) {
    const context = await browser.newContext({ timezoneId: "Europe/Berlin", locale: "en-GB", ...screen });
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    const visitor = new Visitor(page, url);
    await page.addInitScript(() => {
      document.addEventListener("securitypolicyviolation", (event) =>
        console.error(`Content Security Policy: ${event.violatedDirective}: ${event.blockedURI}`),
      );
    });
    await page.goto(`${url}/${route}`);
    if (key !== undefined) await visitor.signIn(key);
    return visitor;
  }

  /** Leaves, and insists that nothing was complained about. */
  async leave() {
    const storage = await this.page.evaluate(async () =>
      JSON.stringify([
        { ...localStorage },
        { ...sessionStorage },
        document.cookie,
        await caches.keys(),
        history.state,
      ]),
    );
    const markup = await this.page.content();
    keep("page", markup);
    keep("page-text", await this.page.innerText("html"));
    keep("page-storage", storage);
    const everything = [markup, storage, this.page.url(), ...this.seen].join("\n");
    for (const secret of this.secrets)
      assert.ok(!everything.includes(secret), "a key is where it must not be");
    await this.page.context().close();
    assert.deepEqual(this.complaints, []);
  }

  /** @param {string} key */
  async signIn(key) {
    this.secrets.add(key.replace(/^ark_[^_]*_/, ""));
    await this.page.locator("#key").fill(key);
    await this.page.locator("#key").press("Enter");
    await this.page.locator("nav").waitFor();
  }

  /** @param {string} route */
  async go(route) {
    await this.page.evaluate((hash) => (location.hash = hash), route);
  }

  /** By the field, as people do. @param {string} name */
  async lookUp(name) {
    await this.page.getByLabel("Order number or serial number").fill(name);
    await this.press("Look up");
  }

  /** @param {string} name */
  press(name) {
    return this.page.getByRole("button", { name, exact: true }).click();
  }

  /** @param {{ reason?: string, comment?: string }} order */
  async fill({ reason = "Superseded", comment }) {
    await this.page.getByRole("radio", { name: reason }).check();
    if (comment !== undefined) await this.page.getByLabel("Comment").fill(comment);
  }

  /** @param {string} orderNumber */
  async confirm(orderNumber) {
    await this.page.getByLabel("Type the order number to confirm").fill(orderNumber);
    await this.press(`Revoke order ${orderNumber}`);
  }

  /** The whole of it, from the address on. @param {{ orderNumber: string, reason?: string, comment?: string }} order */
  async revoke({ orderNumber, ...order }) {
    await this.go(`#/orders/${orderNumber}`);
    await this.hears(`Order ${orderNumber}`);
    await this.fill(order);
    await this.press("Revoke…");
    await this.confirm(orderNumber);
    return this.read();
  }

  /** @param {{ orderNumber: string, reason?: string }} order */
  async dryRun({ orderNumber, ...order }) {
    await this.go(`#/orders/${orderNumber}`);
    await this.hears(`Order ${orderNumber}`);
    await this.fill(order);
    await this.press("Dry run");
    return this.read();
  }

  /** Asks the server about an order that is revoked. Its own probes come at any time, and may find that out first. @param {string} orderNumber */
  async asks(orderNumber) {
    const revoked = `Order ${orderNumber} is revoked already`;
    await Promise.any([this.press("Ask the server (revokes nothing)"), this.hears(revoked)]);
    await this.hears(revoked);
  }

  /** What came of a call, where its heading is. */
  get outcome() {
    return this.page.locator(".outcome:has(#title)").last();
  }

  /** Waits for an outcome, and gives its tone and words. */
  async read() {
    await this.page.locator('.outcome:has(#title):not([data-tone="waiting"])').first().waitFor();
    return { tone: await this.outcome.getAttribute("data-tone"), words: await this.outcome.innerText() };
  }

  /** Waits for what is said as a heading. @param {string | RegExp} title */
  hears(title) {
    return this.page.getByRole("heading", { name: title }).first().waitFor();
  }

  /** @param {string | RegExp} text */
  sees(text) {
    return this.page.getByText(text).first().waitFor();
  }

  /** All that the screen says. */
  words() {
    return this.page.locator("main").innerText();
  }

  /** What has the focus, and whether all of it is on the screen. */
  focused() {
    return this.page.evaluate(() => {
      const at = document.activeElement;
      const { top = -1, bottom = -1 } = at?.getBoundingClientRect() ?? {};
      return {
        id: at?.id ?? "",
        text: (at?.textContent ?? "").trim(),
        inView: top >= 0 && bottom <= innerHeight,
      };
    });
  }

  /** The next answer to this path is another one, or lost. @param {string} path @param {(route: import("playwright-core").Route) => unknown} how */
  async intercept(path, how) {
    await this.page.route(`**${path}`, how, { times: 1 });
  }

  /** The next call is lost before the server has it, and so is the question about it. */
  async loseCall() {
    await this.intercept("/v1/revocations", async (route) => {
      await this.intercept("/v1/orders/*", (question) => question.abort());
      await route.abort();
    });
  }
}
