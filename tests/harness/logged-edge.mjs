// An edge whose log can be read while it runs and after it has gone, and which can be killed and started again.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { keepAnswers, keeper } from "../../scripts/test/evidence.mjs";

/** The host itself gives up sooner. */
const STARTS_WITHIN_MS = 90_000;

const host = fileURLToPath(new URL("edge-host.mjs", import.meta.url));

/**
 * @typedef {object} Configuration
 * @property {Record<string, string>} variables
 * @property {string} data
 * @property {string} [config] the capnp file, from the root, instead of the edge's own
 */

export class LoggedEdge {
  #host = spawn(process.execPath, [host], { stdio: "pipe" });
  #hostOver = once(this.#host, "close");
  #lines = createInterface(this.#host.stdout);
  /** What workerd has written so far. */
  log = "";
  /** Its origin; changes with every start. */
  url = "";
  /** Of workerd. */
  pid = 0;

  constructor() {
    const keep = keeper("log");
    this.#host.stderr.setEncoding("utf8").on("data", (text) => {
      this.log += text;
      keep(text);
    });
  }

  /** In place of the one before, if there is one. @param {Configuration} configuration */
  async start(configuration) {
    this.#host.stdin.write(`${JSON.stringify(configuration)}\n`);
    const limit = new AbortController();
    const [told] = await Promise.race([
      once(this.#lines, "line"),
      this.#hostOver,
      pause(STARTS_WITHIN_MS, ["in time"], limit),
    ]);
    limit.abort();
    if (typeof told !== "string" || !told.startsWith("{")) {
      this.#host.kill("SIGKILL");
      throw new Error(`the edge did not start ${told ?? ""}:\n${this.log}`);
    }
    ({ url: this.url, pid: this.pid } = JSON.parse(told));
    keepAnswers(this.url);
  }

  /** Ends it as a power cut would. */
  async kill() {
    process.kill(this.pid, "SIGKILL");
    while (isThere(this.pid)) await pause(2);
  }

  /** Ends it in the orderly way, and for good. */
  async end() {
    if (!this.#host.stdin.writableEnded) this.#host.stdin.end();
    await this.#hostOver;
  }
}

/** @param {number} pid */
function isThere(pid) {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
