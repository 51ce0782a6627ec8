// The dashboard's pages: the headers that keep a browser from being turned against its user, on every path.
import assert from "node:assert/strict";
import { readFile, readdir } from "node:fs/promises";
import { after, test } from "node:test";
import { startDemo } from "../../scripts/run/demo.mjs";
import { keepAnswers } from "../../scripts/test/evidence.mjs";
import { publishedHeaders } from "../browsers/dashboard-world.mjs";
import { sendRaw } from "../edge/raw-http.mjs";

const demo = await startDemo({ port: 0 });
after(() => demo.stop());
keepAnswers(demo.url);
const published = await publishedHeaders();

const dist = new URL("../../www/dist/", import.meta.url);
const assets = (await readdir(new URL("assets/", dist))).map((name) => `/assets/${name}`);

/** @param {Headers} headers @returns {Record<string, string>} directive to sources */
const policyOf = (headers) =>
  Object.fromEntries(
    (headers.get("content-security-policy") ?? "")
      .split(";")
      .map((directive) => directive.trim().split(/ (.*)/, 2)),
  );

for (const path of ["/", "/index.html", "/favicon.svg", "/?x=1", ...assets]) {
  test(`${path} is served under the headers that it is published with`, async () => {
    const response = await fetch(demo.url + path);
    await response.arrayBuffer();
    assert.equal(response.status, 200);
    for (const [name, value] of Object.entries(published)) {
      assert.equal(response.headers.get(name), value, name);
    }
  });
}

test("the policy lets in what is needed, and nothing else", () => {
  assert.deepEqual(policyOf(new Headers(published)), {
    "default-src": "'none'",
    "script-src": "'self' 'wasm-unsafe-eval'",
    "worker-src": "'self'",
    "style-src": "'self'",
    "connect-src": "'self'",
    "img-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
    "require-trusted-types-for": "'script'",
    "trusted-types": "lit-html autorevoke-workers",
  });
});

test("the page gives a policy no reason to be weaker: no inline script, style or handler", async () => {
  const html = await readFile(new URL("index.html", dist), "utf8");
  assert.doesNotMatch(html, /<style|\sstyle=|\son[a-z]+=|javascript:/i);
  for (const [, attributes, text] of html.matchAll(/<script([^>]*)>([^]*?)<\/script>/gi)) {
    assert.match(attributes, /\ssrc="\.\/[^/]/);
    assert.equal(text.trim(), "");
  }
  assert.doesNotMatch(html, /(src|href)="(https?:)?\/\//i, "nothing comes from elsewhere");
});

const elsewhere = [
  ["/nowhere"],
  ["/nowhere.html"],
  ["/assets/nowhere.js"],
  ["/assets/"],
  ["/_headers"],
  ["/%00.js"],
  ["//evil.example/x.js"],
  ["/..%2f..%2f..%2f..%2fetc/hosts.html"],
  ["/%2e%2e/%2e%2e/package.js"],
  ["/v1/me"],
  ["/v1/index.html"],
  ["/healthz"],
  ["/healthz", "HEAD"],
  ["/", "HEAD"],
  ["/", "POST"],
  ["/index.html", "DELETE"],
];
for (const [path, method = "GET"] of elsewhere) {
  test(`${method} ${path} is the edge's to answer: no page, and no browser takes it for one`, async () => {
    const response = await fetch(demo.url + path, { method });
    const text = await response.text();
    const { headers } = response;
    assert.ok([200, 401, 404].includes(response.status), String(response.status));
    assert.equal(response.status === 200, path === "/healthz");
    assert.match(headers.get("content-type") ?? "", /^application\/(problem\+)?json$/);
    assert.deepEqual(policyOf(headers), { "default-src": "'none'", "frame-ancestors": "'none'" });
    assert.equal(headers.get("x-content-type-options"), "nosniff");
    assert.equal(headers.get("referrer-policy"), "no-referrer");
    assert.equal(headers.get("cache-control"), "no-store");
    if (method !== "HEAD") JSON.parse(text);
  });
}

test("a Host that is none gets a problem document, and its text is not repeated", async () => {
  for (const host of ["a b", "[", "<script>", "a:port"]) {
    const response = await sendRaw(demo.url, ["GET / HTTP/1.1", `Host: ${host}`]);
    const problem = await response.json();
    assert.equal(response.status, 400);
    assert.equal(problem.type, "urn:autorevoke:problem:malformed-request");
    assert.equal(response.headers.get("content-type"), "application/problem+json");
    for (const [name, value] of Object.entries(published)) {
      assert.equal(response.headers.get(name), value, name);
    }
  }
});
