// What the dashboard shows around orders and jobs: what needs attention, what is not known, the audit log, the server; who sees what.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { skip } from "./chromium.mjs";
import { Visitor } from "./visitor.mjs";
import { openDashboard } from "./visits.mjs";

/** @typedef {import("./dashboard-world.mjs").Person} Person */

const { world, browser, visit } = await openDashboard();

for (const [person, links] of /** @type {[Person, string[]][]} */ ([
  ["operator", ["Now", "Jobs", "Not known", "Server"]],
  ["approver", ["Now", "Jobs", "Approvals", "Server"]],
  ["auditor", ["Now", "Jobs", "Audit", "Server"]],
  ["reseller", ["Now", "Jobs", "Not known", "Server"]],
]))
  visit(
    `the navigation of the ${person} has what that one may see`,
    async ({ page }) => {
      const names = await page.locator("nav a").allInnerTexts();
      assert.deepEqual(
        names.map((name) => name.replace(/\s*\d.*/s, "").trim()),
        links,
      );
      assert.equal(
        await page.getByRole("button", { name: "Pause all jobs" }).count(),
        person === "operator" ? 1 : 0,
      );
    },
    { people: [person] },
  );

visit(
  "the address survives signing in",
  async (visitor) => {
    await visitor.hears("Server");
    assert.match(visitor.page.url(), /#\/server$/);
  },
  { route: "#/server" },
);

visit(
  "an unknown order is listed, found from the first screen, and gone when it is settled",
  async (visitor) => {
    world.simulator.faults.add({ fault: "reset-after-reading", orderNumber: "820001" });
    await visitor.revoke({ orderNumber: "820001" });
    await visitor.go("#/");
    await visitor.hears(/outcome.? (is|are) not known/);
    await visitor.page.getByRole("link", { name: /Not known/ }).click();
    await visitor.page.getByRole("link", { name: "820001" }).click();
    world.simulator.faults.clear();
    await visitor.asks("820001");
    await visitor.go("#/unknown");
    await visitor.sees("There is none: of every order that you may see the outcome is known.");
  },
);

visit(
  "the audit log is verified in the page: with a kept head, and without one it is said what cannot be known",
  async (visitor) => {
    await world.api("colleague", "/v1/revocations", { orderNumber: "820010", codeReason: 4 });
    await visitor.hears("Audit log");
    await visitor.press("Verify the log");
    await visitor.sees(/Whole, 1 to \d+/);
    await visitor.sees("an end that was cut off, or a log that was replaced, would not show");
    const [saved] = await Promise.all([
      visitor.page.waitForEvent("download"),
      visitor.press("Save the head of now"),
    ]);
    const head = await readFile(await saved.path());
    await world.api("colleague", "/v1/revocations", { orderNumber: "820011", codeReason: 4 });
    const file = visitor.page.getByLabel("A head that you have kept elsewhere (JSON)");
    await file.setInputFiles({ name: "head.json", mimeType: "", buffer: head });
    await visitor.sees(/Checked against the head of entry/);
    await visitor.press("Verify the log");
    await visitor.sees(/Whole, 1 to \d+, the head of .* fits, the signature is valid\./);
    // A head that is not of this log.
    const other = JSON.stringify({ ...JSON.parse(String(head)), hash: "0".repeat(64) });
    await file.setInputFiles({ name: "head.json", mimeType: "", buffer: Buffer.from(other) });
    await visitor.press("Verify the log");
    await visitor.sees("The log is not sound");
    await file.setInputFiles({ name: "head.json", mimeType: "", buffer: Buffer.from("{}") });
    await visitor.sees("This file is no head of an audit log.");
  },
  { people: ["auditor"], route: "#/audit" },
);

visit(
  "the audit log is listed and saved as the verifier reads it",
  async (visitor) => {
    await visitor.page.getByRole("row").nth(1).waitFor();
    const [saved] = await Promise.all([
      visitor.page.waitForEvent("download"),
      visitor.press("Save what is found (NDJSON)"),
    ]);
    const lines = String(await readFile(await saved.path()))
      .trim()
      .split("\n");
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).seq),
      lines.map((_, index) => index + 1),
    );
  },
  { people: ["auditor"], route: "#/audit" },
);

visit(
  "who may resume the breaker has a button for it, and others read who may (design: grave 5)",
  async (visitor) => {
    world.simulator.faults.add({ fault: "fixed-code", errorCode: -16 });
    await visitor.revoke({ orderNumber: "820020" });
    await visitor.sees("The CA has refused the server's login. Nothing is sent to the CA since");
    world.simulator.faults.clear();
    await visitor.page.getByRole("link", { name: "Look into it and resume" }).click();
    await visitor.hears("The CA has refused the server's login: the server calls it no more.");
    await visitor.press("Resume with one call");
    await visitor.hears("One call tries the CA's login; the others wait for what it brings.");
    assert.equal((await visitor.focused()).id, "breaker-heading");
    assert.equal((await visitor.revoke({ orderNumber: "820021" })).tone, "done");
    await visitor.go("#/server");
    await visitor.hears("The server calls the CA.");
  },
);

visit(
  "who is no person reads why",
  async (visitor) => {
    await visitor.page.route("**/v1/me", (route) =>
      route.fulfill({
        json: {
          actor: "key:k",
          person: null,
          personReason: "JWT_PERSON_CLAIM is not set, so nobody who comes by JWT is a person.",
          grants: [{ permissions: ["approve"], orders: ["*"] }],
        },
      }),
    );
    await visitor.press("Sign out");
    await visitor.signIn(world.keys.approver);
    await visitor.go("#/approvals");
    await visitor.sees("JWT_PERSON_CLAIM is not set");
  },
  { people: ["approver"] },
);

visit("who is not known any more is asked to sign in again, and is back where they were", async (visitor) => {
  await visitor.go("#/server");
  await visitor.hears("Server");
  await visitor.page.route(
    "**/v1/me",
    (route) =>
      route.fulfill({
        status: 401,
        contentType: "application/problem+json",
        json: {
          type: "urn:autorevoke:problem:unauthenticated",
          title: "t",
          status: 401,
          detail: "d",
          instance: "i",
          mayHaveRevoked: false,
        },
      }),
    { times: 1 },
  );
  await visitor.sees("The server does not know you any more");
  await visitor.signIn(world.keys.operator);
  await visitor.hears("Server");
});

test("a page behind a single sign-on asks for no key", { skip, timeout: 300_000 }, async () => {
  const visitor = await Visitor.open(browser, world.url);
  await visitor.page.route("**/v1/**", (route) =>
    route.continue({
      headers: { ...route.request().headers(), authorization: `Bearer ${world.keys.operator}` },
    }),
  );
  await visitor.page.reload();
  await visitor.hears("Now");
  assert.equal((await visitor.page.getByText("olivia").innerText()).trim(), "olivia");
  await visitor.leave();
});

test(
  "German is spoken to who prefers it, and English to who chooses it",
  { skip, timeout: 300_000 },
  async () => {
    const visitor = await Visitor.open(browser, world.url, { screen: { locale: "de-DE" } });
    await visitor.hears("Anmelden");
    await visitor.signIn(world.keys.operator);
    await visitor.hears("Jetzt");
    assert.equal(await visitor.page.evaluate("document.documentElement.lang"), "de-DE");
    await visitor.page.getByLabel("Sprache").selectOption("en");
    await visitor.hears("Now");
    await visitor.page.reload();
    await visitor.hears("Sign in");
    await visitor.leave();
  },
);
