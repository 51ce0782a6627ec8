// What the elements use of the package. The bundle leaves these two files where they are, so that a page has each once.
import { RevocationError as Failure } from "../web.js";

export { codeReasons, createClient, describeErrorCode } from "../web.js";
export { repeatable } from "../repeat.js";
/** With the members that its declaration has. */
export const RevocationError = /** @type {typeof import("../index.d.ts").RevocationError} */ (
  /** @type {unknown} */ (Failure)
);
