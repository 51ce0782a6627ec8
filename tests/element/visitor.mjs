// Someone who uses a page with an element on it, and what the page was told by its events.
import assert from "node:assert/strict";

/** @typedef {import("playwright-core").Page} Page */

export class Visitor {
  /** What the browser refused, and what the page let fall. @type {string[]} */
  complaints = [];

  /** @param {Page} page @param {string} element */
  constructor(page, element) {
    this.page = page;
    this.name = element;
    this.element = page.locator(element);
    page.on("pageerror", (error) => this.complaints.push(error.message));
    page.on("console", (message) => {
      if (message.type() === "error" && !/the server responded with|net::ERR/.test(message.text()))
        this.complaints.push(message.text());
    });
  }

  /**
   * @param {import("playwright-core").Browser} browser
   * @param {string} url
   * @param {{ element: string, token?: string, screen?: import("playwright-core").BrowserContextOptions, lang?: string }} how
   */
  static async open(browser, url, { element, token, screen = {}, lang }) {
    const context = await browser.newContext({ timezoneId: "Europe/Berlin", locale: "en-GB", ...screen });
    const page = await context.newPage();
    page.setDefaultTimeout(60_000);
    const visitor = new Visitor(page, element);
    await page.goto(url);
    await visitor.prepare(token, lang);
    return visitor;
  }

  /** Also after a reload. @param {string} [token] @param {string} [lang] */
  async prepare(token, lang) {
    await this.page.evaluate(
      ([token, lang, name]) => {
        const page = /** @type {any} */ (globalThis);
        if (lang) document.documentElement.lang = lang;
        page.told = [];
        for (const event of ["revoked", "tested", "unknown", "failed"])
          document.addEventListener(event, (/** @type {any} */ { detail }) =>
            page.told.push([event, detail]),
          );
        const element = /** @type {any} */ (document.querySelector(String(name)));
        if (token) element.token = () => Promise.resolve(token);
      },
      [token, lang, this.name],
    );
  }

  /** @returns {Promise<[string, any][]>} */
  told() {
    return this.page.evaluate("told");
  }

  /** @param {{ orderNumber: string, reason?: string, comment?: string }} order */
  async fill({ orderNumber, reason = "Superseded", comment }) {
    await this.element.getByLabel("Order number", { exact: true }).fill(orderNumber);
    await this.element.getByRole("radio", { name: reason }).check();
    if (comment) await this.element.getByLabel("Comment").fill(comment);
  }

  /** @param {string} name */
  press(name) {
    return this.element.getByRole("button", { name }).click();
  }

  /** @param {string} orderNumber */
  async confirm(orderNumber) {
    await this.element.getByLabel("Type the order number to confirm").fill(orderNumber);
    await this.press(`Revoke order ${orderNumber}`);
  }

  /** @param {Parameters<Visitor["fill"]>[0]} order */
  async revoke(order) {
    await this.fill(order);
    await this.press("Revoke…");
    await this.confirm(order.orderNumber);
    return this.read();
  }

  /** Waits for an outcome, and gives its tone and words. */
  async read() {
    const card = this.element.locator('section[data-tone]:not([data-tone="waiting"])').first();
    await card.waitFor();
    return { tone: await card.getAttribute("data-tone"), words: await card.innerText() };
  }

  /** Waits for what is said as a heading. @param {string | RegExp} title */
  hears(title) {
    return this.element.getByRole("heading", { name: title }).waitFor();
  }

  /** The next call is lost before the server has it, and so is the question about it. */
  async loseCall() {
    await this.page.route(
      "**/v1/revocations",
      async (route) => {
        await this.page.route("**/v1/orders/*", (question) => question.abort(), { times: 1 });
        await route.abort();
      },
      { times: 1 },
    );
  }

  /** What has the focus, in the innermost shadow root. */
  focused() {
    return this.page.evaluate(() => {
      let at = document.activeElement;
      while (at?.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
      return { id: at?.id ?? "", text: (at?.textContent ?? "").trim() };
    });
  }

  /** The next answer to this method and path is lost, or another one. @param {string} path @param {(route: import("playwright-core").Route) => unknown} how */
  async intercept(path, how) {
    await this.page.route(`**${path}`, how, { times: 1 });
  }

  /** Leaves, and insists that nothing was complained about. */
  async leave() {
    await this.page.context().close();
    assert.deepEqual(this.complaints, []);
  }
}

/** A problem document as the edge makes it. @param {string} kind @param {number} status @param {object} [members] */
export const problem = (kind, status, members = {}) => ({
  status,
  contentType: "application/problem+json",
  body: JSON.stringify({
    type: `urn:autorevoke:problem:${kind}`,
    title: kind,
    status,
    detail: `Detail of ${kind}.`,
    instance: "urn:uuid:0b5f0c1e-0000-4000-8000-000000000000",
    mayHaveRevoked: false,
    ...members,
  }),
});
