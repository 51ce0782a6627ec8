// Faults of the content: proper HTTP that says something else than the CA would.

import { promisify } from "node:util";
import { brotliCompress, deflate, gzip } from "node:zlib";
import { choice, flag, integer, line, required, text } from "../checks.js";
import { writeAnswer } from "../answers.js";
import { pause, respond } from "./delivery.js";

/** @import { Call } from "../arguments.js" */
/** @import { Misbehaviour } from "./delivery.js" */

const form = "application/x-www-form-urlencoded";

/** Another order's number. @param {Call} call */
const another = ({ orderNumber }) => String(BigInt(/^[0-9]{1,19}$/.test(orderNumber) ? orderNumber : 0) + 1n);

/**
 * `acts`: whether an honest CA could have carried the order out and said this.
 * @type {Record<string, { body: string | ((call: Call) => string), contentType?: string, acts: boolean }>}
 */
const contradictions = {
  "zero-with-message": { body: "errorCode=0&errorMessage=The+order+could+not+be+found%21", acts: true },
  "zero-with-detail": { body: "errorCode=0&errorDetail=The+order+could+not+be+found%21", acts: true },
  "zero-with-item": { body: "errorCode=0&errorItem=orderNumber", acts: true },
  "zero-about-another-order": { body: (call) => `errorCode=0&orderNumber=${another(call)}`, acts: true },
  "zero-about-no-order": { body: "orderNumber=&errorCode=0", acts: true },
  "zero-about-a-serial-number": { body: "errorCode=0&serialNumber=0BAD", acts: true },
  "zero-about-a-certificate": { body: "errorCode=0&certificateID=2989", acts: true },
  "zero-about-the-other-kind": { body: ({ test }) => `errorCode=0&test=${test ? "N" : "Y"}`, acts: true },
  "already-revoked-about-another-order": {
    body: (call) => `errorCode=-21&errorMessage=Already+revoked%21&orderNumber=${another(call)}`,
    acts: false,
  },
  "already-rejected-about-another-order": {
    body: (call) => `errorCode=-20&errorMessage=Already+rejected%21&orderNumber=${another(call)}`,
    acts: false,
  },
  "plain-already-revoked-about-another-order": {
    body: (call) => `-21\nAlready revoked!\norderNumber=${another(call)}\n`,
    contentType: "text/plain",
    acts: false,
  },
  "zero-about-this-call": {
    body: ({ orderNumber, test }) => `errorCode=0&orderNumber=${orderNumber}&test=${test ? "Y" : "N"}`,
    acts: true,
  },
  "two-codes": { body: "errorCode=0&errorCode=-3", acts: true },
  "two-codes-failure-first": { body: "errorCode=-3&errorCode=0", acts: true },
  "same-code-twice": { body: "errorCode=0&errorCode=0", acts: true },
  "same-failure-twice": { body: "errorCode=-3&errorCode=-3", acts: false },
  "code-in-other-case-twice": { body: "errorCode=-3&ERRORCODE=0", acts: true },
  "zero-inside-message": { body: "errorCode=-3&errorMessage=x%26errorCode%3D0", acts: false },
  "zero-inside-plain-message": { body: "-3\nerrorCode=0\n", contentType: "text/plain", acts: false },
  "plain-zero-with-message": {
    body: "0\nThe order could not be found!\n",
    contentType: "text/plain",
    acts: true,
  },
  "plain-two-codes": { body: "0\n-3\n", contentType: "text/plain", acts: true },
};

/** On another thread: other calls go on meanwhile. @type {Record<string, (bytes: Buffer) => Promise<Buffer>>} */
const compressions = {
  gzip: promisify(gzip),
  deflate: promisify(deflate),
  br: promisify(brotliCompress),
};

/** @type {Record<string, (text: string) => Buffer>} */
const charsets = {
  "utf-16le": (text) => Buffer.from(`\ufeff${text}`, "utf16le"),
  "utf-16be": (text) => Buffer.from(`\ufeff${text}`, "utf16le").swap16(),
  "utf-16le-without-bom": (text) => Buffer.from(text, "utf16le"),
  "utf-8-with-bom": (text) => Buffer.from(`\ufeff${text}`, "utf8"),
};

/** @type {Record<string, Misbehaviour>} */
export const contentFaults = {
  "fixed-code": {
    about: "The CA answers this code, whatever the order.",
    acts: false,
    parameters: {
      errorCode: required(integer(-999_999_999, 999_999_999, "the code")),
      errorMessage: text("the text that goes with it", undefined, 100_000),
    },
    deliver({ response, write }, { errorCode, errorMessage }) {
      respond(response, write({ code: errorCode, message: errorMessage }));
    },
  },
  "http-status": {
    about: "The answer comes under another HTTP status (204 and 304 have no body).",
    parameters: {
      status: integer(200, 599, "the status", 500),
      body: text("instead of the right body"),
      contentType: line("instead of the right one"),
    },
    deliver({ response, written }, { status, body = written.body, contentType = written.contentType }) {
      respond(response, { status, contentType, body });
    },
  },
  "html-page": {
    about: "An HTML page, as from a proxy, a login portal or a maintenance window.",
    parameters: {
      status: integer(200, 599, "the status", 200),
      title: text("what it says", "Service temporarily unavailable", 10_000),
    },
    deliver({ response }, { status, title }) {
      const body = `<!DOCTYPE html>\n<html><head><title>${title}</title></head>\n<body><h1>${title}</h1></body></html>\n`;
      respond(response, { status, contentType: "text/html; charset=utf-8", body });
    },
  },
  redirect: {
    about: "A redirect, to anywhere.",
    parameters: {
      status: integer(300, 399, "the status", 307),
      location: line("where to; without it there is no Location header"),
    },
    deliver({ response }, { status, location }) {
      respond(response, { status, headers: location === undefined ? {} : { Location: location } });
    },
  },
  "wrong-content-type": {
    about: "The right body under another media type.",
    parameters: { contentType: line("an empty one: no Content-Type at all", "application/json") },
    deliver({ response, written }, { contentType }) {
      respond(response, { contentType, body: written.body });
    },
  },
  "other-format": {
    about: "The answer in the form that was not asked for.",
    parameters: {
      label: choice(
        ["own", "asked"],
        "its media type: its own, or the one asked for (the vendor's sample shows the latter)",
        "own",
      ),
    },
    deliver({ response, written, decision, call }, { label }) {
      const other = writeAnswer(decision, call.format === 1 ? 0 : 1);
      respond(response, {
        body: other.body,
        contentType: label === "own" ? other.contentType : written.contentType,
      });
    },
  },
  "empty-body": {
    about: "HTTP 200 and not one byte of a body.",
    deliver({ response, written }) {
      respond(response, { contentType: written.contentType });
    },
  },
  "contradictory-fields": {
    about:
      "Fields that contradict each other, or speak of another call. `acts` is false where the body is an honest failure.",
    acts: ({ variant }) => contradictions[variant].acts,
    parameters: { variant: choice(Object.keys(contradictions), "which", "zero-with-message") },
    deliver({ response, call }, { variant }) {
      const { body, contentType = form } = contradictions[variant];
      respond(response, { contentType, body: typeof body === "string" ? body : body(call) });
    },
  },
  "oversize-body": {
    about: "The right answer, followed by far too much.",
    parameters: {
      bytes: integer(1, 1_000_000_000, "how long the body is", 1_048_576),
      fill: choice(["blank", "field"], "what follows: only its size is wrong, or a field of x's", "field"),
      framing: choice(["content-length", "chunked"], "whether the length is declared", "content-length"),
    },
    async deliver({ response, socket, written }, { bytes, fill, framing }) {
      const start = Buffer.from(written.body + (fill === "field" ? "&padding=" : ""), "utf8");
      response.writeHead(200, {
        "Content-Type": written.contentType,
        ...(framing === "content-length" && { "Content-Length": Math.max(bytes, start.length) }),
      });
      response.write(start);
      const block = Buffer.alloc(65_536, fill === "field" ? "x" : " ");
      for (let left = bytes - start.length; left > 0; left -= block.length) {
        const roomy = response.write(left < block.length ? block.subarray(0, left) : block);
        // A client that reads nothing and one that has left are both noticed within the pause.
        while (!roomy && response.writableNeedDrain) if (!(await pause(5, socket))) return;
      }
      response.end();
    },
  },
  "compressed-body": {
    about: "The right body compressed, declared or not.",
    parameters: {
      encoding: choice(Object.keys(compressions), "how", "gzip"),
      declared: flag("whether Content-Encoding says so", true),
      bytes: integer(0, 100_000_000, "to what length the body is filled with blanks before", 0),
    },
    async deliver({ response, written }, { encoding, declared, bytes }) {
      respond(response, {
        contentType: written.contentType,
        body: await compressions[encoding](Buffer.from(written.body.padEnd(bytes), "utf8")),
        headers: declared ? { "Content-Encoding": encoding } : {},
      });
    },
  },
  "wrong-charset": {
    about: "The right body in another character set.",
    parameters: {
      charset: choice(Object.keys(charsets), "which", "utf-16le"),
      declared: flag("whether the media type says so", false),
    },
    deliver({ response, written }, { charset, declared }) {
      const name = /^utf-(16|8)/.exec(charset)?.[0];
      respond(response, {
        contentType: declared ? `${written.contentType}; charset=${name}` : written.contentType,
        body: charsets[charset](written.body),
      });
    },
  },
  raw: {
    about: "Exactly this body, under this status and these headers.",
    parameters: {
      body: text("the body, as text", ""),
      base64: text("the body, as base64, instead"),
      status: integer(200, 599, "the status", 200),
      contentType: line("an empty one: no Content-Type at all", form),
      headers: {
        expects: "an object of header names and values",
        about: "further headers",
        standard: {},
        accepts: isHeaders,
      },
    },
    deliver({ response }, { body, base64, status, contentType, headers }) {
      const bytes = base64 === undefined ? body : Buffer.from(base64, "base64");
      respond(response, { status, contentType, headers, body: bytes });
    },
  },
};

/** @param {unknown} value */
function isHeaders(value) {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return false;
  const sound = line("").accepts;
  return Object.entries(value).every(([name, held]) => /^[\w!#$%&'*+.^`|~-]+$/.test(name) && sound(held));
}
