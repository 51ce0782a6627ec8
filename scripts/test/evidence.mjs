// Keeps what the tests saw of the edge, so that `npm test` can search all of it at its end for the CA's login.
import { subscribe } from "node:diagnostics_channel";
import { appendFileSync, cpSync, existsSync, mkdtempSync } from "node:fs";
import { basename, join } from "node:path";

/** Where it is kept. `npm test` makes the folder; where a single file is run by hand, nothing is kept. */
export const PLACE = "AUTOREVOKE_EVIDENCE";
const place = () => process.env[PLACE];
let names = 0;

/**
 * A place for what comes in pieces: a log, a connection, what a command says. Nothing stands between two pieces, so
 * that what was cut in two is found.
 * @param {string} name
 * @returns {(piece: string | Uint8Array) => void}
 */
export function keeper(name) {
  const folder = place();
  if (!folder) return () => {};
  const file = join(folder, `${name}-${process.pid}-${++names}`);
  return (piece) => appendFileSync(file, piece);
}

/** @param {string} name @param {string} text */
export const keep = (name, text) => keeper(name)(text);

/** All that a folder holds now. @param {string} path */
export function keepFolder(path) {
  const folder = place();
  if (!folder || !existsSync(path)) return;
  cpSync(path, join(mkdtempSync(join(folder, "state-")), basename(path)), { recursive: true });
}

/** The ports whose answers are kept. @type {Set<string>} */
const edges = new Set();

/** From now on, every byte that this process receives from there. @param {string} url */
export function keepAnswers(url) {
  if (!place()) return;
  if (edges.size === 0) subscribe("net.client.socket", (message) => listen(/** @type {any} */ (message)));
  edges.add(new URL(url).port);
}

/**
 * Below every HTTP client and every raw connection alike, and without taking a byte from its reader.
 * @param {{ socket: import("node:net").Socket }} opened
 */
function listen({ socket }) {
  const push = socket.push;
  /** @type {ReturnType<typeof keeper> | undefined} */
  let answers;
  socket.push = (piece, encoding) => {
    if (piece && edges.has(String(socket.remotePort))) (answers ??= keeper("answers"))(piece);
    return push.call(socket, piece, encoding);
  };
}
