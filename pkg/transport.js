// One request out, one answer in, read by shape: what a replaced `fetch` gives may be of another realm or another library.
import { Event } from "./deadline.js";
import { letter, property } from "./transcript.js";

/** @typedef {import("./deadline.js").Deadline} Deadline */

const HEADERS = ["content-type", "content-length", "content-encoding", "retry-after"];

/**
 * @param {Request} request
 * @param {(request: Request) => unknown} fetch
 * @param {Deadline} deadline
 */
export async function send(request, fetch, deadline) {
  const response = await deadline.wait(
    attempt(() => fetch(request)),
    "broken",
  );
  const status = property(response, "status");
  if (!(Number.isInteger(status) && status >= 0 && status <= 65535)) throw new Event("no response");
  const headers = property(response, "headers");
  /** @type {import("./transcript.js").Entry[]} */
  const head = [
    ["answer", "status", letter(status)],
    ["answer", "redirected", property(response, "redirected") ? "b1" : "b0"],
  ];
  for (const name of HEADERS) {
    try {
      head.push(["answer", name, letter(headers.get(name))]);
    } catch {
      // Then it is not there.
    }
  }
  return { head, response };
}

/**
 * @param {any} response
 * @param {Deadline} deadline
 * @param {number} limit how many bytes it may have
 */
export async function bodyOf(response, deadline, limit) {
  const stream = property(response, "body");
  if (typeof property(stream, "getReader") !== "function") {
    const buffer = await deadline.wait(
      attempt(() => response.arrayBuffer()),
      "broken",
    );
    const length = property(buffer, "byteLength");
    if (!Number.isSafeInteger(length)) throw new Event("no response");
    if (length < 0 || length > limit) throw new Event("too long");
    return whole([new Uint8Array(/** @type {ArrayBuffer} */ (buffer), 0, length)]);
  }
  /** @type {any} */
  const held = await deadline.wait(
    attempt(() => ({ reader: stream.getReader() })),
    "broken",
  );
  try {
    return await chunksOf(held.reader, deadline, limit);
  } catch (error) {
    // Reads no further. What comes of it is of no interest, but an unhandled rejection would end a Node process.
    attempt(() => held.reader.cancel()).catch(() => {});
    throw error;
  }
}

/**
 * @param {any} reader
 * @param {Deadline} deadline
 * @param {number} limit
 */
async function chunksOf(reader, deadline, limit) {
  const chunks = [];
  let room = limit;
  for (;;) {
    const chunk = await nextChunk(reader, deadline);
    if (!chunk) return whole(chunks);
    room -= chunk.length;
    if (room < 0) throw new Event("too long");
    chunks.push(chunk);
  }
}

/**
 * The next piece of a body; nothing at its end.
 * @param {any} reader
 * @param {Deadline} deadline
 */
export async function nextChunk(reader, deadline) {
  const step = await deadline.wait(
    attempt(() => reader.read()),
    "broken",
  );
  const done = property(step, "done");
  if (done === true) return undefined;
  const chunk = property(step, "value");
  // By shape as well: in test runners that use several realms, their Uint8Array is not ours.
  const length = property(chunk, "byteLength");
  if (done !== false || !ArrayBuffer.isView(chunk) || property(chunk, "length") !== length) {
    throw new Event("no response");
  }
  return new Uint8Array(chunk.buffer, chunk.byteOffset, length);
}

/** @param {Uint8Array[]} chunks */
export function whole(chunks) {
  const bytes = new Uint8Array(chunks.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.length;
  }
  return bytes;
}

/**
 * A promise of what this gives, throws or rejects with; whatever it gives may be a promise of any kind.
 * @param {() => unknown} action
 * @returns {Promise<any>}
 */
export const attempt = (action) => new Promise((resolve) => resolve(action()));
