// A dashboard for the tests of a file, and visits to it: in each test a page of their own for everyone who takes part.
import assert from "node:assert/strict";
import { after, beforeEach, test } from "node:test";
import { launch, skip } from "./chromium.mjs";
import { LOGIN_NAME, LOGIN_PASSWORD, startWorld } from "./dashboard-world.mjs";
import { Visitor } from "./visitor.mjs";

/** @typedef {import("./dashboard-world.mjs").Person} Person */
/**
 * @typedef {object} Visit
 * @property {Person[]} [people] who take part, each signed in
 * @property {string} [route] where they begin
 * @property {import("./visitor.mjs").Screen} [screen]
 */

/** @param {Record<string, string>} [variables] of the edge */
export async function openDashboard(variables) {
  if (skip) return { world: /** @type {any} */ ({}), browser: /** @type {any} */ ({}), visit: skipped };
  const world = await startWorld(variables);
  const browser = await launch();
  after(async () => {
    await browser.close();
    await world.close();
  });
  beforeEach(() => world.simulator.reset());

  /**
   * @param {string} name
   * @param {(...visitors: Visitor[]) => Promise<void>} steps
   * @param {Visit} [how]
   */
  function visit(name, steps, { people = ["operator"], ...how } = {}) {
    test(name, { timeout: 300_000 }, async () => {
      const keys = people.map((person) => world.keys[person]);
      const visitors = await Promise.all(
        keys.map((key) => Visitor.open(browser, world.url, { key, ...how })),
      );
      await steps(...visitors);
      for (const visitor of visitors) {
        const page = await visitor.page.content();
        for (const secret of [LOGIN_NAME, LOGIN_PASSWORD, ...keys])
          assert.ok(!page.includes(secret), "a credential is in the page");
        await visitor.leave();
      }
    });
  }
  return { world, browser, visit };
}

/** @param {string} name */
const skipped = (name) => void test(name, { skip }, () => {});
