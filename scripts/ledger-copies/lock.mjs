// Holds the edge's lock, so that no edge runs on the data while it is copied.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { Failure, WrongUse } from "../command/faults.mjs";
import { LOCK } from "../run/data-folder.mjs";
import { LOCKED, Locked, byFlock, bySocket } from "../run/lock.mjs";

/**
 * Does the work while no edge can run on the folder. The lock is held by a process that ends with this one, however
 * this one ends.
 * @template T
 * @param {string} data
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function whileLocked(data, work) {
  const [flock, ...lock] = byFlock(join(data, LOCK)) ?? [];
  if (!flock) return whileAnnounced(data, work);
  const keeper = ["sh", "-c", "echo held && exec cat"];
  const child = spawn(flock, [...lock, ...keeper], { stdio: ["pipe", "pipe", "pipe"] });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (said += text));
  const over = new Promise((resolve) => {
    child.once("error", (error) => resolve(error.message));
    child.once("close", resolve);
  });
  const ended = await Promise.race([once(child.stdout, "data").then(() => undefined), over]);
  if (ended === LOCKED) throw atWork(data);
  if (ended !== undefined) {
    const why = said.trim() || String(ended);
    throw new Failure(`whether an edge runs on ${data} is not known, since flock failed: ${why}`);
  }
  try {
    return await work();
  } finally {
    child.stdin.end();
    await over;
  }
}

/**
 * The same where there is no flock.
 * @template T
 * @param {string} data
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
async function whileAnnounced(data, work) {
  const { release } = await bySocket(data).catch((error) => {
    throw error instanceof Locked ? atWork(data) : error;
  });
  try {
    return await work();
  } finally {
    await release();
  }
}

/** @param {string} data */
const atWork = (data) => new WrongUse([`--data: an edge is at work on ${data}: stop it first`]);
