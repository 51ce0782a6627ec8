// What the server reported last of all that concerns everyone: asked for again and again while the page is seen.
import { RevocationError } from "autorevoke";
import { collect } from "../parts/pages.js";

const ASK_EVERY_MS = 10_000;
const LISTED = 100;
const UNKNOWN_LISTED = 1000;
const ACTIVE = /** @type {const} */ (["running", "halted", "paused"]);

/** @typedef {import("autorevoke").Job} Job */
/**
 * @typedef {object} News
 * @property {number} [asOf] when it was reported
 * @property {number} [lostSince] since when the server could not be asked
 * @property {import("../server/breaker.js").BreakerState} [breaker]
 * @property {Job[]} [waiting] jobs that wait for approval
 * @property {Job[]} [active] jobs that are running, halted or paused
 * @property {import("autorevoke").ListedOrder[]} [unknown] orders whose outcome is not known
 * @property {import("autorevoke").Me["limits"]} [limits]
 */

export class NewsReader {
  /** @type {News} */
  news = {};
  #asking = false;
  #again = false;

  /**
   * @param {import("./session.js").Session} session
   * @param {(news: News) => void} changed
   * @param {() => void} signedOut the server does not know the caller any more
   * @param {() => boolean} showsLists whether the screen is one of those that list orders
   */
  constructor(session, changed, signedOut, showsLists) {
    this.session = session;
    this.showsLists = showsLists;
    this.changed = changed;
    this.signedOut = signedOut;
    const { signal } = session;
    const timer = setInterval(() => void this.ask(), ASK_EVERY_MS);
    signal.addEventListener("abort", () => clearInterval(timer));
    for (const [target, name] of /** @type {[EventTarget, string][]} */ ([
      [window, "online"],
      [document, "visibilitychange"],
    ]))
      target.addEventListener(name, () => void this.ask(), { signal });
    addEventListener("offline", () => this.#tell({ ...this.news, lostSince: Date.now() }), { signal });
    void this.ask();
  }

  /** @param {News} news */
  #tell(news) {
    if (this.session.signal.aborted) return;
    this.news = news;
    this.changed(news);
  }

  async ask() {
    const { signal } = this.session;
    if (document.hidden || signal.aborted) return;
    if (this.#asking) return void (this.#again = true);
    this.#asking = true;
    try {
      this.#tell({ ...(await this.#read()), asOf: Date.now() });
    } catch (error) {
      // Another person may be signed in by now.
      if (signal.aborted) return;
      if (error instanceof RevocationError && error.kind === "unauthenticated") return this.signedOut();
      this.#tell({ ...this.news, lostSince: this.news.lostSince ?? Date.now() });
    } finally {
      this.#asking = false;
      if (this.#again) {
        this.#again = false;
        void this.ask();
      }
    }
  }

  /** What the caller may not read is left out. @returns {Promise<News>} */
  async #read() {
    const { session } = this;
    const { client } = session;
    const options = { signal: session.signal };
    // Who only revokes, and looks at one order, is spared the package's second module, which lists need.
    const mayReadJobs = session.may("plan", "approve", "operate") || session.mayForAll("audit");
    /** @param {import("autorevoke").JobState} state */
    const jobs = (state) =>
      mayReadJobs
        ? collect(async (after) => {
            const { jobs: items, next } = await client.jobs.list({ ...options, state, after, limit: LISTED });
            return { items, next };
          }, LISTED)
        : Promise.resolve([]);
    const [me, breaker, waiting, unknown, ...active] = await Promise.all([
      client.me(options),
      session.may("revoke", "approve", "operate") ? session.breaker.get().catch(() => undefined) : undefined,
      answered(jobs("awaiting-approval")),
      session.may("revoke", "test") && (mayReadJobs || this.showsLists())
        ? answered(unknownOrders(session, options))
        : undefined,
      ...ACTIVE.map((state) => answered(jobs(state))),
    ]);
    return { limits: me.limits, breaker, waiting, unknown, active: active.flatMap((part) => part ?? []) };
  }
}

/**
 * A part that the server refuses is left out; one that it does not answer is a lost connection.
 * @template Part
 * @param {Promise<Part>} asked
 */
const answered = (asked) =>
  asked.catch((error) => {
    if (error instanceof RevocationError && error.problem && error.kind !== "unauthenticated")
      return undefined;
    throw error;
  });

/** @param {import("./session.js").Session} session @param {object} options */
async function unknownOrders({ client }, options) {
  return collect(async (after) => {
    const { orders: items, next } = await client.orders.list({
      ...options,
      state: "unknown",
      after,
      limit: UNKNOWN_LISTED,
    });
    return { items, next };
  }, UNKNOWN_LISTED);
}
