// The worst fault: the CA shows what was sent to it, the credentials among it.

import { choice, integer } from "../checks.js";
import { readPairs } from "../form.js";
import { respond } from "./delivery.js";

/** @import { Delivery, Misbehaviour } from "./delivery.js" */

/** @type {Record<string, (text: string) => string>} */
const spellings = {
  raw: (text) => text,
  percent: encodeURIComponent,
  base64: (text) => Buffer.from(text, "utf8").toString("base64"),
  base64url: (text) => Buffer.from(text, "utf8").toString("base64url"),
  hex: (text) => Buffer.from(text, "utf8").toString("hex"),
  html: (text) =>
    text
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;")
      .replaceAll("'", "&#39;"),
  "html-numeric": (text) => [...text].map((character) => `&#${character.codePointAt(0)};`).join(""),
  json: (text) => JSON.stringify(text),
};

/** @type {Record<string, (delivery: Delivery) => string>} */
const parts = {
  form: ({ form }) => form,
  "decoded-form": ({ form }) =>
    readPairs(form)
      .map(({ name, value }) => `${name}=${value}`)
      .join("&"),
  "login-name": ({ call }) => call.loginName,
  "login-password": ({ call }) => call.loginPassword,
};

/** @type {Record<string, Misbehaviour>} */
export const echoFaults = {
  echo: {
    about:
      "The CA shows what was sent: as the body, in the text of a refusal, or in a header of a right answer.",
    acts: ({ place }) => place !== "message",
    parameters: {
      part: choice(Object.keys(parts), "what it shows", "form"),
      encoding: choice(Object.keys(spellings), "how it spells it", "raw"),
      place: choice(["body", "message", "header"], "where", "body"),
      errorCode: integer(-999_999_999, -1, "the code of the refusal (place: message)", -3),
      status: integer(200, 599, "the HTTP status (place: body)", 200),
    },
    deliver(delivery, { part, encoding, place, errorCode, status }) {
      const shown = spellings[encoding](parts[part](delivery));
      const { response, written, write } = delivery;
      if (place === "body") respond(response, { status, contentType: "text/plain", body: shown });
      else if (place === "message") {
        respond(response, write({ code: errorCode, message: `The request could not be read: ${shown}` }));
      } else {
        // A header holds Latin-1 only: what is beyond goes as UTF-8 bytes, as a careless server would send it.
        const bytes = Buffer.from(shown, "utf8")
          .toString("latin1")
          .replace(/[\r\n\0]/g, " ");
        respond(response, { ...written, headers: { "X-Received": bytes } });
      }
    },
  },
};
