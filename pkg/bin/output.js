// Standard output, at its reader's pace. The exit status tells what became of the order or job, so no failure
// to write here ends the command or changes its status; what could not be said here is said on standard error.
import { once } from "node:events";

const left = new AbortController();
/** @type {NodeJS.ErrnoException | undefined} why nothing can be written any more */
let broken;

/** Aborted when the reader of standard output has stopped reading (`| head -1`). */
export const readerLeft = left.signal;

/** What writes elsewhere in a terminal, or the other way round, or breaks lines. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;

/** Text of others as it can stand in a line of a terminal: whatever prints a line does this to all of it. @param {string} text */
export const printable = (text) => text.replace(UNPRINTABLE, " ");

/** The same for several lines. @param {string} text */
const printableLines = (text) => text.replace(/[^\n]+/g, printable);

/** A value as JSON that can stand in a terminal, and says the same. @param {unknown} value */
export const json = (value) =>
  JSON.stringify(value).replace(UNPRINTABLE, (character) =>
    character.replace(/[^]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`),
  );

process.stdout.on("error", (/** @type {NodeJS.ErrnoException} */ error) => {
  if (broken) return;
  broken = error;
  // A reader that has closed the pipe needs no message.
  if (error.code === "EPIPE") left.abort();
  else console.error(`autorevoke: standard output cannot be written: ${error.code ?? error.message}`);
});
// There is nowhere left to say it.
process.stderr.on("error", () => {});

/** A line that says what became of something. Where it cannot be written, standard error has it. @param {string} text @returns {0} */
export function print(text) {
  const line = printable(text);
  process.stdout.write(`${line}\n`, (error) => error && console.error(line));
  return 0;
}

/** A line of a list, or of progress. @param {string} text @returns {0} */
export function show(text) {
  process.stdout.write(`${printable(text)}\n`);
  return 0;
}

/** Lines of our own: help, a table of constants. @param {string} text @returns {0} */
export function showLines(text) {
  for (const line of text.split("\n")) show(line);
  return 0;
}

/** A line about what is wrong, on standard error. @param {string} text */
export const complain = (text) => console.error(`autorevoke: ${printable(text)}`);

/** A document, or a part of one, could not be written. */
export class NotWritten extends Error {
  name = "NotWritten";
}

/**
 * A part of a document that somebody may want to keep.
 * @param {string | Uint8Array} text
 * @throws {NotWritten} where it is not whole then
 */
export async function pour(text) {
  // What is kept in a file is kept as it is.
  const shown = process.stdout.isTTY ? printableLines(textOf(text)) : text;
  if (!broken && !process.stdout.write(shown)) await Promise.race([once(process.stdout, "drain"), failed]);
  // Whether a write failed is known a moment later.
  await new Promise((next) => setImmediate(next));
  if (broken) throw new NotWritten();
}

const decoder = new TextDecoder();

/** @param {string | Uint8Array} piece */
const textOf = (piece) => (typeof piece === "string" ? piece : decoder.decode(piece, { stream: true }));

/** @type {Promise<void>} */
const failed = new Promise((resolve) => process.stdout.once("error", () => resolve()));
