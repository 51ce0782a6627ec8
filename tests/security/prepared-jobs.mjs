// Jobs in whatever state a test needs, each prepared by somebody else: what a person has started adds up.
import assert from "node:assert/strict";
import { until } from "../harness/until.mjs";

/** More orders than a job may have without another person's approval. */
const NEED_APPROVAL = 11;

/** The state that each operation needs; the others take a planned job. @type {Record<string, string>} */
const NEEDS = {
  "/v1/jobs/{id}/approve": "awaiting-approval",
  "/v1/jobs/{id}/decline": "awaiting-approval",
  "/v1/jobs/{id}/pause": "running",
  "/v1/jobs/{id}/resume": "paused",
  "/v1/jobs/pause-all": "running",
  // The stream of a job that goes on does not end.
  "/v1/jobs/{id}/events": "cancelled",
};

/**
 * @typedef {object} Prepared
 * @property {string} id
 * @property {string} planHash
 * @property {number} total
 * @property {string[]} numbers of its orders
 * @property {string} state
 * @property {() => Promise<any>} read the job as its preparer sees it
 * @property {() => Promise<void>} giveUp so that it sends nothing any more
 */

/**
 * @param {import("../edge/world.mjs").World} world
 * @param {(person: string) => Record<string, string>} headersOf a person who may plan and revoke whatever there is
 */
export function jobMaker(world, headersOf) {
  let people = 0;

  /**
   * A job on which this operation can be carried out.
   * @param {object} how
   * @param {string} how.path
   * @param {boolean} [how.drill]
   * @param {() => string} how.newOrder
   * @returns {Promise<Prepared>}
   */
  return async function prepare({ path, drill = false, newOrder }) {
    const headers = headersOf(`preparer-${++people}`);
    /** @param {string} path @param {object} [body] */
    const ask = async (path, body) => {
      const answer = await world.ask(path, { headers, body });
      assert.ok(answer.status < 300, answer.text);
      return answer.json;
    };
    const state = NEEDS[path] ?? "planned";
    const numbers = Array.from({ length: state === "awaiting-approval" ? NEED_APPROVAL : 1 }, newOrder);
    const orders = numbers.map((orderNumber) => ({
      ...{ orderNumber, codeReason: 1 },
      ...(drill && { test: true }),
    }));
    const { id, planHash, total } = await ask("/v1/jobs", { orders });
    if (["running", "paused"].includes(state)) {
      // The CA is issuing them, so the job waits for it instead of ending.
      for (const orderNumber of numbers) world.ca.orders.set({ orderNumber, state: "being-issued" });
    }
    if (["running", "paused", "awaiting-approval"].includes(state)) {
      await ask(`/v1/jobs/${id}/start`, { planHash, total });
    }
    if (state === "paused") await ask(`/v1/jobs/${id}/pause`, {});
    if (state === "cancelled") await ask(`/v1/jobs/${id}/cancel`, {});
    const read = () => ask(`/v1/jobs/${id}`);
    assert.equal((await read()).state, state);
    const giveUp = async () => {
      // What the test has started ends by itself, unless its orders are being issued.
      if (!["running", "paused"].includes(state))
        await until("it has ended", async () => (await read()).state !== "running");
      if (!["done", "cancelled"].includes((await read()).state)) await ask(`/v1/jobs/${id}/cancel`, {});
    };
    return { id, planHash, total, numbers, state, read, giveUp };
  };
}
