// Node, Deno and Bun: the wasm is in the JavaScript, since a server's bundle leaves a file beside it behind, and reading one
// needs a permission. One module for all calls, since nobody waits for it to be downloaded.
import { Buffer } from "node:buffer";
import { gunzipSync } from "node:zlib";
import { clients, instance, loader, revoker, verifier } from "./autorevoke.js";
import * as glue from "./dist/autorevoke_full.js";
import packed from "./dist/autorevoke_full.inline.js";

const full = /* @__PURE__ */ instance(
  () => glue,
  // Not by a DecompressionStream, which makes the first call 15 ms later.
  (source) =>
    source === undefined ? gunzipSync(Buffer.from(packed, "base64")) : isFile(source) ? read(source) : source,
);

/** A path, or a file's URL, which not all of them fetch. @param {unknown} source */
const isFile = (source) =>
  (typeof source === "string" || source instanceof URL) && !/^(?:https?|data|blob):/i.test(String(source));

/** @param {string | URL} source */
async function read(source) {
  const { readFile } = await import("node:fs/promises");
  return readFile(/^file:/i.test(String(source)) ? new URL(source) : source);
}

export { codeReasons, describeErrorCode, RevocationError } from "./autorevoke.js";
export const createClient = /* @__PURE__ */ clients(full, full);
export const load = /* @__PURE__ */ loader(full, full);
export const revoke = /* @__PURE__ */ revoker(full, full);
export const verifyAuditLog = /* @__PURE__ */ verifier(full);
