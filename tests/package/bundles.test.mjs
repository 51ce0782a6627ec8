// Bundles that run where nothing else is: of a server, and of a page by `autorevoke/inline`. `npm run test:package` has the
// many others.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { launch, skip } from "../browsers/chromium.mjs";

const run = promisify(execFile);
const here = fileURLToPath(new URL(".", import.meta.url));

/** @param {import("node:test").TestContext} t */
async function elsewhere(t) {
  const folder = await mkdtemp(join(tmpdir(), "autorevoke-bundle-"));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** @param {string} contents @param {import("esbuild").BuildOptions} how */
const bundle = (contents, how) =>
  build({ stdin: { contents, resolveDir: here }, bundle: true, logLevel: "error", ...how });

const SERVER = `import { createClient, revoke } from "autorevoke";
const credentials = { loginName: "name", loginPassword: "password" };
const fetch = async () => new Response("errorCode=0");
revoke({ orderNumber: 1 }, { credentials, fetch }).then(({ outcome }) => console.log(outcome));
`;

for (const format of /** @type {const} */ (["esm", "cjs"])) {
  test(`a server's bundle (${format}) is all that it needs`, async (t) => {
    const folder = await elsewhere(t);
    const file = join(folder, format === "esm" ? "out.mjs" : "out.cjs");
    await bundle(SERVER, { platform: "node", format, outfile: file });
    const { stdout, stderr } = await run(process.execPath, [file], { cwd: folder, env: {}, timeout: 60_000 });
    assert.deepEqual({ stdout, stderr }, { stdout: "revoked\n", stderr: "" });
  });
}

test("a page's script by autorevoke/inline is all that it needs", { skip, timeout: 60_000 }, async (t) => {
  const page = `import { createClient } from "autorevoke/inline";
    const answer = { orderNumber: "1", outcome: "revoked", errorCode: 0, test: false };
    const fetch = async ({ method }) => Response.json(method === "GET" ? { jobs: [] } : answer);
    const client = createClient({ endpoint: "https://edge.example", fetch });
    globalThis.work = async () => [(await client.revoke({ orderNumber: 1 })).outcome, (await client.jobs.list()).jobs.length];`;
  const { outputFiles } = await bundle(page, { format: "iife", write: false });
  const folder = await elsewhere(t);
  const file = join(folder, "page.html");
  await writeFile(file, `<!doctype html><meta charset="utf-8"><script>${outputFiles?.[0].text}</script>`);
  const browser = await launch();
  try {
    const opened = await browser.newPage();
    // A page of a file: it can fetch nothing at all.
    await opened.goto(`file://${file}`);
    assert.deepEqual(await opened.evaluate("work()"), ["revoked", 0]);
  } finally {
    await browser.close();
  }
});
