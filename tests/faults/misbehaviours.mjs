// What the CA may do to a call, and what the caller must be told about it: the specification, as a table.
// @ts-check

/**
 * @typedef {import("../harness/randomness.mjs").Random} Random
 * @typedef {import("./meanings.mjs").Meaning} Meaning
 * @typedef {import("../../simulator/faults/active.js").FaultSetting} Fault
 * @typedef {Omit<import("../../simulator/orders.js").OrderSetting, "orderNumber">} State
 *
 * @typedef {object} Meeting what one call meets
 * @property {Fault} [fault]
 * @property {State} [state] of the order
 * @property {number} [code] the CA's code that the caller is told, if any
 * @property {number} [says] the code that the fault puts in the place of the CA's own
 *
 * @typedef {object} Misbehaviour
 * @property {string} name
 * @property {Meaning[]} means what the caller may be told; more than one only where the network itself leaves it open
 * @property {(draw: Random) => Meeting} draw
 */

const TEXT_PLAIN = "text/plain";
const OK = "HTTP/1.1 200 OK\r\n";

/** @param {string} bytes @param {string} [ending] */
const socket = (bytes, ending = "close") => ({ fault: "raw-socket", encoding: "latin1", bytes, ending });

/** Both forms of a code. @param {string} code */
const coded = (code) => [
  { fault: "raw", body: `errorCode=${code}\n` },
  { fault: "raw", body: `${code}\n`, contentType: TEXT_PLAIN },
];

/** @param {number[]} statuses */
const statuses = (...statuses) => statuses.map((status) => ({ fault: "http-status", status }));

/** @param {string[]} variants */
const contradictions = (...variants) =>
  variants.map((variant) => ({ fault: "contradictory-fields", variant }));

/**
 * No answer, none in time, none that is whole, or none that says one thing: nobody knows what the CA did.
 * @param {{ timeoutMs: number, endpoint: string }} edge
 * @returns {Record<string, Fault[]>}
 */
const unknowable = ({ timeoutMs, endpoint }) => ({
  "no answer": [{ fault: "no-answer" }],
  "done at once, answered too late": [{ fault: "latency", ms: 1.5 * timeoutMs }],
  "done and answered too late": [{ fault: "latency", ms: 1.5 * timeoutMs, when: "before-acting" }],
  "a head, and no body in time": [
    socket(`${OK}Content-Length: 12\r\n\r\nerrorCode=0`, "hold"),
    socket(`${OK}\r\nerrorCode=0`, "hold"),
  ],
  "a body that drips too slowly": [{ fault: "slow-drip", ms: timeoutMs / 2 }],
  "a head that drips too slowly": [{ fault: "slow-drip", ms: timeoutMs / 10, part: "whole" }],
  "reset after reading": [{ fault: "reset-after-reading" }],
  "closed without an answer": [{ fault: "early-close" }],
  "no HTTP": [
    ...["errorCode=0", "SSH-2.0-OpenSSH_9.2\r\n", "HTTP/1.1 200\r\n", "\0\0\0"].map((bytes) => socket(bytes)),
  ],
  "a length that is too large": [{ fault: "wrong-length", variant: "too-long" }],
  "a length that is too small": [{ fault: "wrong-length", variant: "too-short" }],
  "two different lengths": [{ fault: "wrong-length", variant: "twice-different" }],
  "a length that is none": ["negative", "not-a-number"].map((variant) => ({
    fault: "wrong-length",
    variant,
  })),
  "another 2xx": statuses(201, 202, 203, 204, 205, 206, 207, 226, 299),
  "a 4xx": statuses(400, 401, 403, 404, 405, 408, 409, 418, 421, 425, 429, 451, 499),
  "a 5xx": statuses(500, 501, 502, 503, 504, 511, 599),
  "a refusal under a 5xx": [{ fault: "http-status", status: 500, body: "errorCode=-35" }],
  "a redirect to the CA itself": [301, 302, 303, 307, 308].map((status) => ({
    ...{ fault: "redirect", status, location: endpoint },
  })),
  "a redirect to nowhere": [300, 304, 305, 306, 399].map((status) => ({ fault: "redirect", status })),
  "an HTML page": [{ fault: "html-page" }, { fault: "html-page", title: "0" }],
  "a maintenance page": [{ fault: "html-page", status: 503 }],
  "an empty body": [{ fault: "empty-body" }],
  "a blank body": [" ", "\r\n", " \r\n\t"].map((body) => ({ fault: "raw", body })),
  "too long a field": ["content-length", "chunked"].map((framing) => ({ fault: "oversize-body", framing })),
  "too many blanks": [65_537, 10_000_000].map((bytes) => ({ fault: "oversize-body", fill: "blank", bytes })),
  "a compressed body": ["gzip", "deflate", "br"].map((encoding) => ({ fault: "compressed-body", encoding })),
  "a compressed body, not declared": ["gzip", "deflate", "br"].map((encoding) => ({
    ...{ fault: "compressed-body", encoding, declared: false },
  })),
  "another character set": ["utf-16le", "utf-16be", "utf-16le-without-bom"].flatMap((charset) =>
    [true, false].map((declared) => ({ fault: "wrong-charset", charset, declared })),
  ),
  "two codes": contradictions("two-codes", "two-codes-failure-first", "code-in-other-case-twice"),
  "one code twice": contradictions("same-code-twice", "same-failure-twice"),
  "success with a message": contradictions("zero-with-message", "plain-zero-with-message"),
  "success with a detail": contradictions("zero-with-detail", "zero-with-item"),
  "success of another call": contradictions(
    ...["zero-about-another-order", "zero-about-no-order", "zero-about-the-other-kind"],
    ...["zero-about-a-serial-number", "zero-about-a-certificate"],
  ),
  "done before, with another order": contradictions(
    ...["already-revoked-about-another-order", "already-rejected-about-another-order"],
    "plain-already-revoked-about-another-order",
  ),
  "two codes in plain text": contradictions("plain-two-codes", "zero-inside-plain-message"),
  "an echo of the form": ["raw", "percent", "base64", "hex", "html", "json"].map((encoding) => ({
    ...{ fault: "echo", encoding },
  })),
  "a code that is none": [
    "-0",
    "+0",
    "00",
    "0x0",
    "0.0",
    "-03",
    "-1000000000",
    "−3",
    "０",
    "null",
    "",
  ].flatMap(coded),
  "success in the wrong place": [
    ...['{"errorCode":0}', "<p>errorCode=0</p>", "x=1&message=errorCode=0", "errorCode%3D0", "0 0", "OK"],
  ].map((body) => ({ fault: "raw", body })),
  "-14, whatever was done": [{ fault: "fixed-code", errorCode: -14 }],
});

/**
 * Odd, but whole, and with one meaning.
 * @param {{ timeoutMs: number }} edge
 * @returns {Record<string, Fault[]>}
 */
const harmless = ({ timeoutMs }) => ({
  "late, but in time": [{ fault: "latency", ms: timeoutMs / 4 }],
  "a drip that is fast enough": [{ fault: "slow-drip", ms: 5 }],
  "a wrong content type": ["application/json", "text/html", ""].map((contentType) => ({
    ...{ fault: "wrong-content-type", contentType },
  })),
  "the other format": ["own", "asked"].map((label) => ({ fault: "other-format", label })),
  "UTF-8 with a mark": [{ fault: "wrong-charset", charset: "utf-8-with-bom" }],
  "blanks and unknown keys": [
    ...["\r\n errorCode=0&\r\n", "ERRORCODE=0", "errorCode=0&status=x&errorDetail=&errorItem=&"],
  ].map((body) => ({ fault: "raw", body })),
  "this very call named": contradictions("zero-about-this-call"),
  "an echo in a header": [{ fault: "echo", place: "header", encoding: "base64" }],
});

/**
 * The answer is right, and a reader of HTTP may understand it or not.
 * @type {Record<string, Fault[]>}
 */
const legible = {
  "interim answers before": [100, 102, 103].map((status) => ({ fault: "interim-answer", status, count: 2 })),
  "a length twice, or beside chunks": ["twice-alike", "with-chunked"].map((variant) => ({
    ...{ fault: "wrong-length", variant },
  })),
};

/** @type {[string, number[], Meaning][]} */
const codes = [
  ["not over HTTPS", [-1], "refused"],
  ["an argument refused", [-2, -3, -4], "refused"],
  ["an unknown error", [-14], "unknown"],
  ["not a POST", [-17], "refused"],
  ["being issued", [-23, -26], "refused"],
  ["expired", [-35], "refused"],
  ["busy", [-42], "busy"],
  ["a refusal of no known meaning", [-43], "refused"],
  ["a partner's refusal", [-160], "refused"],
  ["a code that nobody knows", [-5, -18, -36, -999, -999_999_999], "refused"],
  ["a positive code", [1, 16, 21, 42, 999_999_999], "unknown"],
];

/** The CA's words may be anything. */
const WORDS = ["No.", "100 % äöü + <b>", "errorCode=0", "x&errorCode=0\n0\n"];

/**
 * All of them, but for those that concern more than the call that meets them.
 * @param {{ timeoutMs: number, endpoint: string }} edge
 * @returns {Misbehaviour[]}
 */
export const misbehaviours = (edge) => [
  ...Object.entries(unknowable(edge)).map(([name, faults]) => lost(name, faults)),
  ...Object.entries(harmless(edge)).map(([name, faults]) => spoilt(name, faults, ["done"])),
  ...Object.entries(legible).map(([name, faults]) => spoilt(name, faults, ["done", "unknown"])),
  ...codes.map(([name, all, meaning]) => answered(name, all, meaning)),
  ...settledBefore,
  {
    name: "success inside of a refusal's message",
    means: ["refused"],
    draw: () => ({ fault: { ...contradictions("zero-inside-message")[0], times: 1 }, code: -3, says: -3 }),
  },
  {
    name: "an echo in a refusal's message",
    means: ["refused"],
    draw: (draw) => ({
      fault: { fault: "echo", place: "message", encoding: draw.pick(["raw", "base64", "hex"]), times: 1 },
      ...{ code: -3, says: -3 },
    }),
  },
];

/** @type {Misbehaviour[]} */
const settledBefore = [
  {
    name: "revoked before",
    means: ["already-revoked"],
    draw: () => ({ state: { state: "revoked" }, code: -21 }),
  },
  {
    name: "rejected before",
    means: ["already-rejected"],
    draw: () => ({ state: { state: "rejected" }, code: -20 }),
  },
];

/**
 * Whether the CA carried it out is drawn, and so is how often it goes on like that.
 * @param {string} name
 * @param {Fault[]} faults
 * @returns {Misbehaviour}
 */
function lost(name, faults) {
  return {
    name,
    means: ["unknown"],
    draw: (draw) => {
      /** @type {Fault} */
      const fault = { ...draw.pick(faults), acts: draw.chance(0.5), times: 1 + draw.below(2) };
      const state = draw.chance(0.2) ? { state: /** @type {const} */ ("unissued") } : undefined;
      return { fault, state, says: /** @type {number | undefined} */ (fault.errorCode) };
    },
  };
}

/**
 * @param {string} name
 * @param {Fault[]} faults
 * @param {Meaning[]} means
 * @returns {Misbehaviour}
 */
function spoilt(name, faults, means) {
  return { name, means, draw: (draw) => ({ fault: { ...draw.pick(faults), times: 1 } }) };
}

/**
 * A code of the CA's own, once or twice.
 * @param {string} name
 * @param {number[]} all
 * @param {Meaning} meaning
 * @returns {Misbehaviour}
 */
function answered(name, all, meaning) {
  return {
    name,
    means: [meaning],
    draw: (draw) => {
      const errorCode = draw.pick(all);
      const errorMessage = draw.chance(0.5) ? draw.pick(WORDS) : undefined;
      const state = { errorCode, ...(errorMessage && { errorMessage }), times: 1 + draw.below(2) };
      return { state, code: meaning === "unknown" ? undefined : errorCode };
    },
  };
}
