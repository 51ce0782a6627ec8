// Faults of the connection: late, silent, cut off.

import { choice, integer } from "../checks.js";
import { pause, respond } from "./delivery.js";

/** @import { Misbehaviour } from "./delivery.js" */

/** @type {Record<string, Misbehaviour>} */
export const connectionFaults = {
  latency: {
    about: "The answer comes late. Goes together with any other fault.",
    moment: "delay",
    parameters: {
      ms: integer(0, 600_000, "how late", 1000),
      jitter: integer(0, 600_000, "up to how much later still, at random", 0),
      when: choice(
        ["before-acting", "after-acting"],
        "whether the order is carried out after the delay (even if the client has left) or before it",
        "after-acting",
      ),
    },
    deliver() {},
  },
  "no-answer": {
    about: "The request is read and never answered; the connection stays open until the client leaves.",
    async deliver({ socket, hangLimit }) {
      await pause(hangLimit, socket);
      socket.destroy();
    },
  },
  "reset-before-reading": {
    about: "The connection is reset as soon as the request's head has arrived; the body is not read.",
    moment: "before-reading",
    acts: false,
    deliver({ socket }) {
      socket.resetAndDestroy();
    },
  },
  "reset-after-reading": {
    about: "The connection is reset when the whole request has been read.",
    deliver({ socket }) {
      socket.resetAndDestroy();
    },
  },
  "early-close": {
    about: "The connection is closed, in the orderly way, without one byte of an answer.",
    deliver({ socket }) {
      socket.end();
    },
  },
  "keep-alive-race": {
    about: "The answer is right and promises to keep the connection, which then ends all the same.",
    parameters: {
      close: choice(
        ["on-next-request", "after-answer"],
        "whether the next request on the connection is reset unread, or the connection is closed after the answer",
        "on-next-request",
      ),
      ms: integer(0, 60_000, "how long after the answer it is closed", 0),
    },
    deliver({ response, socket, written, doomed }, { close, ms }) {
      response.shouldKeepAlive = true;
      if (close === "on-next-request") doomed.add(socket);
      else response.once("finish", () => pause(ms, socket).then(() => socket.end()));
      respond(response, { ...written, headers: { Connection: "keep-alive" } });
    },
  },
};
