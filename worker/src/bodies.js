// Reads a body up to a limit in bytes and time, and no further.

/** Thrown when a body did not come whole within its time. */
export class TooSlow extends Error {}

/**
 * The first `limit` bytes at most; the rest is neither read nor kept.
 * @param {ReadableStream<Uint8Array> | null} stream
 * @param {number} limit
 * @param {number} withinMs
 */
export async function readAtMost(stream, limit, withinMs) {
  if (!stream) return new Uint8Array(0);
  const reader = stream.getReader();
  let timer;
  const tooSlow = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new TooSlow()), withinMs);
  });
  const chunks = [];
  let length = 0;
  try {
    while (length < limit) {
      const { done, value } = await Promise.race([reader.read(), tooSlow]);
      if (done) break;
      chunks.push(value.subarray(0, limit - length));
      length += value.length;
    }
    if (length >= limit) reader.cancel().catch(() => {});
  } catch (error) {
    reader.cancel().catch(() => {});
    throw error;
  } finally {
    clearTimeout(timer);
  }
  return chunks.length === 1 ? chunks[0] : joined(chunks);
}

function joined(chunks) {
  const whole = new Uint8Array(chunks.reduce((length, chunk) => length + chunk.length, 0));
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
