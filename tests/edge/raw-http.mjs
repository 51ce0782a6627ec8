// Requests as bytes on a connection of one's own: what no HTTP client would send.
import { once } from "node:events";
import { connect } from "node:net";
import { answering } from "./documented.mjs";

/**
 * Sends the bytes and gives the first answer.
 * @param {string} url the edge's origin
 * @param {string | string[]} request text, or the lines of a head without a body
 * @returns {Promise<Response>}
 */
export async function sendRaw(url, request) {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  let received = "";
  const bytes = typeof request === "string" ? request : `${request.join("\r\n")}\r\n\r\n`;
  try {
    await once(socket, "connect");
    socket.setEncoding("utf8").on("data", (text) => (received += text));
    socket.write(bytes);
    for (;;) {
      const response = parsed(received);
      if (response) return answering(response, asked(bytes));
      await once(socket, "data", { signal: AbortSignal.timeout(15_000) });
    }
  } finally {
    socket.destroy();
  }
}

/** @param {string} bytes */
function asked(bytes) {
  const [method, target] = bytes.split(/[ \r\n]/, 2);
  return { method, path: target.split("?")[0] };
}

/** @param {string} text */
function parsed(text) {
  const end = text.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  const [statusLine, ...lines] = text.slice(0, end).split("\r\n");
  const headers = new Headers(
    lines.map(
      (line) => /** @type {[string, string]} */ ([line.split(":")[0], line.slice(line.indexOf(":") + 1)]),
    ),
  );
  const body = text.slice(end + 4);
  if (Buffer.byteLength(body) < Number(headers.get("content-length"))) return undefined;
  return new Response(body, { status: Number(statusLine.split(" ")[1]), headers });
}
