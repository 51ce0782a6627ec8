// Starts an edge whose log can be read while it runs and after it has gone.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const host = fileURLToPath(new URL("edge-host.mjs", import.meta.url));

/**
 * @typedef {object} LoggedEdge
 * @property {string} url its origin
 * @property {number} pid of workerd
 * @property {() => Promise<void>} stop in the orderly way
 * @property {() => Promise<void>} kill as a power cut would
 */

/**
 * @param {object} what
 * @param {Record<string, string>} what.variables
 * @param {string} what.data
 * @param {string} [what.config] the capnp file, from the root, instead of the edge's own
 * @param {(text: string) => void} what.log gets what workerd writes, as it comes
 * @returns {Promise<LoggedEdge>}
 */
export async function startLoggedEdge({ variables, data, config, log }) {
  const child = spawn(process.execPath, [host], { stdio: "pipe" });
  child.stderr.setEncoding("utf8").on("data", log);
  const over = once(child, "close");
  child.stdin.write(`${JSON.stringify({ variables, data, config })}\n`);
  const lines = createInterface(child.stdout);
  const told = await Promise.race([once(lines, "line"), over]);
  if (typeof told[0] !== "string") throw new Error("the edge did not start; its log says why");
  const { url, pid } = JSON.parse(told[0]);

  async function stop() {
    child.stdin.end();
    await over;
  }
  return {
    url,
    pid,
    stop,
    async kill() {
      process.kill(pid, "SIGKILL");
      await stop();
    },
  };
}
