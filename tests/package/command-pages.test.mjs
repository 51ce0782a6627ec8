// What comes in pages is written whole, each entry once: autorevoke audit export, and job orders.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, test } from "node:test";
import { logOf } from "../audit/logs.mjs";
import { ID, done, row } from "../client/job-documents.mjs";
import { start } from "./running.mjs";

const TOTAL = 25;
const PAGE = 7;
const entries = logOf(TOTAL);
const jobs = Array.from({ length: TOTAL }, (_, index) => done({ id: `job_${index}` }));
const rows = Array.from({ length: TOTAL }, (_, index) => row(index + 1));

/** @param {any[]} all @param {URLSearchParams} query */
function page(all, query, size = PAGE) {
  const from = Number(query.get("after"));
  return { part: all.slice(from, from + size), ...(from + size < all.length && { next: from + size }) };
}

/** The newest first: `after` is the number of a job. @param {URLSearchParams} query */
function pageOfJobs(query) {
  const from = query.has("after") ? TOTAL - Number(query.get("after")) : 0;
  const more = from + PAGE < TOTAL;
  return { jobs: jobs.slice(from, from + PAGE), ...(more && { next: TOTAL - from - PAGE }) };
}

/** @param {URL} url */
function answerTo({ pathname, searchParams }) {
  if (pathname === "/v1/jobs") return pageOfJobs(searchParams);
  const { part, ...next } = page(pathname === "/v1/audit" ? entries : rows, searchParams);
  return pathname === "/v1/audit" ? { entries: part, ...next } : { orders: part, ...next };
}

const server = createServer(({ url }, response) => {
  const answer = answerTo(new URL(String(url), "http://edge"));
  response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
}).listen(0, "127.0.0.1");
await once(server, "listening");
after(() => (server.closeAllConnections(), server.close()));
const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
const env = { AUTOREVOKE_ENDPOINT: `http://127.0.0.1:${port}` };

/** @param {string[]} args */
async function lines(args) {
  const { status, out, err } = await start(args, env).ended;
  assert.equal(status, 0, err);
  return out.trimEnd().split("\n");
}

test("audit export writes each entry of all pages, once and in order", async () => {
  const seqs = (await lines(["audit", "export"])).map((line) => JSON.parse(line).seq);
  assert.deepEqual(
    seqs,
    entries.map(({ seq }) => seq),
  );
  const rest = (await lines(["audit", "export", "--after", "9"])).map((line) => JSON.parse(line).seq);
  assert.deepEqual(rest, seqs.slice(9));
});

test("audit export asks for no more than is read", async (t) => {
  const large = logOf(2_000);
  /** The pages that each reader's command has asked for. @type {Record<string, number>} */
  const asked = { idle: 0, eager: 0 };
  const edge = createServer(({ url, headers }, response) => {
    asked[String(headers.authorization).slice("Bearer ".length)] += 1;
    const { part, ...next } = page(large, new URL(String(url), "http://edge").searchParams, 100);
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ entries: part, ...next }));
  }).listen(0, "127.0.0.1");
  await once(edge, "listening");
  t.after(() => (edge.closeAllConnections(), edge.close()));
  const { port } = /** @type {import("node:net").AddressInfo} */ (edge.address());
  const by = (/** @type {string} */ reader) =>
    start(["audit", "export"], {
      ...{ AUTOREVOKE_ENDPOINT: `http://127.0.0.1:${port}`, AUTOREVOKE_TOKEN: reader },
    });
  const idle = by("idle");
  idle.child.stdout.pause();
  // Also after a failure: a command that nobody reads does not end, nor does this file.
  t.after(() => void idle.child.stdout.resume());
  await once(edge, "request");
  // Whatever the machine does meanwhile: one that began later has written everything.
  const { status } = await by("eager").ended;
  assert.deepEqual([status, asked.eager], [0, 20]);
  assert.ok(asked.idle < 15, `${asked.idle} of 20 pages, and none was read`);
  idle.child.stdout.resume();
  const { out } = await idle.ended;
  assert.equal(out.trimEnd().split("\n").length, large.length);
});

test("job list shows each job of all pages, once and in order", async () => {
  const [line] = await lines(["job", "list", "--json"]);
  const ids = JSON.parse(line).jobs.map((/** @type {{ id: string }} */ { id }) => id);
  assert.deepEqual(
    ids,
    jobs.map(({ id }) => id),
  );
  assert.equal((await lines(["job", "list"])).length, TOTAL + 1);
});

test("job orders writes each row of all pages, once and in order", async () => {
  const written = (await lines(["job", "orders", ID, "--json"])).map((line) => JSON.parse(line).row);
  assert.deepEqual(
    written,
    rows.map(({ row }) => row),
  );
  const table = await lines(["job", "orders", ID]);
  assert.deepEqual(
    table.slice(1, -1).map((line) => Number.parseInt(line, 10)),
    written,
  );
  assert.equal(table.at(-1), `${TOTAL} orders`);
});
