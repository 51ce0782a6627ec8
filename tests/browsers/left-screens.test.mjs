// A screen that was left, or whose person has signed out: an answer that comes afterwards does nothing to the page any more.
import assert from "node:assert/strict";
import { openDashboard } from "./visits.mjs";

/** @typedef {import("playwright-core").Route} Route */
/** @typedef {import("./visitor.mjs").Visitor} Visitor */

const { world, visit } = await openDashboard();

/** Many times what the page takes for an answer. */
const WORKED_ON_MS = 300;

/**
 * Holds the next request for this back.
 * @param {Visitor} visitor
 * @param {string} urls
 */
async function hold({ page }, urls) {
  /** @type {(route: Route) => void} */
  let hasCome = () => {};
  /** @type {Promise<Route>} */
  const held = new Promise((resolve) => (hasCome = resolve));
  await page.route(urls, hasCome, { times: 1 });
  return {
    held,
    /** @param {(route: Route) => Promise<void>} [how] */
    async letGo(how = async (route) => route.fulfill({ response: await route.fetch() })) {
      const route = await held;
      // Nobody may wait for it any more.
      await how(route).catch(() => {});
      await page.waitForTimeout(WORKED_ON_MS);
    },
  };
}

/** @param {Visitor} visitor */
async function signOut(visitor) {
  await visitor.press("Sign out");
  await visitor.hears("Sign in");
}

/** A drill that is over. */
async function drilled() {
  const orders = ["830001", "830002"].map((orderNumber) => ({ orderNumber, codeReason: 4, test: true }));
  const { id, planHash, total } = await world.api("operator", "/v1/jobs", { orders });
  await world.api("operator", `/v1/jobs/${id}/start`, { planHash, total });
  while ((await world.api("operator", `/v1/jobs/${id}`)).state !== "done");
  return id;
}

visit("the title of an order does not come back after signing out", async (visitor) => {
  const record = await hold(visitor, "**/v1/orders/830000");
  await visitor.go("#/orders/830000");
  await visitor.hears("Order 830000");
  await record.held;
  await signOut(visitor);
  await record.letGo();
  assert.equal(await visitor.page.title(), "Sign in · autorevoke");
});

visit("nor does one screen's title come back on the next", async (visitor) => {
  const record = await hold(visitor, "**/v1/orders/830000");
  await visitor.go("#/orders/830000");
  await record.held;
  await visitor.go("#/unknown");
  await visitor.hears("Not known");
  await record.letGo();
  assert.equal(await visitor.page.title(), "Not known · autorevoke");
});

visit("a job is not watched by a screen that was left before it was read", async (visitor) => {
  const id = await drilled();
  const details = await hold(visitor, `**/v1/jobs/${id}`);
  /** @type {string[]} */
  const watched = [];
  visitor.page.on("request", (request) => {
    if (request.url().includes(`/v1/jobs/${id}/`)) watched.push(request.url());
  });
  await visitor.go(`#/jobs/${id}`);
  await details.held;
  await visitor.go("#/");
  await visitor.hears("Now");
  await details.letGo();
  assert.deepEqual(watched, []);
});

visit("the rows of a drill are not there for the next person", async (visitor) => {
  const id = await drilled();
  await visitor.go(`#/jobs/${id}`);
  const rows = await hold(visitor, `**/v1/jobs/${id}/orders?*limit=10000*`);
  await visitor.press("Plan the real job with these rows");
  await rows.held;
  await signOut(visitor);
  await visitor.go("#/");
  await visitor.signIn(world.keys.colleague);
  await rows.letGo();
  assert.equal(await visitor.page.evaluate(() => location.hash), "#/");
  await visitor.go("#/jobs/new");
  await visitor.hears("Revoke many");
  assert.equal(await visitor.page.getByLabel("Name of the job").inputValue(), "");
  await visitor.page.waitForTimeout(WORKED_ON_MS);
  assert.doesNotMatch(await visitor.words(), /rows? read/);
});

visit("the rows of a drill do not take one away from another job", async (visitor) => {
  const [id, other] = [await drilled(), await drilled()];
  await visitor.go(`#/jobs/${id}`);
  const rows = await hold(visitor, `**/v1/jobs/${id}/orders?*limit=10000*`);
  await visitor.press("Plan the real job with these rows");
  await rows.held;
  await visitor.go(`#/jobs/${other}`);
  await visitor.hears(other);
  await rows.letGo();
  assert.equal(await visitor.page.evaluate(() => location.hash), `#/jobs/${other}`);
});

visit("a plan that is made while one is elsewhere calls nobody back", async (visitor) => {
  await visitor.go("#/jobs/new");
  await visitor.page.getByLabel("Or choose a file").setInputFiles({
    name: "list.csv",
    mimeType: "text/csv",
    buffer: Buffer.from("orderNumber,codeReason\n830003,superseded\n"),
  });
  await visitor.sees("One row read");
  const plan = await hold(visitor, "**/v1/jobs?name=*");
  await visitor.press("Plan the real job");
  await plan.held;
  await visitor.go("#/unknown");
  await visitor.hears("Not known");
  await plan.letGo();
  assert.equal(await visitor.page.evaluate(() => location.hash), "#/unknown");
  const { jobs } = await world.api("operator", "/v1/jobs?state=planned");
  assert.equal(jobs.length, 1, "it is made all the same");
});

visit("a screen that cannot be loaded says so to nobody who is elsewhere", async (visitor) => {
  const screen = await hold(visitor, "**/assets/*.js");
  await visitor.go("#/jobs/new");
  await screen.held;
  await visitor.go("#/");
  await screen.letGo((route) => route.abort());
  await visitor.hears("Now");
});

/**
 * How many files are saved when the person signs out while what is to be saved is read.
 * @param {Visitor} visitor
 * @param {string} button
 * @param {string} request
 */
async function savedAfterSigningOut(visitor, button, request) {
  let saved = 0;
  visitor.page.on("download", () => (saved += 1));
  await visitor.page.getByRole("button", { name: button }).waitFor();
  const read = await hold(visitor, request);
  await visitor.press(button);
  await read.held;
  await signOut(visitor);
  await read.letGo();
  return saved;
}

for (const [what, button, request] of [
  ["the audit log", "Save what is found (NDJSON)", "**/v1/audit?*limit=10000*"],
  ["its head", "Save the head of now", "**/v1/audit/head"],
])
  visit(
    `${what} is not saved for whoever comes after signing out`,
    async (visitor) => assert.equal(await savedAfterSigningOut(visitor, button, request), 0),
    { people: ["auditor"], route: "#/audit" },
  );

for (const [what, button, request] of [
  ["report", "Save the report", "**/v1/jobs/*/report*"],
  ["list", "Save all rows (CSV)", "**/v1/jobs/*/orders*"],
])
  visit(`the ${what} of a job is not saved either`, async (visitor) => {
    await visitor.go(`#/jobs/${await drilled()}`);
    assert.equal(await savedAfterSigningOut(visitor, button, request), 0);
  });
