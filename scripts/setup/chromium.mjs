// Chromium and its driver, for the tests in a real browser.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { installPackages } from "./administrator.mjs";

const BROWSERS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"];

/**
 * CHROME and CHROMEDRIVER in the environment go before what PATH has.
 * @returns {Promise<{ browser: string, driver: string }>}
 */
export async function ensureChromium() {
  const there = find();
  if (there) return there;
  await installPackages(["chromium", "chromium-driver"], "Chromium and its driver");
  const installed = find();
  if (!installed) throw new Error("chromium and chromium-driver are installed, yet not in PATH");
  return installed;
}

function find() {
  const browser = process.env.CHROME ?? inPath(BROWSERS);
  const driver = process.env.CHROMEDRIVER ?? inPath(["chromedriver"]);
  return browser && driver ? { browser, driver } : undefined;
}

/** @param {string[]} names */
function inPath(names) {
  const folders = (process.env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  return names
    .flatMap((name) => folders.map((folder) => join(folder, name)))
    .find((file) => existsSync(file));
}
