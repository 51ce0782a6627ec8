// WebKit and its driver, for the tests in every browser. It needs a display, which Xvfb gives it.
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { installPackages } from "./administrator.mjs";

const DRIVER = "/usr/bin/WebKitWebDriver";
const DISPLAY = "/usr/bin/xvfb-run";
const LIBRARIES = "/usr/lib";

/** @returns {Promise<{ browser: string, driver: string, display: string }>} */
export async function ensureWebKit() {
  if (!existsSync(DRIVER) || !existsSync(DISPLAY))
    await installPackages(["webkit2gtk-driver", "xvfb", "xauth"], "WebKit and its driver");
  return { browser: miniBrowser(), driver: DRIVER, display: DISPLAY };
}

/** The browser that comes with the driver, in a folder by architecture and version. */
function miniBrowser() {
  const found = readdirSync(LIBRARIES)
    .filter((name) => name.endsWith("-linux-gnu"))
    .map((name) => join(LIBRARIES, name, "webkit2gtk-4.1", "MiniBrowser"))
    .find((file) => existsSync(file));
  if (!found)
    throw new Error(`the driver of WebKit is installed, yet there is no MiniBrowser in ${LIBRARIES}`);
  return found;
}
