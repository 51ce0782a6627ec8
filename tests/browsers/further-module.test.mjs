// Verifying an audit log and watching a job in a page: the second module and its code come with the first call, and not
// before.
import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, test } from "node:test";
import { fileURLToPath } from "node:url";
import { build } from "vite";
import { signedLog } from "../audit/logs.mjs";
import { ID, done, job } from "../client/job-documents.mjs";
import { launch, skip } from "./chromium.mjs";

const PAGE = `import { createClient, revoke, verifyAuditLog } from "autorevoke";
  Object.assign(globalThis, { createClient, revoke, verifyAuditLog });`;

/** A page that has the package as Vite bundles it. */
async function servePage() {
  // Inside of the workspace, so that the package is found by its name.
  const folder = await mkdtemp(join(fileURLToPath(new URL(".", import.meta.url)), ".page-"));
  after(() => rm(folder, { recursive: true, force: true }));
  await writeFile(
    join(folder, "index.html"),
    '<!doctype html><script type="module" src="./page.js"></script>',
  );
  await writeFile(join(folder, "page.js"), PAGE);
  await build({ root: folder, logLevel: "error" });
  const types = { html: "text/html", js: "text/javascript", wasm: "application/wasm" };
  const server = createServer(async ({ url }, response) => {
    const path = url === "/" ? "/index.html" : String(url);
    const type = types[/** @type {keyof types} */ (path.split(".").at(-1))];
    const body = type && (await readFile(join(folder, "dist", path)).catch(() => undefined));
    response.writeHead(body ? 200 : 404, {
      "content-type": type ?? "text/plain",
      "content-security-policy": "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'",
    });
    response.end(body);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  after(() => server.close());
  return `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}/`;
}

/** A page of its own, and what it has loaded. */
async function openPage() {
  const url = await servePage();
  const browser = await launch();
  after(() => browser.close());
  const page = await browser.newPage();
  await page.goto(url);
  await page.waitForFunction("globalThis.verifyAuditLog");
  return {
    /** @returns {Promise<string[]>} */
    loaded: () =>
      page.evaluate(() =>
        performance.getEntriesByType("resource").map(({ name }) => String(name.split("/").at(-1))),
      ),
    /** @param {string} source @returns {Promise<any>} */
    run: (source) => page.evaluate(source),
  };
}

test(
  "a page verifies a log, and loads what it needs for that only then",
  { skip, timeout: 300_000 },
  async () => {
    const { loaded, run: edge } = await openPage();
    const offline = "{ endpoint: 'https://edge.example', fetch: async () => Response.json({}) }";
    assert.equal(
      await edge(`revoke({ orderNumber: 7 }, ${offline}).catch(({ kind }) => kind)`),
      "unknown-outcome",
    );
    assert.equal(
      await edge(`createClient(${offline}).orders.settle(7).catch(({ kind }) => kind)`),
      "unknown-outcome",
    );
    assert.deepEqual(
      (await loaded()).filter((name) => /full|audit|head/.test(name)),
      [],
    );

    const { ndjson, head, keys } = signedLog();
    const verify = (/** @type {object} */ ...given) =>
      edge(`verifyAuditLog(${given.map((it) => JSON.stringify(it)).join()})`);
    assert.deepEqual(await verify(ndjson, { head }), { ok: true, entries: 5, signature: "not-checked" });
    assert.deepEqual(await verify(ndjson, { head, keys }), { ok: true, entries: 5, signature: "valid" });
    const forged = { ...head, time: "2020-01-01T00:00:00.000Z" };
    assert.equal((await verify(ndjson, { head: forged, keys })).ok, false);
    assert.equal((await verify(ndjson.replace("key:demo", "key:dem0"), {})).firstBad, 2);
    const names = await loaded();
    assert.ok(
      names.some((name) => /^autorevoke_full.*\.wasm$/.test(name)),
      String(names),
    );
  },
);

test("a page watches a job", { skip, timeout: 300_000 }, async () => {
  const { loaded, run } = await openPage();
  const events = [job({ revision: 3 }), done({ revision: 4 })]
    .map((it) => `id: ${it.revision}\nevent: progress\ndata: ${JSON.stringify(it)}\n\n`)
    .join("");
  const fetch = `async ({ url, headers }) => new Response(${JSON.stringify(events)}, { headers: { "content-type": "text/event-stream" } })`;
  const before = await loaded();
  assert.deepEqual(
    await run(`(async () => {
      const { jobs } = createClient({ endpoint: "https://edge.example", fetch: ${fetch} });
      const seen = [];
      for await (const { state, revision } of jobs.watch("${ID}")) seen.push([state, revision]);
      return seen;
    })()`),
    [
      ["running", 3],
      ["done", 4],
    ],
  );
  const since = (await loaded()).slice(before.length);
  assert.ok(
    since.some((it) => /^autorevoke_full.*\.wasm$/.test(it)),
    String(since),
  );
});
