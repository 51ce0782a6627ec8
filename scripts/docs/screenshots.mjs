// Screenshots of the demo's dashboard, as someone sees it who revokes an order.
import { chromium } from "playwright-core";
import { inRoot } from "../command/places.mjs";

const SCREEN = { width: 960, height: 760 };

/**
 * @param {import("../run/demo.mjs").Demo} demo
 * @param {string} executablePath of Chromium
 * @returns {Promise<string[]>} the files
 */
export async function takeScreenshots(demo, executablePath) {
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  /** @type {string[]} */
  const files = [];
  try {
    const page = await browser.newPage({ viewport: SCREEN, colorScheme: "light", reducedMotion: "reduce" });
    /** The whole window, or a part of the page alone. @param {string} name @param {string} [part] */
    const take = async (name, part) => {
      const path = inRoot("docs/pictures", `${name}.png`);
      await (part ? page.locator(part) : page).screenshot({ path });
      files.push(path);
    };
    await page.goto(demo.url);
    const field = page.getByLabel("API key", { exact: true });
    await field.fill(demo.keys.find(({ permissions }) => permissions.includes("revoke"))?.key ?? "");
    await field.press("Tab");
    await page.locator("#identity.known").waitFor();
    await page.getByLabel("Order number", { exact: true }).fill("123456");
    await page.getByRole("radio", { name: "keyCompromise" }).check();
    await page.getByLabel("Comment").fill("Key found in a public repository");
    await page.getByLabel("Comment").blur();
    await page.evaluate("scrollTo(0, 0)");
    await take("dashboard");
    await page.getByRole("button", { name: "Revoke…" }).click();
    await page.getByLabel("Type the order number to confirm").fill("123456");
    await take("confirmation", "dialog[open]");
    await page.locator("#confirmation-go").click();
    await page.locator('#outcome[data-tone]:not([data-tone="waiting"])').waitFor();
    await take("outcome", "#outcome");
  } finally {
    await browser.close();
  }
  return files;
}
