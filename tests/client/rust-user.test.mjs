// A Rust program on wasm that uses the crate: examples/rust-user is compiled as its user would, and revokes in Node.

import assert from "node:assert/strict";
import { once } from "node:events";
import { mkdir, readFile } from "node:fs/promises";
import { createServer } from "node:http";
import { join } from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { generator } from "../../scripts/build/wasm.mjs";
import { targetDirectory } from "../../scripts/command/places.mjs";
import { run } from "../../scripts/command/running.mjs";
import { TARGET, ensureWasmToolchain } from "../../scripts/setup/wasm-target.mjs";

/** @type {(edge: string, token: string, orderNumber: string) => Promise<string>} */
let reportCompromise;
/** How the edge answers, and what it was asked. @type {(answer: import("node:http").ServerResponse) => void} */
let answers;
/** @type {{ path?: string, authorization?: string, body: any }[]} */
const asked = [];

const edge = createServer(async (request, answer) => {
  const body = JSON.parse(Buffer.concat(await request.toArray()).toString());
  asked.push({ path: request.url, authorization: request.headers.authorization, body });
  answers(answer);
});
/** @type {string} */
let url;

before(async () => {
  edge.listen(0, "127.0.0.1");
  await once(edge, "listening");
  const { port } = /** @type {import("node:net").AddressInfo} */ (edge.address());
  url = `http://127.0.0.1:${port}`;

  const { program, flags, env } = await ensureWasmToolchain();
  // By the profile of the tests, whose dependencies are compiled already.
  const what = ["build", "--quiet", "--profile", "test", "--package", "rust-user", "--target", TARGET];
  await run(program, [...what, ...flags], { env });
  const bindgen = await generator("autorevoke-bindgen");
  const glue = join(targetDirectory, "glue", "rust-user");
  await mkdir(glue, { recursive: true });
  const compiled = join(targetDirectory, TARGET, "debug", "rust_user.wasm");
  await run(bindgen, [compiled, glue, "rust_user"]);
  const example = await import(pathToFileURL(join(glue, "rust_user.js")).href);
  await example.default({ module_or_path: await readFile(join(glue, "rust_user_bg.wasm")) });
  reportCompromise = example.report_compromise;
});
after(() => void edge.close().closeAllConnections());

/** @param {number} status @param {string} type @param {object} document */
const saying = (status, type, document) => (/** @type {import("node:http").ServerResponse} */ answer) =>
  answer.writeHead(status, { "content-type": type }).end(JSON.stringify(document));

test("a Rust program revokes, by the fetch of its runtime", async () => {
  const done = { orderNumber: "123456", outcome: "revoked", errorCode: 0, test: false, auditSeq: 1 };
  answers = saying(200, "application/json", done);
  assert.equal(await reportCompromise(url, "ark_ops_secret", "123456"), "The certificate is revoked.");
  assert.deepEqual(asked.splice(0), [
    {
      path: "/v1/revocations",
      authorization: "Bearer ark_ops_secret",
      body: { orderNumber: "123456", codeReason: 1, test: false },
    },
  ]);
});

test("a Rust program is told what is not known, and what was refused", async () => {
  answers = (answer) => void answer.destroy();
  const lost = await reportCompromise(url, "ark_ops_secret", "123456");
  assert.match(
    lost,
    /^Not known! It is not known what became of the revocation for order 123456: the connection broke/,
  );
  answers = saying(200, "text/html", {});
  assert.match(await reportCompromise(url, "ark_ops_secret", "123456"), /^Not known! .* not from the edge/);
  const problem = { type: "urn:autorevoke:problem:forbidden", status: 403, detail: "No." };
  answers = saying(403, "application/problem+json", problem);
  assert.equal(await reportCompromise(url, "ark_ops_secret", "123456"), "You may not do this.");
  asked.length = 0;
});

test("a Rust program is told of faults, and nothing is sent", async () => {
  assert.match(
    await reportCompromise(url, "ark_ops_secret", "007"),
    /^The order is invalid and was not sent\. orderNumber/,
  );
  assert.match(
    await reportCompromise("http://edge.example", "t", "1"),
    /^Not revoked\. Nothing was sent: .* endpoint must/,
  );
  assert.match(
    await reportCompromise(url, "a secret", "1"),
    /^Not revoked\. Nothing was sent: .* token must/,
  );
  assert.deepEqual(asked, []);
});
