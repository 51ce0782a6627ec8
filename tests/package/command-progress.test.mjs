// What autorevoke job ... looks like: on a terminal, where lines are kept, and when the edge's answers are odd.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { after, test } from "node:test";
import { HASH, ID, done, job, planned } from "../client/job-documents.mjs";
import { noTerminal, onTerminal, start } from "./running.mjs";

const HOSTILE = "x\x1b[2J\x1b]0;owned\x07\u202e";

/** @typedef {(response: import("node:http").ServerResponse, path: string) => void} Answer */
/** @type {Answer} */
let answer;
const server = createServer(({ url }, response) => answer(response, String(url))).listen(0, "127.0.0.1");
await once(server, "listening");
after(() => (server.closeAllConnections(), server.close()));
const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
const env = { AUTOREVOKE_ENDPOINT: `http://127.0.0.1:${port}` };

const json = (/** @type {any} */ response, /** @type {any} */ body, status = 200) =>
  response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(body));

/** An edge that tells of a job by these events. @param {any[]} events @param {number} everyMs @returns {Answer} */
const telling = (events, everyMs) => async (response, path) => {
  if (!path.endsWith("/events")) return void json(response, { ...planned(), ...events[0] });
  response.writeHead(200, { "content-type": "text/event-stream" });
  for (const event of events) {
    response.write(`event: progress\nid: ${event.revision}\ndata: ${JSON.stringify(event)}\n\n`);
    await new Promise((next) => setTimeout(next, everyMs));
  }
  response.end();
};

const inSeconds = (/** @type {number} */ seconds) => new Date(Date.now() + seconds * 1000).toISOString();
const late = (/** @type {number} */ revision) =>
  job(
    {
      revision,
      atRisk: true,
      name: HOSTILE,
      rate: 0.2,
      neededRate: 12.34,
      eta: inSeconds(3725),
      lastError: HOSTILE,
    },
    { pending: 6, revoked: 4, refused: 1, unknown: 1 },
  );
const ending = done({ revision: 99, name: HOSTILE });

test("on a terminal: one line, redrawn, with all that matters in words", { skip: noTerminal }, async () => {
  answer = telling([late(3), late(4), ending], 300);
  const { status, out } = await onTerminal(`job watch ${ID}`, env);
  assert.equal(status, 0, out);
  const [head, ...frames] = out.split("\r\x1b[K");
  assert.match(head, /^job job_\S+, "x .*": 12 orders\r\n$/);
  assert.ok(frames.length >= 3);
  assert.ok(frames.slice(0, -1).every((frame) => !frame.includes("\n")));
  assert.match(
    frames[0],
    /^\[#{10}-{10}\] {2}50% {2}6\/12 {2}1 refused, 1 unknown {2}\x1b\[1;31mAT RISK\x1b\[0m: too slow for /,
  );
  const plain = { ...env, NO_COLOR: "1" };
  const wide = await onTerminal(`job watch ${ID}`, plain, { columns: 300 });
  assert.match(
    wide.out,
    / {2}AT RISK: too slow for 2026-07-30 12:00 UTC {2}done in 1 h 2 min {2}0\.2\/s \(needs 12\/s\) {2}x /,
  );
  for (const text of [out.replaceAll(/\x1b\[K|\x1b\[1;31m|\x1b\[0m/g, ""), wide.out.replaceAll("\x1b[K", "")])
    assert.doesNotMatch(text, /[\x1b\x07\u202e]/);
  // Never wider than the terminal: it would be two lines.
  const narrow = await onTerminal(`job watch ${ID}`, plain, { columns: 40 });
  const drawn = narrow.out.split("\r\x1b[K").slice(1, -1);
  assert.ok(drawn.every((frame) => frame.length < 40));
  assert.match(drawn[0], /^50% {2}6\/12 {2}1 refused/);
});

test("where lines are kept: one at each change of state, and else now and then", async () => {
  answer = telling([late(3), late(4), late(5), late(6), late(7), ending], 60);
  const { status, out } = await start(["job", "watch", ID], env).ended;
  assert.equal(status, 0);
  const lines = out.split("\n").filter((line) => line.startsWith("["));
  assert.equal(lines.length, 2, out);
  assert.doesNotMatch(out, /[\x1b\r\x07\u202e]/);
});

test("an answer that is not the edge's is status 3, and says what may go on", async () => {
  answer = (response, path) => {
    if (path === `/v1/jobs/${ID}`) return void json(response, planned());
    response.writeHead(200, { "content-type": "text/html" }).end("<html>");
  };
  const seen = ["--plan-hash", HASH, "--total", "12"];
  for (const [args, words] of /** @type {[string[], RegExp][]} */ ([
    [["start", ID, ...seen], /what became of the start .* may be revoking, or not/],
    [["resume", ID], /may be revoking, or not/],
    [["pause", ID], /what became of the pause .* may go on revoking/],
    [["cancel", ID], /may go on revoking/],
    [["pause-all"], /Jobs may go on revoking/],
    [["list"], /only reads/],
  ])) {
    const { status, out, err } = await start(["job", ...args], env).ended;
    assert.deepEqual([status, out], [3, ""], err);
    assert.match(err, words);
  }
});

test("an answer in the edge's place, and no connection: what is so, and of when the figures are", async () => {
  let asked = 0;
  answer = (response, path) => {
    if (!path.endsWith("/events")) return void json(response, job());
    asked += 1;
    if (asked === 1)
      return void response.writeHead(502, { "content-type": "text/html" }).end("<h1>Bad Gateway</h1>");
    if (asked === 2) return void response.destroy();
    return telling([ending], 0)(response, path);
  };
  const { status, out } = await start(["job", "watch", ID], env).ended;
  assert.equal(status, 0, out);
  const figures = "last figures of \\d\\d:\\d\\d:\\d\\d UTC";
  assert.match(
    out,
    new RegExp(`^no answer of the edge \\(HTTP 502\\); ${figures}; trying again in \\d+ s$`, "m"),
  );
  assert.match(out, new RegExp(`^no connection, trying again in \\d+ s: .+; ${figures}$`, "m"));
  assert.doesNotMatch(out, /is not the edge's/);
});

test("who stops watching is told that the job goes on", async () => {
  answer = (response, path) => {
    if (!path.endsWith("/events")) return void json(response, planned());
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(`event: progress\ndata: ${JSON.stringify(job())}\n\n`);
  };
  for (const signal of /** @type {const} */ (["SIGINT", "SIGTERM"])) {
    const { child, ended, says } = start(["job", "watch", ID], env);
    await says(/0\/12/);
    child.kill(signal);
    const { status, err } = await ended;
    assert.equal(status, 3, signal);
    assert.match(err, /^autorevoke: no longer watched\. The job itself goes on: autorevoke job watch job_/);
  }
});

test("a job that was cancelled while calls were under way has not ended well: nobody knows of those", async () => {
  const ended = done({ revision: 9 });
  const cancelled = {
    ...ended,
    state: "cancelled",
    counts: { ...ended.counts, revoked: 5, cancelled: 6, sending: 1 },
  };
  answer = (response, path) => {
    if (!path.endsWith("/events")) return void json(response, planned());
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(`event: progress\nid: 9\ndata: ${JSON.stringify(cancelled)}\n\n`);
  };
  const { child, ended: over, says } = start(["job", "watch", ID], env);
  await says(/cancelled/);
  child.kill("SIGINT");
  const { status, err } = await over;
  assert.equal(status, 3, err);
});
