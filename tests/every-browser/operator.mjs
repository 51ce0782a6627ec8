// Someone who uses the dashboard by a WebDriver: finds things by what they are called, and reads what the screen says.
// @ts-check
import assert from "node:assert/strict";
import { By, Key } from "selenium-webdriver";

const WAITS_MS = 20_000;

/** A text in XPath, which knows no escapes. @param {string} text */
const quoted = (text) => (text.includes("'") ? `"${text}"` : `'${text}'`);

export class Operator {
  /** @param {import("selenium-webdriver").WebDriver} driver @param {string} url */
  constructor(driver, url) {
    this.driver = driver;
    this.url = url;
  }

  /** @param {string} key @param {string} [route] where to go first; it survives signing in */
  async signIn(key, route = "") {
    await this.driver.get(`${this.url}/${route}`);
    await this.presentKey(key);
  }

  /** @param {string} key */
  async presentKey(key) {
    await (await this.find(By.id("key"))).sendKeys(key, Key.ENTER);
    await this.find(By.css("nav"));
  }

  /** @param {string} route */
  go(route) {
    return this.driver.executeScript("location.hash = arguments[0]", route);
  }

  /** @param {string} name of a button */
  async press(name) {
    await this.click(By.xpath(`//button[normalize-space()=${quoted(name)}]`));
  }

  /** @param {string} name of a link */
  async follow(name) {
    await this.click(By.xpath(`//a[contains(normalize-space(), ${quoted(name)})]`));
  }

  /** @param {string} name of a radio button */
  async choose(name) {
    await this.click(By.xpath(`//label[contains(normalize-space(), ${quoted(name)})]`));
  }

  /** @param {string} label @param {string} text */
  async fill(label, text) {
    const named = await this.find(By.xpath(`//label[contains(normalize-space(), ${quoted(label)})]`));
    const field = await this.find(By.id(String(await named.getAttribute("for"))));
    await field.clear();
    // On to the next field, as people do; and a new line is a key, too.
    await field.sendKeys(text.replaceAll("\n", Key.ENTER), Key.TAB);
  }

  /** @param {string} label @param {string} value */
  async select(label, value) {
    const named = await this.find(By.xpath(`//label[contains(normalize-space(), ${quoted(label)})]`));
    await this.click(By.css(`#${await named.getAttribute("for")} option[value="${value}"]`));
  }

  /** @param {string} title */
  async hears(title) {
    await this.find(
      By.xpath(
        `//*[self::h1 or self::h2 or self::h3 or @role='heading'][contains(normalize-space(), ${quoted(title)})]`,
      ),
    );
  }

  /** Waits until the screen says it. @param {string | RegExp} text */
  async sees(text) {
    let words = "";
    const says = async () => {
      words = await this.words();
      return typeof text === "string" ? words.includes(text) : text.test(words);
    };
    await this.driver
      .wait(says, WAITS_MS)
      .catch(() => assert.fail(`it does not say ${text}, but:\n${words}`));
  }

  /** All that is on the screen. @returns {Promise<string>} */
  words() {
    return this.driver.executeScript("return document.body.innerText");
  }

  /** Waits for an outcome, and gives its tone; its heading has the focus and is in view. */
  async tone() {
    const outcome = await this.find(By.css('.outcome:has(#title):not([data-tone="waiting"])'));
    const isInView = await this.driver.executeScript(
      `const { id, getBoundingClientRect } = document.activeElement;
       const { top, bottom } = document.activeElement.getBoundingClientRect();
       return id === "title" && top >= 0 && bottom <= innerHeight;`,
    );
    assert.equal(isInView, true, "the outcome's heading has not the focus, or is not in view");
    return outcome.getAttribute("data-tone");
  }

  /** The first that is to be seen. @param {By} what @returns {Promise<import("selenium-webdriver").WebElement>} */
  async find(what) {
    /** @type {import("selenium-webdriver").WebElement | undefined} */
    let found;
    const isThere = async () => {
      for (const element of await this.driver.findElements(what))
        if (await element.isDisplayed().catch(() => false)) return (found = element);
      return false;
    };
    await this.driver.wait(isThere, WAITS_MS).catch(async () => {
      assert.fail(`there is no ${what}, but:\n${await this.words()}`);
    });
    return /** @type {any} */ (found);
  }

  /** Again if the screen has changed between finding and clicking. @param {By} what */
  async click(what) {
    const clicked = async () => {
      try {
        await (await this.find(what)).click();
        return true;
      } catch (error) {
        if (/** @type {Error} */ (error).name === "StaleElementReferenceError") return false;
        throw error;
      }
    };
    await this.driver.wait(clicked, WAITS_MS);
  }
}
