// Never two edges on one ledger: who is at work on a data folder, by flock where there is one, and else by a socket in it.
//
// Both are held by workerd itself and let go of by the kernel when it ends, however it ends, so that neither is ever stale.
// A file with a process id in it would be: ids are used again, and mean other processes in another container.
import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, readdir, rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { delimiter, join } from "node:path";
import { Failure } from "../command/faults.mjs";

/** Somebody else is at work on it. */
export class Locked extends Failure {}

/** flock ends with it where somebody else holds the lock. */
export const LOCKED = 75;

const SOCKET = /^edge-[0-9a-f]{16}\.sock$/;

/**
 * The beginning of a command that holds this file as its lock while it runs.
 * @param {string} file
 * @returns {string[] | undefined} nothing where there is no flock
 */
export const byFlock = (file) =>
  inPath("flock")
    ? ["flock", "--nonblock", "--no-fork", "--conflict-exit-code", String(LOCKED), file]
    : undefined;

/**
 * Says by a socket that somebody is at work on this folder. Each looks for others only after it can be seen
 * itself, and no name is ever used again: so of two that begin at once at most one goes on.
 * @param {string} folder
 * @returns {Promise<{ fd: number, release: () => Promise<void> }>} `fd`: the socket, for a process that is to hold it too
 */
export async function bySocket(folder) {
  const own = `edge-${randomBytes(8).toString("hex")}.sock`;
  const server = createServer((visitor) => visitor.destroy()).unref();
  try {
    await new Promise((resolve, reject) => {
      server.once("error", reject).listen(join(folder, own), () => resolve(undefined));
    });
    await chmod(join(folder, own), 0o600);
  } catch (error) {
    const { code } = /** @type {NodeJS.ErrnoException} */ (error);
    throw new Failure(
      `whether an edge runs on ${folder} is not known: there is no flock (util-linux), and no socket can be ` +
        `made there (${code}; its path may be too long)`,
    );
  }
  const release = () => new Promise((resolve) => server.close(() => resolve(undefined)));
  const others = (await readdir(folder)).filter((name) => SOCKET.test(name) && name !== own);
  for (const other of others) {
    if (await isHeld(join(folder, other))) {
      await release();
      throw new Locked(`${folder} is in use`);
    }
    await rm(join(folder, other), { force: true });
  }
  return { fd: /** @type {any} */ (server)._handle.fd, release };
}

/** Whether any process has this socket open. @param {string} path @returns {Promise<boolean>} */
const isHeld = (path) =>
  new Promise((resolve) => {
    const visitor = connect(path);
    visitor.once("connect", () => (visitor.destroy(), resolve(true)));
    // Only this says for certain that nobody has.
    visitor.once("error", (/** @type {NodeJS.ErrnoException} */ { code }) =>
      resolve(code !== "ECONNREFUSED" && code !== "ENOENT"),
    );
  });

/** @param {string} program */
export const inPath = (program) =>
  (process.env.PATH ?? "")
    .split(delimiter)
    .some((folder) => folder !== "" && existsSync(join(folder, program)));
