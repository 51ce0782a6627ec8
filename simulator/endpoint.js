// The vendor's endpoint: what it answers to a call, in the order in which it looks at things.

/** @import { Answer } from "./answers.js" */
/** @import { Call } from "./arguments.js" */
/** @import { Login, LoginMatches } from "./login.js" */
/** @import { Orders } from "./orders.js" */
/** @import { Limits } from "./limits.js" */

const path = /^\/products\/(?:!|%21)[aA]utoRevokeCertificate$/;

/** Both spellings of the vendor, whatever the query. @param {string} target */
export function isEndpoint(target) {
  const query = target.indexOf("?");
  return path.test(query < 0 ? target : target.slice(0, query));
}

/**
 * What the CA decided, before anything spoils its delivery.
 * @typedef {Answer & { acted: boolean }} Decision
 */

/**
 * @param {object} circumstances
 * @param {string | undefined} circumstances.method
 * @param {Call} circumstances.call
 * @param {LoginMatches} circumstances.loginMatches
 * @param {number} circumstances.underWay calls at this moment, this one included
 * @param {boolean} circumstances.carriedOut false: the CA says what it would say, and leaves the order alone
 * @param {number} circumstances.seq
 * @param {{ login: Login, limits: Limits, orders: Orders }} ca
 * @returns {Decision}
 */
export function decide({ method, call, loginMatches, underWay, carriedOut, seq }, { login, limits, orders }) {
  if (method !== "POST") return refuse(-17, "The request must be sent by POST!");
  if (call.refusal) return { ...call.refusal, acted: false };
  if (!login.admits(loginMatches))
    return refuse(-16, "Invalid login details, or the account may not log in!");
  if (limits.reached(underWay)) return refuse(-42, "The maximum number of calls has been reached!");
  const { answer, acted } = orders.revoke(call, { carriedOut, seq });
  return { ...answer, acted };
}

/** @param {number} code @param {string} message @returns {Decision} */
const refuse = (code, message) => ({ code, message, acted: false });
