// Starts the edge on workerd: for the command, the demo and the tests alike.
import { chmod, mkdir, open, stat } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { Failure, WrongUse } from "../command/faults.mjs";
import { inRoot } from "../command/places.mjs";
import { configurationFaults } from "./configuration.mjs";
import { LOCK, OBJECTS } from "./data-folder.mjs";
import { Locked } from "./lock.mjs";
import { portInUse } from "./ports.mjs";
import { serve } from "./workerd.mjs";

const ANSWERS_WITHIN_MS = 20_000;
const ASK_EVERY_MS = 50;
/** One question that is lost must not take all of the time. */
const ONE_ANSWER_WITHIN_MS = 3_000;

/**
 * @typedef {object} Edge
 * @property {string} url its origin
 * @property {number} pid of workerd
 * @property {Promise<string>} died says how workerd ended, if nobody asked it to
 * @property {() => Promise<void>} stop
 */

/**
 * Serves nothing, and throws a WrongUse that names every fault, unless all is well.
 * @param {object} what
 * @param {import("./configuration.mjs").Variables} [what.variables] by the names of the contract; without them
 *   (the file could not be read) `faults` says why
 * @param {number} [what.port] 0, the default: any free one
 * @param {string} what.data the folder of the ledger; made when missing
 * @param {string[]} [what.faults] found before, to be named together with those found here
 * @param {boolean} [what.dashboard] whether it serves the dashboard, too
 * @param {string} [what.config] the capnp file, from the root
 * @param {boolean} [what.log] false: its log is thrown away, for benchmarks
 * @returns {Promise<Edge>}
 */
export async function startEdge({
  variables,
  port = 0,
  data,
  faults = [],
  dashboard = false,
  config = dashboard ? "worker/workerd-dashboard.capnp" : "worker/workerd.capnp",
  log,
}) {
  const ledger = resolve(data);
  const portFault = await portInUse(port);
  const dataFault = await folderFault(ledger);
  const all = [
    ...faults,
    ...(variables ? await configurationFaults(variables) : []),
    ...(portFault ? [`--port: ${portFault}`] : []),
    ...(dataFault ? [`--data: ${dataFault}`] : []),
  ];
  if (all.length > 0) throw new WrongUse(all);

  const served = await serve({
    config,
    env: variables ?? {},
    port,
    directories: { ledger, ...(dashboard && { files: inRoot("www/dist") }) },
    lock: join(ledger, LOCK),
    log,
  }).catch((error) => {
    throw error instanceof Locked ? new WrongUse([`--data: another edge is at work on ${ledger}`]) : error;
  });
  const url = `http://127.0.0.1:${served.port}`;
  try {
    await answers(`${url}/healthz`, served.died);
  } catch (error) {
    await served.stop();
    throw error;
  }
  return { url, pid: served.pid, died: served.died, stop: served.stop };
}

/** @param {string} folder */
async function folderFault(folder) {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const file = await open(join(folder, LOCK), "a", 0o600);
    await file.close();
    // A folder made beforehand may be open to others, and is left so; the ledger in it is not.
    const objects = join(folder, OBJECTS);
    await mkdir(objects, { recursive: true, mode: 0o700 });
    if ((await stat(objects)).mode & 0o077) await chmod(objects, 0o700);
    return undefined;
  } catch (error) {
    return `${folder} cannot be made or written to (${/** @type {NodeJS.ErrnoException} */ (error).code})`;
  }
}

/**
 * @param {string} url
 * @param {Promise<string>} died
 */
async function answers(url, died) {
  /** @type {string | undefined} */
  let death;
  void died.then((how) => (death = how));
  let last = "no answer";
  for (const deadline = Date.now() + ANSWERS_WITHIN_MS; Date.now() < deadline; await pause(ASK_EVERY_MS)) {
    if (death) throw new Failure(death);
    try {
      const response = await fetch(url, {
        signal: AbortSignal.timeout(ONE_ANSWER_WITHIN_MS),
        redirect: "manual",
      });
      if (response.ok) return;
      last = `HTTP ${response.status}: ${(await response.text()).slice(0, 500)}`;
    } catch (error) {
      last = String(error);
    }
  }
  throw new Failure(`the edge is not ready: ${url}: ${last}`);
}
