// Faults of the framing: answers that are cut, or whose length is not what was said.

import { choice, integer, required, text } from "../checks.js";
import { head, pause, put } from "./delivery.js";

/** @import { Misbehaviour } from "./delivery.js" */

const ending = choice(["close", "reset"], "how the connection ends then", "close");

/** @type {Record<string, (type: string, length: number) => [string, string][]>} */
const lengthHeaders = {
  "twice-alike": (type, length) => [...typed(type), ...lengths(length, length)],
  "twice-different": (type, length) => [...typed(type), ...lengths(length, length + 1)],
  "too-long": (type, length) => [...typed(type), ...lengths(length + 10)],
  "too-short": (type, length) => [...typed(type), ...lengths(length - 1)],
  negative: (type) => [...typed(type), ...lengths(-1)],
  "not-a-number": (type) => [...typed(type), ...lengths("many")],
  "with-chunked": (type, length) => [...typed(type), ...lengths(length), ["Transfer-Encoding", "chunked"]],
};

/** @param {string} type @returns {[string, string][]} */
const typed = (type) => [["Content-Type", type]];

/** @param {...(number | string)} values @returns {[string, string][]} */
const lengths = (...values) => values.map((value) => ["Content-Length", String(value)]);

/** @type {Record<string, Misbehaviour>} */
export const framingFaults = {
  "cut-answer": {
    about: "The answer's body is cut after some bytes.",
    parameters: {
      at: integer(0, 1_000_000, "after how many bytes of the body", 5),
      framing: choice(
        ["content-length", "chunked", "close-delimited"],
        "how the body's end would be told: only the last hides the cut",
        "content-length",
      ),
      ending,
    },
    deliver({ socket, written }, { at, framing, ending }) {
      const body = Buffer.from(written.body, "utf8");
      const sent = body.subarray(0, at);
      const type = typed(written.contentType);
      if (framing === "content-length") {
        put(socket, Buffer.concat([Buffer.from(head([...type, ...lengths(body.length)])), sent]), ending);
      } else if (framing === "chunked") {
        const start = head([...type, ["Transfer-Encoding", "chunked"]]);
        const chunk = sent.length > 0 ? `${sent.length.toString(16)}\r\n${sent.toString("latin1")}\r\n` : "";
        put(socket, start + chunk, ending);
      } else {
        put(socket, Buffer.concat([Buffer.from(head([...type, ["Connection", "close"]])), sent]), ending);
      }
    },
  },
  "cut-head": {
    about: "The answer is cut within its head.",
    parameters: { at: integer(1, 1_000_000, "after how many bytes of the head", 20), ending },
    deliver({ socket, written }, { at, ending }) {
      const whole = head([...typed(written.contentType), ...lengths(Buffer.byteLength(written.body))]);
      put(socket, whole.slice(0, Math.min(at, whole.length - 1)), ending);
    },
  },
  "wrong-length": {
    about: "The right body under a Content-Length that is doubled, wrong, or no number.",
    parameters: {
      variant: choice(Object.keys(lengthHeaders), "what is wrong with it", "twice-different"),
    },
    deliver({ socket, written }, { variant }) {
      const body = Buffer.from(written.body, "utf8");
      const bytes =
        variant === "with-chunked"
          ? Buffer.from(`${body.length.toString(16)}\r\n${body.toString("latin1")}\r\n0\r\n\r\n`, "latin1")
          : body;
      const start = head(lengthHeaders[variant](written.contentType, body.length));
      put(socket, Buffer.concat([Buffer.from(start), bytes]), "close");
    },
  },
  "interim-answer": {
    about: "One or more 1xx answers come before the right one.",
    parameters: {
      status: integer(100, 199, "their status", 103),
      count: integer(1, 100, "how many", 1),
    },
    deliver({ socket, written }, { status, count }) {
      const length = lengths(Buffer.byteLength(written.body));
      const last = head([...typed(written.contentType), ...length, ["Connection", "close"]]);
      put(socket, Buffer.from(head([], status).repeat(count) + last + written.body, "utf8"), "close");
    },
  },
  "slow-drip": {
    about: "The right answer, one byte at a time.",
    parameters: {
      ms: integer(1, 60_000, "ms between two bytes", 100),
      part: choice(["body", "whole"], "whether the head drips too", "body"),
    },
    async deliver({ socket, written }, { ms, part }) {
      const length = lengths(Buffer.byteLength(written.body));
      const start = Buffer.from(head([...typed(written.contentType), ...length, ["Connection", "close"]]));
      const body = Buffer.from(written.body, "utf8");
      if (part === "body") socket.write(start);
      for (const byte of part === "body" ? body : Buffer.concat([start, body])) {
        if (!(await pause(ms, socket))) return;
        socket.write(Buffer.of(byte));
      }
      socket.end();
    },
  },
  "raw-socket": {
    about: "Exactly these bytes on the connection, head and all.",
    parameters: {
      bytes: required(text("the bytes, in the encoding below")),
      encoding: choice(["base64", "latin1", "utf8"], "how `bytes` is written", "base64"),
      ending: choice(["close", "reset", "hold"], "how the connection goes on then", "close"),
    },
    async deliver({ socket, hangLimit }, { bytes, encoding, ending }) {
      put(socket, Buffer.from(bytes, encoding), ending);
      if (ending !== "hold") return;
      await pause(hangLimit, socket);
      socket.destroy();
    },
  },
};
