// Every screen for everyone: WCAG A and AA by axe in both themes, no sideways scrolling at 320 px or 200 % zoom, in German too.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { launch, skip } from "./chromium.mjs";
import { startWorld } from "./dashboard-world.mjs";
import { Visitor } from "./visitor.mjs";

/** @type {import("./dashboard-world.mjs").World} */
let world;
/** @type {import("playwright-core").Browser} */
let browser;
/** @type {string} */
let axe;
/** Jobs by what they show. @type {Record<"plan" | "waiting" | "done" | "drill", string>} */
let jobs;

before(async () => {
  if (skip) return;
  axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
  world = await startWorld({ APPROVAL_ABOVE: "20" });
  browser = await launch();
  world.simulator.faults.add({ fault: "reset-after-reading", orderNumber: "830001" });
  world.simulator.orders.set({ orderNumber: "830002", state: "expired" });
  for (const orderNumber of ["830001", "830002", "830003"])
    await world.api("operator", "/v1/revocations", {
      orderNumber,
      codeReason: 1,
      revocationReason: "A".repeat(300),
    });
  jobs = {
    plan: await job(830_100, 4, {}, false),
    waiting: await job(830_200, 30, {}),
    done: await job(830_001, 5, {}),
    drill: await job(830_300, 3, { test: true }),
  };
});
after(async () => {
  await browser?.close();
  await world?.close();
});

/** @param {number} from @param {number} count @param {object} defaults */
async function job(from, count, defaults, starts = true) {
  const { id, planHash, total } = await world.api("operator", "/v1/jobs", {
    name: `Incident ${from}`,
    deadline: new Date(Date.now() + 80_000_000).toISOString(),
    orders: Array.from({ length: count }, (_, index) => ({ orderNumber: String(from + index) })),
    defaults: { codeReason: 1, ...defaults },
  });
  if (starts) await world.api("operator", `/v1/jobs/${id}/start`, { planHash, total });
  return id;
}

/** @typedef {[person: import("./dashboard-world.mjs").Person, route: string, shows: string]} Place */

/** Each screen, and what shows that it is there. @returns {Place[]} */
const places = () => [
  ["operator", "#/", "#name"],
  ["operator", "#/orders/830001", ".outcome #title"],
  ["operator", "#/orders/830002", "#codeReason-superseded"],
  ["operator", "#/orders/830003", ".timeline"],
  ["operator", "#/orders/839999", "#codeReason-superseded"],
  ["operator", "#/jobs", "tbody"],
  ["operator", "#/jobs/new", "#plan-list"],
  ["operator", `#/jobs/${jobs.plan}`, "#total"],
  ["approver", `#/jobs/${jobs.waiting}`, "#decline"],
  ["operator", `#/jobs/${jobs.done}`, "#attention-heading"],
  ["operator", `#/jobs/${jobs.drill}`, "#drill-heading"],
  ["approver", "#/approvals", ".waiting-job"],
  ["operator", "#/unknown", "h1"],
  ["auditor", "#/audit", "tbody"],
  ["operator", "#/server", "#breaker-heading"],
];

/** @param {Visitor} visitor @param {string} when */
async function passes({ page }, when) {
  const { violations } = /** @type {import("axe-core").AxeResults} */ (
    await page.evaluate(
      "axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] })",
    )
  );
  const found = violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).join(" | ")}`,
  );
  assert.deepEqual(found, [], when);
  const overhang = await page.evaluate(
    "document.documentElement.scrollWidth - document.documentElement.clientWidth",
  );
  assert.equal(overhang, 0, `${when}: the page scrolls sideways`);
}

for (const [name, screen] of /** @type {[string, import("./visitor.mjs").Screen][]} */ ([
  ["light", { colorScheme: "light" }],
  ["dark", { colorScheme: "dark" }],
  ["320 px wide", { viewport: { width: 320, height: 640 } }],
  [
    "at 200 % zoom, in German",
    { viewport: { width: 640, height: 400 }, deviceScaleFactor: 2, locale: "de-DE" },
  ],
])) {
  test(`every screen passes, ${name}`, { skip, timeout: 300_000 }, async () => {
    /** @type {Map<string, Visitor>} */
    const visitors = new Map();
    for (const [person, route, shows] of places()) {
      let visitor = visitors.get(person);
      if (!visitor) {
        visitor = await Visitor.open(browser, world.url, { screen: { reducedMotion: "reduce", ...screen } });
        await visitor.page.locator("#key").waitFor();
        // By the debugger, so that the page's policy stays as strict as it is.
        await visitor.page.evaluate(axe);
        if (visitors.size === 0) await passes(visitor, "signing in");
        await visitor.signIn(world.keys[person]);
        visitors.set(person, visitor);
      }
      await visitor.go(route);
      await visitor.page.locator(shows).first().waitFor();
      await passes(visitor, `${person} ${route}`);
    }
    const operator = /** @type {Visitor} */ (visitors.get("operator"));
    await operator.go("#/jobs/new");
    await operator.page.locator("#plan-list").fill("orderNumber,codeReason,host\n1,4,a\n1,1,b\n");
    await operator.page.locator("#list-read").or(operator.page.locator("ul.columns")).first().waitFor();
    await passes(operator, "unknown columns");
    await operator.page.locator("#plan-list").fill("orderNumber,codeReason\n1,4\n1,1\n");
    await operator.page.locator("#list-read").waitFor();
    await passes(operator, "what a list would be");
    await operator.page.locator("#plan-list").fill('orderNumber,codeReason\n01,4\n2,"7\n8"\n');
    await operator.page.locator("#wrong-heading").waitFor();
    await passes(operator, "wrong rows");
    await operator.go("#/orders/839998");
    await operator.page.locator("#codeReason-superseded").check();
    await operator.page.locator("form.card button.danger").click();
    await operator.page.locator("dialog[open]").waitFor();
    await passes(operator, "the question");
    for (const visitor of visitors.values()) await visitor.leave();
  });
}
