// The CA refuses the login: one call is told so, all others are stopped, until an operator resumes.
// @ts-check

/**
 * @typedef {import("./trial.mjs").Trial} Trial
 * @typedef {Pick<import("./misbehaviours.mjs").Misbehaviour, "name" | "means">} Misbehaviour
 */

/** @type {Misbehaviour} */
const REFUSED = { name: "the login refused", means: ["login-refused"] };
/** @type {Misbehaviour} */
const STOPPED = { name: "after a refused login", means: ["stopped"] };
/** @type {Misbehaviour} */
const RESUMED = { name: "after the resumption", means: ["done"] };

/**
 * @param {Trial} trial
 * @param {number} times
 */
export async function refuseLogins(trial, times) {
  const { ca } = trial.world;
  for (let time = 0; time < times; time += 1) {
    // For the order alone, or since the account is locked.
    if (time % 2) ca.login.lock();
    const state = time % 2 ? undefined : { errorCode: -16, times: 1 };
    await trial.call(REFUSED, { state, code: -16, test: time % 3 === 0 });
    ca.login.unlock();
    trial.expect("the breaker", await breaker(trial), "open");
    await Promise.all([trial.call(STOPPED), trial.call(STOPPED, { test: true })]);
    // Half-open, one call goes out; on every third time it is the next one that is refused.
    trial.expect("the breaker", await breaker(trial, "/resume"), "half-open");
    if (time % 3 === 2) continue;
    await Promise.all([trial.call(RESUMED), trial.call(RESUMED)]);
    trial.expect("the breaker", await breaker(trial), "closed");
  }
}

/** Its state. @param {Trial} trial @param {string} [operation] */
async function breaker({ world }, operation = "") {
  const body = operation ? {} : undefined;
  const { json } = await world.ask(`/v1/breaker${operation}`, { as: "steward", body });
  return json?.state;
}
