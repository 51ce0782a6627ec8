// Reads a body up to a limit in bytes and time, and no further.

/** Thrown when a body did not come whole within its time. */
export class TooSlow extends Error {}

/** How much of a body that nobody wants is read all the same, in bytes and milliseconds. */
const DISCARDED_BYTES = 1024 * 1024;
const DISCARDED_WITHIN_MS = 5_000;

/**
 * Lets the sender finish: one whose connection is closed while it still sends may never see its answer.
 * @param {ReadableStream<Uint8Array> | null} stream what is left of a body
 */
export async function discard(stream) {
  if (!stream || stream.locked) return;
  const reader = stream.getReader();
  const timer = setTimeout(() => reader.cancel().catch(() => {}), DISCARDED_WITHIN_MS);
  try {
    for (let left = DISCARDED_BYTES; left > 0;) {
      const { done, value } = await reader.read();
      if (done) return;
      left -= value.length;
    }
    await reader.cancel();
  } catch {
    // It is gone; so be it.
  } finally {
    clearTimeout(timer);
  }
}

/**
 * Whether a body's length is sent and within the limit, as it nearly always is: then it is read in one go, since piece by piece
 * takes several times as long.
 * @param {Headers} headers
 * @param {number} limit
 */
export function isShort(headers, limit) {
  const length = headers.get("Content-Length") ?? "";
  return /^\d+$/.test(length) && Number(length) <= limit && !headers.has("Content-Encoding");
}

/**
 * The first `limit` bytes at most; the rest is left in the stream.
 * @param {Request | Response} message
 * @param {number} limit
 * @param {number} withinMs
 */
export async function readAtMost(message, limit, withinMs) {
  if (!message.body) return new Uint8Array(0);
  let timer;
  /** @type {Promise<never>} */
  const tooSlow = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new TooSlow()), withinMs);
  });
  try {
    if (!isShort(message.headers, limit)) return await inPieces(message.body, limit, tooSlow);
    return new Uint8Array(await Promise.race([message.arrayBuffer(), tooSlow]));
  } finally {
    clearTimeout(timer);
  }
}

/** @param {ReadableStream<Uint8Array>} stream @param {number} limit @param {Promise<never>} tooSlow */
async function inPieces(stream, limit, tooSlow) {
  const reader = stream.getReader();
  /** @type {Uint8Array[]} */
  const chunks = [];
  let length = 0;
  try {
    while (length < limit) {
      const { done, value } = await Promise.race([reader.read(), tooSlow]);
      if (done) break;
      chunks.push(value.subarray(0, limit - length));
      length += value.length;
    }
    reader.releaseLock();
  } catch (error) {
    reader.cancel().catch(() => {});
    throw error;
  }
  return chunks.length === 1 ? chunks[0] : joined(chunks);
}

/** @param {Uint8Array[]} chunks */
function joined(chunks) {
  const whole = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
