// What is read as it comes: the events of a job, over as many connections as it takes, and all its rows.
import { planned, within } from "./call.js";
import { Event, begin } from "./deadline.js";
import { given } from "./given.js";
import { RevocationError } from "./revocation-error.js";
import { letter, members, property } from "./transcript.js";
import { attempt, nextChunk, whole } from "./transport.js";

/** @typedef {import("./call.js").Call} Call */
/** @typedef {import("./transcript.js").Entry} Entry */
/**
 * @typedef {object} Held what was given, as it was then
 * @property {import("./instance.js").Instance} full
 * @property {Entry[]} entries
 * @property {unknown} bound
 * @property {any} options
 * @property {<T>(job: T) => T} noted
 */

/** The job, each time that it has changed. @param {Held} held */
export async function* watch({ full, entries, bound, options, noted }) {
  const wasm = await full.exports();
  /** What wasm has told to remember. @type {Record<string, any>} */
  const seen = {};
  for (;;) {
    const facts = [...entries, ...members("watch", seen)];
    const call = planned(wasm, given("job-watch", undefined, bound, options, { entries: facts }));
    /** @type {RevocationError | undefined} */
    let failure;
    try {
      const reader = await opened(call);
      if (!reader) return;
      try {
        for await (const { jobs, over } of eventsOf(call, reader, seen)) {
          for (const job of jobs) yield noted(JSON.parse(job));
          if (over) return;
        }
      } finally {
        release(reader);
      }
    } catch (error) {
      if (!(error instanceof RevocationError)) throw error;
      failure = error;
    }
    const told = call.judge("again", [
      ...members("failed", { ...failure }),
      ...members("watch", seen),
      ["call", "random", letter(Math.random())],
    ]);
    const again = told.get("again");
    if (!again) throw failure;
    Object.assign(seen, told.get("watch"));
    if (failure) call.chosen.onInterruption?.(failure, { retryIn: again.pause });
    await rest(call, again.pause);
  }
}

/** All rows, as bytes of CSV. @param {Held} held */
export async function* rows({ full, entries, bound, options }) {
  const call = planned(await full.exports(), given("job-csv", undefined, bound, options, { entries }));
  const reader = await opened(call);
  try {
    for (let chunk; (chunk = await chunkOf(call, reader));) yield chunk;
  } finally {
    release(reader);
  }
}

/**
 * Reads the answer piece by piece if that is what it is for, and else says what it means, which may be nothing.
 * @param {Call} call
 */
const opened = (call) =>
  within(call, call.timeout, async (deadline) => {
    const answer = await call.respond(deadline);
    if (!call.judge("head", answer.head).get("stream").open) return call.answered(answer, deadline);
    const stream = property(answer.response, "body");
    if (typeof property(stream, "getReader") !== "function") throw new Event("no response");
    // In an object: a promise's own `then` would be called.
    const held = /** @type {{ reader: any }} */ (
      await deadline.wait(
        attempt(() => ({ reader: stream.getReader() })),
        "broken",
      )
    );
    return held.reader;
  });

/**
 * The next piece. A connection on which nothing comes for long is dead.
 * @param {Call} call
 * @param {any} reader
 */
const chunkOf = (call, reader) => within(call, call.silence, (deadline) => nextChunk(reader, deadline));

/**
 * @param {Call} call
 * @param {any} reader
 * @param {Record<string, any>} seen
 */
async function* eventsOf(call, reader, seen) {
  let kept = new Uint8Array();
  let stream = {};
  for (let chunk; (chunk = await chunkOf(call, reader));) {
    kept = whole([kept, chunk]);
    const told = call.judge("piece", [...members("stream", stream), ...members("watch", seen)], kept);
    Object.assign(seen, told.get("watch"));
    const { taken } = told.get("stream") ?? {};
    if (taken) {
      stream = { taken };
      kept = kept.slice(taken);
    }
    yield { jobs: Object.values(told.get("jobs") ?? {}), over: seen.over };
  }
}

/** Reads no further: that ends the connection. @param {any} reader */
function release(reader) {
  attempt(() => reader.cancel()).catch(() => {});
}

/** @param {Call} call @param {number} milliseconds */
async function rest(call, milliseconds) {
  const deadline = begin(call.chosen.signal, milliseconds);
  try {
    await deadline.wait(new Promise(() => {}), "");
  } catch (error) {
    const { name, thrown } = /** @type {Event} */ (error);
    if (name !== "timed out") call.judge(name, [["thrown", "itself", letter(thrown)]]);
  } finally {
    deadline.end();
  }
}
