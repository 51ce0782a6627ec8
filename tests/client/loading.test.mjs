// Where the modules come from: `load()`, what is said when that fails, and what the next call does then.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { after, test } from "node:test";
import { fileURLToPath, pathToFileURL } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const fileOf = (/** @type {string} */ name) =>
  fileURLToPath(new URL(`../../pkg/dist/autorevoke_${name}.wasm`, import.meta.url));

/** What was asked for, and what is answered to it. */
const asked = [];
let broken = false;
const server = createServer(async ({ url }, response) => {
  asked.push(url);
  const [, name] = /^\/(small|full)\.wasm/.exec(String(url)) ?? [];
  if (url === "/moved.wasm") return response.writeHead(302, { location: "/login?session=secret" }).end();
  if (!name)
    return response
      .writeHead(url === "/gone.wasm" ? 404 : 200, { "content-type": "text/html" })
      .end("<html>");
  // No media type: not every server knows the one of WebAssembly.
  response.writeHead(broken ? 503 : 200).end(await readFile(fileOf(name)));
});
server.listen(0, "127.0.0.1");
await once(server, "listening");
after(() => server.close());
const ORIGIN = `http://127.0.0.1:${/** @type {import("node:net").AddressInfo} */ (server.address()).port}`;

/** A fresh runtime for each: a module is loaded once. @param {string} source */
async function inNode(source) {
  const main = `import * as package_ from "autorevoke"; import * as web from "autorevoke/web";
    const edge = { endpoint: "https://edge.example", fetch: async (request) => request.method === "GET"
      ? Response.json({ jobs: [] })
      : Response.json({ orderNumber: "1", outcome: "revoked", errorCode: 0, test: false }) };
    const ca = { credentials: { loginName: "name", loginPassword: "password" }, fetch: async () => new Response("errorCode=0") };
    const said = (promise) => promise.then(() => "fine", ({ kind, message }) => kind + ": " + message);
    ${source}`;
  const args = ["--input-type=module", "--eval", main];
  const { stdout } = await run(process.execPath, args, {
    timeout: 60_000,
    cwd: fileURLToPath(new URL("..", import.meta.url)),
  });
  return stdout.trim();
}

test("of two named places a page asks for the small one at once, and for the full one when a call needs it", async () => {
  asked.length = 0;
  const out = await inNode(`
    await web.load({ small: "${ORIGIN}/small.wasm", full: new URL("${ORIGIN}/full.wasm") });
    await web.revoke({ orderNumber: 1 }, edge);
    console.log((await fetch("${ORIGIN}/between")).status);
    console.log((await web.createClient(edge).jobs.list()).jobs.length);`);
  assert.equal(out, "200\n0");
  assert.deepEqual(asked, ["/small.wasm", "/between", "/full.wasm"]);
});

test("the full one alone is loaded at once", async () => {
  asked.length = 0;
  await inNode(`await web.load({ full: "${ORIGIN}/full.wasm" });`);
  assert.deepEqual(asked, ["/full.wasm"]);
});

test("Node takes a path, a file's URL, and the same line as a page", async () => {
  for (const from of [
    JSON.stringify(fileOf("full")),
    `new URL(${JSON.stringify(pathToFileURL(fileOf("full")))})`,
    `{ full: ${JSON.stringify(fileOf("full"))} }`,
    `{ small: "${ORIGIN}/gone.wasm" }`,
    "{ small: undefined, full: undefined }",
    "undefined",
  ])
    assert.equal(
      await inNode(
        `await package_.load(${from}); console.log((await package_.revoke({ orderNumber: 1 }, ca)).outcome);`,
      ),
      "revoked",
      from,
    );
});

test("what cannot be loaded is said with the URL that answered, without its query, and without a page's policy on a server", async () => {
  for (const [path, about] of [
    ["/gone.wasm", `${ORIGIN}/gone.wasm: HTTP 404`],
    ["/page.wasm?key=secret", `${ORIGIN}/page.wasm: WebAssembly.compile()`],
    ["/moved.wasm", `${ORIGIN}/login: WebAssembly.compile()`],
  ]) {
    const out = await inNode(`console.log(await said(web.load("${ORIGIN}${path}")));`);
    assert.match(out, /^not-sent: Nothing was sent: the WebAssembly module could not be loaded \(/);
    assert.ok(out.includes(about), out);
    assert.doesNotMatch(out, /secret|Content-Security-Policy/);
  }
  const page = await inNode(
    `globalThis.document = {}; console.log(await said(web.load("${ORIGIN}/gone.wasm")));`,
  );
  assert.match(page, /does the Content-Security-Policy allow 'wasm-unsafe-eval'\?$/);
});

test("a login and a query in the URL are in no error, whatever the runtime repeats", async () => {
  const { load } = await import("autorevoke/web");
  await assert.rejects(load("https://operator:sesame@127.0.0.1:9/small.wasm?key=sesame"), (error) => {
    assert.doesNotMatch(String(/** @type {Error} */ (error).message), /sesame|operator/);
    assert.match(String(/** @type {Error} */ (error).message), /https:\/\/127\.0\.0\.1:9\/small\.wasm/);
    return true;
  });
});

test("where a URL does not answer once, the next call asks it again", async () => {
  broken = true;
  const before = inNode(`
    console.log(await said(web.load({ small: "${ORIGIN}/small.wasm" })));
    console.log(await said(web.revoke({ orderNumber: 1 }, edge)));`);
  assert.match(await before, /HTTP 503[^]*HTTP 503/);
  broken = false;
  const after = inNode(`
    const { fetch } = globalThis;
    globalThis.fetch = async () => { globalThis.fetch = fetch; throw new TypeError("not reached"); };
    console.log(await said(web.load({ small: "${ORIGIN}/small.wasm" })));
    console.log(await said(web.revoke({ orderNumber: 1 }, edge)));`);
  assert.match(await after, /small\.wasm: not reached[^]*\nfine$/);
});
