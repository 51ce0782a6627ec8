// The dashboard in each browser, before a real edge and a simulated CA: every flow of an incident, as people go through it.
// @ts-check
import assert from "node:assert/strict";
import { after, before, beforeEach } from "node:test";
import { By } from "selenium-webdriver";
import { startWorld } from "../browsers/dashboard-world.mjs";
import { inEveryBrowser } from "./browsers.mjs";
import { Operator } from "./operator.mjs";

/** @type {import("../browsers/dashboard-world.mjs").World} */
let world;

before(async () => {
  // More than one person starts alone in all browsers: it counts by day.
  world = await startWorld({ APPROVAL_ABOVE: "100" });
});
after(() => world?.close());
beforeEach(() => world.simulator.reset());

let next = 600_001;
/** So many orders that no other test has. @param {number} count */
const newOrders = (count) => Array.from({ length: count }, () => String(next++));

/** How often the CA has revoked it. @param {string} order */
const revoked = (order) => world.received(order).filter(({ acted }) => acted).length;

/** @param {string[]} orders @param {string} name @returns {Promise<any>} */
const planned = (orders, name) =>
  world.api("operator", "/v1/jobs", {
    name,
    orders: orders.map((orderNumber) => ({ orderNumber })),
    defaults: { codeReason: 4 },
  });

/** @param {import("selenium-webdriver").WebDriver} driver */
const visitor = (driver) => new Operator(driver, world.url);

/** Fills in what a revocation asks for, and confirms it. @param {Operator} operator @param {string} order */
async function revoke(operator, order) {
  await operator.hears(`Order ${order}`);
  await operator.choose("Superseded");
  await operator.press("Revoke…");
  await operator.fill("Type the order number to confirm", order);
  await operator.press(`Revoke order ${order}`);
}

inEveryBrowser("an order is looked up, revoked, and found revoked after a reload", async (driver) => {
  const [order] = newOrders(1);
  const olivia = visitor(driver);
  await olivia.signIn(world.keys.operator);
  await olivia.fill("Order number or serial number", order);
  await olivia.press("Look up");
  await olivia.sees("The server has never sent this order");
  await revoke(olivia, order);
  assert.equal(await olivia.tone(), "done");
  await olivia.sees(`The CA accepted the revocation of order ${order}`);
  assert.equal(revoked(order), 1);
  await driver.navigate().refresh();
  await olivia.presentKey(world.keys.operator);
  await olivia.sees("The server's record says: revoked.");
  assert.equal(revoked(order), 1);
});

inEveryBrowser("a dry run changes nothing, and says so", async (driver) => {
  const [order] = newOrders(1);
  const olivia = visitor(driver);
  await olivia.signIn(world.keys.operator, `#/orders/${order}`);
  await olivia.choose("Superseded");
  await olivia.press("Dry run");
  assert.equal(await olivia.tone(), "note");
  assert.deepEqual(
    world.received(order).map((/** @type {any} */ { test }) => test),
    ["Y"],
  );
});

inEveryBrowser("an unknown outcome is not overwritten, survives a reload, and is settled", async (driver) => {
  const [order] = newOrders(1);
  world.simulator.faults.add({ fault: "reset-after-reading", orderNumber: order });
  const olivia = visitor(driver);
  await olivia.signIn(world.keys.operator, `#/orders/${order}`);
  await revoke(olivia, order);
  assert.equal(await olivia.tone(), "unknown");
  await driver.navigate().refresh();
  await olivia.presentKey(world.keys.operator);
  await olivia.sees(`It is not known whether order ${order} was revoked.`);
  world.simulator.faults.clear();
  // The server's own probes come at any time, and may find it out first.
  const revokedAlready = `Order ${order} is revoked already`;
  await Promise.any([olivia.press("Ask the server (revokes nothing)"), olivia.hears(revokedAlready)]);
  await olivia.hears(revokedAlready);
  assert.equal(revoked(order), 1);
});

inEveryBrowser("a list is drilled, and nothing is changed", async (driver) => {
  const orders = newOrders(3);
  const olivia = visitor(driver);
  await olivia.signIn(world.keys.operator, "#/jobs/new");
  await olivia.hears("Revoke many");
  await olivia.fill("The list", ["orderNumber", ...orders].join("\n"));
  await olivia.sees("3 rows read");
  await olivia.select("Reason of rows that have none", "superseded");
  await olivia.press("Plan a drill of this list");
  await olivia.sees("DRILL: nothing changes.");
  await olivia.fill("Type the number of orders to start", "3");
  await olivia.press("Start the drill");
  await olivia.hears("The drill is over. Nothing was changed.");
  assert.deepEqual(orders.map(revoked), [0, 0, 0]);
});

inEveryBrowser(
  "above the threshold another person approves in another browser, and both see it done",
  async (driver, another) => {
    const orders = newOrders(101);
    const { id } = await planned(orders, "Two people");
    const [olivia, arthur] = [visitor(driver), visitor(another)];
    await olivia.signIn(world.keys.operator, `#/jobs/${id}`);
    await olivia.fill("Type the number of orders to start", "101");
    await olivia.press("Revoke 101 orders");
    await olivia.sees("Waits for approval");
    await arthur.signIn(world.keys.approver, "#/approvals");
    await arthur.follow("Two people");
    await arthur.fill("Type the number of orders to approve", "101");
    await arthur.press("Approve 101 revocations");
    for (const person of [arthur, olivia]) await person.sees("101 of 101 accepted");
    assert.ok(orders.every((order) => revoked(order) === 1));
  },
  { people: 2 },
);

inEveryBrowser("the kill switch stops a job, and it goes on when it is resumed", async (driver) => {
  const orders = newOrders(5);
  world.simulator.faults.add({ fault: "latency", ms: 1_500 });
  const { id, planHash, total } = await planned(orders, "Stopped");
  await world.api("operator", `/v1/jobs/${id}/start`, { planHash, total });
  const olivia = visitor(driver);
  await olivia.signIn(world.keys.operator, `#/jobs/${id}`);
  await olivia.press("Pause all jobs");
  await olivia.press("Pause all jobs now");
  await olivia.press("Close");
  await olivia.sees("Paused");
  await olivia.press("Resume");
  await olivia.sees("5 of 5 accepted");
});

inEveryBrowser("a lost connection is said, and the figures go on when the server is back", async (driver) => {
  const orders = newOrders(20);
  world.simulator.faults.add({ fault: "latency", ms: 1_000 });
  const { id, planHash, total } = await planned(orders, "Lost");
  const olivia = visitor(driver);
  await olivia.signIn(world.keys.operator, `#/jobs/${id}`);
  await world.api("operator", `/v1/jobs/${id}/start`, { planHash, total });
  await olivia.press("Pause");
  await olivia.sees("Paused");
  while ((await world.api("operator", `/v1/jobs/${id}`)).counts.sending > 0);
  await world.stop();
  await olivia.sees("No answer from the server since");
  await world.startAgain();
  await world.api("colleague", `/v1/jobs/${id}/resume`, {});
  await olivia.sees("20 of 20 accepted");
});

inEveryBrowser("each screen opens, and the audit log is verified in a worker", async (driver) => {
  const olivia = visitor(driver);
  await olivia.signIn(world.keys.operator, "#/");
  for (const [route, element] of [
    ["#/jobs", "jobs-screen h1"],
    ["#/unknown", "unknown-screen h1"],
    ["#/approvals", "approvals-screen h1"],
    ["#/server", "#breaker-heading"],
    ["#/", "look-up"],
  ]) {
    await olivia.go(route);
    await olivia.find(By.css(element));
  }
  await driver.navigate().refresh();
  await olivia.presentKey(world.keys.auditor);
  await olivia.go("#/audit");
  await olivia.press("Verify the log");
  await olivia.sees(/Whole, 1 to \d+/);
});
