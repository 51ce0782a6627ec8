// One POST to the CA: never redirected, bounded in time and size, reported as it went.
import { isShort, readAtMost } from "./bodies.js";

/**
 * @param {string} endpoint
 * @param {Uint8Array} form wiped when the exchange has ended
 * @param {{ timeoutMs: number, maxAnswerBytes: number }} limits
 * @returns {Promise<{ lost: string } | { status: number, contentLength?: string, contentEncoding?: string, body: Uint8Array }>}
 */
export async function callCa(endpoint, form, { timeoutMs, maxAnswerBytes }) {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), timeoutMs);
  try {
    const response = await fetch(endpoint, {
      method: "POST",
      // Followed, a 307 or 308 would carry the password to wherever it points.
      redirect: "manual",
      headers: {
        "Content-Type": "application/x-www-form-urlencoded",
        Accept: "application/x-www-form-urlencoded, text/plain",
        "Accept-Encoding": "identity",
        "User-Agent": "autorevoke",
      },
      body: form,
      signal: controller.signal,
    });
    if (response.status !== 200) {
      response.body?.cancel().catch(() => {});
      return { status: response.status, body: new Uint8Array(0) };
    }
    const header = (name) => response.headers.get(name) ?? undefined;
    const contentLength = header("Content-Length");
    const contentEncoding = header("Content-Encoding");
    // Otherwise one byte more than allowed, so that the excess shows.
    const body = isShort(response.headers, maxAnswerBytes)
      ? new Uint8Array(await response.arrayBuffer())
      : await readAtMost(response, maxAnswerBytes + 1, timeoutMs);
    if (body.length > maxAnswerBytes) response.body?.cancel().catch(() => {});
    return { status: 200, contentLength, contentEncoding, body };
  } catch {
    // Whatever the exception says: the request may have arrived.
    return { lost: controller.signal.aborted ? "timed-out" : "connection-lost" };
  } finally {
    clearTimeout(timer);
    form.fill(0);
  }
}
