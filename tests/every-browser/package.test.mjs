// The package in a page without a bundler, under a strict policy: each entry loads its module and revokes an order, once.
// @ts-check
import assert from "node:assert/strict";
import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, before } from "node:test";
import { fileURLToPath } from "node:url";
import { startCounterpart } from "../package/cells/counterpart.mjs";
import { page } from "../package/cells/sources.mjs";
import { inEveryBrowser } from "./browsers.mjs";

const PACKAGE = fileURLToPath(new URL("../../pkg", import.meta.url));
const ANSWERS_WITHIN_MS = 60_000;

/** @type {import("../package/cells/counterpart.mjs").Counterpart} */
let counterpart;
/** @type {string} */
let folder;
/** @type {string} */
let origin;

before(async () => {
  counterpart = await startCounterpart();
  folder = await mkdtemp(join(tmpdir(), "autorevoke-every-browser-"));
  await cp(PACKAGE, join(folder, "autorevoke"), { recursive: true, dereference: true });
  for (const [name, entry] of [
    ["web", "./autorevoke/web.js"],
    ["inline", "./autorevoke/inline.js"],
  ]) {
    await writeFile(join(folder, `${name}.js`), page(entry));
    await writeFile(
      join(folder, `${name}.html`),
      `<!doctype html><title>A page</title><script type="module" src="./${name}.js"></script>\n`,
    );
  }
  origin = counterpart.serve(folder);
});
after(async () => {
  await counterpart?.stop();
  if (folder) await rm(folder, { recursive: true, force: true });
});

for (const entry of ["web", "inline"])
  inEveryBrowser(`autorevoke/${entry} revokes through the edge, and asks for the jobs`, async (driver) => {
    const order = counterpart.order();
    const query = new URLSearchParams({ edge: counterpart.edgeUrl, token: counterpart.token, order });
    await driver.get(`${origin}${entry}.html?${query}`);
    /** @returns {Promise<string | null>} */
    const said = () => driver.executeScript("return globalThis.cameOfIt ?? null");
    await driver.wait(async () => (await said()) !== null, ANSWERS_WITHIN_MS);
    assert.deepEqual(JSON.parse(String(await said())), { orderNumber: order, outcome: "revoked", jobs: 0 });
    assert.equal(counterpart.revoked(order), 1);
  });
