// Errors that are meant for the person at the keyboard: a text, an exit status, no stack trace.
import { WrongUse } from "../../pkg/bin/arguments.js";

export { WrongUse };

/** Something outside failed, and the message says all there is to say: exit status 1. */
export class Failure extends Error {
  name = "Failure";
}

/**
 * Runs a command's main function and turns what it throws into lines and an exit status.
 * @param {() => Promise<number | undefined | void>} main
 */
export async function runCommand(main) {
  try {
    process.exitCode = Number((await main()) ?? 0);
  } catch (error) {
    if (error instanceof WrongUse) {
      for (const fault of error.faults) console.error(fault);
      process.exitCode = 2;
    } else {
      console.error(error instanceof Failure ? error.message : error);
      process.exitCode = 1;
    }
  }
}
