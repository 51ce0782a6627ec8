// What the dashboard costs: bytes at the first load and of a job's screen, and what of 100,000 rows is in the page.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { brotliCompressSync, constants } from "node:zlib";
import { inRoot } from "../../scripts/command/places.mjs";
import { launch, skip } from "./chromium.mjs";
import { startWorld } from "./dashboard-world.mjs";
import { Visitor } from "./visitor.mjs";

const FIRST_LOAD_KB = 90;
/** Of a job's screen beside the first load and the package's second module. */
const JOB_KB = 40;
/** All three: the second module checks every document about jobs, and most of it is for these. */
const JOB_ALL_KB = 230;
const ROWS = 100_000;

/** @type {import("./dashboard-world.mjs").World} */
let world;
/** @type {import("playwright-core").Browser} */
let browser;

before(async () => {
  if (skip) return;
  world = await startWorld();
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await world?.close();
});

/** In kilobytes of brotli. @param {Iterable<string>} paths */
async function weight(paths) {
  let bytes = 0;
  for (const path of paths) {
    const file = await readFile(inRoot(`www/dist${path === "/" ? "/index.html" : path}`));
    bytes += brotliCompressSync(file, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } }).length;
  }
  return bytes / 1000;
}

/** The files of the page that were fetched. @param {import("playwright-core").Page} page */
function fetched(page) {
  /** @type {Set<string>} */
  const paths = new Set();
  page.on("request", (request) => {
    const { pathname } = new URL(request.url());
    if (pathname === "/" || pathname.startsWith("/assets/")) paths.add(pathname);
  });
  return paths;
}

test(
  `looking an order up costs at most ${FIRST_LOAD_KB} KB, a job's screen ${JOB_KB} more and the second module`,
  { skip, timeout: 300_000 },
  async () => {
    const visitor = await Visitor.open(browser, "about:blank", {});
    const paths = fetched(visitor.page);
    await visitor.page.goto(`${world.url}/#/orders/840000`);
    await visitor.signIn(world.keys.reseller);
    await visitor.sees("You may neither see");
    await visitor.go("#/orders/1500");
    await visitor.sees("The server has never sent this order");
    const first = new Set(paths);
    assert.deepEqual(
      [...first].filter((path) => /full|screen-.*job/.test(path)),
      [],
    );
    const firstLoad = await weight(first);
    assert.ok(firstLoad <= FIRST_LOAD_KB, `${firstLoad} KB`);

    const { id } = await world.api("operator", "/v1/jobs", {
      orders: [{ orderNumber: "840001" }],
      defaults: { codeReason: 4 },
    });
    await visitor.press("Sign out");
    await visitor.signIn(world.keys.operator);
    await visitor.go(`#/jobs/${id}`);
    await visitor.hears("The plan");
    const job = await weight(
      [...paths].filter((path) => !first.has(path) && !path.includes("autorevoke_full")),
    );
    assert.ok(job <= JOB_KB, `${job} KB`);
    const all = await weight(paths);
    assert.ok(all <= JOB_ALL_KB, `${all} KB`);
    await visitor.leave();
  },
);

test(
  `${ROWS} rows: read beside the page, planned, and scrolled through with only those in view in the page`,
  { skip, timeout: 300_000 },
  async () => {
    const visitor = await Visitor.open(browser, world.url, { key: world.keys.operator, route: "#/jobs/new" });
    const { page } = visitor;
    await visitor.hears("Revoke many");
    const numbers = Array.from({ length: ROWS }, (_, index) => String(5_000_000 + index));
    const text = ["orderNumber", ...numbers].join("\n");
    await page
      .getByLabel("Or choose a file")
      .setInputFiles({ name: "many.csv", mimeType: "", buffer: Buffer.from(text) });
    await visitor.sees("100,000 rows read: 100,000 orders.");
    assert.equal(page.workers().length, 1);
    await page.getByLabel("Reason of rows that have none").selectOption("superseded");
    await visitor.press("Plan a drill of this list");
    await page.locator(".rows .row").first().waitFor({ timeout: 300_000 });
    const rows = page.locator(".rows");
    assert.equal(await rows.getAttribute("aria-rowcount"), String(ROWS + 1));
    assert.ok((await page.locator(".rows .row").count()) < 100, "only what is in view is in the page");
    for (const part of [0.25, 0.5, 1]) {
      await rows.evaluate((at, part) => (at.scrollTop = part * at.scrollHeight), part);
      await page
        .locator(".rows")
        .getByText(String(5_000_000 + Math.min(ROWS - 1, Math.round(part * ROWS))), { exact: true })
        .first()
        .waitFor();
    }
    await visitor.leave();
  },
);
