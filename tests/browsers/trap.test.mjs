// A WebAssembly module that traps in a page: each call ends by itself with the truth, and the next one works.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { launch, skip } from "./chromium.mjs";

const PAGE = `import { trapAtEachStep } from "../../client/trap-steps.mjs";
  globalThis.errors = [];
  addEventListener("error", ({ message }) => errors.push(message));
  addEventListener("unhandledrejection", ({ reason }) => errors.push(String(reason)));
  const { revoke } = await import("autorevoke");
  globalThis.trapAtEachStep = (way) => trapAtEachStep(revoke, way);`;

/** A page with this script, as Vite bundles it. */
async function openPage() {
  // Inside of the workspace, so that the package is found by its name.
  const folder = await mkdtemp(join(fileURLToPath(new URL(".", import.meta.url)), ".trap-"));
  after(() => rm(folder, { recursive: true, force: true }));
  await writeFile(
    join(folder, "index.html"),
    '<!doctype html><script type="module" src="./page.js"></script>',
  );
  await writeFile(join(folder, "page.js"), PAGE);
  await build({ root: folder, logLevel: "error", build: { target: "es2022" } });
  const types = { html: "text/html", js: "text/javascript", wasm: "application/wasm" };
  const server = createServer(async ({ url }, response) => {
    const path = url === "/" ? "/index.html" : String(url);
    const type = types[/** @type {keyof types} */ (path.split(".").at(-1))];
    const body = type && (await readFile(join(folder, "dist", path)).catch(() => undefined));
    response.writeHead(body ? 200 : 404, { "content-type": type ?? "text/plain" }).end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  after(() => server.close());
  const browser = await launch();
  after(() => browser.close());
  const page = await browser.newPage();
  await page.goto(
    `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}/`,
  );
  await page.waitForFunction("globalThis.trapAtEachStep");
  return page;
}

test("at every step of a call, in a page", { skip, timeout: 300_000 }, async () => {
  const page = await openPage();
  for (const way of ["edge", "ca"]) {
    const { steps, untroubled, trapped } = await page.evaluate(`trapAtEachStep("${way}")`);
    assert.deepEqual(untroubled, { sent: 1, ended: "revoked" });
    assert.equal(trapped.length, 2 * steps);
    for (const { where, sent, ended, next } of trapped) {
      const kind = sent > 0 ? "unknown-outcome" : "not-sent";
      assert.deepEqual(
        [ended.kind, ended.mayHaveRevoked, next],
        [kind, sent > 0, "revoked"],
        `${way} ${where}`,
      );
    }
  }
  assert.deepEqual(await page.evaluate("errors"), []);
});
