// What lies where in the edge's data folder. workerd names a Durable Object's file after the object's id.
import { createHash, createHmac } from "node:crypto";

/** Held by workerd as long as it runs. */
export const LOCK = "edge.lock";

/** The folder of all Durable Objects of the edge: their `uniqueKey` in worker/workerd.capnp. */
export const OBJECTS = "autorevoke-ledger";

/** The file of the ledger's database. */
export const LEDGER_FILE = `${idFromName("account")}.sqlite`;
/** The file of the high-water mark: the newest head of the audit log that was seen. Its object was named by 0.1.0. */
export const MARK_FILE = `${idFromName("witness")}.sqlite`;
/** The file of the alarms that are set. */
export const ALARMS_FILE = "metadata.sqlite";

/** What SQLite may keep beside a database: without it, the last transactions may be missing. */
const BESIDE = ["-wal", "-shm", "-journal"];

/** A database's file and what may belong to it. @param {string} file */
export const filesOf = (file) => [file, ...BESIDE.map((ending) => file + ending)];

/**
 * The id that workerd gives an object of this name: half of it is a keyed digest of the name, the other half one of
 * the first.
 * @param {string} name
 */
function idFromName(name) {
  const key = createHash("sha256").update(OBJECTS).digest();
  const half = (/** @type {string | Buffer} */ of) =>
    createHmac("sha256", key).update(of).digest().subarray(0, 16);
  const first = half(name);
  return Buffer.concat([first, half(first)]).toString("hex");
}
