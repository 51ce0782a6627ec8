// Chromium and its driver, for the tests in a real browser.
import { existsSync } from "node:fs";
import { delimiter, join } from "node:path";
import { Failure } from "../command/faults.mjs";
import { installPackages } from "./administrator.mjs";

/** The same engine without the browser's own windows, tabs and menus: the tests' pages take half the CPU in it. */
export const HEADLESS_SHELL = "/usr/bin/chromium-headless-shell";

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

/** Where the headless shell is not to be had, Chromium does what it would have done. */
export async function ensureHeadlessShell() {
  if (process.env.CHROME || existsSync(HEADLESS_SHELL)) return;
  await installPackages(["chromium-headless-shell"], "Chromium's headless shell").catch((error) => {
    if (!(error instanceof Failure)) throw error;
  });
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
