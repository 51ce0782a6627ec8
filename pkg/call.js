// One call: wasm says what to send and what it means that something happened; here it is done, and nothing decided.
import { Event, begin } from "./deadline.js";
import { runtime } from "./given.js";
import { RevocationError } from "./revocation-error.js";
import { letter, members, property, read, written } from "./transcript.js";
import { attempt, bodyOf, send } from "./transport.js";

/** @typedef {import("./transcript.js").Entry} Entry */
/** @typedef {import("./deadline.js").Deadline} Deadline */
/** @typedef {(name: "plan" | "judge", left: boolean, ...given: Uint8Array[]) => string} Wasm */
/** @typedef {ReturnType<typeof planned>} Call */

/**
 * @param {Wasm} wasm
 * @param {ReturnType<typeof import("./given.js").given>} given
 * @returns {Promise<any>}
 */
export function perform(wasm, given) {
  const call = planned(wasm, given);
  return within(call, call.timeout, async (deadline) =>
    call.answered(await call.respond(deadline), deadline),
  );
}

/**
 * A call that has no fault, ready to be sent.
 * @param {Wasm} wasm
 * @param {ReturnType<typeof import("./given.js").given>} given
 */
export function planned(wasm, { chosen, fetch, entries, body }) {
  const plan = read(wasm("plan", false, written(entries)), body);
  fail(plan);
  const { memo, url, timeout, limit, silence } = plan.get("call");
  const headers = plan.get("headers");
  const { loginName, loginPassword } = chosen.credentials ?? {};
  /** @type {unknown[]} */
  const secrets = chosen.credentials ? [loginName, loginPassword] : [];
  let left = false;

  /** @param {string} event @param {Entry[]} [facts] @param {Uint8Array} [body] @param {unknown} [document] */
  const judge = (event, facts = [], body = new Uint8Array(), document = undefined) => {
    /** @type {Entry[]} */
    const known = [
      ["call", "memo", `s${memo}`],
      ["call", "event", `s${event}`],
      ["call", "left", letter(left)],
      ...secrets.map((secret) => /** @type {Entry} */ (["secret", "", letter(secret)])),
    ];
    const told = read(wasm("judge", left, written([...known, ...facts]), body), document);
    fail(told);
    return told;
  };

  return {
    chosen,
    timeout: chosen.timeout ?? timeout,
    silence,
    judge,

    /** Sends it. @param {Deadline} deadline */
    async respond(deadline) {
      if (typeof chosen.token === "function") {
        const { token } = chosen;
        const gave = await deadline.wait(
          attempt(() => token()),
          "token failed",
        );
        Object.assign(headers, judge("token", [["token", "", letter(gave)]]).get("headers"));
        secrets.push(gave);
      } else if (chosen.token) {
        secrets.push(chosen.token);
      }
      // The token's function may have taken its time, or fired the signal itself.
      deadline.check();
      const request = requestOf(url, { ...plan.get("request"), headers, signal: deadline.signal });
      // From here on it may have left, whatever `fetch` says: it may be patched, and may have sent before it threw.
      left = true;
      return send(request, fetch, deadline);
    },

    /** What the whole answer means. @param {Awaited<ReturnType<typeof send>>} answer @param {Deadline} deadline */
    async answered({ response, head }, deadline) {
      const body = await bodyOf(response, deadline, limit);
      const document = documentOf(body);
      /** @type {Entry[]} */
      const facts = [
        ...head,
        ["answer", "document", letter(document)],
        ...members("document", document),
        ...members("fields", property(document, "fields")),
      ];
      const told = judge("answered", facts, body, document);
      return told.get("done") ?? told.get("read").document;
    },
  };
}

/**
 * Does a part of a call, until it ends or has to end.
 * @template T
 * @param {Call} call
 * @param {number} limit in milliseconds
 * @param {(deadline: Deadline) => Promise<T>} part
 * @returns {Promise<T>}
 */
export async function within({ chosen, judge }, limit, part) {
  /** @type {Deadline | undefined} */
  let deadline;
  try {
    deadline = begin(chosen.signal, limit);
    deadline.check();
    return await part(deadline);
  } catch (error) {
    if (error instanceof Event) judge(error.name, [...runtime(), ...thrownOf(error.thrown)]);
    throw error;
  } finally {
    deadline?.end();
  }
}

/** @param {string} url @param {RequestInit} init */
function requestOf(url, init) {
  try {
    return new Request(url, init);
  } catch (error) {
    throw new Event("no request", error);
  }
}

/** The answer as JSON, if it is. @param {Uint8Array} body @returns {unknown} */
function documentOf(body) {
  try {
    return JSON.parse(new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(body));
  } catch {
    return undefined;
  }
}

/** @param {unknown} thrown @returns {Entry[]} */
const thrownOf = (thrown) => [
  ["thrown", "itself", letter(thrown)],
  ["thrown", "name", letter(property(thrown, "name"))],
  ["thrown", "message", letter(property(thrown, "message"))],
  ["thrown", "deeper", letter(property(property(thrown, "cause"), "message"))],
];

/** Throws the error that wasm told of, if it did. @param {Map<string, any>} told */
function fail(told) {
  const failed = told.get("failed");
  if (!failed) return;
  const { cause } = failed;
  if (cause) {
    failed.cause = Object.assign(new Error(cause.message), cause.name && { name: cause.name });
    // It would tell of this file alone, and repeat the message.
    delete failed.cause.stack;
  }
  throw new RevocationError(failed);
}
