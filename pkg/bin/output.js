// Standard output, at the pace of whoever reads it; who stops reading ends the command quietly.
import { once } from "node:events";

process.stdout.on("error", (/** @type {NodeJS.ErrnoException} */ error) => {
  if (error.code === "EPIPE") process.exit(0);
  throw error;
});

/** A line. @param {string} text @returns {0} */
export function print(text) {
  process.stdout.write(`${text}\n`);
  return 0;
}

/** Much text. @param {string | Uint8Array} text */
export async function pour(text) {
  if (!process.stdout.write(text)) await once(process.stdout, "drain");
}
