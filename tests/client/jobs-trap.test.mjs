// When the WebAssembly module fails while a job is watched: the watch goes on in a new instance, with what it had seen.
import assert from "node:assert/strict";
import { test } from "node:test";
import { trapWhen } from "./trapping.mjs";
import { EDGE } from "./calls.mjs";
import { ID, done, job } from "./job-documents.mjs";

const { createClient } = await import("autorevoke");

test("a trap in the midst of a stream is a lost connection", async () => {
  const event = (/** @type {any} */ it) =>
    `event: progress\nid: ${it.revision}\ndata: ${JSON.stringify(it)}\n\n`;
  /** @type {(string | null)[]} */
  const since = [];
  let traps = 0;
  const trap = () => {
    traps += 1;
    trapWhen(() => (trapWhen(), "before"));
    return event(job({ revision: 4 }));
  };
  const streams = [
    [event(job({ revision: 3 })), trap],
    [event(job({ revision: 4 })), event(done({ revision: 5 }))],
  ];
  const fetch = async (/** @type {Request} */ { headers }) => {
    since.push(headers.get("last-event-id"));
    const pieces = streams.shift() ?? [];
    const pull = (/** @type {ReadableStreamDefaultController} */ to) => {
      const piece = pieces.shift();
      if (piece === undefined) return to.close();
      to.enqueue(new TextEncoder().encode(`retry: 1\n${typeof piece === "string" ? piece : piece()}`));
    };
    return new Response(new ReadableStream({ pull }, { highWaterMark: 0 }), {
      headers: { "content-type": "text/event-stream" },
    });
  };
  const { jobs } = createClient({ endpoint: EDGE, fetch });
  /** @type {string[]} */
  const interruptions = [];
  const seen = [];
  const onInterruption = (/** @type {any} */ { kind, mayHaveRevoked }, /** @type {any} */ { retryIn }) => {
    assert.ok(!mayHaveRevoked && retryIn > 0, "it does not connect at once");
    interruptions.push(kind);
  };
  for await (const { revision } of jobs.watch(ID, { onInterruption })) seen.push(revision);
  assert.deepEqual(seen, [3, 4, 5]);
  assert.deepEqual([interruptions, since, traps], [["unknown-outcome"], [null, "3"], 1]);
});
