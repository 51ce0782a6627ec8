// Connections that are reset before the CA knows what a call is about.
// @ts-check

/** @typedef {import("./misbehaviours.mjs").Misbehaviour} Misbehaviour */

/** At once, so that connections are shared. */
const AT_ONCE = 8;

/** @type {Pick<Misbehaviour, "name" | "means">} */
const RESET = { name: "reset before reading", means: ["unknown"] };
/** Its own answer is right. The next call on the connection may be any one. @type {Pick<Misbehaviour, "name" | "means">} */
const RACE = { name: "a kept connection that is reset", means: ["done", "unknown"] };
/** @type {Pick<Misbehaviour, "name" | "means">} */
const CLOSED = { name: "a kept connection that is closed", means: ["done", "unknown"] };

/**
 * @param {import("./trial.mjs").Trial} trial
 * @param {number} times
 */
export async function leaveUnread(trial, times) {
  const { faults } = trial.world.ca;
  faults.add({ fault: "reset-before-reading" });
  await inRounds(times, () => trial.call(RESET));
  faults.clear();
  await inRounds(times, () => trial.call(RACE, { fault: { fault: "keep-alive-race", times: 1 } }));
  await inRounds(times, () =>
    trial.call(CLOSED, { fault: { fault: "keep-alive-race", close: "after-answer", times: 1 } }),
  );
}

/** @param {number} times @param {() => Promise<unknown>} call */
async function inRounds(times, call) {
  for (let left = times; left > 0; left -= AT_ONCE) {
    await Promise.all(Array.from({ length: Math.min(left, AT_ONCE) }, call));
  }
}
