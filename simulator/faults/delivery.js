// How an answer gets onto the wire: as a proper response, or as bytes of one's own.

import { STATUS_CODES } from "node:http";

/** @import { IncomingMessage, ServerResponse } from "node:http" */
/** @import { Socket } from "node:net" */
/** @import { Call } from "../arguments.js" */
/** @import { Written } from "../answers.js" */
/** @import { Decision } from "../endpoint.js" */
/** @import { Member } from "../checks.js" */

/**
 * What a fault has at hand.
 * @typedef {object} Delivery
 * @property {IncomingMessage} request
 * @property {ServerResponse} response
 * @property {Socket} socket
 * @property {string} form the body as it was sent (latin1)
 * @property {Call} call
 * @property {Decision} decision what the CA decided
 * @property {Written} written the answer that goes with it
 * @property {(decision: import("../answers.js").Answer) => Written} write another answer, in the call's format
 * @property {number} hangLimit ms after which an exchange that nobody ends is ended
 * @property {WeakSet<Socket>} doomed connections whose next request is reset
 */

/**
 * A way of misbehaving.
 * @typedef {object} Misbehaviour
 * @property {string} about
 * @property {Record<string, Member>} [parameters]
 * @property {boolean | ((parameters: Record<string, any>) => boolean)} [acts] whether the CA carries the order out
 *   all the same, unless the fault says otherwise; default: true
 * @property {"answer" | "delay" | "before-reading"} [moment] default: answer
 * @property {(delivery: Delivery, parameters: Record<string, any>) => void | Promise<void>} deliver
 */

/**
 * The CA's own answer, as it is nearly always given: head and body in one write.
 * @param {ServerResponse} response
 * @param {Written} written
 */
export function answer(response, { contentType, body }) {
  response.writeHead(200, { "Content-Type": contentType, "Content-Length": Buffer.byteLength(body) });
  response.end(body);
}

/**
 * A proper response with a declared length, and whatever headers. The body goes as bytes: Node would write a head
 * together with a text in that text's encoding, and a header beyond ASCII would not be the Latin-1 it was given as.
 * @param {ServerResponse} response
 * @param {{ status?: number, headers?: Record<string, string>, contentType?: string | null, body?: string | Buffer }} content
 */
export function respond(response, { status = 200, headers = {}, contentType, body = "" }) {
  const bytes = typeof body === "string" ? Buffer.from(body, "utf8") : body;
  const bodiless = status === 204 || status === 304;
  response.writeHead(status, {
    ...(contentType && { "Content-Type": contentType }),
    ...(!bodiless && { "Content-Length": String(bytes.length) }),
    ...headers,
  });
  response.end(bodiless ? undefined : bytes);
}

/**
 * The head of a response, as text.
 * @param {[string, string][]} headers
 * @param {number} [status]
 */
export function head(headers, status = 200) {
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ""}`,
    ...headers.map(([name, value]) => `${name}: ${value}`),
  ];
  return `${lines.join("\r\n")}\r\n\r\n`;
}

/**
 * Bytes of one's own, and how the connection goes on after them.
 * @param {Socket} socket
 * @param {string | Buffer} bytes text is latin1
 * @param {string} ending `close`, `reset` or `hold`
 */
export function put(socket, bytes, ending) {
  if (socket.destroyed) return;
  const buffer = typeof bytes === "string" ? Buffer.from(bytes, "latin1") : bytes;
  if (ending === "close") socket.end(buffer);
  else if (ending === "hold") socket.write(buffer);
  // A moment in between: a reset that overtakes the bytes would take them back.
  else socket.write(buffer, () => setTimeout(() => socket.resetAndDestroy(), 20));
}

/**
 * Waits, but not for a client that has left.
 * @param {number} ms
 * @param {Socket} socket
 * @returns {Promise<boolean>} whether it is still there
 */
export function pause(ms, socket) {
  if (socket.destroyed) return Promise.resolve(false);
  return new Promise((resolve) => {
    const left = () => {
      clearTimeout(timer);
      resolve(false);
    };
    const timer = setTimeout(() => {
      socket.off("close", left);
      resolve(!socket.destroyed);
    }, ms);
    socket.once("close", left);
  });
}
