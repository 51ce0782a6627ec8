// What revokes is confirmed: on a terminal by typing what it is about, in a script by an option.
import { createInterface } from "node:readline/promises";
import { WrongUse } from "./arguments.js";
import { printable } from "./output.js";

/** Whether there is somebody to ask. */
export const canAsk = () => process.stdin.isTTY === true;

/**
 * Shows what is about to be done on standard error, and has it confirmed; what is typed must be exactly what is
 * expected. @throws {WrongUse} where it is not: nothing was done
 * @param {string[]} lines
 * @param {string} question
 * @param {object} how
 * @param {(typed: string) => boolean} how.isExpected
 * @param {string} how.otherwise what is said of anything else
 * @param {AbortSignal} how.signal
 */
export async function haveTyped(lines, question, { isExpected, otherwise, signal }) {
  for (const line of lines) console.error(printable(line));
  console.error("");
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  let typed;
  try {
    typed = await terminal.question(`${question}: `, { signal });
  } catch {
    throw new WrongUse(["nothing was done: it was not confirmed"]);
  } finally {
    terminal.close();
  }
  if (!isExpected(typed.trim())) throw new WrongUse([`nothing was done: ${otherwise}`]);
}
