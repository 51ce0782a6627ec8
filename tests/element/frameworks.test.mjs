// examples/elements, built as its users build it: plain HTML, React and Vue make one revocation each, and hear of it.
import assert from "node:assert/strict";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { launch, skip } from "../browsers/chromium.mjs";
import { Visitor } from "./visitor.mjs";
import { startWorld } from "./world.mjs";

/** @type {import("./world.mjs").World} */
let world;
/** @type {import("playwright-core").Browser} */
let browser;
let folder = "";

before(async () => {
  if (skip) return;
  folder = await mkdtemp(join(tmpdir(), "autorevoke-frameworks-"));
  const root = fileURLToPath(new URL("../../examples/elements", import.meta.url));
  await build({ root, logLevel: "error", build: { outDir: folder, emptyOutDir: true } });
  world = await startWorld({ folder });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  await world?.close();
  await rm(folder, { recursive: true, force: true });
});

for (const [name, path, orderNumber] of [
  ["plain HTML", "index.html", "700001"],
  ["React", "react.html", "700002"],
  ["Vue", "vue.html", "700003"],
]) {
  test(name, { skip, timeout: 300_000 }, async () => {
    const visitor = await Visitor.open(browser, `${world.url}/${path}`, { element: "autorevoke-form" });
    const { page } = visitor;
    await page.locator("#key").fill(world.keys.operator);
    const number = `9${orderNumber}`;
    await visitor.revoke({ orderNumber: number });
    await page.getByText(`revoked: order ${number}`).waitFor();
    assert.equal(world.received(number).filter(({ acted }) => acted).length, 1);

    const button = page.locator("autorevoke-button");
    await button.getByRole("button", { name: "Revoke…" }).click();
    await button.getByLabel("Type the order number to confirm").fill(orderNumber);
    await button.getByRole("button", { name: `Revoke order ${orderNumber}` }).click();
    await page.getByText(`revoked: order ${orderNumber}`, { exact: true }).waitFor();
    assert.deepEqual(
      world.received(orderNumber).map(({ acted, codeReason }) => [acted, codeReason]),
      [[true, "4"]],
    );
    assert.ok(!(await page.content()).includes("ark_"), "the token is in the markup");
    await visitor.leave();
  });
}
