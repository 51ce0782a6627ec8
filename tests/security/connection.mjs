// A connection on which any bytes can be sent, and all that comes back is seen: every answer, and its end.
import { connect } from "node:net";

/**
 * @typedef {object} Exchange
 * @property {Response[]} answers whole ones, in their order
 * @property {string} rest what came besides; empty unless something is odd
 * @property {boolean} closed by the other side
 */

/**
 * Sends the pieces and reads until the edge has closed the connection, or has been silent for long.
 * @param {string} url the edge's origin
 * @param {(string | { afterMs: number, bytes: string })[]} pieces each character one byte (Latin-1)
 * @param {object} [how]
 * @param {number} [how.answers] as many are enough
 * @param {number} [how.silenceMs] this long after the last byte, nothing more is expected
 * @param {boolean} [how.toEnd] read on until the other side closes, or is silent
 * @param {boolean} [how.bodiless] as answers to HEAD are
 * @returns {Promise<Exchange>}
 */
export async function exchange(
  url,
  pieces,
  { answers = 1, silenceMs = 1_000, toEnd = false, bodiless = false } = {},
) {
  const { hostname, port } = new URL(url);
  const socket = connect({ port: Number(port), host: hostname, allowHalfOpen: true });
  let received = Buffer.alloc(0);
  let closed = false;
  let sent = false;
  let lastByteAt = Date.now();
  socket.on("data", (bytes) => {
    received = Buffer.concat([received, bytes]);
    lastByteAt = Date.now();
  });
  socket.on("error", () => (closed = true));
  socket.on("close", () => (closed = true));
  socket.on("end", () => (closed = true));
  void send();

  async function send() {
    for (const piece of pieces) {
      const { afterMs = 0, bytes = piece } = typeof piece === "string" ? {} : piece;
      if (afterMs > 0) await new Promise((resolve) => setTimeout(resolve, afterMs));
      if (closed) break;
      socket.write(Buffer.from(/** @type {string} */ (bytes), "latin1"));
    }
    sent = true;
    lastByteAt = Date.now();
  }

  try {
    for (;;) {
      const read = readAnswers(received, bodiless);
      const silent = sent && Date.now() - lastByteAt > silenceMs;
      const enough = sent && !toEnd && read.answers.length >= answers;
      if (closed || silent || enough) return { ...read, closed };
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
  } finally {
    socket.destroy();
  }
}

/**
 * @param {Buffer} received
 * @param {boolean} bodiless
 */
function readAnswers(received, bodiless) {
  /** @type {Response[]} */
  const answers = [];
  let rest = received;
  for (;;) {
    const end = rest.indexOf("\r\n\r\n");
    if (end < 0) break;
    const [statusLine, ...lines] = rest.subarray(0, end).toString("latin1").split("\r\n");
    const status = Number(/^HTTP\/1\.[01] (\d{3}) /.exec(`${statusLine} `)?.[1]);
    if (!status) break;
    const headers = new Headers(lines.map(pair));
    const length = bodiless || status < 200 ? 0 : Number(headers.get("content-length") ?? 0);
    const body = rest.subarray(end + 4, end + 4 + length);
    if (body.length < length) break;
    rest = rest.subarray(end + 4 + length);
    // An interim answer, such as 100 Continue, is no answer yet.
    if (status >= 200)
      answers.push(new Response(status === 204 ? null : new Uint8Array(body), { status, headers }));
  }
  return { answers, rest: rest.toString("latin1") };
}

/** @param {string} line @returns {[string, string]} */
function pair(line) {
  const colon = line.indexOf(":");
  return [line.slice(0, colon), line.slice(colon + 1).trim()];
}
