// What came of a call, in words: only what was said by the CA or the server, and never more. What may have revoked is not
// known, whatever its kind.
import { describeErrorCode, RevocationError } from "../client.js";
import { orderName, reasonName } from "./order.js";

/** @typedef {import("./order.js").Order} Order */
/** @typedef {import("./language.js").Language} Language */
/** @typedef {import("../../index.d.ts").OrderRecord} OrderRecord */
/** @typedef {"done" | "note" | "no" | "unknown" | "waiting"} Tone */
/**
 * @typedef {object} Words
 * @property {Tone} tone how it looks; the words say it all without it
 * @property {string} title
 * @property {string[]} text
 * @property {{ heading: string, items: string[] }[]} lists in this order
 * @property {string} [caText] what the CA said, verbatim
 * @property {[name: string, value: string][]} facts
 * @property {[name: string, value: string][]} technical for who has to look into it, in English
 */

/**
 * What came of a call or a question: a result, an error, or neither where the outcome of an earlier call is not known.
 * @typedef {object} Outcome
 * @property {Order} order
 * @property {Date} at
 * @property {import("../../index.d.ts").Revocation} [result]
 * @property {unknown} [error]
 * @property {string | undefined} [since] when the call began whose outcome is not known
 * @property {boolean} [wasUnknown] an earlier call for this order is not settled, or was not before this one
 * @property {boolean} [asked] the server was asked since, and does not know either
 * @property {OrderRecord | undefined} [record] what the server answered to a question
 * @property {boolean} [mayTest] where the caller's own permissions forbid it: whether they let it be tested
 */

/** States that say that there is nothing left to revoke. */
const DONE = ["revoked", "already-revoked", "already-rejected"];

/** @param {Outcome} outcome @param {Language} language @returns {Words} */
export function wordsOf(outcome, language) {
  const words =
    outcome.result !== undefined
      ? resultWords(outcome, outcome.result, language)
      : outcome.error !== undefined
        ? failureWords(outcome, outcome.error, language)
        : unknownWords(outcome, language);
  if (!outcome.asked) return words;
  const { sentence, calls } = recordWords(outcome.order, outcome.record, language);
  const heading = language.texts.record.heading;
  // Otherwise it would have settled the call.
  const isOlder = words.tone === "unknown" && DONE.includes(outcome.record?.state ?? "");
  return {
    ...words,
    text: [...words.text, sentence, ...(isOlder ? [language.texts.record.older] : [])],
    lists: [...words.lists, ...(calls.length > 0 ? [{ heading, items: calls }] : [])],
  };
}

/**
 * @param {Outcome} about
 * @param {import("../../index.d.ts").Revocation} result
 * @param {Language} language
 * @returns {Words}
 */
function resultWords(about, result, language) {
  const { texts } = language;
  const { order, wasUnknown } = about;
  const name = orderName(order);
  const { outcome, test } = result;
  const said = {
    revoked: texts.revoked,
    tested: texts.tested,
    "already-revoked": texts.alreadyRevoked,
    "already-rejected": texts.alreadyRejected,
  }[outcome];
  const isRevoked = outcome === "already-revoked";
  return {
    tone: outcome === "revoked" ? "done" : "note",
    title: said.title(name),
    text: [
      ...said.text,
      ...(test && outcome !== "tested" ? [texts.onlyTested] : []),
      ...(isRevoked && wasUnknown ? [texts.likelyEarlier] : []),
      ...(isRevoked && (order.codeReason === "keyCompromise" || order.codeReason === 1)
        ? [texts.weakerReason]
        : []),
      ...(outcome === "tested" && wasUnknown ? [texts.stillOpen] : []),
    ],
    lists: [],
    ...(result.errorMessage !== undefined && { caText: result.errorMessage }),
    facts: facts(about, language, {
      code: outcome === "tested" ? undefined : result.errorCode,
      audit: result.auditSeq,
    }),
    technical: [],
  };
}

/**
 * @param {Outcome} outcome
 * @param {unknown} error
 * @param {Language} language
 * @returns {Words}
 */
function failureWords(outcome, error, language) {
  const { texts, seconds } = language;
  const { order, wasUnknown } = outcome;
  // What is no RevocationError is a fault of this page, and then nothing is known about what left.
  const failed =
    error instanceof RevocationError
      ? error
      : new RevocationError({
          kind: "unknown-outcome",
          mayHaveRevoked: !order.test,
          message: "This page itself failed while the call was in flight.",
        });
  const { kind, errorCode, errorMessage, status, problem, retryAfter } = failed;
  const about = {
    /** @type {Words["lists"]} */
    lists: [],
    ...(errorMessage !== undefined && { caText: errorMessage }),
    facts: facts(outcome, language, { code: errorCode, audit: problem?.auditSeq }),
    technical: technical({ kind, status, instance: problem?.instance, details: failed.message }, language),
  };
  if (failed.mayHaveRevoked) {
    const words = unknownWords(outcome, language);
    const said = errorCode === undefined ? [] : [texts.unknown.refusedSince, codeText(errorCode, language)];
    return { ...words, ...about, lists: words.lists, text: [...words.text, ...said] };
  }
  const name = orderName(order);
  if (kind === "unknown-outcome")
    return { tone: "no", ...about, title: texts.lostTest.title(name), text: texts.lostTest.text };
  const { failures } = texts;
  const open = wasUnknown ? [texts.stillOpen] : [];
  if (kind === "ca-refused") {
    const why = codeTitle(errorCode ?? -1, language);
    const text = [failures.nothingRevoked, codeText(errorCode ?? -1, language), ...open];
    return { tone: "no", ...about, title: failures.refused(name, why), text };
  }
  const known = /** @type {Record<string, { title: string, text: string }>} */ (
    /** @type {unknown} */ (failures)
  );
  const { mayTest } = outcome;
  // The server has not refused it: by the permissions that it told of, it would.
  const means = mayTest === undefined ? kind : "forbidden";
  const { title, text: general } = means in known ? known[means] : failures.other;
  // A refusal that names its cause says more than any guess.
  const cause = kind === "forbidden" && typeof problem?.detail === "string" ? problem.detail : general;
  const text = mayTest === undefined ? cause : mayTest ? texts.mayOnlyTest : texts.noPermission;
  const wait =
    retryAfter !== undefined
      ? [texts.tryAgainIn(seconds(retryAfter))]
      : kind === "rate-limited" || kind === "ca-busy"
        ? [texts.tryAgainLater]
        : [];
  const nothing = kind.startsWith("ca-") ? failures.nothingRevoked : failures.nothingSent;
  return {
    tone: kind === "in-progress" ? "note" : "no",
    ...about,
    title,
    text: [...(title === failures["not-sent"].title ? [] : [nothing]), text, ...wait, ...open].filter(
      Boolean,
    ),
  };
}

/** @param {Outcome} outcome @param {Language} language @returns {Words} */
function unknownWords(outcome, language) {
  const { texts, time } = language;
  const { order, asked, since, record } = outcome;
  const { unknown } = texts;
  return {
    tone: "unknown",
    title: unknown.title(orderName(order)),
    text: [
      ...unknown.text,
      ...(since ? [unknown.earlier(time(since))] : []),
      ...(record?.waitsForPerson ? [unknown.waits] : []),
    ],
    lists: [{ heading: unknown.next, items: asked ? unknown.stepsServer : unknown.steps }],
    facts: facts(outcome, language, {}),
    technical: [],
  };
}

/**
 * What the server knows of an order, in a sentence and its calls.
 * @param {Order} order
 * @param {OrderRecord | undefined} record
 * @param {Language} language
 */
export function recordWords(order, record, language) {
  const { texts } = language;
  const words = texts.record;
  if (!record) return { sentence: words.none(orderName(order)), calls: [] };
  return {
    sentence: words.states[record.state],
    calls: record.attempts
      .slice(-8)
      .reverse()
      .map((attempt) => attemptText(attempt, language)),
  };
}

/** When, what, and what came of it. @param {any} attempt @param {Language} language */
function attemptText({ startedAt, test, codeReason, productCode, product, outcome, errorCode }, language) {
  const { texts, time } = language;
  const { record } = texts;
  const what = [
    test ? record.test : record.revocation,
    reasonName(codeReason, language),
    productCode,
    product,
  ];
  const came = record.outcomes[/** @type {"revoked"} */ (outcome)] ?? String(outcome);
  return [
    time(startedAt),
    what.filter((part) => part !== undefined).join(", "),
    errorCode ? `${came} (${errorCode})` : came,
  ].join(" · ");
}

/** @param {number} code @param {Language} language */
function codeTitle(code, { texts: { codes } }) {
  return codes ? (codes[code] ?? codes.other).title : describeErrorCode(code).title;
}

/** @param {number} code @param {Language} language */
function codeText(code, { texts: { codes } }) {
  if (codes) return (codes[code] ?? codes.other).text;
  const { meaning, advice } = describeErrorCode(code);
  return `${meaning} ${advice}`;
}

/**
 * @param {Outcome} outcome
 * @param {Language} language
 * @param {{ code?: number | undefined, audit?: unknown }} about
 * @returns {[string, string][]}
 */
function facts({ order, at }, language, { code, audit }) {
  const { texts } = language;
  /** @type {[string, unknown][]} */
  const all = [
    [texts.facts.reason, reasonName(order.codeReason, language)],
    [texts.facts.code, code ? `${code} (${codeTitle(code, language)})` : code],
    [texts.facts.audit, audit],
    [texts.facts.time, language.time(at)],
  ];
  return all.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
}

/**
 * @param {{ kind: string, status: number | undefined, instance: unknown, details: string }} of
 * @param {Language} language
 * @returns {[string, string][]}
 */
function technical({ kind, status, instance, details }, { texts: { facts } }) {
  /** @type {[string, unknown][]} */
  const all = [
    [facts.kind, kind],
    [facts.status, status],
    [facts.instance, instance],
    [facts.details, details],
  ];
  return all.flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]]));
}

/** For a ticket: what is shown, as plain text. @param {Outcome} outcome @param {Language} language */
export function ticketText(outcome, language) {
  const words = wordsOf(outcome, language);
  const { texts } = language;
  const lines = [...words.facts, ...words.technical].map(([name, value]) => `${name}: ${value}`);
  const said = words.caText === undefined ? [] : [`${texts.caWords}: ${words.caText}`];
  return [
    words.title,
    ...words.text,
    "",
    `${texts.facts.order}: ${orderName(outcome.order)}`,
    ...lines,
    ...said,
    `UTC: ${outcome.at.toISOString()}`,
  ].join("\n");
}
