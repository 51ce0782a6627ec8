// Calls to a simulated CA: as forms through fetch, and as bytes on a connection of one's own.

import { connect } from "node:net";

export const login = { loginName: "demo-reseller", loginPassword: "demo-password" };

/** A sound call for an order; a member that is undefined is left out. */
export function form(fields = {}) {
  const all = { ...login, orderNumber: "123456", codeReason: "1", responseFormat: "1", ...fields };
  return new URLSearchParams(Object.entries(all).filter(([, value]) => value !== undefined)).toString();
}

/** Posts a form (its fields, or its bytes) and gives what came back. */
export async function post(ca, fields = {}, options = {}) {
  const response = await fetch(ca.endpoint, {
    method: "POST",
    headers: { "Content-Type": "application/x-www-form-urlencoded" },
    body: typeof fields === "string" ? fields : form(fields),
    redirect: "manual",
    ...options,
  });
  const body = await response.text();
  return {
    status: response.status,
    type: response.headers.get("content-type"),
    headers: response.headers,
    body,
  };
}

/** The code and the text of an answer to a call. */
export async function answer(ca, fields) {
  const { body } = await post(ca, fields);
  const read = new URLSearchParams(body);
  return { code: Number(read.get("errorCode")), message: read.get("errorMessage") ?? undefined };
}

export const code = async (ca, fields) => (await answer(ca, fields)).code;

/** The bytes of a call, as a client would send them. */
export function requestBytes(
  body,
  { path = "/products/!AutoRevokeCertificate", headers = ["Connection: close"] } = {},
) {
  const lines = [
    `POST ${path} HTTP/1.1`,
    "Host: secure.trust-provider.com",
    "Content-Type: application/x-www-form-urlencoded",
    `Content-Length: ${Buffer.byteLength(body)}`,
    ...headers,
  ];
  return `${lines.join("\r\n")}\r\n\r\n${body}`;
}

/**
 * Sends bytes and listens until the connection ends, or `patience` ms long.
 * `ending`: `closed`, `reset`, or `open` when patience ended first.
 */
export function exchange(ca, bytes, { patience = 5000 } = {}) {
  return new Promise((resolve) => {
    const socket = connect(ca.port, "127.0.0.1");
    const pieces = [];
    const times = [];
    let ending = "closed";
    const timer = setTimeout(() => {
      ending = "open";
      socket.destroy();
    }, patience);
    socket.on("data", (piece) => {
      pieces.push(piece);
      times.push(performance.now());
    });
    socket.on("error", (error) => {
      ending = error.code === "ECONNRESET" ? "reset" : error.code;
    });
    socket.on("close", () => {
      clearTimeout(timer);
      const text = Buffer.concat(pieces).toString("latin1");
      const split = text.indexOf("\r\n\r\n");
      const [head, body] = split < 0 ? [text, ""] : [text.slice(0, split), text.slice(split + 4)];
      resolve({ text, head, body, ending, pieces: pieces.length, times });
    });
    socket.write(bytes);
  });
}

/** What an exchange on its own connection brings for a sound call. */
export const rawCall = (ca, fields, options) => exchange(ca, requestBytes(form(fields)), options);
