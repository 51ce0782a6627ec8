// Two callers at once want different things of the same job, at random: its states change only as the contract's table has it.
// @ts-check
import { setTimeout as pause } from "node:timers/promises";
import { randomness } from "../harness/randomness.mjs";
import { auditTrail } from "../kill/audit-trail.mjs";
import { World } from "../kill/world.mjs";
import { withReason } from "./jobs.mjs";

/**
 * @typedef {import("../kill/comparison.mjs").Finding} Finding
 * @typedef {import("../harness/randomness.mjs").Random} Random
 * @typedef {{ id: string, planHash: string, total: number, numbers: string[], accepted: Map<string, number> }} Job
 */

/** The contract's table, and which action moves a job so. @type {Record<string, Record<string, string[]>>} */
const MOVES = {
  planned: { "start-job": ["awaiting-approval", "running"], "cancel-job": ["cancelled"] },
  "awaiting-approval": { "approve-job": ["running"], "cancel-job": ["cancelled"] },
  running: {
    "pause-job": ["paused"],
    "halt-job": ["halted"],
    "finish-job": ["done"],
    "cancel-job": ["cancelled"],
  },
  paused: { "resume-job": ["running"], "cancel-job": ["cancelled"] },
  halted: { "resume-job": ["running"], "cancel-job": ["cancelled"] },
  done: {},
  cancelled: {},
};

/** The latter is far above what the simulator takes, however slow the machine: nothing is to be lost here. */
const VARIABLES = { APPROVAL_ABOVE: "10", CA_TIMEOUT_MS: "30000" };
const MOST_ORDERS = 16;
const MOST_WISHES = 6;
const AT_ONCE = 4;
/** How often the CA refuses the login meanwhile, so that the breaker halts what runs. */
const HALTS = 0.1;
const SEED_STEP = 0x9e3779b9;
const WITHIN_MS = 60_000;

const PERMISSIONS = ["plan", "revoke", "test", "approve"];
const TWO = ["anna", "bert"];
const PEOPLE = [...TWO, "planner"].map((id) => ({ id, person: id, permissions: PERMISSIONS, orders: ["*"] }));

/**
 * @param {{ count: number, seed: number, say?: (text: string) => void }} settings
 * @returns {Promise<{ findings: Finding[], moves: [string, number][], seconds: number }>}
 */
export async function interleave({ count, seed, say = () => {} }) {
  const world = await World.begin(VARIABLES, PEOPLE);
  try {
    return await new Interleavings(world, seed).run(count, say);
  } finally {
    await world.end();
  }
}

class Interleavings {
  #world;
  #seed;
  #began = Date.now();
  #lastOrder = 100_000;
  /** @type {Finding[]} */
  #findings = [];
  /** @type {Job[]} */
  #jobs = [];

  /** @param {World} world @param {number} seed */
  constructor(world, seed) {
    this.#world = world;
    this.#seed = seed;
  }

  /** @param {number} count @param {(text: string) => void} say */
  async run(count, say) {
    this.#world.ca.faults.add({ fault: "latency", ms: 4, jitter: 12 });
    for (let n = 0; n < count; n += AT_ONCE) {
      const round = Array.from({ length: Math.min(AT_ONCE, count - n) }, (_, lane) => {
        return this.#interleave(randomness((this.#seed + (n + lane + 1) * SEED_STEP) >>> 0));
      });
      await Promise.all([...round, this.#refuseLogin(randomness((this.#seed ^ (n + 1)) >>> 0))]);
      if ((n / AT_ONCE) % 25 === 24) say(`  ${n + AT_ONCE} of ${count}, ${this.#seconds()} s`);
    }
    const moves = await this.#checkMoves();
    const others = [...this.#world.troubles, ...this.#world.failures];
    return {
      ...{ findings: [...this.#findings, ...others.map((what) => ({ what }))], moves },
      seconds: this.#seconds(),
    };
  }

  /** @param {Random} random */
  async #interleave(random) {
    const job = await this.#plan(random);
    this.#jobs.push(job);
    await Promise.all(TWO.map((as) => this.#wish(job, as, randomness(random.below(2 ** 31)))));
    await this.#bringToEnd(job, random);
    await this.#checkRows(job);
  }

  /** @param {Random} random @returns {Promise<Job>} */
  async #plan(random) {
    // What a person started before adds up, so that real ones soon need an approval, and drills never.
    const test = random.chance(0.5);
    const orders = Array.from({ length: 1 + random.below(MOST_ORDERS) }, () => ({
      ...{ orderNumber: String(++this.#lastOrder), codeReason: 1, test },
    }));
    const { status, json, text } = await this.#world.askNow("/v1/jobs", {
      as: "planner",
      body: withReason({ orders }),
    });
    if (status !== 201) throw new Error(`not planned: ${text}`);
    const numbers = orders.map(({ orderNumber }) => orderNumber);
    return { ...json, numbers, accepted: new Map([["plan", 1]]) };
  }

  /** @param {Job} job @param {string} as @param {Random} random */
  async #wish(job, as, random) {
    // Mostly something comes of it: a job that is cancelled first thing has little to show.
    const wishes = [
      "start",
      "start",
      "start",
      "approve",
      "approve",
      "pause",
      "pause",
      "resume",
      "resume",
      "cancel",
    ];
    for (let left = 1 + random.below(MOST_WISHES); left > 0; left -= 1) {
      await this.#operate(job, random.pick(wishes), as);
      if (random.chance(0.5)) await this.#read(job, as);
      if (random.chance(0.5)) await pause(random.below(25));
    }
  }

  /** @param {Job} job @param {string} operation @param {string} as */
  async #operate(job, operation, as) {
    const { planHash, total } = job;
    const body = { start: { planHash, total }, approve: { planHash } }[operation] ?? {};
    const { status, json, kind } = await this.#world.askNow(`/v1/jobs/${job.id}/${operation}`, { as, body });
    if (status === 202) {
      job.accepted.set(operation, (job.accepted.get(operation) ?? 0) + 1);
      this.#checkSum(job, json);
    } else if (kind !== "illegal-state" && !(kind === "forbidden" && operation === "approve")) {
      this.#note(job, `${operation} by ${as} was answered ${status} ${kind}`);
    }
    return status === 202;
  }

  /** @param {Job} job @param {string} as @returns {Promise<any>} */
  async #read(job, as) {
    const { status, json } = await this.#world.askNow(`/v1/jobs/${job.id}`, { as });
    if (status === 200) this.#checkSum(job, json);
    else this.#note(job, `it was answered ${status}`);
    return json;
  }

  /** Whoever comes next does what is left to do. @param {Job} job @param {Random} random */
  async #bringToEnd(job, random) {
    for (const deadline = Date.now() + WITHIN_MS; Date.now() < deadline; await pause(10)) {
      const { state, counts } = await this.#read(job, "anna");
      if (state === "done" || (state === "cancelled" && counts.sending === 0)) return;
      if (state === "planned") await this.#operate(job, random.pick(["start", "cancel"]), "anna");
      if (state === "paused") await this.#operate(job, random.pick(["resume", "cancel"]), "bert");
      if (state === "awaiting-approval") {
        // Whoever has started it may not.
        for (const as of TWO) if (await this.#operate(job, "approve", as)) break;
      }
    }
    this.#note(job, `it did not end in ${WITHIN_MS} ms: ${JSON.stringify(await this.#read(job, "anna"))}`);
  }

  /** @param {Random} random */
  async #refuseLogin(random) {
    if (!random.chance(HALTS)) return;
    const { ca } = this.#world;
    await pause(random.below(100));
    ca.login.lock();
    await pause(100 + random.below(200));
    ca.login.unlock();
    const body = {};
    await this.#world.askNow("/v1/breaker/resume", { as: "steward", body });
    const order = { orderNumber: String(++this.#lastOrder), test: true };
    // One that goes through closes it, even if no job has anything left.
    for (const deadline = Date.now() + WITHIN_MS; Date.now() < deadline; await pause(50)) {
      const { status } = await this.#world.askNow("/v1/revocations", { as: "tester", body: order });
      const { json } = await this.#world.askNow("/v1/breaker", { as: "steward" });
      if (status === 200 && json.state === "closed") return;
      if (json.state === "open") await this.#world.askNow("/v1/breaker/resume", { as: "steward", body });
    }
    this.#findings.push({ what: "the breaker stays open" });
  }

  /** What was not sent was not carried out, and what was, once. @param {Job} job */
  async #checkRows(job) {
    const { json } = await this.#world.askNow(`/v1/jobs/${job.id}/orders?limit=100`, { as: "anna" });
    const { counts, drill } = await this.#read(job, "anna");
    /** @type {Record<string, number>} */
    const tally = {};
    for (const { orderNumber, outcome } of json.orders) {
      tally[outcome] = (tally[outcome] ?? 0) + 1;
      const calls = this.#world.ca.ledger({ orderNumber });
      const acted = calls.filter((call) => call.acted).length;
      const isSo = {
        revoked: acted === 1 && !drill,
        tested: drill && calls.some(({ answered }) => answered?.code === 0),
        cancelled: acted === 0,
        refused: acted === 0 && calls.some(({ answered }) => answered?.code === -16),
      }[/** @type {string} */ (outcome)];
      if (!isSo) this.#note(job, `order ${orderNumber} is ${outcome}, and the CA acted ${acted} times`);
      if (drill && calls.some(({ test }) => !test)) this.#note(job, `order ${orderNumber} was really sent`);
    }
    for (const [outcome, count] of Object.entries(counts)) {
      if ((tally[outcome] ?? 0) !== count)
        this.#note(job, `it counts ${count} ${outcome}: ${JSON.stringify(tally)}`);
    }
  }

  /** By the audit log, which has every move. @returns {Promise<[string, number][]>} */
  async #checkMoves() {
    const trail = await auditTrail(this.#world, []);
    for (const what of trail.faults) this.#findings.push({ what: `audit log: ${what}` });
    /** @type {Map<string, any[]>} */
    const byJob = new Map(this.#jobs.map(({ id }) => [id, []]));
    for (let after = 0; ;) {
      const { json } = await this.#world.askNow(`/v1/audit?after=${after}&limit=5000`, { as: "auditor" });
      if (json.entries.length === 0) break;
      for (const entry of json.entries) {
        if (entry.action.endsWith("-job") && entry.state) byJob.get(entry.jobId)?.push(entry);
      }
      after = json.entries.at(-1).seq;
    }
    /** @type {Map<string, number>} */
    const moves = new Map();
    for (const job of this.#jobs) {
      const [first, ...rest] = byJob.get(job.id) ?? [];
      if (first?.action !== "plan-job" || first.state !== "planned")
        this.#note(job, "its plan is not in the log");
      let state = "planned";
      const accepted = new Map([["plan", 1]]);
      for (const { action, priorState, state: next, actor } of rest) {
        const move = `${action} ${priorState} -> ${next}`;
        if (priorState !== state) this.#note(job, `it was ${state}, and then: ${move}`);
        if (!MOVES[priorState]?.[action]?.includes(next)) this.#note(job, `not a legal move: ${move}`);
        moves.set(move, (moves.get(move) ?? 0) + 1);
        const operation = action.replace(/-job$/, "");
        if (actor !== "edge") accepted.set(operation, (accepted.get(operation) ?? 0) + 1);
        state = next;
      }
      const told = JSON.stringify([...job.accepted].sort());
      const logged = JSON.stringify([...accepted].sort());
      if (told !== logged) this.#note(job, `callers were told ${told}, and the log has ${logged}`);
      const now = await this.#read(job, "anna");
      if (now.state !== state) this.#note(job, `it is ${now.state}, and by the log ${state}`);
    }
    return [...moves].sort(([, a], [, b]) => b - a);
  }

  /** @param {Job} job @param {any} seen */
  #checkSum(job, { counts, total }) {
    const numbers = Object.values(counts);
    const sum = numbers.reduce((all, number) => all + number, 0);
    if (sum !== total || total !== job.total || numbers.some((number) => number < 0)) {
      this.#note(job, `its counts do not add up to ${job.total}: ${JSON.stringify(counts)}`);
    }
  }

  /** @param {Job} job @param {string} what */
  #note(job, what) {
    this.#findings.push({ what: `${job.id}: ${what}` });
  }

  #seconds() {
    return Math.round((Date.now() - this.#began) / 1000);
  }
}
