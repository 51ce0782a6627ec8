// The dashboard as a person has it: how long from opening the page to what the person came for, by a visitor who does not hesitate;
// and how long the page lets a person wait while it shows a job of 100,000 rows that runs.
import { readFile } from "node:fs/promises";
import { launch } from "../tests/browsers/chromium.mjs";
import { startWorld } from "../tests/browsers/dashboard-world.mjs";
import { Visitor } from "../tests/browsers/visitor.mjs";

const ROWS = 100_000;
const LISTED = 1_000;
const INTERACTION_MS = 100;

export async function rows() {
  const world = await startWorld({ APPROVAL_ABOVE: "5" });
  const browser = await launch();
  try {
    const measured = [];
    for (const { name, limit, play } of JOURNEYS) {
      const prepared = await play.prepare?.(world);
      const began = performance.now();
      const visitor = await Visitor.open(browser, world.url, {
        key: world.keys[play.person],
        route: play.route ?? "",
      });
      await play.steps(visitor, prepared);
      measured.push({
        name: `From opening the page to ${name}`,
        value: (performance.now() - began) / 1000,
        limit,
      });
      await visitor.leave();
    }
    const longest = await longestWait(await openJob(browser, world));
    return [
      ...measured.map((row) => ({ ...row, unit: "s", baseline: "" })),
      ...longest.map(([name, value]) => ({
        name: `${name}, with ${ROWS.toLocaleString("en")} rows of a job that runs`,
        value,
        unit: "ms",
        baseline: "",
        limit: INTERACTION_MS,
      })),
    ];
  } finally {
    await browser.close();
    await world.close();
  }
}

/** @typedef {import("../tests/browsers/dashboard-world.mjs").World} World */
/**
 * @typedef {object} Play
 * @property {import("../tests/browsers/dashboard-world.mjs").Person} person
 * @property {string} [route]
 * @property {(world: World) => unknown} [prepare] what others have done before
 * @property {(visitor: Visitor, prepared: any) => Promise<void>} steps
 */

/** @type {{ name: string, limit: number, play: Play }[]} */
const JOURNEYS = [
  {
    name: 'the answer to "is order N revoked?"',
    limit: 15,
    play: {
      person: "operator",
      prepare: (world) => world.api("operator", "/v1/revocations", { orderNumber: "700001", codeReason: 4 }),
      async steps(visitor) {
        await visitor.lookUp("700001");
        await visitor.sees("The server's record says: revoked.");
      },
    },
  },
  {
    name: "one revocation",
    limit: 30,
    play: {
      person: "operator",
      async steps(visitor) {
        await visitor.revoke({ orderNumber: "700002" });
      },
    },
  },
  {
    name: `a planned drill of a ${LISTED}-row file`,
    limit: 60,
    play: {
      person: "operator",
      route: "#/jobs/new",
      prepare: () => Buffer.from(["orderNumber", ...numbers(710_000, LISTED)].join("\n")),
      steps: planned,
    },
  },
  {
    name: `a planned drill of a bundle of ${LISTED} certificates`,
    limit: 60,
    play: { person: "operator", route: "#/jobs/new", prepare: () => bundle(LISTED), steps: planned },
  },
  {
    name: "an approval",
    limit: 30,
    play: {
      person: "approver",
      async prepare(world) {
        const { id, planHash, total } = await world.api("operator", "/v1/jobs", {
          name: "To be approved",
          orders: numbers(720_000, 6).map((orderNumber) => ({ orderNumber })),
          defaults: { codeReason: 4 },
        });
        await world.api("operator", `/v1/jobs/${id}/start`, { planHash, total });
      },
      async steps(visitor) {
        await visitor.page.getByRole("link", { name: /Approvals 1/ }).click();
        await visitor.page.getByRole("link", { name: "To be approved" }).click();
        await visitor.page.getByLabel("Type the number of orders to approve").fill("6");
        await visitor.press("Approve 6 revocations");
        await visitor.sees(/6 of 6 accepted/);
      },
    },
  },
];

/** @param {number} from @param {number} count */
const numbers = (from, count) => Array.from({ length: count }, (_, at) => String(from + at));

/** @param {Visitor} visitor @param {Buffer} buffer */
async function planned(visitor, buffer) {
  await visitor.page.getByLabel("Or choose a file").setInputFiles({ name: "list", mimeType: "", buffer });
  await visitor.page.getByLabel("Reason of rows that have none").selectOption("keyCompromise");
  await visitor.sees("1,000 rows read: 1,000 orders.");
  await visitor.press("Plan a drill of this list");
  await visitor.sees("DRILL: nothing changes.");
}

/** So many certificates that differ in their serial numbers. Nobody checks their signatures. @param {number} count */
async function bundle(count) {
  const der = await readFile(new URL("../tests/front/certificates/leaf.der", import.meta.url));
  const at = der.indexOf(Buffer.from("02020d0e", "hex")) + 2;
  return Buffer.from(
    numbers(0x1000, count)
      .map((serial) => {
        der.writeUInt16BE(Number(serial), at);
        return `-----BEGIN CERTIFICATE-----\n${der.toString("base64")}\n-----END CERTIFICATE-----\n`;
      })
      .join(""),
  );
}

/** @param {import("playwright-core").Browser} browser @param {World} world */
async function openJob(browser, world) {
  const { id, planHash, total } = await world.api("operator", "/v1/jobs", {
    orders: numbers(5_000_000, ROWS).map((orderNumber) => ({ orderNumber })),
    defaults: { codeReason: 4, test: true },
  });
  await world.api("operator", `/v1/jobs/${id}/start`, { planHash, total });
  const visitor = await Visitor.open(browser, world.url, { key: world.keys.operator, route: `#/jobs/${id}` });
  await visitor.page.locator(".rows .row").first().waitFor();
  return visitor;
}

/**
 * Scrolls, filters and opens things. What is measured is from an input to the next picture, and what kept the page from anything else.
 * @param {Visitor} visitor
 * @returns {Promise<[name: string, ms: number][]>}
 */
async function longestWait({ page }) {
  await page.evaluate(() => {
    const seen = /** @type {any} */ (globalThis);
    seen.inputs = [];
    seen.tasks = [];
    const observe = (/** @type {number[]} */ into, /** @type {any} */ options) =>
      new PerformanceObserver((list) =>
        into.push(...list.getEntries().map(({ duration }) => duration)),
      ).observe(options);
    observe(seen.inputs, { type: "event", durationThreshold: 16 });
    observe(seen.tasks, { type: "longtask" });
  });
  const rows = page.locator(".rows");
  const filter = page.getByLabel("Show");
  for (const part of [0.1, 0.5, 0.9, 0]) {
    await rows.evaluate((at, part) => (at.scrollTop = part * at.scrollHeight), part);
    await rows.getByText("Superseded").first().waitFor();
    await rows.focus();
    for (let presses = 0; presses < 10; presses += 1) await page.keyboard.press("PageDown");
    await rows.hover();
    for (let turns = 0; turns < 10; turns += 1) await page.mouse.wheel(0, 700);
    await filter.selectOption({ index: 1 });
    await rows.getByText("Superseded").first().waitFor();
    await filter.selectOption({ index: 0 });
    await rows.getByText("Superseded").first().waitFor();
    await page.getByText("More…").click();
  }
  const { inputs, tasks } = await page.evaluate(() => {
    const { inputs, tasks } = /** @type {any} */ (globalThis);
    return { inputs, tasks };
  });
  return [
    ["Longest from an input to the next picture", Math.max(0, ...inputs)],
    ["Longest that the page does at once", Math.max(0, ...tasks)],
  ];
}
