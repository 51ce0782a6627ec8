// An order that is looked up: whatever names it, what the server's record says, and what the caller may do with it.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { inRoot } from "../../scripts/command/places.mjs";
import { skip } from "./chromium.mjs";
import { Visitor } from "./visitor.mjs";
import { openDashboard } from "./visits.mjs";

const { world, browser, visit } = await openDashboard();

visit(
  "who may only test gets no red button, and is told so (design: grave 6)",
  async (visitor) => {
    await visitor.go("#/orders/700040");
    await visitor.sees("You may test this order, and not revoke it.");
    assert.equal(await visitor.page.getByRole("button", { name: "Revoke…" }).count(), 0);
    await visitor.fill({});
    await visitor.press("Dry run");
    assert.equal((await visitor.read()).tone, "note");
  },
  { people: ["tester"] },
);

visit(
  "who is out of range is told before anything is filled in (design: grave 6)",
  async (visitor) => {
    await visitor.go("#/orders/2000");
    await visitor.sees("Your permissions for orders cover: 1000-1999.");
    assert.equal(await visitor.page.getByRole("radio").count(), 0);
    assert.equal((await visitor.revoke({ orderNumber: "1000" })).tone, "done");
  },
  { people: ["reseller"] },
);

for (const person of /** @type {const} */ (["auditor", "approver"]))
  visit(
    `an ${person} finds no form for orders (design: grave 6)`,
    async (visitor) => {
      await visitor.sees("Your permissions do not cover single orders.");
      await visitor.go("#/orders/700041");
      await visitor.sees("You may neither see nor revoke this order.");
      assert.equal(await visitor.page.getByRole("radio").count(), 0);
    },
    { people: [person] },
  );

visit(
  "an order that someone else has revoked is shown as that when looked up (design: less grave)",
  async (visitor) => {
    await visitor.go("#/orders/700050");
    await visitor.sees("The server has never sent this order");
    await world.api("colleague", "/v1/revocations", { orderNumber: "700050", codeReason: 1 });
    await visitor.lookUp("700050");
    await visitor.sees("The server's record says: revoked.");
    assert.match(await visitor.words(), /key:colleague/);
  },
);

test(
  "what happens in another tab, and by the server itself, shows without a reload",
  { skip, timeout: 300_000 },
  async () => {
    const key = world.keys.operator;
    const route = "#/orders/700049";
    const [one, other] = await Promise.all(
      [1, 2].map(() => Visitor.open(browser, world.url, { key, route })),
    );
    await other.sees("The server has never sent this order");
    world.simulator.faults.add({ fault: "reset-after-reading", orderNumber: "700049" });
    assert.equal((await one.revoke({ orderNumber: "700049" })).tone, "unknown");
    await other.hears("It is not known whether order 700049 was revoked.");
    world.simulator.faults.clear();
    await other.asks("700049");
    await one.hears("Order 700049 is revoked already");
    await one.leave();
    await other.leave();
  },
);

visit(
  "a lookup that fails says so of the order, and not of who you are (design: less grave)",
  async (visitor) => {
    await visitor.intercept("/v1/orders/700051", (route) => route.abort());
    await visitor.lookUp("700051");
    await visitor.sees("The server did not answer.");
    assert.doesNotMatch(await visitor.words(), /who you are|never sent/);
    await visitor.press("Try again");
    await visitor.sees("The server has never sent this order");
  },
);

visit(
  "numbers are taken as people paste them, and said to be wrong where they are (design: less grave)",
  async (visitor) => {
    for (const [pasted, title] of [
      ["#123457", "Order 123457"],
      ["12 34", "Order 1234"],
      ["serial: 0a:1B:2c", "Certificate serial:0A1B2C"],
      ["0x00ab", "Certificate serial:AB"],
      ["certificate:42", "Certificate certificate:42"],
    ]) {
      await visitor.lookUp(pasted);
      await visitor.hears(title);
    }
    for (const [pasted, fault] of [
      ["", "Enter a number."],
      ["0123", "does not begin with 0"],
      ["9223372036854775808", "too long"],
      ["order", "neither an order number nor a serial number"],
    ]) {
      await visitor.lookUp(pasted);
      await visitor.sees(fault);
    }
  },
);

visit("times have their zone, UTC first (design: less grave)", async (visitor) => {
  await visitor.revoke({ orderNumber: "700059" });
  assert.match(
    await visitor.page.locator(".timeline").innerText(),
    /\d\d:\d\d UTC \(\d\d:\d\d (CET|CEST|GMT[+]\d)\)/,
  );
});

visit(
  "a certificate that is dropped is looked up by its serial number, of a chain the leaf",
  async (visitor) => {
    const file = (/** @type {string} */ name) => readFile(inRoot("tests", name));
    const chosen = async (/** @type {string} */ name) =>
      visitor.page
        .getByLabel("Or choose the certificate")
        .setInputFiles({ name: "a.pem", mimeType: "", buffer: await file(name) });
    for (const [name, serial] of [
      ["front/certificates/leaf.pem", "0D0E"],
      ["front/certificates/leaf.der", "0D0E"],
      ["files/fullchain.pem", "B71E0C5D4A9F3E2168D0C7B5A4938271"],
    ]) {
      await visitor.go("#/");
      await chosen(name);
      await visitor.hears(`Certificate serial:${serial}`);
    }
    await visitor.go("#/");
    await chosen("files/bundle.pem");
    await visitor.sees("This file has several certificates.");
    await chosen("files/pkcs7.p7b");
    await visitor.sees("This file has no certificate that can be looked up.");
    await visitor.sees(/PKCS#7 bundle/);
  },
);
