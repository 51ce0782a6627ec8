// Two people in two browsers: a job above the threshold is started by one and approved, or declined, by the other.
import assert from "node:assert/strict";
import { openDashboard } from "./visits.mjs";

/** @typedef {import("./dashboard-world.mjs").Person} Person */

const { world, visit } = await openDashboard({ APPROVAL_ABOVE: "5" });

/** So many orders from this number on. @param {number} from @param {number} count */
const numbers = (from, count) => Array.from({ length: count }, (_, index) => String(from + index));

/** @param {Person} person @param {string[]} orders @param {object} [more] @returns {Promise<any>} */
const planned = (person, orders, more = {}) =>
  world.api(person, "/v1/jobs", {
    orders: orders.map((orderNumber) => ({ orderNumber })),
    defaults: { codeReason: 4 },
    ...more,
  });

visit(
  "above the threshold a second person types the total and approves, in a browser of their own",
  async (olivia, arthur) => {
    const { id } = await planned("operator", numbers(810_200, 6), { name: "Two people" });
    await olivia.go(`#/jobs/${id}`);
    await olivia.page.getByLabel("Type the number of orders to start").fill("6");
    await olivia.press("Revoke 6 orders");
    await olivia.sees("Waits for approval");
    await olivia.sees("A second person has to approve this job.");

    await arthur.page.getByRole("link", { name: /Approvals 1/ }).click();
    await arthur.page.getByRole("link", { name: "Two people" }).click();
    await arthur.sees("6 rows at random");
    await arthur.page.getByRole("rowheader", { name: "810203" }).first().waitFor();
    await arthur.press("Approve 6 revocations");
    await arthur.sees("This is not 6.");
    await arthur.page.getByLabel("Type the number of orders to approve").fill("6");
    await arthur.press("Approve 6 revocations");
    await arthur.sees(/6 of 6 accepted/);
    // The one who waits sees it without doing anything.
    await olivia.sees(/6 of 6 accepted/);
    await olivia.sees("arthur");
    // What has run tells how long the next will take.
    const next = await planned("operator", numbers(810_400, 12));
    await olivia.go(`#/jobs/${next.id}`);
    await olivia.sees(/if it goes as fast as “Two people”/);
  },
  { people: ["operator", "approver"] },
);

visit(
  "a second person declines with a comment, and the first reads it",
  async (olivia, arthur) => {
    const job = await planned("operator", numbers(810_300, 6), { name: "Declined" });
    const { id, planHash, total } = job;
    await world.api("operator", `/v1/jobs/${id}/start`, { planHash, total });
    await olivia.go(`#/jobs/${id}`);
    await olivia.sees("Waits for approval");
    await arthur.go(`#/jobs/${id}`);
    await arthur.press("Decline");
    await arthur.sees("Say why, in at most 1,024 characters.");
    await arthur.page.getByLabel("Or say why not").fill("Wrong list: these are last year's.");
    await arthur.press("Decline");
    for (const visitor of [arthur, olivia])
      await visitor.sees("Declined by arthur: “Wrong list: these are last year's.”");
    assert.deepEqual(world.received("810300"), []);
  },
  { people: ["operator", "approver"] },
);
