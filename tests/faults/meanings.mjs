// What a caller may be told about a revocation, in every member that says it.
// @ts-check

/**
 * @typedef {keyof typeof MEANINGS} Meaning
 * @typedef {import("../kill/callers.mjs").Told} Told
 */

/** @type {(test: boolean) => object} what each says, of an order with `test` or without */
const done = (test) => ({ status: 200, outcome: test ? "tested" : "revoked" });

const MEANINGS = {
  done,
  "already-revoked": () => ({ status: 200, outcome: "already-revoked" }),
  "already-rejected": () => ({ status: 200, outcome: "already-rejected" }),
  refused: () => ({ status: 422, kind: "ca-refused", mayHaveRevoked: false }),
  busy: () => ({ status: 503, kind: "ca-busy", mayHaveRevoked: false }),
  "login-refused": () => ({ status: 502, kind: "ca-login-refused", mayHaveRevoked: false }),
  stopped: () => ({ status: 503, kind: "ca-login-refused", mayHaveRevoked: false }),
  unknown: (/** @type {boolean} */ test) => ({
    ...{ status: 502, kind: "unknown-outcome", mayHaveRevoked: !test },
  }),
};

/** Those with which comes the CA's code. */
const WITH_CODE = ["already-revoked", "already-rejected", "refused", "busy", "login-refused"];

/**
 * What is wrong with an answer, if anything.
 * @param {Told} told
 * @param {{ orderNumber: string, means: Meaning[], code?: number }} expected
 */
export function misunderstanding({ lost, status, kind, json, test }, { orderNumber, means, code }) {
  if (lost) return "the edge did not answer";
  const said = { status, kind, outcome: json.outcome, mayHaveRevoked: json.mayHaveRevoked };
  const meaning = means.find((name) => matches(MEANINGS[name](test), said));
  const wanted = `, not ${means.join(" or ")}`;
  if (!meaning) return `the caller was told ${JSON.stringify(said)}${wanted}`;
  if (json.orderNumber !== orderNumber) return `the caller was told of order ${json.orderNumber}`;
  if (WITH_CODE.includes(meaning) && json.errorCode !== code) {
    return `the caller was told of the code ${json.errorCode}, not ${code}`;
  }
  if (meaning === "busy" && !(json.retryAfter >= 1)) return "the caller was not told when to come back";
  return undefined;
}

/** @param {object} wanted @param {Record<string, unknown>} said */
const matches = (wanted, said) =>
  Object.entries({ outcome: undefined, kind: undefined, mayHaveRevoked: undefined, ...wanted }).every(
    ([name, value]) => said[name] === value,
  );
