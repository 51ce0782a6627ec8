// Node, Deno and Bun: the wasm file is read from beside this one, since not all of them fetch file: URLs. One file for
// all calls, since nobody waits for it to be downloaded.
import { readFile } from "node:fs/promises";
import { clients, instance, loader, revoker, verifier } from "./autorevoke.js";
import * as glue from "./dist/autorevoke_full.js";

const full = /* @__PURE__ */ instance(
  () => glue,
  (source = new URL("./dist/autorevoke_full.wasm", import.meta.url)) =>
    source instanceof URL && source.protocol === "file:" ? readFile(source) : source,
);

export { codeReasons, describeErrorCode, RevocationError } from "./autorevoke.js";
export const createClient = /* @__PURE__ */ clients(full, full);
export const load = /* @__PURE__ */ loader(full);
export const revoke = /* @__PURE__ */ revoker(full, full);
export const verifyAuditLog = /* @__PURE__ */ verifier(full);
