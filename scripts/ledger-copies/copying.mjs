// Copies files so that they are on disk, and says what was copied.
import { createHash } from "node:crypto";
import { open } from "node:fs/promises";

const PIECE_BYTES = 1 << 20;

/** @typedef {{ bytes: number, sha256: string }} Content */

/**
 * The sum is of what was written, and so of what was read in one go.
 * @param {string} from
 * @param {string} to must not exist
 * @returns {Promise<Content>}
 */
export async function copy(from, to) {
  const target = await open(to, "wx", 0o600);
  try {
    const content = await read(from, (piece) => target.writeFile(piece));
    await target.sync();
    return content;
  } finally {
    await target.close();
  }
}

/**
 * What a file holds.
 * @param {string} file
 * @param {(piece: Buffer) => Promise<unknown>} [take] each piece of it
 * @returns {Promise<Content>}
 */
export async function read(file, take = async () => {}) {
  const source = await open(file, "r");
  try {
    const digest = createHash("sha256");
    let bytes = 0;
    for await (const piece of source.createReadStream({ highWaterMark: PIECE_BYTES, autoClose: false })) {
      digest.update(piece);
      bytes += piece.length;
      await take(piece);
    }
    return { bytes, sha256: digest.digest("hex") };
  } finally {
    await source.close();
  }
}

/** Makes sure that the names in a folder are on disk. @param {string} folder */
export async function syncFolder(folder) {
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}
