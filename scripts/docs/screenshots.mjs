// Screenshots of the dashboard: each screen in both themes and two widths, with what an incident leaves in it.
import { mkdir, rm } from "node:fs/promises";
import { chromium } from "playwright-core";
import { inRoot } from "../command/places.mjs";

const FOLDER = inRoot("docs/pictures/dashboard");
const WIDTHS = { wide: { width: 1180, height: 700 }, narrow: { width: 390, height: 844 } };
const THEMES = /** @type {const} */ (["light", "dark"]);
const DAY = 86_400_000;

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {{ name: string, person: string, route: string, shows: string, act?: (page: Page) => Promise<void> }} Shot */

/**
 * @param {import("../run/demo.mjs").Demo} demo
 * @param {string} executablePath of Chromium
 * @returns {Promise<string[]>} the files
 */
export async function takeScreenshots(demo, executablePath) {
  await rm(FOLDER, { recursive: true, force: true });
  await mkdir(FOLDER, { recursive: true });
  const shots = await prepare(demo);
  const browser = await chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-gpu"] });
  /** @type {string[]} */
  const files = [];
  try {
    for (const colorScheme of THEMES)
      for (const [width, viewport] of Object.entries(WIDTHS))
        for (const shot of shots) {
          const screen = { viewport, colorScheme, locale: "en-GB", timezoneId: "Europe/Berlin" };
          const page = await browser.newPage({ ...screen, reducedMotion: "reduce" });
          await page.goto(`${demo.url}/${shot.route}`);
          const key = demo.keys.find(({ person }) => person === shot.person)?.key;
          if (key) {
            await page.locator("#key").fill(key);
            await page.locator("#key").press("Enter");
          }
          await page.locator(shot.shows).first().waitFor();
          await shot.act?.(page);
          const path = `${FOLDER}/${shot.name}-${colorScheme}-${width}.png`;
          await page.screenshot({ path });
          files.push(path);
          await page.close();
        }
  } finally {
    await browser.close();
  }
  return files;
}

/** What an incident leaves: orders, a drill, a job that runs, one that waits. @param {import("../run/demo.mjs").Demo} demo */
async function prepare({ url, keys, simulator }) {
  /** @param {string} person @param {string} path @param {object} body @returns {Promise<any>} */
  const post = async (person, path, body) => {
    const key = keys.find((one) => one.person === person)?.key;
    const headers = { Authorization: `Bearer ${key}`, "Content-Type": "application/json" };
    return (await fetch(url + path, { method: "POST", headers, body: JSON.stringify(body) })).json();
  };
  /** @param {string} name @param {number} from @param {number} count @param {object} [defaults] */
  const plan = async (name, from, count, defaults = {}) =>
    post("olivia", "/v1/jobs", {
      name,
      deadline: new Date(Date.now() + DAY).toISOString(),
      orders: Array.from({ length: count }, (_, index) => ({ orderNumber: String(from + index) })),
      defaults: { codeReason: 1, revocationReason: "Key found in a public repository", ...defaults },
    });
  /** @param {{ id: string, planHash: string, total: number }} job */
  const start = ({ id, planHash, total }) => post("olivia", `/v1/jobs/${id}/start`, { planHash, total });

  simulator.faults.add({ fault: "reset-after-reading", orderNumber: "123460" });
  simulator.orders.set({ orderNumber: "200003", state: "expired" });
  simulator.orders.set({ orderNumber: "200005", state: "revoked" });
  for (const orderNumber of ["123456", "123460"])
    await post("olivia", "/v1/revocations", { orderNumber, codeReason: 1, test: orderNumber === "123456" });
  await post("olivia", "/v1/revocations", { orderNumber: "123460", test: true });
  const drill = await plan("Leaked keys, first batch", 200_000, 8, { test: true });
  await start(drill);
  const small = await plan("Leaked keys, first batch", 200_000, 8);
  await start(small);
  const waiting = await plan("Leaked keys, second batch", 300_000, 240);
  await start(waiting);
  const big = await plan("Leaked keys, all others", 400_000, 3_000);
  await start(big);
  simulator.faults.add({ fault: "latency", ms: 250 });
  await post("arthur", `/v1/jobs/${big.id}/approve`, { planHash: big.planHash });
  const planned = await plan("Wildcards", 500_000, 12);

  /** @type {Shot[]} */
  return [
    { name: "sign-in", person: "", route: "", shows: "#key" },
    { name: "now", person: "olivia", route: "#/", shows: ".attention" },
    {
      name: "order",
      person: "olivia",
      route: "#/orders/123456",
      shows: "#codeReason-keyCompromise",
      act: fillIn,
    },
    {
      name: "question",
      person: "olivia",
      route: "#/orders/123456",
      shows: "#codeReason-keyCompromise",
      act: ask,
    },
    { name: "revoked", person: "olivia", route: "#/orders/200001", shows: ".timeline" },
    { name: "not-known", person: "olivia", route: "#/orders/123460", shows: ".outcome #title" },
    { name: "jobs", person: "olivia", route: "#/jobs", shows: "tbody" },
    { name: "plan", person: "olivia", route: "#/jobs/new", shows: "#plan-list", act: wrongList },
    { name: "list", person: "olivia", route: "#/jobs/new", shows: "#plan-list", act: soundList },
    { name: "planned", person: "olivia", route: `#/jobs/${planned.id}`, shows: "#total" },
    { name: "live", person: "olivia", route: `#/jobs/${big.id}`, shows: ".rows .row" },
    { name: "job-done", person: "olivia", route: `#/jobs/${small.id}`, shows: "#attention-heading" },
    { name: "drill", person: "olivia", route: `#/jobs/${drill.id}`, shows: "#drill-heading" },
    { name: "approvals", person: "arthur", route: "#/approvals", shows: ".waiting-job" },
    { name: "approve", person: "arthur", route: `#/jobs/${waiting.id}`, shows: "tbody", act: decide },
    { name: "unknown", person: "olivia", route: "#/unknown", shows: "tbody" },
    { name: "audit", person: "audrey", route: "#/audit", shows: "tbody", act: verify },
    { name: "server", person: "olivia", route: "#/server", shows: "#breaker-heading" },
  ];
}

/** @param {Page} page */
async function fillIn(page) {
  await page.locator("#codeReason-keyCompromise").check();
  await page.locator("#revocationReason").fill("Key found in a public repository");
}

/** @param {Page} page */
async function ask(page) {
  await fillIn(page);
  await page.locator("form.card button.danger").click();
  await page.locator("#confirmation-number").fill("123456");
}

/** @param {Page} page */
async function wrongList(page) {
  const buffer = Buffer.from("orderNumber,codeReason\n123470,1\n0123471,1\n123472,keyCompromised\n");
  await page.locator('input[type="file"]').setInputFiles({ name: "list.csv", mimeType: "text/csv", buffer });
  await page.locator("#wrong-heading").waitFor();
  await page.locator("#wrong-heading").scrollIntoViewIfNeeded();
}

/** @param {Page} page */
async function soundList(page) {
  const rows = [
    "123470;1;www.example.com",
    "123471;4;shop.example.com",
    "123471;1;shop.example.com",
    "123472;1;mail.example.com",
  ];
  const buffer = Buffer.from(["Order ID;codeReason;Common Name", ...rows, ""].join("\n"));
  await page
    .locator('input[type="file"]')
    .setInputFiles({ name: "portal.csv", mimeType: "text/csv", buffer });
  await page.getByLabel("Order ID").selectOption("orderNumber");
  await page.getByLabel("Common Name").selectOption("label");
  await page.locator("#list-read").waitFor();
  await page.getByText("In 24 hours").click();
  await page.locator("#list-read").scrollIntoViewIfNeeded();
}

/** @param {Page} page */
const decide = (page) => page.locator("#total").scrollIntoViewIfNeeded();

/** @param {Page} page */
async function verify(page) {
  await page.locator("audit-verification button.primary").click();
  await page.locator("#verdict").waitFor();
}
