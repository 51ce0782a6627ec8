// Runs workerd so that it never outlives this process, and never twice on the same data.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { whenEnding } from "../command/ending.mjs";
import { Failure } from "../command/faults.mjs";
import { inRoot } from "../command/places.mjs";
import { LOCKED, Locked, byFlock, bySocket, inPath } from "./lock.mjs";

const READY_WITHIN_MS = 20_000;
const GOES_WITHIN_MS = 3_000;

/**
 * @typedef {object} Served
 * @property {number} port
 * @property {number} pid of workerd
 * @property {Promise<string>} died says how workerd ended, if nobody asked it to
 * @property {() => Promise<void>} stop
 */

/**
 * @param {object} what
 * @param {string} what.config the capnp file, from the root
 * @param {Record<string, string>} what.env all that workerd gets to see of the environment
 * @param {number} what.port 0: any free one
 * @param {Record<string, string>} what.directories absolute paths by the names of the capnp file
 * @param {boolean} [what.log] false: its log is thrown away; otherwise it goes to standard error
 * @param {string} what.lock a file; two workerds with the same one do not run at once
 * @returns {Promise<Served>}
 */
export async function serve({ config, env, port, directories, lock, log = true }) {
  const locking = byFlock(lock);
  const socket = locking ? undefined : await bySocket(dirname(lock));
  const [program, ...args] = [
    ...diesWithParent(),
    ...(locking ?? []),
    binary(),
    "serve",
    inRoot(config),
    "--experimental",
    `--socket-addr=http=127.0.0.1:${port}`,
    "--control-fd=3",
    ...Object.entries(directories).map(([name, path]) => `--directory-path=${name}=${path}`),
  ];
  // Same process group, so that a Ctrl-C reaches it too.
  const out = log ? "pipe" : "ignore";
  const child = privately(() =>
    spawn(program, args, {
      env: { PATH: process.env.PATH, ...env },
      stdio: ["ignore", out, out, "pipe", ...(socket ? [socket.fd] : [])],
    }),
  );
  const logged = Promise.all([child.stdout, child.stderr].map((stream) => stream && passOn(stream)));
  const exited = new Promise((resolve) => {
    child.once("error", (error) => resolve(`could not be started: ${error.message}`));
    child.once("exit", (code, signal) => {
      resolve(code === LOCKED ? new Locked(`${lock} is locked`) : `ended by itself (${signal ?? code})`);
    });
  });
  let asked = false;
  async function stop() {
    asked = true;
    release();
    if (child.exitCode === null && child.signalCode === null && child.pid !== undefined) {
      child.kill("SIGTERM");
      const impatient = setTimeout(() => child.kill("SIGKILL"), GOES_WITHIN_MS);
      await exited;
      clearTimeout(impatient);
    }
    await logged;
    await socket?.release();
  }
  const release = whenEnding(stop);
  const listening = await Promise.race([
    portOf(/** @type {import("node:stream").Readable} */ (child.stdio[3])),
    exited.then((how) => (how instanceof Locked ? how : new Failure(`workerd ${how}`))),
    once(AbortSignal.timeout(READY_WITHIN_MS), "abort").then(() => new Failure("workerd does not listen")),
  ]);
  if (listening instanceof Failure) {
    await stop();
    throw listening;
  }
  const died = exited.then((how) => (asked ? new Promise(() => {}) : `workerd ${how}`));
  return { port: listening, pid: /** @type {number} */ (child.pid), died, stop };
}

/**
 * Whole lines, no faster than they are read. They do not go straight to this process's own standard error: where that is a
 * pipe, Node makes it non-blocking, for all who share it, and workerd drops what a full one does not take.
 * @param {import("node:stream").Readable} stream
 */
async function passOn(stream) {
  let rest = Buffer.alloc(0);
  for await (const chunk of stream) {
    const bytes = Buffer.concat([rest, chunk]);
    const end = bytes.lastIndexOf("\n") + 1;
    if (end > 0) await write(bytes.subarray(0, end));
    rest = bytes.subarray(end);
  }
  await write(rest);
}

/** Who reads the log may go; the edge does not go with them. @param {Buffer} bytes @returns {Promise<void>} */
function write(bytes) {
  if (!process.stderr.listeners("error").includes(ignore)) process.stderr.on("error", ignore);
  return new Promise((resolve) => process.stderr.write(bytes, () => resolve()));
}

const ignore = () => {};

/** workerd tells on its control channel which port it got. @param {import("node:stream").Readable} channel */
async function portOf(channel) {
  let text = "";
  for await (const chunk of channel.setEncoding("utf8")) {
    text += chunk;
    const listening = /"event":"listen","socket":"http","port":(\d+)/.exec(text);
    if (listening) return Number(listening[1]);
  }
  return new Promise(() => {});
}

/**
 * The kernel kills it when its parent is gone, however the parent ended. Between the start and that arrangement the
 * parent may already have gone: hence the second look.
 */
function diesWithParent() {
  if (!canDieWithParent()) return [];
  const check = 'test "$PPID" -eq "$0" || exit 1; exec "$@"';
  return ["setpriv", "--pdeathsig", "KILL", "sh", "-c", check, String(process.pid)];
}

/** Whether workerd ends with this process even where that is killed. */
export const canDieWithParent = () => inPath("setpriv");

/** What it writes is for its owner only, whatever the folder. @template T @param {() => T} start @returns {T} */
function privately(start) {
  const before = process.umask(0o077);
  try {
    return start();
  } finally {
    process.umask(before);
  }
}

/** The npm package's own command is a Node script around this; signals should not have to pass through it. */
function binary() {
  const platforms = { linux: "linux", darwin: "darwin", win32: "windows" };
  const platform = platforms[/** @type {keyof typeof platforms} */ (process.platform)];
  const name = `@cloudflare/workerd-${platform}-${process.arch === "arm64" ? "arm64" : "64"}`;
  const { resolve } = createRequire(createRequire(import.meta.url).resolve("workerd/package.json"));
  try {
    return resolve(`${name}/bin/workerd${platform === "windows" ? ".exe" : ""}`);
  } catch {
    throw new Failure(`there is no workerd for this platform (${process.platform} ${process.arch})`);
  }
}
