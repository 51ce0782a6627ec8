// Firefox and its driver, for the tests in every browser.
import { existsSync } from "node:fs";
import { installPackages } from "./administrator.mjs";
import { ensureCargoTool } from "./cargo-tool.mjs";

const FIREFOX = "/usr/bin/firefox-esr";
const GECKODRIVER = { name: "geckodriver", version: "0.37.0", takes: "about 3 minutes, once for all clones" };

/** @returns {Promise<{ browser: string, driver: string }>} */
export async function ensureFirefox() {
  if (!existsSync(FIREFOX)) await installPackages(["firefox-esr"], "Firefox");
  return { browser: FIREFOX, driver: `${await ensureCargoTool(GECKODRIVER)}/bin/geckodriver` };
}
