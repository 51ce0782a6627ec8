// Debian's Chromium, or its headless shell, driven by playwright-core. Missing: the tests are skipped, and fail where CI is set.
import { existsSync } from "node:fs";
import { chromium } from "playwright-core";
import { HEADLESS_SHELL } from "../../scripts/setup/chromium.mjs";

const executablePath =
  process.env.CHROME ?? (existsSync(HEADLESS_SHELL) ? HEADLESS_SHELL : "/usr/bin/chromium");
const missing = `${executablePath} is missing: apt-get install -y chromium`;

/** For `test(name, { skip }, ...)`: why to skip, or false. In CI nothing is skipped, so the launch fails there. */
export const skip = existsSync(executablePath) || process.env.CI ? false : missing;

/** @returns {Promise<import("playwright-core").Browser>} */
export async function launch() {
  if (!existsSync(executablePath)) throw new Error(missing);
  return chromium.launch({
    executablePath,
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
