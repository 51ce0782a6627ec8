// Chromium, Firefox and WebKit, each by its own WebDriver: in `npm test` Chromium alone, in `npm run test:browsers` all of them.
// @ts-check
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as pause } from "node:timers/promises";
import { test } from "node:test";
import { Builder } from "selenium-webdriver";
import { Failure } from "../../scripts/command/faults.mjs";
import { ensureChromium } from "../../scripts/setup/chromium.mjs";
import { ensureFirefox } from "../../scripts/setup/firefox.mjs";
import { ensureWebKit } from "../../scripts/setup/webkit.mjs";

/** @typedef {import("selenium-webdriver").WebDriver} Driver */

const STARTS_WITHIN_MS = 30_000;
const ASK_EVERY_MS = 50;
const TEST_LIMIT_MS = 180_000;

const CHROMIUM_ARGS = [
  ...["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"],
  ...["--disable-background-networking", "--disable-component-update", "--disable-sync"],
];

/**
 * How one is started: the command of its driver, but for the port, and what is asked of that.
 * @typedef {{ command: string[], env?: Record<string, string>, capabilities: object }} Start
 */

/** @type {Record<string, () => Promise<Start>>} */
const BROWSERS = {
  async chromium() {
    const { browser, driver } = await ensureChromium();
    const options = { binary: browser, args: CHROMIUM_ARGS };
    return {
      command: [driver],
      capabilities: { browserName: "chrome", "goog:chromeOptions": options },
    };
  },
  async firefox() {
    const { browser, driver } = await ensureFirefox();
    const options = { binary: browser, args: ["-headless"] };
    return {
      command: [driver],
      capabilities: { browserName: "firefox", "moz:firefoxOptions": options },
    };
  },
  async webkit() {
    const { browser, driver, display } = await ensureWebKit();
    const options = { binary: browser, args: ["--automation"] };
    return {
      command: [display, "--auto-servernum", driver],
      // In a container it has neither a sandbox of its own nor a graphics device.
      env: { WEBKIT_DISABLE_SANDBOX_THIS_IS_DANGEROUS: "1", WEBKIT_DISABLE_DMABUF_RENDERER: "1" },
      capabilities: { browserName: "MiniBrowser", "webkitgtk:browserOptions": options },
    };
  },
};

export const names = (process.env.BROWSERS ?? "chromium").split(",");

/**
 * A test in each browser, with as many of them at once as there are people in it. One that is not to be had is skipped, and fails
 * where CI is set.
 * @param {string} title
 * @param {(...drivers: Driver[]) => Promise<void>} work
 * @param {{ people?: number }} [how]
 */
export function inEveryBrowser(title, work, { people = 1 } = {}) {
  for (const name of names)
    test(`${name}: ${title}`, { timeout: TEST_LIMIT_MS }, async (t) => {
      const how = await BROWSERS[name]().catch((error) => {
        if (process.env.CI || !(error instanceof Failure)) throw error;
        t.skip(error.message);
      });
      if (!how) return;
      /** @type {Awaited<ReturnType<typeof open>>[]} */
      const opened = [];
      try {
        while (opened.length < people) opened.push(await open(how));
        await work(...opened.map(({ driver }) => driver));
      } finally {
        for (const { close } of opened) await close();
      }
    });
}

/**
 * One of them. A Failure says that it is not to be had.
 * @param {string} name
 */
export const openBrowser = async (name) => open(await BROWSERS[name]());

/** @param {Start} how */
async function open({ command: [program, ...args], env = {}, capabilities }) {
  const port = await freePort();
  // A group of its own, so that what it starts ends with it.
  const child = spawn(program, [...args, `--port=${port}`], {
    detached: true,
    env: { ...process.env, ...env },
    stdio: ["ignore", "ignore", "pipe"],
  });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (said = (said + text).slice(-4000)));
  const ended = once(child, "close");
  const end = async () => {
    if (child.pid && child.exitCode === null && child.signalCode === null)
      process.kill(-child.pid, "SIGTERM");
    await ended;
  };
  const url = `http://127.0.0.1:${port}`;
  try {
    await answers(url, () => (child.exitCode === null ? undefined : said));
    const driver = await new Builder().usingServer(url).withCapabilities(capabilities).build();
    const close = async () => {
      await driver.quit().catch(() => {});
      await end();
    };
    return { driver, close };
  } catch (error) {
    await end();
    throw new Error(`${program} does not open its browser: ${error}\n${said}`);
  }
}

/** @param {string} url @param {() => string | undefined} ended */
async function answers(url, ended) {
  for (const limit = Date.now() + STARTS_WITHIN_MS; Date.now() < limit; await pause(ASK_EVERY_MS)) {
    const why = ended();
    assert.equal(why, undefined);
    const { value } = await fetch(`${url}/status`).then(
      (response) => response.json(),
      () => ({ value: {} }),
    );
    if (value.ready) return;
  }
  throw new Error("it does not answer");
}

async function freePort() {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  server.close();
  await once(server, "close");
  return port;
}
