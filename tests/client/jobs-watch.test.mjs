// jobs.watch(): over as many connections as it takes, nothing older after something newer, and an end when there is one.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import { mock, test } from "node:test";
import { createClient } from "autorevoke";
import fc from "fast-check";
import { troubleOf, troubleWith } from "../../pkg/bin/jobs/progress.js";
import { EDGE, failure, json, problem, problemResponse } from "./calls.mjs";
import { ID, done, job } from "./job-documents.mjs";

const encoder = new TextEncoder();
const at = (/** @type {number} */ revision, members = {}) => job({ revision, ...members });
const event = (/** @type {any} */ job) =>
  `event: progress\nid: ${job.revision}\ndata: ${JSON.stringify(job)}\n\n`;
/** As short as the client lets the edge make it. */
const HASTE = "retry: 1\n\n";

/**
 * An answer of events.
 * @param {(string | Uint8Array)[]} pieces
 * @param {"ends" | "breaks" | "stays"} [then]
 */
function events(pieces, then = "ends") {
  let next = 0;
  const pull = (/** @type {ReadableStreamDefaultController} */ to) => {
    const piece = pieces[next++];
    if (piece !== undefined) return to.enqueue(typeof piece === "string" ? encoder.encode(piece) : piece);
    if (then === "ends") return to.close();
    if (then === "breaks") return to.error(new TypeError("terminated"));
    return new Promise(() => {});
  };
  const body = new ReadableStream({ pull: (to) => void pull(to) }, { highWaterMark: 0 });
  return new Response(body, { headers: { "content-type": "text/event-stream; charset=utf-8" } });
}

/** It ends the watching; a connection that fails would be made again for ever. */
const tooMany = () => problemResponse(problem("not-found", 404, { detail: "one connection too many" }));

/**
 * A client whose edge gives these answers; after them it is not to be asked any more.
 * @param {(() => Response | Promise<Response>)[]} answers
 * @param {any} [options]
 */
function watching(answers, options = {}) {
  /** @type {Request[]} */
  const requests = [];
  const fetch = async (/** @type {Request} */ request) => {
    requests.push(request);
    return (answers[requests.length - 1] ?? tooMany)();
  };
  /** @type {{ kind: string, error: any, retryIn: number }[]} */
  const interruptions = [];
  const onInterruption = (/** @type {any} */ error, /** @type {{ retryIn: number }} */ { retryIn }) =>
    interruptions.push({ kind: error.kind, error, retryIn });
  const { jobs } = createClient({ endpoint: EDGE, token: "token", fetch, ...options.client });
  return { jobs, requests, interruptions, seen: jobs.watch(ID, { onInterruption, ...options.call }) };
}

/** @param {AsyncIterable<any>} seen */
async function revisions(seen) {
  const all = [];
  for await (const { revision } of seen) all.push(revision);
  return all;
}

test("a job as it changes, until it is done", async () => {
  const last = done({ revision: 9 });
  const { seen, requests } = watching([
    () =>
      events(
        ["retry: 2000\n\n", event(at(3)), ": still here\n\n", event(at(7)), event(last), event(at(99))],
        "stays",
      ),
  ]);
  const all = [];
  for await (const job of seen) all.push(job);
  assert.deepEqual(all, [at(3), at(7), last]);
  const [{ url, method, headers }] = requests;
  assert.deepEqual([method, url], ["GET", `${EDGE}/v1/jobs/${ID}/events`]);
  assert.deepEqual(
    ["accept", "authorization", "last-event-id", "content-type"].map((name) => headers.get(name)),
    ["text/event-stream, application/problem+json", "Bearer token", null, null],
  );
});

test("it goes on where it was, with a token of the moment, and never tells anything older", async () => {
  let tokens = 0;
  const cancelled = job({ state: "cancelled", revision: 12 }, { pending: 0, cancelled: 12 });
  const { seen, requests, interruptions } = watching(
    [
      () => events([HASTE, event(at(3)), event(at(5))]),
      () =>
        events(
          [HASTE, event(at(4)), event(at(5)), event(at(6)), "event: progress\nid: 7\ndata: {"],
          "breaks",
        ),
      () => events([`id\n\n`]),
      () => events([event(at(2)), event(cancelled)]),
    ],
    { client: { token: () => `token-${++tokens}` } },
  );
  assert.deepEqual(await revisions(seen), [3, 5, 6, 12]);
  assert.deepEqual(
    requests.map(({ headers }) => [headers.get("authorization"), headers.get("last-event-id")]),
    [
      ["Bearer token-1", null],
      ["Bearer token-2", "5"],
      ["Bearer token-3", "6"],
      // Taken back by the edge.
      ["Bearer token-4", null],
    ],
  );
  // Where it only ended, nothing is amiss.
  assert.deepEqual(
    interruptions.map(({ kind }) => kind),
    ["unknown-outcome"],
  );
});

test("an end that was seen already: the edge says that there is nothing more", async () => {
  const nothing = () => new Response(null, { status: 204 });
  const { seen, requests } = watching([() => events([HASTE, event(at(3))]), nothing]);
  assert.deepEqual(await revisions(seen), [3]);
  assert.equal(requests.length, 2);
  // To who has seen nothing it is no answer.
  const first = watching([nothing, () => events([event(done({ revision: 4 }))])]);
  assert.deepEqual(await revisions(first.seen), [4]);
  assert.deepEqual(first.interruptions.length, 1);
});

test("what may pass is tried again after pauses that grow; what comes makes them short again", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    const html = () => new Response("<html>", { headers: { "content-type": "text/html" } });
    const retry = (/** @type {string} */ text) => () => events([`retry: ${text}\n\n`], "breaks");
    const { seen, interruptions } = watching([
      () => Promise.reject(new TypeError("fetch failed")),
      html,
      () => new Response(null, { status: 302, headers: { location: "/" } }),
      () => problemResponse(problem("internal", 500)),
      () => problemResponse(problem("rate-limited", 429, { retryAfter: 90 })),
      () => problemResponse(problem("not-sent", 503)),
      () => json(at(3)),
      ...Array(4).fill(html),
      retry("10000"),
      html,
      html,
      retry("1"),
      retry("99999999999999999999"),
      () => events([event(done({ revision: 4 }))]),
    ]);
    const all = revisions(seen);
    let over = false;
    void all.finally(() => (over = true));
    while (!over) {
      await new Promise(setImmediate);
      mock.timers.tick(1000);
    }
    assert.deepEqual(await all, [4]);
    const expected = [...[2, 4, 8, 16, 90, 60, 60, 60, 60, 60, 60], ...[10, 20, 40], ...[0.25, 60]];
    assert.equal(interruptions.length, expected.length);
    for (const [index, { retryIn }] of interruptions.entries()) {
      const share = retryIn / (expected[index] * 1000);
      assert.ok(share >= 0.74 && share <= 1.26, `${index}: ${retryIn}`);
    }
    assert.equal(interruptions[4].retryIn, 90_000, "the edge's word is kept");
  } finally {
    mock.timers.reset();
  }
});

test("what will not pass ends it, with what the edge says", async () => {
  for (const [kind, status] of /** @type {const} */ ([
    ["unauthenticated", 401],
    ["forbidden", 403],
    ["not-found", 404],
    ["malformed-request", 400],
    ["not-configured", 503],
  ])) {
    for (const before of [[], [() => events([HASTE, event(at(3))], "breaks")]]) {
      const { seen, requests } = watching([...before, () => problemResponse(problem(kind, status))]);
      const error = await failure(revisions(seen));
      assert.deepEqual([error.kind, error.status, error.mayHaveRevoked], [kind, status, false]);
      assert.equal(requests.length, before.length + 1);
    }
  }
  const token = () => Promise.reject(new Error("no session"));
  const error = await failure(revisions(watching([], { client: { token } }).seen));
  assert.deepEqual([error.kind, error.cause?.message], ["not-sent", "no session"]);
});

test("the signal ends it at any moment, and lets go of the connection", async () => {
  for (const [answer, when] of /** @type {const} */ ([
    [() => new Promise(() => {}), "while it connects"],
    [() => events([event(at(3))], "stays"), "while it waits for news"],
    [() => events([event(at(3))], "breaks"), "while it rests"],
  ])) {
    const aborting = new AbortController();
    const { seen } = watching([/** @type {any} */ (answer)], { call: { signal: aborting.signal } });
    const all = revisions(seen);
    setTimeout(() => aborting.abort(new Error("enough")), 50);
    const error = await failure(all);
    assert.deepEqual([error.kind, error.mayHaveRevoked], ["aborted", false], when);
  }
  const { seen, requests } = watching([], { call: { signal: AbortSignal.abort() } });
  assert.equal((await failure(seen.next())).kind, "aborted");
  assert.equal(requests.length, 0);
});

test("the signal ends it while the caller has a job, or an interruption, in hand", async (t) => {
  const inJob = new AbortController();
  // One that never falls silent.
  let revision = 1;
  const lively = () =>
    new Response(
      new ReadableStream({ pull: (to) => to.enqueue(encoder.encode(event(at((revision += 1))))) }),
      { headers: { "content-type": "text/event-stream" } },
    );
  const { seen } = watching([lively], { call: { signal: inJob.signal } });
  const all = [];
  const error = await failure(
    (async () => {
      for await (const job of seen) {
        all.push(job.revision);
        inJob.abort();
      }
    })(),
  );
  assert.deepEqual([error.kind, all], ["aborted", [2]]);

  const inInterruption = new AbortController();
  const onInterruption = () => {
    inInterruption.abort();
    // The pause before the next connection would have no end.
    t.mock.timers.enable({ apis: ["setTimeout"] });
  };
  const breaks = () => events([event(at(3))], "breaks");
  const call = { signal: inInterruption.signal, onInterruption };
  assert.equal((await failure(revisions(watching([breaks], { call }).seen))).kind, "aborted");
});

test("an event that is none of the edge's on this job is not told, and the connection not used any more", async () => {
  for (const wrong of [
    event(at(4, { id: `${ID}0` })),
    event(at(4, { state: "done" })),
    event(at(4, { total: 13 })),
    "event: progress\ndata: {}\n\n",
    "event: progress\ndata: <html>\n\n",
    `event: progress\ndata: ${JSON.stringify(at(4)).replace("{", '{"state":"done",')}\n\n`,
    new Uint8Array([...encoder.encode("event: progress\ndata: "), 0xff, 10, 10]),
    `data: ${"x".repeat(300_000)}`,
  ]) {
    const { seen, interruptions } = watching([
      () => events([HASTE, event(at(3)), wrong, event(at(5))], "stays"),
      () => events([event(done({ revision: 6 }))]),
    ]);
    assert.deepEqual(await revisions(seen), [3, 6], String(wrong).slice(0, 80));
    assert.deepEqual(
      interruptions.map(({ kind }) => kind),
      ["unknown-outcome"],
    );
  }
  // What has another name, or none, is not for us.
  const { seen } = watching([
    () => events(["event: other\ndata: {}\n\n", "data: {}\n\n", event(done({ revision: 6 }))], "stays"),
  ]);
  assert.deepEqual(await revisions(seen), [6]);
});

test("however the stream is cut and its lines are ended", async () => {
  const ends = fc.constantFrom("\n", "\r", "\r\n");
  await fc.assert(
    fc.asyncProperty(
      fc.array(ends, { minLength: 1, maxLength: 5 }),
      fc.array(fc.nat(4000), { maxLength: 12 }),
      fc.boolean(),
      fc.boolean(),
      async (kinds, cuts, mark, split) => {
        const news = [at(3), at(4, { name: "ü\u2028€ \\n" }), at(5), done({ revision: 6 })];
        let count = 0;
        const lines = news.flatMap((job) => {
          // Data may stand in several lines, which a newline joins.
          const data = split ? JSON.stringify(job, null, 1).split("\n") : [JSON.stringify(job)];
          return [
            ": still here",
            "event:progress",
            `id: ${job.revision}`,
            ...data.map((it) => `data:${it}`),
            "",
            "",
          ];
        });
        const text = lines.map((line) => line + kinds[count++ % kinds.length]).join("");
        const bytes = encoder.encode((mark ? "\ufeff" : "") + text);
        const places = [0, ...cuts.map((cut) => cut % bytes.length).sort((a, b) => a - b), bytes.length];
        const pieces = places.slice(1).map((end, index) => bytes.slice(places[index], end));
        const { seen } = watching([() => events(pieces, "stays")]);
        const all = [];
        for await (const job of seen) all.push(job);
        assert.deepEqual(all, news);
      },
    ),
    { numRuns: 100 },
  );
});

test("a connection on which nothing comes for 30 s is made again; a comment is something", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  try {
    /** @type {ReadableStreamDefaultController} */
    let to;
    let released = 0;
    const quiet = () =>
      new Response(new ReadableStream({ start: (it) => void (to = it), cancel: () => void released++ }), {
        headers: { "content-type": "text/event-stream" },
      });
    const { seen, interruptions, requests } = watching([quiet, () => events([event(done({ revision: 4 }))])]);
    const all = revisions(seen);
    const settle = async () => {
      for (let turn = 0; turn < 20; turn += 1) await new Promise(setImmediate);
    };
    await settle();
    for (let minute = 0; minute < 5; minute += 1) {
      mock.timers.tick(29_000);
      // @ts-expect-error: it was assigned when the stream began
      to.enqueue(encoder.encode(": still here\n\n"));
      await settle();
    }
    assert.deepEqual([requests.length, interruptions.length], [1, 0]);
    mock.timers.tick(30_001);
    await settle();
    assert.deepEqual([interruptions.length, released], [1, 1]);
    // Nothing came: then nothing is said of an answer.
    const news = Date.parse("2026-07-30T14:01:05Z");
    const { why } = troubleWith(interruptions[0].error, Date.now() - 30_000);
    assert.equal(
      troubleOf({ why, news }, 2000),
      "no news for 30 s; last figures of 14:01:05 UTC; trying again in 2 s",
    );
    mock.timers.tick(3000);
    assert.deepEqual(await all, [4]);
  } finally {
    mock.timers.reset();
  }
});

test("over a real connection: who stops watching closes it", { timeout: 30_000 }, async (t) => {
  let closed = 0;
  let waiting = () => {};
  const server = createServer((request, response) => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(event(at(3)));
    request.socket.once("close", () => (closed++, waiting()));
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  t.after(() => (server.closeAllConnections(), server.close()));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  const { jobs } = createClient({ endpoint: `http://127.0.0.1:${port}` });
  const aborting = new AbortController();
  for (const stop of [
    async () => {
      for await (const { revision } of jobs.watch(ID)) if (revision === 3) break;
    },
    async () => {
      const seen = jobs.watch(ID, { signal: aborting.signal });
      await seen.next();
      const next = seen.next();
      aborting.abort();
      assert.equal((await failure(next)).kind, "aborted");
    },
  ]) {
    const before = closed;
    const gone = new Promise((resolve) => (waiting = () => resolve(undefined)));
    await stop();
    await gone;
    assert.equal(closed, before + 1);
  }
});
