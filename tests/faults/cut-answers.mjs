// The CA's answers, cut at every byte: how much of each there must be before it says anything.
// @ts-check

/**
 * @typedef {import("./misbehaviours.mjs").Misbehaviour} Misbehaviour
 * @typedef {import("./meanings.mjs").Meaning} Meaning
 *
 * @typedef {object} Answer
 * @property {string} name
 * @property {number} code
 * @property {string} [message]
 * @property {string} body
 * @property {number} trustedFrom so many bytes say what the whole does, where nothing tells how many were to come
 * @property {Meaning} means
 */

/** @type {Answer[]} */
const ANSWERS = [
  { name: "done", code: 0, body: "errorCode=0", trustedFrom: "errorCode=0".length, means: "done" },
  {
    ...{ name: "expired", code: -35, message: "Expired", body: "errorCode=-35&errorMessage=Expired" },
    ...{ trustedFrom: "errorCode=-35&".length, means: "refused" },
  },
  {
    ...{ name: "revoked before", code: -21, message: "Done", body: "errorCode=-21&errorMessage=Done" },
    ...{ trustedFrom: "errorCode=-21&".length, means: "already-revoked" },
  },
  {
    // Cut by one digit it is the refusal of the login, for which the edge would stop all calls; by two it is -1.
    ...{ name: "a partner's refusal", code: -160, message: "No", body: "errorCode=-160&errorMessage=No" },
    ...{ trustedFrom: "errorCode=-160&".length, means: "refused" },
  },
];

/** As text, whose end nothing tells but the connection's. @type {Answer[]} */
const PLAIN_ANSWERS = [
  { name: "done", code: 0, body: "0\r\n", trustedFrom: "0".length, means: "done" },
  {
    name: "a partner's refusal",
    code: -160,
    body: "-160\r\nNo\r\n",
    trustedFrom: "-160\r".length,
    means: "refused",
  },
];

const HEAD_LENGTH =
  "HTTP/1.1 200 OK\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 11\r\n\r\n".length;
const PLAIN_HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nConnection: close\r\n\r\n";
const ENDINGS = ["close", "reset"];

/**
 * One for each place of a cut.
 * @param {number} [every] only each nth byte
 * @returns {Misbehaviour[]}
 */
export const cutAnswers = (every = 1) => [
  ...ENDINGS.flatMap((ending) => [
    ...ANSWERS.flatMap((answer) =>
      ["content-length", "chunked", "close-delimited"].flatMap((framing) =>
        cut(answer, framing, ending, every),
      ),
    ),
    ...PLAIN_ANSWERS.flatMap((answer) => cutPlain(answer, ending, every)),
    ...places(1, HEAD_LENGTH - 1, every).map((at) => ({
      name: `cut in its head by a ${ending}`,
      means: /** @type {Meaning[]} */ (["unknown"]),
      draw: (/** @type {import("./misbehaviours.mjs").Random} */ draw) => ({
        fault: { fault: "cut-head", at, ending, acts: draw.chance(0.5), times: 1 },
      }),
    })),
  ]),
];

/**
 * @param {Answer} answer
 * @param {string} framing
 * @param {string} ending
 * @param {number} every
 * @returns {Misbehaviour[]}
 */
function cut(answer, framing, ending, every) {
  const { name, code, message, body } = answer;
  // Not the whole body where its length is declared: that is a right answer, on a connection that dies after it.
  const last = framing === "content-length" ? body.length - 1 : body.length;
  return places(0, last, every).map((at) => ({
    name: `${name}, ${framing}, cut by a ${ending}`,
    means: framing === "close-delimited" ? meanings(answer, at, ending) : ["unknown"],
    draw: () => ({
      fault: { fault: "cut-answer", at, framing, ending, times: 1 },
      ...(code !== 0 && { state: { errorCode: code, errorMessage: message } }),
      code,
    }),
  }));
}

/**
 * @param {Answer} answer
 * @param {string} ending
 * @param {number} every
 * @returns {Misbehaviour[]}
 */
function cutPlain(answer, ending, every) {
  const { name, code, body } = answer;
  return places(0, body.length, every).map((at) => ({
    name: `${name}, as text, cut by a ${ending}`,
    means: meanings(answer, at, ending),
    draw: () => ({
      fault: {
        ...{ fault: "raw-socket", encoding: "latin1", bytes: PLAIN_HEAD + body.slice(0, at), ending },
        ...{ acts: code === 0, times: 1 },
      },
      ...{ code, says: code },
    }),
  }));
}

/**
 * @param {Answer} answer
 * @param {number} at
 * @param {string} ending
 * @returns {Meaning[]}
 */
function meanings({ trustedFrom, means }, at, ending) {
  if (at < trustedFrom) return ["unknown"];
  // A reset may overtake what came before it.
  return ending === "close" ? [means] : [means, "unknown"];
}

/** @param {number} from @param {number} to @param {number} every */
const places = (from, to, every) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index).filter(
    (at) => at % every === 0 || at === to,
  );
