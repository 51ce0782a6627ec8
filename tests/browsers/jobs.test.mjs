// Many orders on the dashboard: a list becomes a plan, a drill, a job that two people start, and that is watched to its end.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { inRoot } from "../../scripts/command/places.mjs";
import { openDashboard } from "./visits.mjs";

/** @typedef {import("./dashboard-world.mjs").Person} Person */
/** @typedef {import("./visitor.mjs").Visitor} Visitor */

const { world, visit } = await openDashboard({ APPROVAL_ABOVE: "100000" });

/** So many orders from this number on. @param {number} from @param {number} count */
const numbers = (from, count) => Array.from({ length: count }, (_, index) => String(from + index));

/** @param {Visitor} visitor @param {string} text @param {{ reason?: string, name?: string }} [how] */
async function fillPlan(visitor, text, { reason = "superseded", name = "Incident 42" } = {}) {
  await visitor.go("#/jobs/new");
  await visitor.hears("Revoke many");
  await visitor.page
    .getByLabel("Or choose a file")
    .setInputFiles({ name: "list.csv", mimeType: "text/csv", buffer: Buffer.from(text) });
  await visitor.sees(/rows? read/);
  await visitor.page.getByLabel("Name of the job").fill(name);
  await visitor.page.getByLabel("Reason of rows that have none").selectOption(reason);
}

/** @param {Person} person @param {string[]} orders @param {object} [more] @returns {Promise<any>} */
const planned = (person, orders, more = {}) =>
  world.api(person, "/v1/jobs", {
    orders: orders.map((orderNumber) => ({ orderNumber })),
    defaults: { codeReason: 4 },
    ...more,
  });

/** How long the CA takes for the first orders of a job: longer than a person who looks at it meanwhile, on a busy machine. */
const SLOW_MS = 6_000;

/** A job that is running for as long as that. @param {"operator" | "colleague"} person @param {string[]} orders @param {object} [more] */
async function running(person, orders, more) {
  // As many as the edge has connections to the CA.
  world.simulator.faults.add({ fault: "latency", ms: SLOW_MS, times: 4 });
  const { id, planHash, total } = await planned(person, orders, more);
  await world.api(person, `/v1/jobs/${id}/start`, { planHash, total });
  return id;
}

/** What the sentence of the job says. @param {Visitor} visitor */
const sentence = (visitor) => visitor.page.locator("#sentence").innerText();

visit("a list is drilled first, and the real job is planned from its rows, by its total", async (visitor) => {
  const orders = numbers(810_000, 3);
  const lines = orders.map((order) => `${order},shop <b>${order}</b>`);
  await fillPlan(visitor, ["orderNumber,label", ...lines].join("\n"));
  await visitor.press("Plan a drill of this list");
  await visitor.hears("Incident 42");
  await visitor.sees("DRILL: nothing changes.");
  await visitor.page.getByLabel("Type the number of orders to start").fill("3");
  await visitor.press("Start the drill");
  await visitor.hears("The drill is over. Nothing was changed.");
  assert.match(await sentence(visitor), /^3 of 3 passed · ended \d\d:\d\d UTC$/);
  assert.deepEqual(
    orders
      .flatMap((order) => world.received(order))
      .map((/** @type {any} */ { test: dryRun, acted }) => [dryRun, acted]),
    [
      ["Y", false],
      ["Y", false],
      ["Y", false],
    ],
  );

  await visitor.press("Plan the real job with these rows");
  await visitor.sees(/3 rows read/);
  await visitor.press("Plan the real job");
  await visitor.page.getByLabel("Type the number of orders to start").fill("4");
  await visitor.press("Revoke 3 orders");
  await visitor.sees("This is not 3.");
  await visitor.page.getByLabel("Type the number of orders to start").fill("3");
  await visitor.press("Revoke 3 orders");
  await visitor.sees(/3 of 3 accepted/);
  await visitor.sees("shop <b>810000</b>");
  assert.match(await visitor.page.title(), /^100 % · Incident 42/);
  for (const order of orders) assert.equal(world.received(order).filter(({ acted }) => acted).length, 1);
});

visit("wrong rows are shown with their lines, and mended there", async (visitor) => {
  const list = 'Order Number;codeReason;comment\n810100;4;\n0810101;1;\n810102;7;"two\nlines"\n810103;x;\n';
  await visitor.go("#/jobs/new");
  await visitor.page
    .getByLabel("Or choose a file")
    .setInputFiles({ name: "list.csv", mimeType: "text/csv", buffer: Buffer.from(list) });
  await visitor.page.getByRole("combobox", { name: "comment", exact: true }).selectOption("revocationReason");
  await visitor.hears("3 rows are wrong. Nothing is planned yet.");
  const table = await visitor.page.locator("table").innerText();
  assert.match(table, /3\s+orderNumber [^]*4\s+codeReason /);
  await visitor.page.getByLabel("Line 3", { exact: true }).fill("810101;1;");
  // Of two lines, as it stands in the file: nothing is joined.
  const two = visitor.page.getByLabel("Line 4", { exact: true });
  assert.equal(await two.inputValue(), '810102;7;"two\nlines"');
  await two.fill('810102;5;"two\nlines"');
  const [saved] = await Promise.all([
    visitor.page.waitForEvent("download"),
    visitor.press("Save the mended list (CSV)"),
  ]);
  assert.equal(saved.suggestedFilename(), "corrected.csv");
  const text = await readFile(await saved.path(), "utf8");
  assert.equal(text, list.replace("0810101", "810101").replace("810102;7", "810102;5"));
  await visitor.press("Take the mended lines");
  await visitor.hears("One row is wrong.");
  await visitor.press("Leave these rows out");
  await visitor.sees("3 rows read: 3 orders.");
  await visitor.press("Plan the real job");
  await visitor.hears("The plan");
  assert.match(await visitor.words(), /Orders\s+3/);
});

visit("a list that is being typed outlives whatever draws the screen anew", async (visitor) => {
  await visitor.go("#/jobs/new");
  const list = visitor.page.getByLabel("The list", { exact: true });
  await list.pressSequentially("orderNumber\n8101");
  await visitor.page.evaluate(() => {
    const screen = /** @type {any} */ (document.querySelector("plan-screen"));
    screen.requestUpdate();
    return screen.updateComplete;
  });
  await list.pressSequentially("20");
  assert.equal(await list.inputValue(), "orderNumber\n810120");
  await visitor.page.getByLabel("Reason of rows that have none").selectOption("superseded");
  // At once, before it was read.
  await visitor.press("Plan a drill of this list");
  await visitor.hears("The plan");
});

visit("columns that are not known, workbooks and missing reasons are said beforehand", async (visitor) => {
  await visitor.go("#/jobs/new");
  const choose = (/** @type {string} */ text) =>
    visitor.page
      .getByLabel("Or choose a file")
      .setInputFiles({ name: "list.csv", mimeType: "", buffer: Buffer.from(text) });
  await visitor.press("Plan a drill of this list");
  await visitor.sees("There is no row to plan yet");
  await choose("PK\u0003\u0004rest xl/workbook");
  await visitor.sees(/is a workbook/);
  await choose("Order ID,host,Common Name\n810110,a.example,www.example.com\n");
  await visitor.page.getByLabel("Order ID").waitFor();
  // Both before the page is drawn anew.
  await visitor.page.locator(".columns").evaluate((columns) => {
    const [orderId, , commonName] = columns.querySelectorAll("select");
    for (const [select, value] of /** @type {const} */ ([
      [orderId, "orderNumber"],
      [commonName, "label"],
    ])) {
      select.value = value;
      select.dispatchEvent(new Event("change", { bubbles: true }));
    }
  });
  await visitor.press("Plan a drill of this list");
  await visitor.sees("The server does not know these columns: host.");
  await visitor.press("Leave this one out");
  await visitor.sees("One row read: one order.");
  await visitor.sees("One row has no reason of its own");
  await visitor.page.getByText("The first order").click();
  await visitor.sees("810110 www.example.com");
  await visitor.press("Plan a drill of this list");
  await visitor.sees("There are rows without a reason");
  await visitor.page.getByLabel("Reason of rows that have none").selectOption("superseded");
  await visitor.sees("Superseded (4)");
  await visitor.page.getByLabel("Comment").fill("For all of them");
  await visitor.press("Plan a drill of this list");
  await visitor.hears("The plan");
  await visitor.page.getByText("One row at random").click();
  await visitor.sees("For all of them");
});

visit("digits alone are not guessed: a person says whether they are order numbers", async (visitor) => {
  await visitor.go("#/jobs/new");
  await visitor.page.getByLabel("The list", { exact: true }).fill("810130\n810131\n");
  await visitor.sees(/may be order numbers or serial numbers/);
  await visitor.press("Order numbers");
  await visitor.sees("2 rows read: 2 orders.");
  assert.match(
    await visitor.page.getByLabel("The list", { exact: true }).inputValue(),
    /^orderNumber\n810130\n/,
  );
});

visit(
  "a list says itself that its rows are tests, or none: the other button plans nothing",
  async (visitor) => {
    await visitor.go("#/jobs/new");
    const list = visitor.page.getByLabel("The list", { exact: true });
    await list.fill('{"orders": [{"orderNumber": 810140, "codeReason": 4, "test": false}]}');
    await visitor.sees("One row read: one order.");
    await visitor.press("Plan a drill of this list");
    await visitor.sees("The rows of this list say that they are no tests");
    await list.fill("orderNumber,codeReason,test\n810140,4,true\n");
    await visitor.sees("One row read: one order.");
    await visitor.press("Plan the real job");
    await visitor.sees("The rows of this list say that they are tests");
    await list.fill("orderNumber,codeReason,test\n810140,4,false\n");
    await visitor.sees("One row read: one order.");
    await visitor.press("Plan a drill of this list");
    await visitor.sees("DRILL: nothing changes.");
  },
);

visit("the page reads every file as the command does", async (visitor) => {
  const { files } = JSON.parse(await readFile(inRoot("tests/files/expected.json"), "utf8"));
  await visitor.go("#/jobs/new");
  await visitor.hears("Revoke many");
  const { page } = visitor;
  const reading = () => /** @type {any} */ (document.querySelector("plan-screen")).reading;
  const isRead = () => {
    const screen = /** @type {any} */ (document.querySelector("plan-screen"));
    return screen.readUpTo === screen.reading;
  };
  let read = 0;
  for (const [name, { cases }] of Object.entries(files)) {
    const found = cases.find(
      (/** @type {any} */ { options: [option, , more] }) =>
        option === undefined || (option === "--reason" && more === undefined),
    );
    if (!found) continue;
    read += 1;
    const reason = found.options[1] ?? "";
    await page.getByLabel("Reason of rows that have none").selectOption(reason);
    const before = await page.evaluate(reading);
    await page.getByLabel("Or choose a file").setInputFiles(inRoot("tests/files", name));
    while ((await page.evaluate(reading)) === before);
    await page.waitForFunction(isRead);
    const { plan, fault } = found;
    const [summary] = await page.locator("#list-read").allInnerTexts();
    const isPlanned = plan !== undefined || /reason/.test(String(fault.contains));
    assert.equal(summary !== undefined, isPlanned, name);
    if (!plan) continue;
    assert.match(summary, new RegExp(`: (one order|${plan.total} orders)\\.$`), name);
    const names = await page
      .locator("ul.orders li")
      .evaluateAll((items) => items.map((item) => item.textContent));
    for (const [at, named] of plan.names.slice(0, 20).entries()) {
      const { orderNumber, serialNumber, certificateID } = named;
      const expected =
        orderNumber ?? (serialNumber ? `serial:${serialNumber}` : `certificate:${certificateID}`);
      assert.equal(names[at]?.split(" ")[0], expected, name);
    }
  }
  assert.ok(read > 50, `${read} files`);
});

visit("from a bundle of certificates to a planned drill", async (visitor) => {
  await visitor.go("#/jobs/new");
  await visitor.page.getByLabel("Or choose a file").setInputFiles(inRoot("tests/files/fullchain.pem"));
  await visitor.sees(/certificates? of (a CA itself|CAs themselves) (was|were) left out/);
  await visitor.page.getByLabel("Reason of rows that have none").selectOption("keyCompromise");
  await visitor.sees("Key compromise (1)");
  await visitor.press("Plan a drill of this list");
  await visitor.sees("DRILL: nothing changes.");
});

visit(
  "orders that are not the caller's are named with their rows, and left out",
  async (visitor) => {
    await visitor.go("#/jobs/new");
    await visitor.page
      .getByLabel("The list", { exact: true })
      .fill("orderNumber,codeReason\n1500,4\n810150,4\n1501,4\n");
    await visitor.sees("3 rows read: 3 orders.");
    await visitor.press("Plan a drill of this list");
    await visitor.hears("One row is wrong. Nothing is planned yet.");
    await visitor.sees("is not covered by your permissions");
    await visitor.press("Leave these rows out");
    await visitor.sees("2 rows read: 2 orders.");
    await visitor.press("Plan a drill of this list");
    await visitor.hears("The plan");
  },
  { people: ["planner"] },
);

visit("what needs attention comes first: refused by code, and not known", async (visitor) => {
  world.simulator.orders.set({ orderNumber: "810401", state: "expired" });
  world.simulator.faults.add({ fault: "reset-after-reading", orderNumber: "810402" });
  const { id, planHash, total } = await planned("operator", numbers(810_400, 4));
  await world.api("operator", `/v1/jobs/${id}/start`, { planHash, total });
  await visitor.go(`#/jobs/${id}`);
  await visitor.hears("Needs attention");
  await visitor.sees(/One order refused: -35/);
  await visitor.sees("One outcome is not known");
  await visitor.sees(/2 of 4 accepted · 1 refused · 1 not known/);
  await visitor.page.getByRole("link", { name: "810402" }).first().click();
  await visitor.hears("It is not known whether order 810402 was revoked.");
});

visit("a job that ended with a refusal is not green, neither alone nor among others", async (visitor) => {
  const name = "One of two is refused";
  world.simulator.orders.set({ orderNumber: "810421", state: "expired" });
  const { id, planHash, total } = await planned("operator", numbers(810_420, 2), { name });
  await world.api("operator", `/v1/jobs/${id}/start`, { planHash, total });
  await visitor.go(`#/jobs/${id}`);
  await visitor.sees("Done, with refusals");
  await visitor.page.locator('[data-tone="no"]', { has: visitor.page.locator("#sentence") }).waitFor();
  await visitor.go("#/jobs");
  const row = visitor.page.locator("tr", { hasText: name });
  await row.locator('[data-tone="no"]').getByText("Done, with refusals").waitFor();
  assert.match(await row.locator(".numeric").innerText(), /^1 \/\s+2\s+1 refused$/);
});

visit("a job is paused, resumed and cancelled; what another person does to it shows", async (visitor) => {
  const id = await running("operator", numbers(810_500, 5), {
    deadline: new Date(Date.now() + 3_600_000).toISOString(),
  });
  await visitor.go(`#/jobs/${id}`);
  await visitor.press("Pause");
  await visitor.sees(/^Paused/);
  await visitor.sees(/may stay paused for (5\d min|1 h)/);
  await world.api("colleague", `/v1/jobs/${id}/resume`, {});
  await visitor.page.getByText("Paused", { exact: true }).waitFor({ state: "hidden" });
  await visitor.sees(/5 of 5 accepted/);

  const other = await planned("operator", numbers(810_600, 5), { name: "Cancelled" });
  await visitor.go(`#/jobs/${other.id}`);
  await visitor.page.getByText("More…").click();
  await visitor.sees("5 orders are not sent then, ever.");
  await visitor.press("Cancel the job");
  await visitor.sees(/5 cancelled/);
});

visit("the kill switch pauses all jobs, and says how many", async (visitor) => {
  const id = await running("colleague", numbers(810_700, 5), { name: "Someone else's" });
  await visitor.press("Pause all jobs");
  await visitor.press("Pause all jobs now");
  await visitor.sees("One job is paused.");
  await visitor.press("Close");
  await visitor.go(`#/jobs/${id}`);
  await visitor.sees(/^Paused/);
  await visitor.press("Resume");
  await visitor.sees(/5 of 5 accepted/);
});

visit("a connection that is lost is said, and the figures go on when it is back", async (visitor) => {
  const id = await running("operator", numbers(810_800, 20));
  await visitor.go(`#/jobs/${id}`);
  await visitor.press("Pause");
  await visitor.sees(/^Paused/);
  // Nothing is at the CA when the server goes.
  while ((await world.api("operator", `/v1/jobs/${id}`)).counts.sending > 0);
  await world.stop();
  await visitor.sees(/No answer from the server since/);
  await world.startAgain();
  await world.api("colleague", `/v1/jobs/${id}/resume`, {});
  await visitor.sees(/20 of 20 accepted/);
  await visitor.page.getByText(/No answer from the server/).waitFor({ state: "hidden" });
});

visit("a reload in the middle of a job shows it where it is", async (visitor) => {
  const id = await running("operator", numbers(810_900, 5), { name: "Reloaded" });
  await visitor.go(`#/jobs/${id}`);
  await visitor.sees("Running");
  await visitor.page.reload();
  await visitor.signIn(world.keys.operator);
  await visitor.hears("Reloaded");
  await visitor.sees(/5 of 5 accepted/);
});

visit(
  "who may only test drills, and is not offered a real job",
  async (visitor) => {
    await fillPlan(visitor, "orderNumber\n810950");
    assert.equal(await visitor.page.getByRole("button", { name: "Plan the real job" }).count(), 0);
    await visitor.press("Plan a drill of this list");
    await visitor.page.getByLabel("Type the number of orders to start").fill("1");
    await visitor.press("Start the drill");
    await visitor.hears("The drill is over. Nothing was changed.");
  },
  { people: ["tester"] },
);
