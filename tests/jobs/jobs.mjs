// Jobs at the edge under test, as their callers deal with them: planned, started, approved, looked at, waited for.
// @ts-check
import assert from "node:assert/strict";
import { setTimeout as pause } from "node:timers/promises";

/** @typedef {import("../edge/world.mjs").World} World */
/** @typedef {import("../../pkg/bin/keys/api-key.js").Grant} Grant */

/** @type {Grant[]} */
export const JOB_PEOPLE = [
  { id: "olivia", person: "olivia", permissions: ["plan", "revoke", "test", "approve"], orders: ["*"] },
  { id: "paul", person: "paul", permissions: ["plan", "revoke", "test", "approve"], orders: ["*"] },
  { id: "theo", person: "theo", permissions: ["plan", "test"], orders: ["*"] },
  { id: "greta", person: "greta", permissions: ["operate", "audit"], orders: ["*"] },
];

/** A job may have any number of orders without a second person's approval. */
export const NO_APPROVAL = { APPROVAL_ABOVE: "1000000" };

/** Beyond this nothing that a test waits for is still to be expected, in milliseconds. */
const WITHIN_MS = 60_000;
const LOOK_EVERY_MS = 25;

/**
 * The body of a plan in which a row without a reason has reason 0.
 * @param {any} body
 */
export const withReason = ({ defaults = {}, ...body }) => ({
  ...body,
  defaults: Array.isArray(defaults) ? defaults : { codeReason: 0, ...defaults },
});

/** @param {World} world */
export function jobsOf(world) {
  const jobs = {
    /**
     * @param {object} body
     * @param {{ as?: string, headers?: Record<string, string> }} [how]
     */
    async plan(body, { as = "olivia", headers } = {}) {
      const answer = await world.ask("/v1/jobs", { as, body: withReason(body), headers });
      assert.equal(answer.status, 201, answer.text);
      return answer.json;
    },
    /**
     * @param {any} job as planned
     * @param {string} [as]
     */
    async start({ id, planHash, total }, as = "olivia") {
      return jobs.operate(id, "start", { planHash, total }, as);
    },
    /**
     * @param {string} id
     * @param {string} operation
     * @param {object} [body]
     * @param {string} [as]
     */
    async operate(id, operation, body = {}, as = "olivia") {
      const answer = await world.ask(`/v1/jobs/${id}/${operation}`, { as, body });
      assert.equal(answer.status, 202, answer.text);
      return answer.json;
    },
    /** Planned and started in one go. @param {object} body @param {string} [as] */
    async run(body, as = "olivia") {
      return jobs.start(await jobs.plan(body, { as }), as);
    },
    /** @param {string} id @param {string} [as] */
    async read(id, as = "olivia") {
      const { status, json, text } = await world.ask(`/v1/jobs/${id}`, { as });
      assert.equal(status, 200, text);
      assertAddsUp(json);
      return json;
    },
    /**
     * The job as soon as something holds for it.
     * @param {string} id
     * @param {(job: any) => boolean} holds
     * @param {{ withinMs?: number, as?: string }} [how]
     */
    async until(id, holds, { withinMs = WITHIN_MS, as } = {}) {
      let job;
      for (const deadline = Date.now() + withinMs; Date.now() < deadline; await pause(LOOK_EVERY_MS)) {
        job = await jobs.read(id, as);
        if (holds(job)) return job;
      }
      throw new Error(`not within ${withinMs} ms: ${JSON.stringify(job)}`);
    },
    /** @param {string} id @param {{ withinMs?: number, as?: string }} [how] */
    done: (id, how) => jobs.until(id, ({ state }) => state === "done", how),
    /** Every row, page by page. @param {string} id @param {{ outcome?: string, limit?: number, as?: string }} [how] */
    async rows(id, { outcome, limit = 10_000, as = "olivia" } = {}) {
      const filter = outcome === undefined ? "" : `&outcome=${outcome}`;
      /** @type {any[]} */
      const rows = [];
      for (let after = 0; ;) {
        const path = `/v1/jobs/${id}/orders?after=${after}&limit=${limit}${filter}`;
        const { status, json, text } = await world.ask(path, { as });
        assert.equal(status, 200, text);
        rows.push(...json.orders);
        if (json.next === undefined) return rows;
        assert.equal(json.orders.length, limit);
        assert.equal(json.next, json.orders.at(-1).row);
        after = json.next;
      }
    },
    /** What the audit log has of a job, the calls' entries apart. @param {string} id */
    async log(id) {
      /** @type {any[]} */
      const entries = [];
      for (let after = 0; ;) {
        const { json } = await world.ask(`/v1/audit?after=${after}&limit=5000`, { as: "greta" });
        if (json.entries.length === 0) return entries;
        after = json.entries.at(-1).seq;
        entries.push(
          ...json.entries.filter(
            (/** @type {any} */ { jobId, action }) => jobId === id && action.endsWith("-job"),
          ),
        );
      }
    },
    /** Orders of which nobody has spoken. @param {number} count @param {object} [more] members of each */
    orders: (count, more) =>
      Array.from({ length: count }, () => ({ orderNumber: world.newOrder(), codeReason: 0, ...more })),
  };
  return jobs;
}

/** @param {any} job */
export function assertAddsUp({ id, total, counts }) {
  const sum = Object.values(counts).reduce((all, count) => all + count, 0);
  assert.equal(sum, total, `${id}: ${JSON.stringify(counts)}`);
  assert.ok(
    Object.values(counts).every((count) => count >= 0),
    JSON.stringify(counts),
  );
}
