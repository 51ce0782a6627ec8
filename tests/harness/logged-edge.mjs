// An edge whose log can be read while it runs and after it has gone, and which can be killed and started again.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as pause } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { keepAnswers, keeper } from "../../scripts/test/evidence.mjs";

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
    const [told] = await Promise.race([once(this.#lines, "line"), this.#hostOver]);
    if (typeof told !== "string") throw new Error(`the edge did not start:\n${this.log}`);
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
